"""The ledger page of a timer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from approvals.deadlines import drawings, links
from approvals.deadlines.models import Timer
from portal.core import clock
from portal.core.errors import NotFound


@require_GET
@never_cache
def ledger(request: HttpRequest, timer_id: int) -> HttpResponse:
    """Show why a due day is that day: every day, whose it was, and what it counted for."""
    subject = request.GET.get("of", "")
    links.require(timer_id, request.GET.get("k", ""), subject)
    timer = Timer.objects.filter(pk=timer_id).first()
    page = drawings.ledger_page(timer, clock.today()) if timer else None
    if page is None:
        raise NotFound
    return render(request, "deadlines/ledger.html", {"page": page, "subject": subject})
