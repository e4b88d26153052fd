"""Pictures of shapes: to scale, readable as XML, cut at the frame, told apart without colour."""

from collections.abc import Sequence
from xml.etree import ElementTree

import pytest
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from blueprint.geometry import drawing
from blueprint.geometry.drawing import INKS, TONES, Mark, Plate, Sheet
from blueprint.geometry.drawing.view import round_down, round_up, view_of

EAST, NORTH = 38_440_000, 2_465_000


def at(west: float, south: float, east: float, north: float) -> Polygon:
    return box(EAST + west, NORTH + south, EAST + east, NORTH + north)


SITE = at(0, 0, 300, 200)


def drawn(**fields: object) -> ElementTree.Element:
    plate = Plate(**{"key": "p", "label": "图", "site": SITE, **fields})  # type: ignore[arg-type]
    svg = drawing.draw(plate, width_mm=170, height_mm=110)
    return ElementTree.fromstring(svg.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1))


def texts(picture: ElementTree.Element) -> list[str]:
    return ["".join(each.itertext()) for each in picture.iter("text")]


def numbers(path: str) -> list[float]:
    return [float(part) for part in path.replace("M", " ").replace("L", " ").replace("z", " ").split()]


def test_the_shape_is_drawn_to_the_scale_that_is_written() -> None:
    picture = drawn()

    scale = next(words for words in texts(picture) if words.startswith("1:"))
    metres_per_mm = int(scale[2:].replace(",", "")) / 1000
    boundary = next(each for each in picture.iter("path") if each.get("stroke") == drawing.SITE.line)
    x = numbers(str(boundary.get("d")))[0::2]
    y = numbers(str(boundary.get("d")))[1::2]
    assert (max(x) - min(x)) * metres_per_mm == pytest.approx(300, abs=0.1)
    assert (max(y) - min(y)) * metres_per_mm == pytest.approx(200, abs=0.1)


def test_it_says_what_it_is_and_where_it_lies() -> None:
    picture = drawn(label="甲地块的核查图")

    assert (picture.get("role"), picture.get("aria-label")) == ("img", "甲地块的核查图")
    words = texts(picture)
    assert "N" in words
    assert any(each.endswith(" m") for each in words)
    assert any(each.replace("\u2009", "").startswith("3844") for each in words)
    assert any(each.replace("\u2009", "").startswith("2465") for each in words)


def test_numbers_are_those_of_the_list_and_never_cover_each_other() -> None:
    marks = [Mark(str(number), at(100, 100, 101, 101)) for number in range(1, 9)]
    picture = drawn(marks=marks)

    discs = [each for each in picture.iter("g") if each.get("class") == "plate-mark"]
    assert [each.get("data-mark") for each in discs] == [mark.text for mark in marks]
    places = [(float(str(c.get("cx"))), float(str(c.get("cy")))) for each in discs for c in each.iter("circle")]
    assert len({*places}) == 8
    assert min(Point(a).distance(Point(b)) for a in places for b in places if a != b) > 4.5


def test_what_lies_outside_is_neither_drawn_nor_numbered() -> None:
    far = at(90_000, 0, 90_100, 100)
    picture = drawn(sheets=[Sheet("远", [far], INKS[0])], marks=[Mark("1", far)])

    assert not [each for each in picture.iter("g") if each.get("class") == "plate-mark"]
    assert not [each for each in picture.iter("path") if each.get("stroke") == INKS[0].line]


def test_a_huge_shape_is_cut_at_the_frame_and_thinned() -> None:
    wave = [(EAST + 10 * n, NORTH + (n % 2) * 0.001 - 5000) for n in range(-20_000, 20_000)]
    huge = Polygon([*wave, (EAST + 200_000, NORTH + 90), (EAST - 200_000, NORTH + 90)])
    picture = drawn(sheets=[Sheet("大", [huge], INKS[0])])

    path = next(each for each in picture.iter("path") if each.get("stroke") == INKS[0].line)
    assert len(numbers(str(path.get("d")))) < 40


def test_holes_and_several_parts_are_drawn() -> None:
    ring = Polygon(at(0, 0, 100, 100).exterior, [at(20, 20, 40, 40).exterior])
    site = MultiPolygon([ring, at(150, 0, 200, 100)])
    boundary = next(each for each in drawn(site=site).iter("path") if each.get("stroke") == drawing.SITE.line)
    assert str(boundary.get("d")).count("z") == 3


def test_what_was_found_is_told_apart_without_colour() -> None:
    assert len({ink.pattern for ink in TONES.values()}) == len(TONES)
    assert "" not in {ink.pattern for ink in TONES.values()}
    sample = drawing.swatch(TONES["stop"], key="s")
    assert 'id="s"' in sample
    assert "url(#s)" in sample


def test_names_from_files_cannot_become_markup() -> None:
    picture = drawn(label='<script>"', marks=[Mark("<b>", SITE)])

    assert picture.get("aria-label") == '<script>"'
    assert "<b>" in texts(picture)


@pytest.mark.parametrize("shapes", [[], [Polygon()], [MultiPolygon()]])
def test_empty_layers_leave_no_trace(shapes: Sequence[BaseGeometry]) -> None:
    assert len(list(drawn(sheets=[Sheet("空", shapes, INKS[1])]).iter("pattern"))) == 0


def test_a_picture_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="shows something"):
        drawing.draw(Plate(key="p", label="", site=Polygon()), width_mm=100, height_mm=80)


def test_a_point_of_a_site_and_a_whole_city_both_fit() -> None:
    assert view_of((0, 0, 0.5, 0.5), width_mm=160, height_mm=100).scale == 100
    city = view_of((0, 0, 120_000, 80_000), width_mm=160, height_mm=100)
    assert city.west < 0 < 120_000 < city.east
    assert 4 <= len(city.ticks(city.west, city.east)) <= 8


@pytest.mark.parametrize(("value", "up", "down"), [(0.2, 1, 1), (1, 1, 1), (3, 5, 2), (50, 50, 50), (51, 100, 50)])
def test_steps_are_round(value: float, up: int, down: int) -> None:
    assert (round_up(value), round_down(value)) == (up, down)


def test_a_layer_has_the_same_ink_in_every_picture() -> None:
    assert drawing.ink_of("L04.01.02") == drawing.ink_of("L04.01.02")
    assert drawing.ink_of("L04.01.02") in INKS
