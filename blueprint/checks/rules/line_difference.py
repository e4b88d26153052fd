"""控制线差异: what the current edition of a line added and removed since the one before, inside the site. Pure."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from blueprint.checks import overlay
from blueprint.checks.definitions import Check, Definitions
from blueprint.checks.ground import Coverage, Ground
from blueprint.checks.overlay import Box, Shapes
from blueprint.checks.results import EditionRef, Found, Outcome, PatchFound, m2, ratio
from blueprint.checks.rules.needs import Needs
from blueprint.checks.rules.patches import pieces
from blueprint.checks.states import LineChange, Severity

NEEDS = Needs(roles=("lines",), tolerance=("offset_m", "touch_m", "area_abs_m2", "sliver_ratio_m"))


def judge(check: Check, ground: Ground, definitions: Definitions) -> Outcome:
    """List what was added and removed, and how far the line moved there."""
    said = Outcome()
    for layer in check.layers("lines"):
        new, old = ground.current(layer), ground.previous(layer)
        if new is None or old is None or _same(new.shapes, old.shapes):
            continue
        added = _patches(check, ground, definitions, LineChange.ADDED, new, old)
        removed = _patches(check, ground, definitions, LineChange.REMOVED, old, new)
        if added or removed:
            said.patches += [*added, *removed]
            said.findings.append(_finding(check, ground, new.edition, old.edition, added, removed))
    return said


def offset(patch: BaseGeometry, others: Shapes, *, touch_m: float) -> float | None:
    """Return the greatest distance of a patch's vertices from the other edition.

    None where the patch does not touch it (a polygon that is new or vanished) and where all of it lies on it (a hole
    opened or closed).
    """
    if len(others) == 0:
        return None
    if shapely.distance(patch, others).min() > touch_m:
        return None
    vertices = shapely.points(shapely.get_coordinates(patch))
    nearest = np.min([shapely.distance(vertices, other) for other in others], axis=0)
    greatest = float(nearest.max())
    return round(greatest, 3) if greatest > touch_m else None


def _patches(
    check: Check, ground: Ground, definitions: Definitions, kind: LineChange, has: Coverage, lacks: Coverage
) -> list[PatchFound]:
    gained = shapely.intersection(ground.plot.geometry, shapely.difference(has.whole, lacks.whole))
    parts = pieces(gained, check.tolerance)
    layer = has.edition.layer
    return [
        PatchFound(
            check=check.code,
            kind=kind,
            area=part.area,
            share=ratio(part.area, ground.plot.area),
            geometry=part,
            layer=layer,
            offset_m=offset(part, ground.reach(lacks.edition, within_reach(part)), touch_m=check.tolerance["touch_m"]),
            owners=definitions.owners_of([layer]),
        )
        for part in parts
    ]


def within_reach(part: BaseGeometry) -> Box:
    """Return where the features are that can be nearest to a vertex of a patch.

    A patch that touches an edition has no vertex farther from it than the diagonal of its bounds.
    """
    west, south, east, north = part.bounds
    return Box.around(part.bounds, math.hypot(east - west, north - south) + 1)


def _same(new: Shapes, old: Shapes) -> bool:
    """Tell whether two editions have the same features near the site."""
    return len(new) == len(old) and sorted(shapely.to_wkb(new)) == sorted(shapely.to_wkb(old))


def _finding(
    check: Check,
    ground: Ground,
    new: EditionRef,
    old: EditionRef,
    added: list[PatchFound],
    removed: list[PatchFound],
) -> Found:
    more, less = (sum(patch.area for patch in patches) for patches in (added, removed))
    offsets = [patch.offset_m for patch in (*added, *removed) if patch.offset_m is not None]
    moved = max(offsets, default=None)
    return Found(
        check=check.code,
        severity=Severity.INFO,
        edition=new,
        overlap_m2=m2(more + less),
        share=ratio(more + less, ground.plot.area),
        extra={
            "from": old.name,
            "added_m2": m2(more),
            "removed_m2": m2(less),
            "moved_m": moved,
            "moved": moved is not None and moved > check.tolerance["offset_m"],
        },
        geometry=overlay.together(patch.geometry for patch in (*added, *removed)),
    )
