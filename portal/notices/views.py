"""The reader's messages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.core import clock, nav
from portal.core.http import actor_of, is_htmx
from portal.notices import operations, queries


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """List the reader's messages, newest first."""
    actor = actor_of(request)
    unread_only = request.GET.get("show") == "unread"
    layouts = nav.home_layouts(actor)
    context = {
        "page": queries.page(actor, unread_only=unread_only, cursor=request.GET.get("cursor", "")),
        "unread": queries.unread(actor),
        "many": queries.MANY,
        "unread_only": unread_only,
        "layout": f"layouts/{layouts[0] if layouts else 'public'}.html",
    }
    return render(request, "notices/inbox.html", context)


@login_required
@require_POST
def read(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one message read and go where it points."""
    notice = operations.mark_read(notice_id=notice_id, actor=actor_of(request), at=clock.now())
    if is_htmx(request):
        notice.is_read = True  # type: ignore[attr-defined]
        return render(request, "notices/_notice.html", {"notice": notice})
    return redirect(notice.url or "notices:inbox")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read."""
    operations.mark_all_read(actor=actor_of(request), at=clock.now())
    messages.success(request, _("消息已全部标为看过。"))
    return redirect("notices:inbox")


@login_required
@require_GET
def badge(request: HttpRequest) -> HttpResponse:
    """Answer with the number of unread messages, for a page that stays open."""
    context = {"unread": queries.unread(actor_of(request)), "many": queries.MANY}
    return render(request, "notices/_badge.html", context)
