"""The stages a department leads."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals.review import operations as review
from approvals.review import pages, queries
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


@login_required
@require_POST
def urge(request: HttpRequest, case_id: int) -> HttpResponse:
    """Ask who holds a lane to get on with it."""
    actor = actor_of(request)
    found = queries.find_case(case_id, actor=actor)
    urged = review.urge(case_id=case_id, words=request.POST.get("words", "")[:500], actor=actor, at=clock.now())
    messages.success(request, _("已催办 %(told)s。") % {"told": urged.told})
    return redirect("review:stage", found.stage_run_id)
