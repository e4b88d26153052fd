"""Projects under way as points of a map, each with the worst light of its cases."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from approvals.deadlines.querysets import light_on
from approvals.deadlines.states import Light
from approvals.review.models import Case
from approvals.supervision.queries.scope import Scope
from blueprint.siting import queries as siting
from projects.registry.models import Project
from projects.registry.states import ProjectState

#: the first that occurs is the project's light
WORST_FIRST = (Light.RED, Light.YELLOW, Light.GREY, Light.GREEN, Light.BLUE)


@dataclass(frozen=True, slots=True)
class ProjectPoint:
    """A project where it lies."""

    project: Project
    lon: float
    lat: float
    light: Light | None
    """None: no case is under way."""
    counts: dict[Light, int]
    """Cases under way by light, the worst first."""


def points(scope: Scope, *, today: date) -> tuple[ProjectPoint, ...]:
    """Return the projects under way that have a boundary, the worst light first; three statements."""
    projects: dict[int, Project] = scope.projects().filter(state=ProjectState.REGISTERED).in_bulk()
    places = siting.places_of(projects)
    lights: dict[int, Counter[str]] = defaultdict(Counter)
    running: QuerySet[Case] = scope.cases().running()  # type: ignore[attr-defined]
    cases = running.filter(project__in=list(places)).annotate(light=light_on(today, "timer__"))
    for project_id, light in cases.values_list("project_id", "light"):
        lights[project_id][light] += 1
    found = []
    for project_id, (lon, lat) in places.items():
        counts = {light: lights[project_id][light] for light in WORST_FIRST if lights[project_id][light]}
        found.append(ProjectPoint(projects[project_id], lon, lat, next(iter(counts), None), counts))
    order = {light: number for number, light in enumerate(WORST_FIRST)}
    return tuple(sorted(found, key=lambda each: (order[each.light] if each.light else len(order), each.project.code)))
