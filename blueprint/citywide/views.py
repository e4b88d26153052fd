"""Pages of whole-city runs: the list, one run with its statistics and patches, one patch with its settling."""

from dataclasses import asdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blueprint.checks import loading
from blueprint.checks.models import CheckRun, Patch
from blueprint.checks.states import RunKind
from blueprint.citywide import districts, exporting, policies, queries
from blueprint.citywide import operations as citywide
from blueprint.citywide.queries import Narrowed
from blueprint.citywide.states import SettlingState
from blueprint.geometry import drawing
from blueprint.geometry.stored import shape_of
from blueprint.layers import maps
from blueprint.reports import meanings
from blueprint.reports.pages import kinds, results
from portal.accounts.models import Department
from portal.core import clock, paging
from portal.core.errors import DomainError, NotFound
from portal.core.http import actor_of
from portal.ui.maps import Overlay, collection

ACTS = {"answer": citywide.answer, "hand-back": citywide.hand_back, "resolve": citywide.resolve}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "shp": "application/zip",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: HttpRequest) -> HttpResponse:
    """List the runs, and start one."""
    actor = actor_of(request)
    policies.require(actor.may("check.view"))
    error: DomainError | None = None
    if request.method == "POST":
        kind, _mark, layer = request.POST.get("about", "").partition(":")
        try:
            district = request.POST.get("district", "")[:12]
            run = citywide.start_run(kind=kind, layer=layer, district=district, actor=actor, at=clock.now())
        except DomainError as refused:
            error = refused
        else:
            return redirect("citywide:run", run.pk)
    found = queries.runs(actor)
    names = queries.layer_names(found)
    context = {
        "runs": [(each, queries.title(each, names)) for each in found],
        "choices": queries.choices(loading.definitions()),
        "regions": districts.names(),
        "chosen": {name: request.POST.get(name, "") for name in ("about", "district")},
        "mine": [(each, kinds.kind(each.patch.kind)) for each in queries.settlings_of(actor)],
        "may_start": policies.can_start(actor),
        "error": error,
    }
    return render(request, "citywide/runs.html", context, status=error.http_status if error else 200)


@login_required
@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show how far a run is, or what it came to."""
    found = _find(request, run_id)
    actor = actor_of(request)
    narrowed = _narrowed(request)
    words = meanings.words(found.pack_version_id)
    named = queries.layer_names([found])
    context = {
        "run": found,
        "title": queries.title(found, named),
        "editions": [(named.get(row["layer"], row["layer"]), row["edition"]) for row in found.editions],
        "progress": queries.progress(found, clock.now()),
        "may_stop": policies.can_stop(actor, found),
        "narrowed": narrowed,
    }
    if found.is_done:
        page = paging.page(queries.patches(found, narrowed), by=("number",), cursor=request.GET.get("cursor", ""))
        names = {each.layer_id: each.layer for each in page.items if each.layer_id and each.layer}
        regions = districts.names()
        rows = zip(page.items, results.patches(page.items, names, words), strict=True)
        context |= {
            "page": page,
            "rows": [(patch, row, regions.get(patch.district, "")) for patch, row in rows],
            "charts": queries.charts(found),
            "has_offsets": found.kind == RunKind.DIFFERENCE,
            "regions": regions,
            "departments": words.departments,
            "states": SettlingState.choices,
        }
    return render(request, "citywide/run.html", context)


@login_required
@require_GET
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """Say how far a run is; when it is over, the page is loaded anew."""
    found = _find(request, run_id)
    if not found.is_unfinished:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    may_stop = policies.can_stop(actor_of(request), found)
    context = {"run": found, "progress": queries.progress(found, clock.now()), "may_stop": may_stop}
    return render(request, "citywide/_progress.html", context)


@login_required
@require_POST
def stop(request: HttpRequest, run_id: int) -> HttpResponse:
    """Stop a run."""
    _find(request, run_id)
    citywide.stop_run(run_id=run_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("已停止，没有留下半途的结果。"))
    return redirect("citywide:run", run_id)


@login_required
@require_GET
def export(request: HttpRequest, run_id: int, file_format: str) -> HttpResponse:
    """Send the patches that are asked for as a file."""
    found = _find(request, run_id)
    rows = queries.patches(found, _narrowed(request)).order_by("number")
    words = meanings.words(found.pack_version_id)
    content = exporting.export(rows, file_format, words=words, regions=districts.names(), crs=found.work_crs)
    response = HttpResponse(content, content_type=CONTENT_TYPES[file_format])
    name = f"patches-{found.pk}.{'zip' if file_format == 'shp' else file_format}"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@login_required
@require_GET
def patch(request: HttpRequest, patch_id: int) -> HttpResponse:
    """Show a patch on the map with its settling."""
    return _show_patch(request, _patch(request, patch_id))


@login_required
@require_POST
def assign(request: HttpRequest, patch_id: int) -> HttpResponse:
    """Give a patch to a department."""
    found = _patch(request, patch_id)
    try:
        citywide.assign(
            patch_id=patch_id,
            department_id=request.POST.get("department", ""),
            text=request.POST.get("text", ""),
            actor=actor_of(request),
            at=clock.now(),
        )
    except DomainError as error:
        return _show_patch(request, found, error)
    messages.success(request, _("已交办，处置部门会收到通知。"))
    return redirect("citywide:patch", patch_id)


@login_required
@require_POST
def settle(request: HttpRequest, patch_id: int, act: str) -> HttpResponse:
    """Answer, hand back or resolve."""
    found = _patch(request, patch_id)
    settling = getattr(found, "settling", None)
    if act not in ACTS or settling is None:
        raise NotFound
    try:
        ACTS[act](settling_id=settling.pk, text=request.POST.get("text", ""), actor=actor_of(request), at=clock.now())
    except DomainError as error:
        return _show_patch(request, found, error)
    messages.success(request, _("已记录。"))
    return redirect("citywide:patch", patch_id)


def _show_patch(request: HttpRequest, found: Patch, error: DomainError | None = None) -> HttpResponse:
    actor = actor_of(request)
    settling = getattr(found, "settling", None)
    words = meanings.words(found.run.pack_version_id)
    names = {found.layer_id: found.layer} if found.layer_id and found.layer else {}
    shape = shape_of(found.geom)
    label = _("差异图斑 %(code)s") % {"code": found.code}
    feature = maps.shape(shape, work_crs=found.run.work_crs, id=found.code, label=found.code)
    plate = drawing.Plate(
        key="patch", label=label, sheets=[drawing.Sheet("", [shape], drawing.TONES["info"])], around=shape
    )
    context = {
        "patch": found,
        "row": results.patches([found], names, words)[0],
        "region": districts.names().get(found.district, ""),
        "title": queries.title(found.run, queries.layer_names([found.run])),
        "settling": settling,
        "steps": list(settling.steps.order_by("pk")) if settling else [],
        "departments": Department.objects.filter(pk__in=words.departments).order_by("pk"),
        "may_assign": policies.can_assign(actor, found.run) and not (settling and settling.is_resolved),
        "may_answer": bool(settling and settling.state == SettlingState.OPEN and policies.can_answer(actor, settling)),
        "may_resolve": bool(settling and not settling.is_resolved and policies.can_resolve(actor, settling)),
        "map": maps.view(
            overlays=[Overlay(id="patch", features=collection([feature]), fill=0.3)], label=label, actor=actor
        ),
        "picture": drawing.draw(plate, width_mm=120, height_mm=90),
        "error": error,
    }
    return render(request, "citywide/patch.html", context, status=error.http_status if error else 200)


def _narrowed(request: HttpRequest) -> Narrowed:
    return Narrowed(**{name: request.GET.get(name, "")[:40] for name in asdict(Narrowed())})


def _find(request: HttpRequest, run_id: int) -> CheckRun:
    found = queries.find(run_id, actor_of(request))
    if found is None:
        raise NotFound
    return found


def _patch(request: HttpRequest, patch_id: int) -> Patch:
    found = queries.find_patch(patch_id, actor_of(request))
    if found is None:
        raise NotFound
    return found
