"""The page of a run, its map, its report; the panel that other pages show of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from blueprint.checks import operations as checks
from blueprint.checks.models import CheckRun
from blueprint.reports import maps, pages, policies, queries
from blueprint.reports import operations as reports
from portal.core import clock, nav
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.http import actor_of, blob_response, is_htmx, whole_number
from projects.registry.models import Project


@login_required
@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show what a run found; `?with=` lays an earlier run of the site beside it."""
    actor = actor_of(request)
    found = _find(run_id, actor)
    page = pages.run_page(found, actor, against=whole_number(request.GET.get("with", "")))
    overview = page.atlas.overview()
    label = _("%(title)s的红线和核查结论") % {"title": page.title}
    context = {
        "page": page,
        "run": found,
        "overview": overview,
        "map": maps.run_map(found, label=label),
        "map_label": label,
        "layout": _layout(actor),
    }
    return render(request, "reports/run.html", context)


@login_required
@require_GET
def picture(request: HttpRequest, run_id: int) -> HttpResponse:
    """Send the map of a run as a drawing, for who has no map in the browser."""
    actor = actor_of(request)
    page = pages.run_page(_find(run_id, actor), actor)
    response = HttpResponse(page.atlas.overview().svg, content_type="image/svg+xml")
    response["Cache-Control"] = "private, max-age=300"
    return response


@login_required
@require_POST
def repeat(request: HttpRequest, run_id: int) -> HttpResponse:
    """Check the boundary again with the present editions, and lead to the new run beside the old one."""
    actor = actor_of(request)
    found = _find(run_id, actor)
    policies.require(policies.can_repeat(actor, found))
    if found.version_id is None:
        raise NotFound
    new = checks.run_site_check(version_id=found.version_id, actor=actor, at=clock.now())
    response = redirect("reports:run", new.pk)
    if new.is_done and found.is_done:
        messages.success(request, _("已按现行数据重新核查，下面标出与上次不同的地方。"))
        response["Location"] += f"?with={found.pk}"
    elif new.is_done:
        messages.success(request, _("已按现行数据核查。"))
    return response


@login_required
@require_POST
def order(request: HttpRequest, run_id: int) -> HttpResponse:
    """Have the report made."""
    report = reports.order_report(run_id=run_id, actor=actor_of(request), at=clock.now())
    if is_htmx(request):
        return render(request, "reports/_paper.html", {"run": report.run, "report": report, "may_issue": False})
    messages.success(request, _("正在出具 %(number)s，几秒后可以下载。") % {"number": report.number})
    return redirect("reports:run", run_id)


@login_required
@require_GET
def state(request: HttpRequest, run_id: int) -> HttpResponse:
    """Say whether the report is ready."""
    found = _find(run_id, actor_of(request))
    report = getattr(found, "report", None)
    if not is_htmx(request):
        return redirect("reports:run", run_id)
    return render(request, "reports/_paper.html", {"run": found, "report": report, "may_issue": report is None})


@login_required
@require_GET
def paper(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """Send the printed report."""
    report = getattr(_find(run_id, actor_of(request)), "report", None)
    if report is None or report.blob is None:
        raise NotFound
    return blob_response(report.blob, name=report.file_name, inline=True)


@login_required
@require_GET
def panel(request: HttpRequest, code: str) -> HttpResponse:
    """Show the last check of a project's site, for the project page and the page of a case."""
    actor = actor_of(request)
    project = Project.objects.visible_to(actor).filter(code=code).first()
    if project is None:
        raise NotFound
    found = queries.newest_of_project(project.pk)
    page = pages.run_page(found, actor) if found is not None else None
    context = {"page": page, "run": found, "project": project, "is_party": _is_party(actor, project)}
    template = "reports/_panel.html" if is_htmx(request) else "reports/panel.html"
    return render(request, template, {**context, "layout": _layout(actor)})


def _find(run_id: int, actor: Actor) -> CheckRun:
    found = queries.find_run(run_id, actor)
    if found is None:
        raise NotFound
    return found


def _is_party(actor: Actor, project: Project) -> bool:
    return project.owner_id in actor.enterprise_ids or project.pk in actor.project_ids


def _layout(actor: Actor) -> str:
    """Return the layout of the actor's first work place."""
    places = nav.home_layouts(actor)
    return f"layouts/{places[0]}.html" if places else "layouts/applicant.html"
