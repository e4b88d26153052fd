"""What the keepers of layers read: their layers, imports and drafts. Above the policies, whose answer it carries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.translation import gettext_lazy as _

from blueprint.geometry import faults
from blueprint.layers import policies
from blueprint.layers.models import Edition, Feature, ImportJob, Layer
from blueprint.layers.states import EditionState
from portal.core.actor import Actor
from portal.core.errors import NotFound, Text

LATEST = 30
#: rejected features that a page lists; the others are counted
LISTED = 200
#: features that a preview draws, and that it lists
DRAWN, SHOWN = 3000, 20
#: px of the drawing's longer side
SIZE = 640

#: in a list, where the feature is named already
REASONS: dict[str, Text] = {
    faults.NO_POLYGON: _("不是面状图形"),
    faults.COLLAPSED: _("面积几乎为零"),
    faults.SELF_INTERSECTION: _("边界自相交，修复会改变面积"),
    faults.CRS_OUTSIDE: _("在本市范围以外"),
    faults.UNREADABLE: _("坐标无法读取"),
}


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """What was brought in, and what waits to be published."""

    jobs: tuple[ImportJob, ...]
    drafts: tuple[Edition, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What an import found."""

    figures: tuple[tuple[Text, Any], ...]
    rejected: tuple[tuple[int, Text], ...]
    rejected_count: int
    by_reason: tuple[tuple[Text, int], ...]


@dataclass(frozen=True, slots=True)
class Sketch:
    """A drawing of many shapes: the path of all rings in a box of this size."""

    path: str
    width: int
    height: int
    drawn: int


@dataclass(frozen=True, slots=True)
class DraftPage:
    """An edition before and after it is published."""

    edition: Edition
    current: Edition | None
    features: tuple[Feature, ...]
    sketch: Sketch | None
    may_publish: bool
    will_count: bool
    """Its name is the greatest, so checks use it once it is published."""


def kept_layers(actor: Actor) -> list[Layer]:
    """List the layers for which the actor may bring editions in."""
    return list(Layer.objects.listed().kept_by(actor).in_order())


def imports_page(actor: Actor) -> ImportsPage:
    """List the latest imports and the drafts of the layers the actor keeps."""
    jobs = ImportJob.objects.visible_to(actor).select_related("layer").order_by("-asked_at", "-pk")[:LATEST]
    drafts = Edition.objects.drafts().filter(layer__in=Layer.objects.kept_by(actor)).select_related("layer")
    return ImportsPage(jobs=tuple(jobs), drafts=tuple(drafts.order_by("layer", "name")))


def job_for(actor: Actor, job_id: int) -> ImportJob:
    """Give an import of a layer the actor keeps.

    :raises NotFound: there is none
    """
    job = ImportJob.objects.visible_to(actor).select_related("layer", "edition").filter(pk=job_id).first()
    if job is None:
        raise NotFound
    return job


def report_of(job: ImportJob) -> Report | None:
    """Put the report of an import into words; None where there is none."""
    found = job.report
    if not found:
        return None
    rejected = found.get("rejected", [])
    counted = Counter(row["reason"] for row in rejected)
    return Report(
        figures=(
            (_("存入的图形"), found["features"]),
            (_("修复后存入"), found["repaired"]),
            (_("重复，只存一份"), found["duplicates"]),
            (_("面积（平方公里）"), found["area_km2"]),
            (_("读取时的坐标系"), found["source_crs"]),
        ),
        rejected=tuple((row["index"], REASONS.get(row["reason"], row["reason"])) for row in rejected[:LISTED]),
        rejected_count=len(rejected),
        by_reason=tuple((REASONS.get(reason, reason), count) for reason, count in counted.most_common()),
    )


def edition_of_keeper(actor: Actor, edition_id: int) -> Edition:
    """Give an edition of a layer the actor keeps, whatever its state.

    :raises NotFound: there is none
    """
    edition = Edition.objects.select_related("layer").filter(pk=edition_id).first()
    if edition is None or not policies.can_import(actor, edition.layer):
        raise NotFound
    return edition


def draft_page(actor: Actor, edition_id: int) -> DraftPage:
    """Give what the keeper looks at before publishing."""
    edition = edition_of_keeper(actor, edition_id)
    current = Edition.objects.current().filter(layer=edition.layer).exclude(pk=edition.pk).first()
    is_draft = edition.state == EditionState.DRAFT
    return DraftPage(
        edition=edition,
        current=current,
        features=() if edition.layer.is_masked else tuple(edition.features.order_by("index").defer("geom")[:SHOWN]),
        sketch=_sketch(edition),
        may_publish=is_draft and policies.can_publish(actor, edition.layer),
        will_count=current is None or edition.name > current.name,
    )


def _sketch(edition: Edition) -> Sketch | None:
    """Draw the largest features; a masked layer is drawn for nobody."""
    if edition.layer.is_masked:
        return None
    largest = edition.features.order_by("-area_m2").values_list("geom", flat=True)[:DRAWN]
    shapes = shapely.from_wkb([bytes(geom.wkb) for geom in largest])
    if not len(shapes):
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    scale = SIZE / max(east - west, north - south)
    simple = shapely.simplify(shapes, 0.5 / scale)
    rings = shapely.get_rings(shapely.get_parts(simple))
    path = "".join(_ring((shapely.get_coordinates(ring) - (west, north)) * (scale, -scale)) for ring in rings)
    return Sketch(
        path, width=round((east - west) * scale) + 1, height=round((north - south) * scale) + 1, drawn=len(shapes)
    )


def _ring(xy: Any) -> str:
    points = " ".join(f"{x:.1f} {y:.1f}" for x, y in xy[:-1])
    return f"M{points}Z" if points else ""
