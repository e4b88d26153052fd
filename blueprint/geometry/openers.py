"""Which reader opens which file; the ending decides, as the people who name files expect."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from blueprint.geometry import faults
from blueprint.geometry.formats.dbf import codec
from blueprint.geometry.formats.dxf import Drawing
from blueprint.geometry.formats.geojson import GeoJson
from blueprint.geometry.formats.geopackage import GeoPackage
from blueprint.geometry.formats.points import PointFile
from blueprint.geometry.formats.shapefile import ShapeZip
from blueprint.geometry.frame import Frame
from blueprint.geometry.source import Source

OF_LAYER = (".geojson", ".json", ".zip", ".gpkg", ".dxf")
OF_SITE = (*OF_LAYER, ".txt")


@contextmanager
def opened(
    path: Path, *, frame: Frame, encoding: str | None, given: int | None, formats: tuple[str, ...]
) -> Iterator[Source]:
    """Open a file by its ending.

    :param given: EPSG number from outside
    :param formats: endings that make sense here
    :raises FileUnusable: unreadable, empty_file and whatever the format finds at once
    """
    ending = path.suffix.casefold()
    if ending not in formats:
        words = _("不支持 {ending} 文件，请用 {formats} 中的一种。")
        raise faults.unreadable(words, ending=ending or "?", formats=" ".join(formats))
    encoding = codec(encoding) or encoding if encoding else None
    try:
        with tempfile.TemporaryDirectory(prefix="shapes-") as room:
            yield _source(ending, path, room=Path(room), frame=frame, encoding=encoding, given=given)
    except OSError as error:
        raise faults.unreadable(_("文件打不开。")) from error


def _source(ending: str, path: Path, *, room: Path, frame: Frame, encoding: str | None, given: int | None) -> Source:
    match ending:
        case ".zip":
            return ShapeZip(path, into=room, encoding=encoding)
        case ".gpkg":
            return GeoPackage(path, encoding=encoding)
        case ".dxf":
            return Drawing(path, encoding=encoding)
        case ".txt":
            return PointFile(path, frame=frame, encoding=encoding, given=given)
        case _:
            return GeoJson(path, encoding=encoding)
