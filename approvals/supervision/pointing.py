"""Projects under way as GeoJSON for the map of the blueprint: where, whose light, and in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.deadlines.states import Light
from approvals.supervision.queries import ProjectPoint
from portal.ui import maps
from portal.ui.lights import Light as Shape

_SHAPES = {
    Light.RED: Shape.LATE,
    Light.YELLOW: Shape.DUE,
    Light.GREY: Shape.HOLD,
    Light.GREEN: Shape.OK,
    Light.BLUE: Shape.WAIT,
}


def collection(points: Iterable[ProjectPoint]) -> dict[str, Any]:
    """Return the points as a feature collection; `tone` is the light, `words` say how many cases have which."""
    return maps.collection(
        maps.feature(
            {"type": "Point", "coordinates": [point.lon, point.lat]},
            id=point.project.code,
            name=point.project.name,
            url=reverse("tracking:project", args=[point.project.code]),
            tone=(_SHAPES[point.light] if point.light else Shape.OFF).value,
            words=_words(point),
        )
        for point in points
    )


def _words(point: ProjectPoint) -> str:
    told = [
        ngettext("%(light)s %(n)d 件", "%(light)s %(n)d 件", n) % {"light": light.label, "n": n}
        for light, n in point.counts.items()
    ]
    return _("，").join(told) or _("没有在办的事项")
