"""The dashboard and the lists behind its numbers; plain GET pages that work without script."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals.deadlines.states import Light
from approvals.supervision import forms, lengths, links, narrowing, pointing, policies, presenting, queries
from portal.core import clock
from portal.core.http import actor_of


@login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show how the approvals do, every number with its list."""
    actor = actor_of(request)
    scope = policies.scope_of(actor)
    form = forms.DashboardForm(request.GET, words=queries.words_in_force(), scope=scope)
    board = queries.board(form.narrowed, form.chosen_period, at=clock.now())
    context = {
        "layout": policies.layout_of(actor),
        "board": board,
        "form": form,
        "title": presenting.title(board),
        "periods": presenting.periods(board.period),
        "tiles": presenting.tiles(board),
        "states": presenting.state_figures(board),
        "heat": presenting.heat(board),
        "late_steps": presenting.late_steps(board),
        "due_days": presenting.due_days(board),
        "pauses": presenting.pauses(board),
        "promised_course": presenting.promised_course(board),
        "span_course": presenting.span_course(board),
        "week_rows": presenting.week_rows(board),
        "moved": presenting.moved(board),
        "times": presenting.times(board),
        "ways": lengths.ways(board),
        "reopened_url": links.projects(form.narrowed, stage_state=queries.REOPENED),
        "stage_rows": presenting.stage_rows(board),
    }
    return render(request, "supervision/dashboard.html", context)


@login_required
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases behind a number."""
    return _cases(request, nav="supervision:dashboard")


@login_required
@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """List the cases that are late now, the earliest due day first."""
    return _cases(request, nav="supervision:late", light=Light.RED.value)


def _cases(request: HttpRequest, *, nav: str, **preset: str) -> HttpResponse:
    actor, today, words = actor_of(request), clock.today(), queries.words_in_force()
    scope = policies.scope_of(actor)
    form = forms.CasesForm(request.GET, words=words, scope=scope)
    filters = form.filters(**preset)
    found = queries.list_cases(form.narrowed, filters, words=words, today=today, cursor=request.GET.get("cursor", ""))
    context = {
        "layout": policies.layout_of(actor),
        "nav_current": nav,
        "title": narrowing.title(filters),
        "form": form,
        "filters": filters,
        "chips": narrowing.chips(filters, words=words, request=request),
        "page": found,
        "is_over": filters.states in narrowing.OVER,
        "at": clock.now(),
    }
    return render(request, "supervision/cases.html", context)


@login_required
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """List the projects behind a number."""
    return _projects(request, title=_("项目"), nav="supervision:dashboard", stalled=False)


@login_required
@require_safe
def stalled(request: HttpRequest) -> HttpResponse:
    """List the projects without an event for long, the quietest first."""
    return _projects(request, title=_("停滞项目"), nav="supervision:stalled", stalled=True)


@login_required
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """Give the projects with a boundary as points with their lights, for the map of the blueprint."""
    found = queries.points(policies.scope_of(actor_of(request)), today=clock.today())
    response = JsonResponse(pointing.collection(found), content_type="application/geo+json")
    response["Cache-Control"] = "private, no-store"
    return response


def _projects(request: HttpRequest, *, title: str, nav: str, stalled: bool) -> HttpResponse:
    actor, today, words = actor_of(request), clock.today(), queries.words_in_force()
    form = forms.ProjectsForm(request.GET, words=words, scope=policies.scope_of(actor))
    found = queries.list_projects(
        form.narrowed,
        form.filters(stalled=stalled),
        words=words,
        today=today,
        cursor=request.GET.get("cursor", ""),
    )
    context = {
        "layout": policies.layout_of(actor),
        "nav_current": nav,
        "title": title,
        "stalled": stalled,
        "days": words.stalled_days,
        "form": form,
        "page": found,
        "at": clock.now(),
    }
    return render(request, "supervision/projects.html", context)
