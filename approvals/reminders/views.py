"""The reader's reminders, each leading to the thing it is about."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from approvals.reminders import queries, rules, sources, words
from portal.core import clock, nav
from portal.core.http import actor_of


@login_required
@require_GET
def reminders(request: HttpRequest) -> HttpResponse:
    """List what the reader was told of, newest first."""
    actor = actor_of(request)
    page = queries.page(actor, cursor=request.GET.get("cursor", ""))
    names, today = rules.in_force().names, clock.today()
    layouts = nav.home_layouts(actor)
    context = {
        "page": page,
        "rows": [
            (row.occasion, sources.url_of(row.occasion), words.when(row.occasion, names, today=today))
            for row in page.items
        ],
        "layout": f"layouts/{layouts[0] if layouts else 'public'}.html",
    }
    return render(request, "reminders/reminders.html", context)
