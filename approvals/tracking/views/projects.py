"""The pages of a project with its stages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from approvals.review import operations as review
from approvals.review.queries import times as review_times
from approvals.tracking import picture, policies, queries
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.http import actor_of
from projects.registry import operations as registry
from projects.registry import policies as registry_policies
from projects.registry import qr
from projects.registry import queries as projects_read


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
    # an agent has no project of his own, but work in those entrusted to him
    is_party = actor.may_own("application.draft")
    context = {
        "page": page,
        "q": request.GET.get("q", ""),
        "layout": policies.layout_of(actor),
        "is_owner": is_owner,
        "is_party": is_party,
        "tasks": queries.own_tasks(actor=actor) if is_party else [],
    }
    return render(request, "tracking/projects.html", context)


@login_required
@require_GET
def waiting_for_code(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show a project whose code the platform has not given yet."""
    actor = actor_of(request)
    found = projects_read.project_by_id(project_id, actor=actor)
    if found.code:
        return redirect("tracking:project", code=found.code)
    can_withdraw = not found.is_over and registry_policies.can_withdraw(actor, found)
    return render(request, "tracking/waiting_for_code.html", {"project": found, "can_withdraw": can_withdraw})


@login_required
@require_GET
def project(request: HttpRequest, code: str) -> HttpResponse:
    """Show where a project stands, who has it and until when."""
    actor = actor_of(request)
    found = projects_read.project(code, actor=actor)
    at = clock.now()
    board = queries.board(found, actor=actor, at=at, unit=request.GET.get("unit", ""))
    above, below = projects_read.relatives(found, actor=actor)
    context = {
        "board": board,
        "project": found,
        "tasks": queries.tasks_of(board),
        "layout": policies.layout_of(actor),
        "comments": queries.stage_comments(found, actor=actor),
        "line": picture.line_map(board),
        "clock": picture.stage_clock(board),
        "way": review_times.project_time(found, as_of=board.today).way,
        "qr_svg": mark_safe(qr.svg(board.deepest_code)),  # noqa: S308  drawn by us from a checked code
        "can_override_flow": registry_policies.can_override_flow(actor),
        "can_give_mandate": registry_policies.can_give_mandate(actor, found),
        "is_entrusted": found.pk in actor.project_ids,
        "above": above,
        "below": below,
        "tree": queries.tree(board),
        "can_divide": found.is_running and registry_policies.can_divide(actor, found),
        "can_withdraw": found.is_running and registry_policies.can_withdraw(actor, found),
        "can_add_below": found.is_running and registry_policies.can_register(actor, found.owner_id),
    }
    return render(request, "tracking/project.html", context)


@login_required
@require_GET
def item_list(request: HttpRequest, code: str) -> HttpResponse:
    """Show the project's own list of items: in or out and why, limits, what waits for what, the forecast."""
    actor = actor_of(request)
    found = projects_read.project(code, actor=actor)
    board = queries.board(found, actor=actor, at=clock.now(), unit=request.GET.get("unit", ""))
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
    """Begin an application for a stage; items of the parallel stream are chosen first.

    Of a divided project the unit is chosen before, or, for what is parallel, with the items.
    """
    actor = actor_of(request)
    found = projects_read.project(code, actor=actor)
    board = queries.board(found, actor=actor, at=clock.now())
    is_parallel = board.is_parallel(stage)
    unit = (request.POST if request.method == "POST" else request.GET).get("unit", "")
    ready = board.to_begin(stage, "" if is_parallel else unit)
    choices = board.applicable(stage) if is_parallel else ready[0].applicable if ready else ()
    context: dict[str, object] = {
        "board": board,
        "project": found,
        "stage": ready[0].full_name if len(ready) == 1 else board.stage_name(stage),
        "stage_id": stage,
        "ready": ready,
        "choices": choices,
        "unit": unit,
        "is_parallel": is_parallel,
        "layout": policies.layout_of(actor),
    }
    if request.method == "GET" or len(ready) != 1:
        return render(request, "tracking/apply.html", context)
    chosen = [item for item in request.POST.getlist("items") if item in {line.id for line in choices}]
    if is_parallel and not chosen:
        messages.error(request, _("请至少选一个事项。"))
        return redirect("tracking:apply", code=code, stage=stage)
    named = next((row for row in board.units if row.code == unit), None) if is_parallel else ready[0].unit
    try:
        application = review.open_application(
            project_id=found.pk,
            stage=stage,
            item_ids=chosen if is_parallel else None,
            unit_id=named.pk if named else None,
            actor=actor,
            at=clock.now(),
        )
    except InvalidInput as error:
        context["problems"] = [str(problem) for problem in error.fields.values()]
        return render(request, "tracking/apply.html", context, status=422)
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
