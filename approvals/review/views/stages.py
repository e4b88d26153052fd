"""The stages a department leads."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.review import pages
from portal.core import clock
from portal.core.http import actor_of


@login_required
@require_safe
def stages(request: HttpRequest) -> HttpResponse:
    """List the stages under review that the reader's departments lead."""
    rows, following, previous = pages.led_stages(
        actor_of(request), today=clock.today(), cursor=request.GET.get("cursor", "")
    )
    return render(request, "review/stages.html", {"rows": rows, "next": following, "previous": previous})


@login_required
@require_safe
def stage(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show one stage with all its lanes."""
    page = pages.stage_page(run_id, actor_of(request), today=clock.today())
    return render(request, "review/stage.html", {"page": page, "nav_current": "review:stages"})
