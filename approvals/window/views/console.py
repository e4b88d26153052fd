"""The console: queue, check-list, viewer, and the window's answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals.applications import operations as applications
from approvals.applications import queries as reads
from approvals.applications.models import Application
from approvals.applications.states import Verdict
from approvals.review import operations as review
from approvals.window import queries
from approvals.window.views.access import at_window, require_act
from portal.core import clock
from portal.core.actor import Actor
from portal.core.http import actor_of, is_htmx, whole_number
from portal.ui import words


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Open the console with the most urgent application of the queue."""
    actor = actor_of(request)
    require_act(actor, "application.check")
    return _render(request, actor, None)


@login_required
@require_safe
def console(request: HttpRequest, application_id: int) -> HttpResponse:
    """Open the console with one application; what has been answered is shown on its own page."""
    actor = actor_of(request)
    found = at_window(application_id, actor)
    if not found.is_at_window:
        return redirect("applications:application", found.pk)
    return _render(request, actor, found, slot_id=whole_number(request.GET.get("slot", "")))


@login_required
@require_POST
def check_slot(request: HttpRequest, application_id: int, slot_id: int) -> HttpResponse:
    """Note 齐, 缺 or 不符; without the words that a wrong material needs, ask for them in place."""
    actor = actor_of(request)
    found = at_window(application_id, actor)
    verdict = request.POST.get("verdict", "")
    remark = request.POST.get("remark", "")
    if verdict == Verdict.WRONG and not remark.strip():
        return _render(request, actor, found, slot_id=slot_id, asking=slot_id)
    applications.check_slot(slot_id=slot_id, verdict=verdict, remark=remark, actor=actor, at=clock.now())
    return _after_check(request, actor, found, slot_id)


@login_required
@require_POST
def check_all(request: HttpRequest, application_id: int) -> HttpResponse:
    """Mark everything not yet looked at as complete."""
    actor = actor_of(request)
    found = at_window(application_id, actor)
    applications.check_all(application_id=found.pk, actor=actor, at=clock.now())
    return _after_check(request, actor, found, None)


@login_required
@require_POST
def check_field(request: HttpRequest, application_id: int) -> HttpResponse:
    """Note what is wrong in a field of the form, or take it back."""
    actor = actor_of(request)
    found = at_window(application_id, actor)
    applications.check_field(
        application_id=found.pk,
        field=request.POST.get("field", ""),
        remark=request.POST.get("remark", ""),
        actor=actor,
        at=clock.now(),
    )
    return _after_check(request, actor, found, whole_number(request.POST.get("slot", "")))


@login_required
@require_POST
def accept(request: HttpRequest, application_id: int) -> HttpResponse:
    """Accept, and go on with the next application."""
    actor = actor_of(request)
    found = at_window(application_id, actor)
    if not found.is_at_window:
        return _answered(request, found)
    following = _next(request, actor, found)
    accepted = review.accept(application_id=found.pk, actor=actor, at=clock.now())
    messages.success(
        request,
        _("已受理 %(project)s，各部门的时钟从 %(day)s 起计。")
        % {"project": accepted.project.name, "day": words.day(accepted.accepted_at)},
    )
    return following


@login_required
@require_POST
def reject(request: HttpRequest, application_id: int) -> HttpResponse:
    """Refuse to accept, with the reason that stands on the decision."""
    return _refuse(request, application_id, required=True)


@login_required
@require_POST
def not_required(request: HttpRequest, application_id: int) -> HttpResponse:
    """Tell that no permit is needed."""
    return _refuse(request, application_id, required=False)


def _refuse(request: HttpRequest, application_id: int, *, required: bool) -> HttpResponse:
    actor = actor_of(request)
    found = at_window(application_id, actor)
    if not found.is_at_window:
        return _answered(request, found)
    following = _next(request, actor, found)
    act = applications.reject if required else applications.not_required
    act(application_id=found.pk, reason=request.POST.get("reason", ""), actor=actor, at=clock.now())
    said = _("已对 %(project)s 出具不予受理决定书。") if required else _("已告知 %(project)s 无需许可。")
    messages.success(request, said % {"project": found.project.name})
    return following


def _answered(request: HttpRequest, found: Application) -> HttpResponse:
    """Show what has been answered already: a second click, a quicker colleague, or an applicant who withdrew."""
    messages.error(request, _("这一件已经答复过，现在是“%(state)s”。") % {"state": found.get_state_display()})
    return redirect("applications:application", found.pk)


def _after_check(request: HttpRequest, actor: Actor, found: Application, slot_id: int | None) -> HttpResponse:
    """Answer htmx with the check-list, everyone else with the page again."""
    if is_htmx(request):
        fresh = reads.find(found.pk, actor=actor)
        return _render(request, actor, fresh, slot_id=slot_id)
    address = reverse("window:console", args=[found.pk])
    return redirect(f"{address}?slot={slot_id}#slot-{slot_id}" if slot_id else address)


def _next(request: HttpRequest, actor: Actor, found: Application) -> HttpResponse:
    """Lead to the application after this one in the queue."""
    rows = reads.queue(actor, today=clock.today())
    before, after = reads.neighbours(rows, found)
    neighbour = after or before
    return redirect("window:console", neighbour.pk) if neighbour else redirect("window:queue")


def _render(
    request: HttpRequest,
    actor: Actor,
    found: Application | None,
    *,
    slot_id: int | None = None,
    asking: int | None = None,
) -> HttpResponse:
    """Show the three panes; to htmx, the check-list alone.

    :param asking: id of the slot whose remark is asked for
    """
    today = clock.today()
    if is_htmx(request) and found is not None:
        desk = queries.desk(found, today=today, slot_id=slot_id)
        return render(request, "window/_check.html", {"desk": desk, "asking": asking})
    channel, text = request.GET.get("channel", ""), request.GET.get("q", "")
    rows = reads.queue(actor, today=today, channel=channel, text=text)
    if found is None and rows:
        found = reads.find(rows[0].application.pk, actor=actor)
    before, after = reads.neighbours(rows, found) if found else (None, None)
    context = {
        "rows": rows,
        "counts": reads.queue_counts(actor),
        "channel": channel,
        "text": text,
        "desk": queries.desk(found, today=today, slot_id=slot_id) if found else None,
        "asking": asking,
        "before": before,
        "after": after,
        "single": request.GET.get("view") == "single",
        "nav_current": "window:queue",
    }
    status = 422 if asking and request.method == "POST" else 200
    return render(request, "window/console.html", context, status=status)
