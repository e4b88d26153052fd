"""Lots on the drawn ground for the projects that are told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from approvals.demo.plans import Notion
from approvals.demo.story import Story
from blueprint.ground.drawing import Drawing
from blueprint.ground.lots import Lie, Lot, Surveyor, Wish

LAYER = re.compile(r"L\d\d(\.\d\d){0,2}")
#: checks whose findings a lot that is clean must not have
CHECKED = ("chk_control", "chk_red")
LINES = "chk_3lines"
INSIDE = "boundary"
"""The theme inside which a lot lies well: its line is no hindrance."""
LAND_USE = "land_use_type"
LINEAR = "is_linear"
AREA, FLOORS, HEIGHT = "land_area_m2", "floor_area_m2", "plan_height_m"


def lots(
    drawing: Drawing,
    documents: Mapping[str, Mapping[str, Any]],
    stories: Iterable[Story],
    ideas: Iterable[Notion] = (),
) -> dict[str, Lot]:
    """Give every story a lot of the size its facts say, by the name of its project, and every idea one, by its title;
    in their order, so that a story added at the end moves none of the others.
    """
    surveyor = Surveyor(drawing, _avoided(drawing, documents))
    return dict(surveyor.lots([*map(_wish, stories), *map(_thought, ideas)]))


def _thought(idea: Notion) -> Wish:
    return Wish(key=idea.title, region=idea.region, use=idea.use, area_m2=idea.area_m2)


def _wish(story: Story) -> Wish:
    lie = story.lie or (Lie.ROAD if story.facts.get(LINEAR) else Lie.CLEAN)
    area = float(story.facts[AREA])
    return Wish(
        key=story.name,
        region=story.region,
        use=story.answers[LAND_USE],
        area_m2=area,
        lie=Lie(lie),
        far=float(story.facts[FLOORS]) / area,
        height=float(story.facts[HEIGHT]),
    )


def _avoided(drawing: Drawing, documents: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """Name the layers that conditions of the pack's items and the checks of lines and supply look at."""
    conditions = documents["items"]["conditions"].values()
    named = {code for condition in conditions for code in condition.get("intersects", ())}
    inside = {sheet.layer for sheet in drawing.sheets() if sheet.theme == INSIDE}
    for check in documents["layers"]["checks"]:
        if check["id"] in (*CHECKED, LINES):
            named |= {code for code in check["inputs"] if LAYER.fullmatch(code)} - inside
    return tuple(sorted(named))
