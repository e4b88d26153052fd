"""The pages of a project with its stages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from approvals.deadlines import drawings
from approvals.review import operations as review
from approvals.review.states import Outcome
from approvals.tracking import forms, picture, policies, queries
from approvals.tracking.queries import Board
from portal.accounts.models import Enterprise
from portal.citypack import queries as citypack
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.http import actor_of, is_htmx
from portal.ui.clockbar import ClockBar
from projects.catalogue import queries as catalogues
from projects.registry import codes, flows, intake, qr
from projects.registry import operations as registry
from projects.registry import policies as registry_policies
from projects.registry import queries as projects_read
from projects.registry.models import Project


@login_required
@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    """List the projects the reader has to do with, what waits for him first."""
    actor = actor_of(request)
    page = queries.project_rows(
        actor=actor,
        today=clock.today(),
        words=request.GET.get("q", ""),
        cursor=request.GET.get("cursor", ""),
    )
    is_owner = actor.may_own("project.register")
    context = {
        "page": page,
        "q": request.GET.get("q", ""),
        "layout": policies.layout_of(actor),
        "is_owner": is_owner,
        "tasks": queries.own_tasks(actor=actor) if is_owner else [],
    }
    return render(request, "tracking/projects.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register a project: everything wrong is said at once, nothing typed is lost."""
    actor = actor_of(request)
    owners = list(Enterprise.objects.filter(pk__in=actor.enterprise_ids, is_active=True).order_by("name"))
    if not any(registry_policies.can_register(actor, owner.pk) for owner in owners):
        raise registry_policies.NotAllowed
    catalogue = catalogues.catalogue(citypack.current_id())
    if request.method == "GET":
        form = forms.Registration(catalogue, owners)
        return render(request, "tracking/register.html", {"form": form})
    form = forms.Registration.from_post(catalogue, owners, request.POST)
    typed_code = codes.fold(form.typed.get(forms.CODE, "")) or None
    try:
        project = review.register_project(
            name=form.typed.get(forms.NAME, ""),
            region=form.typed.get(forms.REGION, ""),
            facts=form.facts,
            owner_id=form.owner_id,
            code=typed_code,
            actor=actor,
            at=clock.now(),
        )
    except InvalidInput as error:
        return render(request, "tracking/register.html", {"form": form.with_problems(error.fields)}, status=422)
    except Conflict as error:
        field = forms.CODE if typed_code else forms.NAME
        return render(
            request, "tracking/register.html", {"form": form.with_problems({field: error.message})}, status=409
        )
    if not project.code:
        return redirect("tracking:waiting_for_code", project_id=project.pk)
    messages.success(request, _("已赋码 %(code)s，可以开始申报") % {"code": project.code})
    return redirect("tracking:project", code=project.code)


@login_required
@require_POST
def flow_preview(request: HttpRequest) -> HttpResponse:
    """Say which flow the typed facts lead to, while they are being typed."""
    catalogue = catalogues.catalogue(citypack.current_id())
    form = forms.Registration.from_post(catalogue, [], request.POST)
    taken = intake.take(catalogue, form.facts)
    choice = flows.choose(catalogue, taken.values)
    missing = [catalogue.fields[field].label for field in choice.missing if field in catalogue.fields]
    context = {"choice": choice, "sentence": flows.sentence(choice), "missing": missing}
    return render(request, "tracking/_flow_preview.html", context)


@login_required
@require_GET
def waiting_for_code(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show a project whose code the platform has not given yet."""
    found = projects_read.project_by_id(project_id, actor=actor_of(request))
    if found.code:
        return redirect("tracking:project", code=found.code)
    return render(request, "tracking/waiting_for_code.html", {"project": found})


@login_required
@require_GET
def project(request: HttpRequest, code: str) -> HttpResponse:
    """Show where a project stands, who has it and until when."""
    actor = actor_of(request)
    found = projects_read.project(code, actor=actor)
    at = clock.now()
    board = queries.board(found, actor=actor, at=at)
    context = {
        "board": board,
        "project": found,
        "tasks": queries.tasks_of(board),
        "layout": policies.layout_of(actor),
        "line": picture.line_map(board),
        "clock": _stage_clock(board),
        "qr_svg": mark_safe(qr.svg(board.deepest_code)),  # noqa: S308  drawn by us from a checked code
        "can_override_flow": registry_policies.can_override_flow(actor),
    }
    return render(request, "tracking/project.html", context)


@login_required
@require_GET
def item_list(request: HttpRequest, code: str) -> HttpResponse:
    """Show the project's own list of items: in or out and why, limits, what waits for what, the forecast."""
    actor = actor_of(request)
    found = projects_read.project(code, actor=actor)
    board = queries.board(found, actor=actor, at=clock.now())
    context = {
        "board": board,
        "project": found,
        "line": picture.line_map(board),
        "layout": policies.layout_of(actor),
    }
    return render(request, "tracking/items.html", context)


@login_required
@require_GET
def facts(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is known of a project, each value with its source."""
    actor = actor_of(request)
    found = projects_read.project(code, actor=actor)
    context = {
        "project": found,
        "rows": projects_read.fact_rows(found),
        "units": projects_read.units(found.pk),
        "layout": policies.layout_of(actor),
    }
    return render(request, "tracking/facts.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, code: str, stage: str) -> HttpResponse:
    """Begin an application for a stage; items of the parallel stream are chosen first."""
    actor = actor_of(request)
    found = projects_read.project(code, actor=actor)
    board = queries.board(found, actor=actor, at=clock.now())
    choices = board.applicable(stage)
    if request.method == "GET" or not board.may_apply(stage):
        context = {
            "board": board,
            "project": found,
            "stage": board.stage_name(stage),
            "choices": choices,
            "can_apply": board.may_apply(stage),
            "is_parallel": board.is_parallel(stage),
            "layout": policies.layout_of(actor),
        }
        return render(request, "tracking/apply.html", context)
    chosen = [item for item in request.POST.getlist("items") if item in {line.id for line in choices}]
    if board.is_parallel(stage) and not chosen:
        messages.error(request, _("请至少选一个事项。"))
        return redirect("tracking:apply", code=code, stage=stage)
    application = review.open_application(
        project_id=found.pk,
        stage=stage,
        item_ids=chosen if board.is_parallel(stage) else None,
        actor=actor,
        at=clock.now(),
    )
    return redirect("applications:form", application.pk)


@login_required
@require_POST
def override_flow(request: HttpRequest, code: str) -> HttpResponse:
    """Let the window set another flow, with its reason."""
    actor = actor_of(request)
    found = projects_read.project(code, actor=actor)
    try:
        changed = registry.override_flow(
            project_id=found.pk,
            flow=request.POST.get("flow", ""),
            reason=request.POST.get("reason", ""),
            actor=actor,
            at=clock.now(),
        )
        name = projects_read.catalogue_of(changed).flows[changed.flow].name
        messages.success(request, _("流程已改为“%(flow)s”，理由已记录") % {"flow": name})
    except (InvalidInput, registry.SameFlow) as error:
        for sentence in [*map(str, error.fields.values())] or [str(error.message)]:
            messages.error(request, sentence)
    return redirect("tracking:project", code=code)


@require_GET
def qr_picture(request: HttpRequest, code: str) -> HttpResponse:
    """Give the QR of a project's public progress page as a picture to keep."""
    if not Project.objects.filter(code=code).exists():
        raise NotFound
    response = HttpResponse(qr.svg(code), content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="{code}.svg"'
    return response


@require_GET
def progress_search(request: HttpRequest) -> HttpResponse:
    """Look a project up by its code; the answer names what is wrong with a code that cannot be."""
    typed = request.GET.get("code", "")
    folded = codes.fold(typed)
    if not folded:
        return render(request, "tracking/progress_search.html", {"typed": typed})
    verdict = codes.judge(folded)
    problem = str(verdict.message)
    if not problem and not Project.objects.filter(code=_project_code(folded)).exists():
        problem = _("没有代码为 %(code)s 的项目。请对照回执上的代码，或扫回执上的二维码。") % {"code": folded}
    if problem:
        context = {"typed": typed, "problem": problem}
        return render(request, "tracking/progress_search.html", context, status=404)
    return redirect("tracking:progress_of", code=folded)


@require_GET
def progress(request: HttpRequest, code: str) -> HttpResponse:
    """Show anyone where a project stands, without a word about persons."""
    arrival = qr.check(code, k=request.GET.get("k", ""), s=request.GET.get("s", ""))
    if arrival in (qr.Arrival.MISTYPED, qr.Arrival.FORGED):
        return render(request, "tracking/bad_link.html", {"arrival": arrival.value, "code": code}, status=404)
    found = get_object_or_404(Project.objects.select_related("owner"), code=_project_code(code))
    board = queries.board(found, actor=actor_of(request), at=clock.now(), public=True)
    context = {
        "board": board,
        "project": found,
        "code": code,
        "line": picture.line_map(board),
        "clock": _stage_clock(board),
        "is_genuine": arrival == qr.Arrival.GENUINE,
    }
    return render(request, "tracking/progress.html", context)


def _stage_clock(board: Board) -> ClockBar | None:
    """Draw the clock of the stage under review; None while none runs."""
    stage = board.current
    if stage is None or stage.run is None or stage.run.timer is None:
        return None
    return drawings.clock_bar(stage.run.timer, board.today)


def _project_code(code: str) -> str:
    """Return the project code that a project or engineering code begins with."""
    verdict = codes.judge(code)
    return verdict.engineering.project.text if verdict.engineering else code


@require_GET
def published(request: HttpRequest) -> HttpResponse:
    """List the newest decisions for the public."""
    decisions = queries.published_decisions(cursor=request.GET.get("cursor", ""), few=is_htmx(request))
    template = "tracking/_published.html" if is_htmx(request) else "tracking/published.html"
    return render(request, template, {"page": decisions, "granted": Outcome.GRANTED.value})


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Find projects, applications, cases and certificates by name or number."""
    actor = actor_of(request)
    words = request.GET.get("q", "").strip()
    found = queries.search(words, actor=actor)
    if len(found) == 1 and words:
        return redirect(found[0].url)
    return render(request, "tracking/search.html", {"q": words, "found": found, "layout": policies.layout_of(actor)})
