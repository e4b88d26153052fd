"""What the pages of a site have in common: the frame around them, the map, the place to begin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from blueprint.layers import frames, maps
from blueprint.siting import forms, policies, queries
from blueprint.siting.forms import Entry
from blueprint.siting.models import Outline, SiteDraft, SiteVersion
from portal.core import nav
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


def outline_on_map(*outlines: tuple[Outline, str, bool], draw: bool = False) -> dict[str, Any]:
    """Return a map of boundaries, each with its tone and whether it is dashed."""
    overlays = [
        Overlay(
            id=f"outline-{number}",
            features=collection([maps.shape(outline.geom, work_crs=outline.work_crs)]),
            tone=tone,
            fill=0 if dashed else 0.2,
            dashed=dashed,
        )
        for number, (outline, tone, dashed) in enumerate(outlines)
    ]
    return maps.view(overlays=overlays, draw=Draw(field=DRAWN_FIELD) if draw else None)


def comparison_on_map(found: queries.Comparison) -> dict[str, Any]:
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
    return maps.view(overlays=overlays)


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
        # the current one lies under what is drawn, to be traced and snapped to
        map=outline_on_map(*([(current, "info", True)] if current else []), draw=True),
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
        current=current,
        map=outline_on_map(*outlines),
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
