"""Pages of deliveries: what a department received, what is there for the applicant, what failed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals.push import operations as push
from approvals.push import policies, queries
from approvals.push.models import Delivery
from approvals.push.states import DeliveryState
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.http import actor_of

SHOWN_STATES = (DeliveryState.SENT, DeliveryState.ACKNOWLEDGED)


@login_required
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """List the results that the reader's departments received."""
    return _list(request, "push/received.html", queries.received)


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List the results for the applicant's projects."""
    return _list(request, "push/mine.html", queries.mine)


@login_required
@require_safe
def failures(request: HttpRequest) -> HttpResponse:
    """Show what could not be delivered, with a button to send it again."""
    policies.require(policies.can_resend(actor_of(request)))
    return render(request, "push/failures.html", {"page": queries.failures(cursor=request.GET.get("cursor", ""))})


@login_required
@require_POST
def acknowledge(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Sign for a delivery."""
    actor = actor_of(request)
    delivery = Delivery.objects.visible_to(actor).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound
    push.acknowledge(delivery_id=delivery_id, actor=actor, at=clock.now())
    messages.success(request, _("已签收：%(title)s") % {"title": delivery.title})
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe and back else "push:received")


@login_required
@require_POST
def resend(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Send a given-up delivery again."""
    policies.require(policies.can_resend(actor_of(request)))
    push.resend(delivery_id=delivery_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("已重新发送，结果几秒后可见。"))
    return redirect("push:failures")


def _list(request: HttpRequest, template: str, query: object) -> HttpResponse:
    actor = actor_of(request)
    state = request.GET.get("state", "")
    page = query(actor, state=state, cursor=request.GET.get("cursor", ""))  # type: ignore[operator]
    rows = [(delivery, policies.can_acknowledge(actor, delivery)) for delivery in page.items]
    states = [choice for choice in DeliveryState if choice in SHOWN_STATES]
    return render(request, template, {"page": page, "rows": rows, "state": state, "states": states})
