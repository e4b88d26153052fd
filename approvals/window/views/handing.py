"""Handing results out: found by search or QR, given to a named person, noted for ever."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals.certificates import operations as certificates
from approvals.window import queries
from approvals.window.views.access import require_act
from portal.core import clock
from portal.core.http import actor_of


@login_required
@require_safe
def handover(request: HttpRequest) -> HttpResponse:
    """List the papers that wait, narrowed down by what was typed or scanned."""
    require_act(actor_of(request), "result.hand_over")
    text = request.GET.get("q", "")
    rows = list(queries.ready(text)[: queries.MAX_ROWS])
    return render(request, "window/handover.html", {"rows": rows, "text": text})


@login_required
@require_POST
def hand_over(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Note to whom a paper was given."""
    actor = actor_of(request)
    require_act(actor, "result.hand_over")
    to = request.POST.get("to", "")
    given = certificates.hand_over(certificate_id=certificate_id, to=to, actor=actor, at=clock.now())
    messages.success(
        request, _("%(title)s 已送达 %(person)s。") % {"title": given.title, "person": given.handed_over_to}
    )
    return redirect("window:handover")
