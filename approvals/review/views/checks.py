"""Ticking check points: one at a time as it is ticked, or all at once without script."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.review import operations as review
from approvals.review import queries
from approvals.review.models import ReviewTask
from approvals.review.views.case import case_response
from portal.core import clock
from portal.core.errors import DomainError, NotFound
from portal.core.http import actor_of

VERDICT, REMARK = "verdict-", "remark-"


@login_required
@require_POST
def mark(request: HttpRequest, task_id: int) -> HttpResponse:
    """Keep what was ticked; a browser with script saves each point and stays on the page."""
    actor = actor_of(request)
    task = ReviewTask.objects.filter(pk=task_id).first()
    if task is None:
        raise NotFound
    found = queries.find_case(task.case_id, actor=actor)
    quiet = request.headers.get("X-Requested-With") == "autosave"
    marks = {
        name.removeprefix(REMARK): review.Mark(
            request.POST.get(VERDICT + name.removeprefix(REMARK), ""), request.POST[name]
        )
        for name in request.POST
        if name.startswith(REMARK)
    }
    at = clock.now()
    try:
        review.mark_points(task_id=task_id, marks=marks, actor=actor, at=at)
    except DomainError as error:
        if quiet:
            fields = {f"point-{name}": str(words) for name, words in error.fields.items()}
            return JsonResponse({"title": str(error), "fields": fields}, status=error.http_status)
        return case_response(request, found, actor, error=error, status=error.http_status)
    if quiet:
        return JsonResponse({"saved_at": f"{at.astimezone(clock.SHANGHAI):%H:%M}"})
    messages.success(request, _("审查要点已保存。"))
    return redirect("review:case", found.pk)
