"""The one correction notice: seen as it will be sent, sent once; and what became of those sent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from approvals.applications import operations as applications
from approvals.applications import policies, sheets
from approvals.applications import queries as reads
from approvals.applications.operations.pointing import Point
from approvals.window.views.access import at_window, require_act
from portal.core import clock
from portal.core.http import actor_of


@login_required
@require_safe
def correcting(request: HttpRequest) -> HttpResponse:
    """List what applicants are mending, nearest day of return first."""
    actor = actor_of(request)
    require_act(actor, "application.check")
    text = request.GET.get("q", "")
    rows = reads.correcting(actor, today=clock.today(), text=text)
    return render(request, "window/correcting.html", {"rows": rows, "text": text})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show the notice as it will read, let the clerk say how to mend each point, and send it."""
    actor = actor_of(request)
    found = at_window(application_id, actor)
    policies.require(policies.can_request_correction(actor))
    if not found.is_at_window:
        return redirect("applications:application", found.pk)
    at = clock.now()
    remedies = {
        key.removeprefix("remedy-"): str(request.POST[key]) for key in request.POST if key.startswith("remedy-")
    }
    reason = request.POST.get("reason", "")
    if request.method == "POST" and "send" in request.POST:
        applications.request_correction(
            application_id=found.pk,
            points=[
                Point(key.removeprefix("slot:"), remedy=remedy.strip())
                for key, remedy in remedies.items()
                if remedy.strip()
            ],
            reason=reason,
            actor=actor,
            at=at,
        )
        messages.success(request, _("已一次性告知 %(project)s，等申请人补正。") % {"project": found.project.name})
        return redirect("window:queue")
    points = reads.correction_points(found, reads.form_of(found), remedies)
    context = {
        "application": found,
        "points": points,
        "reason": reason,
        "sheet": sheets.preview_correction(found, points, reason=reason, actor=actor, at=at),
        "nav_current": "window:queue",
    }
    return render(request, "window/correct.html", context)
