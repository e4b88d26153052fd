"""Land use in words and colours: every code has a name, and colours differ for everybody."""

import itertools

import pytest

from blueprint.layers import land_use
from portal.citypack import queries as citypack

pytestmark = pytest.mark.django_db

#: how colours look without one kind of cone (Machado, Oliveira, Fernandes 2009), linear light
SIGHTS = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
#: what lies side by side in a city
NEIGHBOURS = ("01", "03", "07", "08", "09", "10", "11", "12", "13", "14", "17")


def light(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    dark, bright = sorted(
        sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), light(colour), strict=True)) + 0.05
        for colour in (one, other)
    )
    return bright / dark


def seen(colour: str, sight: str) -> tuple[float, float, float]:
    """Return a colour in CIE Lab as somebody sees it."""
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, light(colour), strict=True)))) for row in SIGHTS[sight]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: str, other: str, sight: str) -> float:
    return sum((a - b) ** 2 for a, b in zip(seen(one, sight), seen(other, sight), strict=True)) ** 0.5


def test_names_a_code_by_its_longest_known_beginning(pack):
    uses = land_use.current()
    assert uses.name("070102") == "二类城镇住宅用地"
    assert uses.name("080499") == "教育用地"
    assert uses.name("0999") == uses.use_class("09").name == "商业服务业用地"
    assert (uses.name("99"), uses.name(""), uses.use_class("99")) == ("", "", None)


@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_of_neighbours_differ_for_every_eye(pack, sight):
    classes = land_use.current().classes
    pairs = itertools.combinations(NEIGHBOURS, 2)
    close = {pair for pair in pairs if difference(classes[pair[0]].fill, classes[pair[1]].fill, sight) < 12}
    assert close == set()


def test_lines_stand_out_from_paper(pack):
    assert {row.code for row in land_use.current().classes.values() if contrast(row.line, "#ffffff") < 4.5} == set()


def test_a_pack_whose_code_hangs_in_the_air_is_refused(pack):
    documents = {**citypack.current().documents}
    document = {**documents["landuse"], "uses": {"0701": "住宅", "071101": "无上级"}}
    faults = list(land_use.check({**documents, "landuse": document}))
    assert [fault.path for fault in faults] == ["uses.071101"]
