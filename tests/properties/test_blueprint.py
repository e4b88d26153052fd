"""What must hold of every boundary and every layer, whatever their shapes."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest
import shapely
import yaml
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from blueprint.checks import citywide, engine, loading, overlay
from blueprint.checks.citywide import Whole
from blueprint.checks.definitions import Definitions
from blueprint.checks.ground import Ground, Near, Plot, Row
from blueprint.checks.overlay import Box, Shapes
from blueprint.checks.results import EditionRef, PatchFound, SiteResult
from blueprint.geometry.shapes import Attributes
from tests.conftest import DEMO_PACK, WITH_ROWS
from tests.factories import blueprint as factory

EAST, NORTH = factory.CORNER
FARMLAND, PLAN_A, PLAN_B = "L04.01.02", "L04.02.01", "L05.01.04"
USES = ("0701", "070102", "0804", "1001", "0101", "")
Drawn = tuple[Row, BaseGeometry]


@cache
def checks() -> Definitions:
    """Return the checks of the demo pack, read from its file."""
    return Definitions.from_documents(yaml.safe_load((DEMO_PACK / "layers.yaml").read_text("utf-8")))


def centimetres(low: int, high: int) -> st.SearchStrategy[float]:
    return st.integers(low * 100, high * 100).map(lambda value: value / 100)


@st.composite
def quadrangles(draw: st.DrawFn) -> Polygon:
    """Draw a convex shape of four corners around the site, on the 0.01 m steps."""
    east, north = draw(centimetres(-80, 280)), draw(centimetres(-80, 180))
    wide, high = draw(centimetres(2, 250)), draw(centimetres(2, 200))
    lean = draw(centimetres(0, 20))
    corners = [(0, 0), (wide, 0), (wide + lean, high), (lean, high)]
    return Polygon([(round(EAST + east + x, 2), round(NORTH + north + y, 2)) for x, y in corners])


@st.composite
def layers(draw: st.DrawFn, uses: tuple[str, ...] = USES) -> list[Drawn]:
    """Draw features that may lie over each other."""
    shapes = draw(st.lists(quadrangles(), min_size=1, max_size=5))
    return [(Row(f"F{place}", use=draw(st.sampled_from(uses))), shape) for place, shape in enumerate(shapes)]


def site(*, west: float = 0, east: float = 300) -> Polygon:
    return box(EAST + west, NORTH, EAST + east, NORTH + 200)


def ground(
    shape: BaseGeometry, current: dict[str, Sequence[Drawn]], previous: dict[str, Sequence[Drawn]] | None = None
) -> Ground:
    """Lay features about a site without a database."""
    editions = [
        (EditionRef(layer, name, number), drawn)
        for number, (layer, name, drawn) in enumerate(
            [
                *((layer, "2026", drawn) for layer, drawn in current.items()),
                *((layer, "2023", drawn) for layer, drawn in (previous or {}).items()),
            ]
        )
    ]
    all_drawn = [each for _ref, drawn in editions for each in drawn]
    ends = np.cumsum([len(drawn) for _ref, drawn in editions]).tolist()
    known = {ref.id: overlay.shapes(geometry for _row, geometry in drawn) for ref, drawn in editions}

    def reach(edition: EditionRef, about: Box) -> Shapes:
        return known[edition.id]

    return Ground(
        Plot(shape, Attributes(use="0701")),
        current=[ref for ref, _drawn in editions if ref.name == "2026"],
        previous=[ref for ref, _drawn in editions if ref.name == "2023"],
        near=Near(
            said=[row for row, _geometry in all_drawn],
            shapes=overlay.shapes(geometry for _row, geometry in all_drawn),
            spans={ref.id: (end - len(drawn), end) for (ref, drawn), end in zip(editions, ends, strict=True) if drawn},
        ),
        reach=reach,
    )


def areas(result: SiteResult) -> dict[Any, float]:
    """Return the figures of a result that are areas, by what they are about."""
    found = {(row.check, row.layer, row.feature, *row.extra.values()): row.overlap_m2 or 0 for row in result.findings}
    found |= {(row.check, row.edition.layer): row.overlap_m2 or 0 for row in result.totals}
    return found


def sums(patches: Sequence[PatchFound]) -> dict[Any, float]:
    summed: dict[Any, float] = {}
    for patch in patches:
        key = (str(patch.kind), patch.use_a, patch.use_b)
        summed[key] = summed.get(key, 0) + patch.area
    return summed


@given(drawn=layers(), cut=centimetres(1, 299))
def test_areas_add_up_over_a_partition_of_the_site(drawn: list[Drawn], cut: float) -> None:
    whole = ground(site(), {FARMLAND: drawn})
    parts = [ground(part, {FARMLAND: drawn}) for part in (site(east=cut), site(west=cut))]

    for figure in ("inside", "outside"):
        total, *summands = (getattr(each.current(FARMLAND), figure).area for each in (whole, *parts))
        assert total == pytest.approx(sum(summands), abs=1e-4)
    for place in range(len(drawn)):
        total, *summands = (each.current(FARMLAND).areas[place] for each in (whole, *parts))
        assert total == pytest.approx(sum(summands), abs=1e-4)


@given(drawn=layers(), plan=layers(), start=st.integers(0, 3), turned=st.booleans())
def test_neither_the_first_vertex_nor_the_direction_matters(
    drawn: list[Drawn], plan: list[Drawn], start: int, turned: bool
) -> None:
    def other(shape: BaseGeometry) -> BaseGeometry:
        ring = list(shape.exterior.coords)[:-1]
        ring = [*ring[start:], *ring[:start]]
        return Polygon(ring[::-1] if turned else ring)

    def all_other(features: list[Drawn]) -> list[Drawn]:
        return [(row, other(shape)) for row, shape in features]

    one = engine.examine(ground(site(), {FARMLAND: drawn, PLAN_A: plan, PLAN_B: drawn}), checks())
    two = engine.examine(
        ground(other(site()), {FARMLAND: all_other(drawn), PLAN_A: all_other(plan), PLAN_B: all_other(drawn)}),
        checks(),
    )

    assert areas(one) == pytest.approx(areas(two), abs=0.05)
    assert len(one.patches) == len(two.patches)
    assert sums(one.patches) == pytest.approx(sums(two.patches), abs=0.05)


@given(old=layers(), new=layers())
def test_the_difference_of_two_editions_is_symmetric(old: list[Drawn], new: list[Drawn]) -> None:
    there = engine.examine(ground(site(), {FARMLAND: new}, {FARMLAND: old}), checks()).patches
    back = engine.examine(ground(site(), {FARMLAND: old}, {FARMLAND: new}), checks()).patches

    for kind, opposite in (("added", "removed"), ("removed", "added")):
        one = sorted((row.area, row.offset_m or 0) for row in there if row.kind == kind)
        other = sorted((row.area, row.offset_m or 0) for row in back if row.kind == opposite)
        assert np.array(one) == pytest.approx(np.array(other), abs=0.002)


# What counts where a block without a use lies over one that has a use, the contract leaves open.
@given(plan_a=layers(uses=USES[:-1]), plan_b=layers(uses=USES[:-1]))
def test_the_city_and_a_site_around_it_say_the_same_of_two_plans(plan_a: list[Drawn], plan_b: list[Drawn]) -> None:
    around = box(EAST - 1000, NORTH - 1000, EAST + 1000, NORTH + 1000)
    check = checks().checks["chk_two_plan"]

    inside = engine.examine(ground(around, {PLAN_A: plan_a, PLAN_B: plan_b}), checks()).patches
    city = citywide.conflicts(check, whole(PLAN_A, plan_a), whole(PLAN_B, plan_b), checks())

    assert sums(city) == pytest.approx(sums(inside), abs=0.05)
    assert sorted(patch.area for patch in city) == pytest.approx(sorted(patch.area for patch in inside), abs=0.05)


@given(old=layers(), new=layers())
def test_the_city_and_a_site_around_it_say_the_same_of_two_editions(old: list[Drawn], new: list[Drawn]) -> None:
    around = box(EAST - 1000, NORTH - 1000, EAST + 1000, NORTH + 1000)
    check = checks().checks["chk_line_diff"]

    inside = engine.examine(ground(around, {FARMLAND: new}, {FARMLAND: old}), checks()).patches
    city = citywide.difference(check, whole(FARMLAND, new), whole(FARMLAND, old), checks())

    assert sums(city) == pytest.approx(sums(inside), abs=0.05)
    assert by_size(city) == [pytest.approx(pair, abs=0.05) for pair in by_size(inside)]


def by_size(patches: Sequence[PatchFound]) -> list[tuple[float, float]]:
    """Return area and offset of each; equal areas differ in their last bits, so these do not order them."""
    return sorted((round(patch.area, 2), patch.offset_m or 0) for patch in patches)


def whole(layer: str, drawn: list[Drawn]) -> Whole:
    return Whole(
        EditionRef(layer, "2026", 1), overlay.shapes(shape for _row, shape in drawn), [r.use for r, _ in drawn]
    )


@given(vertices=st.lists(st.tuples(centimetres(-200, 500), centimetres(-200, 400)), min_size=3, max_size=3))
def test_clipping_to_the_box_leaves_neighbours_edge_on_edge(vertices: list[tuple[float, float]]) -> None:
    """Two triangles that share an edge across the box are one polygon in the site, however long that edge is."""
    (a, b, c) = ((round(EAST + x, 2), round(NORTH + y, 2)) for x, y in vertices)
    opposite = (round(a[0] + b[0] - c[0], 2), round(a[1] + b[1] - c[1], 2))
    one, other = Polygon([a, b, c]), Polygon([b, a, opposite])
    if not (one.is_valid and other.is_valid and min(one.area, other.area) > 1):
        return
    about = Box.around(site().bounds, 1.0)
    clipped = overlay.shapes(shapely.clip_by_rect(shape, *about) for shape in (one, other))

    welded = shapely.intersection(site(), overlay.union(overlay.weld(clipped, about)))

    exact = shapely.intersection(site(), shapely.union_all([one, other]))
    assert welded.length == pytest.approx(exact.length, abs=1e-3)
    assert len(shapely.get_parts(welded)) == len(shapely.get_parts(exact))


@pytest.mark.django_db
@settings(WITH_ROWS, max_examples=25)
@given(drawn=layers(), other=layers(), name=st.sampled_from(("2020", "2030")))
def test_another_edition_of_another_layer_changes_nothing(
    pack: object, drawn: list[Drawn], other: list[Drawn], name: str
) -> None:
    definitions = loading.definitions()
    plot = Plot(site(), Attributes(use="0701"))
    # What is published is final, so an example takes its editions back as a whole.
    with transaction.atomic():
        stored(FARMLAND, drawn, "2026")
        before = engine.examine(loading.ground(plot, definitions), definitions)

        stored("L06.01.02", other, name)
        after = engine.examine(loading.ground(plot, definitions), definitions)
        transaction.set_rollback(True)

    def about_farmland(result: SiteResult) -> list[Any]:
        return [row.as_json() for row in (*result.findings, *result.totals) if row.as_json()["layer"] == FARMLAND]

    assert about_farmland(after) == about_farmland(before)


def stored(layer: str, drawn: list[Drawn], name: str) -> None:
    features = [factory.Drawn(MultiPolygon([shape]), row.fid, {"use": row.use}) for row, shape in drawn]
    factory.an_edition(layer, features, name=name)
