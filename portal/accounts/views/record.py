"""The record of acts, for the audit administrator."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from portal.accounts import policies, queries
from portal.core import audit
from portal.core.errors import NotFound
from portal.core.http import actor_of

REASONS = {
    "missing": _("这一条或它后面的记录不见了"),
    "unlinked": _("这一条和前一条接不上"),
    "changed": _("这一条的内容被改过"),
    "no_head": _("链头不见了"),
}


@login_required
@require_GET
def streams(request: HttpRequest) -> HttpResponse:
    """List the chains of the record."""
    policies.require(policies.can_view_audit(actor_of(request)))
    text = request.GET.get("q", "").strip()
    page = queries.streams(text=text, cursor=request.GET.get("cursor", ""))
    return render(request, "accounts/audit.html", {"page": page, "q": text})


@login_required
@require_GET
def stream(request: HttpRequest, name: str) -> HttpResponse:
    """Show the acts of one chain, newest first, and whether the chain holds."""
    policies.require(policies.can_view_audit(actor_of(request)))
    cursor = request.GET.get("cursor", "")
    page = queries.events(name, cursor=cursor)
    if not page.items and not cursor:
        raise NotFound
    # A long chain takes seconds to walk, so it is walked when somebody asks.
    checked = "check" in request.GET
    broken = audit.verify(name) if checked else None
    context = {
        "nav_current": "accounts:audit",
        "stream": name,
        "page": page,
        "checked": checked,
        "broken": broken,
        "reason": REASONS[broken.reason] if broken else "",
    }
    return render(request, "accounts/audit_stream.html", context)
