"""Look at a site: the boundary, its versions, their corner points and files."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from blueprint.geometry.stored import shape_of
from blueprint.layers import frames
from blueprint.siting import exporting, forms, ground, pictures, queries
from blueprint.siting.models import Outline, SiteVersion
from blueprint.siting.views import showing
from portal.core.errors import NotFound
from portal.core.http import actor_of, whole_number
from projects.registry.models import Project


@login_required
@require_GET
def site(request: HttpRequest, code: str) -> HttpResponse:
    """Show the boundary of a project, the one that waits for the reader's word, or the ways to bring one."""
    project = showing.project_of(request, code)
    can_enter = showing.can_enter(request, project)
    page = queries.site_page(project, actor=actor_of(request), can_enter=can_enter)
    wants_to_edit = can_enter and (page.version is None or "edit" in request.GET)
    if page.draft is not None and "edit" not in request.GET:
        return showing.preview_page(request, project, page.draft)
    if wants_to_edit:
        entry = forms.entry_from(page.draft or page.version, frames.frame())
        return showing.entry_page(request, project, entry, current=page.version)
    context = showing.framed(request, project, page=page)
    if page.version is not None and page.figures is not None:
        context["map"] = showing.outline_on_map(actor_of(request), (page.version, "site", False))
    return render(request, "siting/site.html", context)


@login_required
@require_GET
def panel(request: HttpRequest, code: str) -> HttpResponse:
    """Show the site small, for the page of a project or a case."""
    project = showing.project_of(request, code)
    found = queries.panel(project, actor=actor_of(request), can_enter=showing.can_enter(request, project))
    sketch = None
    if found.figures is not None:
        sketch = pictures.sketch(found.figures.shape, label=_("红线的形状，%s") % found.figures.parcels_words)
    return render(request, "siting/_panel.html", {"panel": found, "sketch": sketch})


@login_required
@require_GET
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """Draw the current boundary, or with `?draft=1` the one that waits, for who has no map in the browser."""
    project = showing.project_of(request, code)
    outline: Outline | None
    if "draft" in request.GET:
        outline = queries.own_draft(project.pk, actor_of(request))
    else:
        outline = SiteVersion.objects.of_project(project.pk).newest_first().first()
    if outline is None:
        raise NotFound
    drawn = pictures.site(shape_of(outline.geom), label=_("%s的红线") % project.name)
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_GET
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """List the versions, and show the difference of two (`?before=1&after=2`; the last two unless asked)."""
    project = showing.project_of(request, code)
    rows = queries.versions_of(project.pk)
    context = showing.framed(request, project, rows=rows)
    chosen = _chosen(request, rows)
    if chosen is not None:
        before, after = chosen
        found = queries.compare(before, after)
        context["found"] = found
        context["map"] = showing.comparison_on_map(actor_of(request), found)
        context["picture"] = pictures.comparison(found, shape_of(before.geom), shape_of(after.geom))
    return render(request, "siting/versions.html", context)


@login_required
@require_GET
def points(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Show the corner points of a version in degrees and metres, on paper as on the screen."""
    project = showing.project_of(request, code)
    found = _version(project, version)
    frame = frames.frame()
    figures = queries.figures_of(found, ground.rules())
    rows = queries.points_of(figures.shape, frame)
    context = showing.framed(
        request,
        project,
        version=found,
        figures=figures,
        points=rows,
        frame=frame,
        meridian=frame.zone * 3,
        picture=pictures.site(figures.shape, label=_("%s的红线") % project.name, corners=rows),
    )
    return render(request, "siting/points.html", context)


@login_required
@require_GET
def export(request: HttpRequest, code: str, version: int, file_format: str) -> HttpResponse:
    """Give a version out as a file in one of the formats it could have come in."""
    project = showing.project_of(request, code)
    found = _version(project, version)
    if file_format not in exporting.FORMATS:
        raise NotFound
    ending, content_type = exporting.FORMATS[file_format]
    response = HttpResponse(exporting.written(found, file_format), content_type=content_type)
    name = _("%(name)s红线第%(number)d版") % {"name": project.name, "number": found.number}
    response["Content-Disposition"] = content_disposition_header(True, f"{name}{ending}") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _version(project: Project, number: int) -> SiteVersion:
    found = SiteVersion.objects.of_project(project.pk).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def _chosen(request: HttpRequest, rows: list[SiteVersion]) -> tuple[SiteVersion, SiteVersion] | None:
    by_number = {row.number: row for row in rows}
    if len(rows) < 2:
        return None
    before = by_number.get(whole_number(request.GET.get("before", "")) or rows[1].number, rows[1])
    after = by_number.get(whole_number(request.GET.get("after", "")) or rows[0].number, rows[0])
    return before, after
