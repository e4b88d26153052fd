"""The frame of the city whose pack is in force."""

from blueprint.geometry.frame import Frame
from portal.citypack import queries as citypack


def frame() -> Frame:
    """Give the work CRS and the extent of the current pack.

    :raises NoPack: no pack was loaded yet
    """
    return Frame.from_city(citypack.current().documents["city"])
