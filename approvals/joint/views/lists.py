"""Lists of joint work, and the panels that other pages fetch."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.deadlines import queries as deadlines
from approvals.joint import pages, queries
from approvals.joint.querysets import concerned
from approvals.joint.states import RequestState
from approvals.review import queries as review
from approvals.review.models import StageRun
from approvals.review.policies import can_view_stage
from portal.core import clock
from portal.core.errors import NotAllowed, NotFound
from portal.core.http import actor_of

#: what one may look for among the questions
SHOWN = (RequestState.ASKED, RequestState.INFO_NEEDED, RequestState.ANSWERED, RequestState.SILENT)


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the questions to the reader's departments, and the meetings they are invited to."""
    actor, today = actor_of(request), clock.today()
    if not concerned(actor):
        raise NotAllowed
    state = request.GET.get("state", "")
    state = state if state in SHOWN else ""
    page = queries.requests_to_us(actor, state=state, cursor=request.GET.get("cursor", ""))
    return render(
        request,
        "joint/inbox.html",
        {
            "page": page,
            "rows": [(row, deadlines.light_words(row.timer, today)) for row in page.items],
            "state": state,
            "states": SHOWN,
            "invitations": queries.invitations(actor),
        },
    )


@login_required
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """List the questions of the reader's departments."""
    actor = actor_of(request)
    if not concerned(actor):
        raise NotAllowed
    page = queries.asked_by_us(actor, cursor=request.GET.get("cursor", ""))
    return render(request, "joint/asked.html", {"page": page, "nav_current": "joint:inbox"})


@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List the sessions that the reader's departments lead or attend."""
    actor = actor_of(request)
    if not concerned(actor):
        raise NotAllowed
    page = queries.led_sessions(actor, cursor=request.GET.get("cursor", ""))
    return render(request, "joint/sessions.html", {"page": page, "nav_current": "joint:inbox"})


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List the sessions on the applicant's projects."""
    actor = actor_of(request)
    if not actor.may_own("joint.follow"):
        raise NotAllowed
    return render(
        request, "joint/mine.html", {"page": queries.own_sessions(actor, cursor=request.GET.get("cursor", ""))}
    )


@login_required
@require_safe
def case_panel(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show the questions and sessions of a case; its page fetches this, and without script it is a page."""
    actor = actor_of(request)
    case = review.find_case(case_id, actor=actor)
    panel = pages.case_panel(case, actor, today=clock.today())
    return _panel(request, {"panel": panel, "case": case, "project": case.project})


@login_required
@require_safe
def stage_panel(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show the questions and sessions of a stage, as for a case."""
    actor = actor_of(request)
    run = StageRun.objects.select_related("project__owner").filter(pk=run_id).first()
    if run is None or not can_view_stage(actor, run, departments=_departments_of(run)):
        raise NotFound
    return _panel(
        request, {"panel": pages.stage_panel(run, actor, today=clock.today()), "run": run, "project": run.project}
    )


def _panel(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "joint/_panel.html" if fragment else "joint/panel.html", context)


def _departments_of(run: StageRun) -> frozenset[str]:
    return frozenset(run.cases.values_list("department_id", flat=True))
