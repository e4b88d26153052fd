"""What the pages of a site have in common: the frame around them, the map, the place to begin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from blueprint.layers import frames, maps
from blueprint.siting import forms, ground, policies, queries
from blueprint.siting.forms import Entry
from blueprint.siting.models import Outline, SiteDraft, SiteVersion
from portal.core import nav
from portal.core.actor import Actor
from portal.core.http import actor_of
from portal.ui.maps import Draw, Overlay, collection
from projects.registry import queries as projects
from projects.registry.models import Project

#: id of the textarea that the map draws into
DRAWN_FIELD = "drawn"


def project_of(request: HttpRequest, code: str) -> Project:
    """Give the project to who may see it.

    :raises NoProject: there is none, or not for this actor
    """
    return projects.project(code, actor=actor_of(request))


def framed(request: HttpRequest, project: Project, **more: Any) -> dict[str, Any]:
    """Return the context every page has."""
    return {"project": project, "layout": nav.layout_of(actor_of(request)), **more}


def outline_on_map(actor: Actor, *outlines: tuple[Outline, str, bool]) -> dict[str, Any]:
    """Return a map of boundaries, each with its tone and whether it is dashed."""
    return maps.view(actor=actor, overlays=_overlays(outlines))


def map_to_draw_on(actor: Actor, project: Project, current: Outline | None) -> dict[str, Any]:
    """Return the map a boundary is drawn on; the current one lies under it, to be traced and snapped to.

    Without one it opens on the region the project was registered in, or on the ground there is.
    """
    drawing = Draw(field=DRAWN_FIELD)
    if current is not None:
        return maps.view(actor=actor, draw=drawing, overlays=_overlays([(current, "info", True)]))
    districts = ground.rules().districts
    opens_on = maps.extent_of_region(project.region, layers=districts, actor=actor)
    return maps.view(actor=actor, draw=drawing, opens_on=opens_on)


def _overlays(outlines: Iterable[tuple[Outline, str, bool]]) -> list[Overlay]:
    return [
        Overlay(
            id=f"outline-{number}",
            features=collection([maps.shape(outline.geom, work_crs=outline.work_crs)]),
            tone=tone,
            fill=0 if dashed else 0.2,
            dashed=dashed,
        )
        for number, (outline, tone, dashed) in enumerate(outlines)
    ]


def comparison_on_map(actor: Actor, found: queries.Comparison) -> dict[str, Any]:
    """Return a map of two versions: the older one dashed, what came and what went in tones of their own."""
    work_crs = found.after.work_crs
    parts = [
        ("gained", found.gained, "added"),
        ("lost", found.lost, "removed"),
    ]
    overlays = [
        Overlay(
            id=name, features=collection([maps.shape(part, work_crs=work_crs) for part in shapes]), tone=tone, fill=0.4
        )
        for name, shapes, tone in parts
    ]
    for name, version, dashed in (("before", found.before, True), ("after", found.after, False)):
        features = collection([maps.shape(version.geom, work_crs=version.work_crs)])
        overlays.append(Overlay(id=name, features=features, tone="site", fill=0, dashed=dashed))
    return maps.view(actor=actor, overlays=overlays)


def entry_page(
    request: HttpRequest, project: Project, entry: Entry, *, current: Outline | None, status: int = 200
) -> HttpResponse:
    """Show the three ways to bring a boundary."""
    context = framed(
        request,
        project,
        entry=entry,
        current=current,
        systems=forms.systems(frames.frame()),
        map=map_to_draw_on(actor_of(request), project, current),
    )
    return render(request, "siting/entry.html", context, status=status)


def preview_page(
    request: HttpRequest, project: Project, draft: SiteDraft, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """Show a boundary that waits for its person's word."""
    current = SiteVersion.objects.of_project(project.pk).newest_first().first()
    outlines: list[tuple[Outline, str, bool]] = [(draft, "site", False)]
    if current is not None:
        outlines.insert(0, (current, "info", True))
    context = framed(
        request,
        project,
        preview=queries.preview(project, draft),
        mark=draft.mark,
        current=current,
        map=outline_on_map(actor_of(request), *outlines),
        picture=reverse("siting:picture", args=[project.code]) + "?draft=1",
        problem=problem,
    )
    return render(request, "siting/preview.html", context, status=status)


def can_enter(request: HttpRequest, project: Project) -> bool:
    """Tell whether the reader may bring a boundary."""
    return policies.can_draft(actor_of(request), project)


def words_of(error_fields: Mapping[str, Any], message: str) -> str:
    """Join what an operation says about single fields, else its sentence."""
    return " ".join(map(str, error_fields.values())) or message
