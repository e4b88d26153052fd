"""Drawings: which polylines count, what is a hole, and arcs."""

import itertools
import math
from pathlib import Path
from typing import Any

import ezdxf
import pytest

from blueprint.geometry.reading import read_layer, read_site
from blueprint.geometry.shapes import FileUnusable, SiteShape
from tests.blueprint.geometry.files import EAST, FRAME, NORTH, SITE, box, write_dxf


def read(folder: Path, *polylines: Any) -> SiteShape:
    return read_site(write_dxf(folder / "site.dxf", *polylines), frame=FRAME)


def refused(path: Path) -> str:
    with pytest.raises(FileUnusable) as refusal:
        read_site(path, frame=FRAME)
    return refusal.value.code


def codes(shape: SiteShape) -> set[str]:
    return {repair["code"] for repair in shape.repairs} - {"crs_assumed"}


@pytest.mark.parametrize("old", [False, True])
def test_reads_closed_polylines_of_both_kinds(tmp_path: Path, old: bool) -> None:
    shape = read(tmp_path, {"points": SITE, "old": old})

    assert (shape.area_m2, codes(shape)) == (60_000, set())


@pytest.mark.parametrize("old", [False, True])
def test_ends_that_meet_close_and_others_are_left_out(tmp_path: Path, old: bool) -> None:
    meeting = [*SITE, (0.006, 0.006)]
    shape = read(
        tmp_path,
        {"points": meeting, "closed": False, "old": old},
        {"points": box(400, 0, 500, 9), "closed": False, "old": old},
    )

    assert (shape.area_m2, codes(shape)) == (60_000, {"open_polyline_ignored"})


def test_the_layer_of_the_boundary_outweighs_others(tmp_path: Path) -> None:
    for layer in ("用地红线", "A-用地红线-2026", "redline_1"):
        shape = read(tmp_path, {"points": box(-500, -500, 900, 900)}, {"points": SITE, "layer": layer})
        assert (shape.area_m2, codes(shape)) == (60_000, set())


def test_rings_nest_even_and_odd(tmp_path: Path) -> None:
    polylines = [
        {"points": box(120, 90, 140, 110)},
        {"points": box(100, 50, 200, 150)},
        {"points": SITE},
        {"points": box(400, 0, 500, 100)},
    ]
    path = write_dxf(tmp_path / "site.dxf", *polylines)

    assert read_site(path, frame=FRAME).area_m2 == 60_000 - 10_000 + 400 + 10_000
    with read_layer(path, frame=FRAME) as reading:
        areas = [float(area) for batch in reading.batches() for area in batch.area]
    assert areas == [400, 50_000, 10_000]


def test_rings_that_touch_are_not_inside_each_other(tmp_path: Path) -> None:
    assert read(tmp_path, {"points": SITE}, {"points": box(300, 0, 400, 200)}).area_m2 == 80_000
    assert read(tmp_path, {"points": SITE}, {"points": ((0, 0), (90, 50), (50, 90))}).area_m2 == 60_000 - 2_800


@pytest.mark.parametrize("old", [False, True])
def test_a_circle_of_two_arcs_has_its_area(tmp_path: Path, old: bool) -> None:
    radius = 50
    shape = read(tmp_path, {"points": [(0, 0, 1), (2 * radius, 0, 1)], "old": old})

    assert shape.area_m2 == pytest.approx(math.pi * radius**2, abs=0.6)


@pytest.mark.parametrize("bulge", [-0.9, -0.4, 0.02, 0.2, 1.0, 3.0])
def test_an_arc_adds_its_segment(tmp_path: Path, bulge: float) -> None:
    """The area of a segment is r² (θ − sin θ) / 2; a bulge turning right cuts it out."""
    points = [(0, 0, bulge), (60, 0), (60, 500), (0, 500)]
    angle = 4 * math.atan(abs(bulge))
    radius = 30 / math.sin(angle / 2)
    segment = radius**2 * (angle - math.sin(angle)) / 2

    shape = read(tmp_path, {"points": points})

    assert shape.area_m2 == pytest.approx(30_000 + math.copysign(segment, bulge), abs=0.6)


def test_chords_stay_within_a_millimetre_of_the_arc(tmp_path: Path) -> None:
    shape = read(tmp_path, {"points": [(0, 0, 1), (1000, 0, 1)]})

    ring = shape.geometry.geoms[0].exterior.coords
    middles = [((x + u) / 2, (y + v) / 2) for (x, y), (u, v) in itertools.pairwise(ring)]
    assert all(abs(math.dist(point, (EAST + 500, NORTH)) - 500) < 0.0085 for point in ring)
    assert all(500 - math.dist(point, (EAST + 500, NORTH)) < 0.001 + 0.0085 for point in middles)


def test_paper_space_blocks_and_words_do_not_count(tmp_path: Path) -> None:
    path = write_dxf(tmp_path / "site.dxf", {"points": SITE})
    document = ezdxf.readfile(path)
    document.paperspace().add_lwpolyline([(EAST, NORTH), (EAST + 9, NORTH), (EAST, NORTH + 9)], close=True)
    document.modelspace().add_text("示范")
    document.saveas(path)

    shape = read_site(path, frame=FRAME)

    assert (shape.area_m2, codes(shape)) == (60_000, set())


def test_old_drawings_in_gbk_keep_their_layer_names(tmp_path: Path) -> None:
    path = tmp_path / "site.dxf"
    document = ezdxf.new("R2000")
    document.encoding = "gbk"
    for points, layer in ((SITE, "用地红线"), (box(-500, -500, 900, 900), "0")):
        moved = [(EAST + x, NORTH + y) for x, y in points]
        document.modelspace().add_lwpolyline(moved, close=True, dxfattribs={"layer": layer})
    document.saveas(path)
    raw = path.read_bytes()
    assert "用地红线".encode("gbk") in raw

    assert read_site(path, frame=FRAME).area_m2 == 60_000
    path.write_bytes(raw.replace(b"ANSI_936", b"ANSI_1252"))
    assert read_site(path, frame=FRAME).area_m2 == 60_000


def test_drawings_without_a_boundary_are_refused(tmp_path: Path) -> None:
    blank, line, words, nothing, cut = (tmp_path / f"{number}.dxf" for number in range(5))
    ezdxf.new("R2010").saveas(blank)
    write_dxf(line, {"points": SITE, "closed": False})
    words.write_text("these are no groups\nat all\n")
    nothing.write_bytes(b"")
    whole = write_dxf(tmp_path / "whole.dxf", {"points": SITE}).read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])

    found = [refused(path) for path in (blank, line, words, nothing, cut)]

    assert found == ["empty_file", "no_polygon", "unreadable", "empty_file", "unreadable"]


def test_a_drawing_cut_anywhere_is_refused(tmp_path: Path) -> None:
    path = write_dxf(tmp_path / "site.dxf", {"points": SITE})
    whole = path.read_bytes()
    for length in range(100, whole.rindex(b"ENDSEC"), len(whole) // 25):
        path.write_bytes(whole[:length])
        assert refused(path) in {"unreadable", "empty_file"}
