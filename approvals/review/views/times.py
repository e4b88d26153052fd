"""How long a project has taken so far, day by day."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.review import pages
from portal.core import clock, nav
from portal.core.http import actor_of


@login_required
@require_safe
def project_time(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show the working days of the whole way and of each stage, with the ledger behind them."""
    actor = actor_of(request)
    page = pages.project_time(project_id, actor, at=clock.now())
    layouts = nav.home_layouts(actor)
    layout = f"layouts/{layouts[0] if layouts else 'public'}.html"
    return render(request, "review/project_time.html", {"page": page, "layout": layout})
