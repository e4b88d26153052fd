"""分派: who has which task of the department."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals.review import operations as review
from approvals.review import pages, policies
from approvals.review.pages.assignment import EVERYBODY, NOBODY
from approvals.review.views.steps import task_of
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.http import actor_of, whole_number


@login_required
@require_safe
def assignment(request: HttpRequest) -> HttpResponse:
    """List the open tasks of the departments whose work the reader distributes."""
    actor = actor_of(request)
    policies.require(bool(actor.departments_for("task.assign")))
    who = request.GET.get("who", EVERYBODY)
    page = pages.assignment_page(
        actor,
        who=who if who == NOBODY or whole_number(who) is not None else EVERYBODY,
        at=clock.now(),
        cursor=request.GET.get("cursor", ""),
    )
    return render(request, "review/assignment.html", {"page": page, "back": request.GET.urlencode()})


@login_required
@require_POST
def assign(request: HttpRequest, task_id: int) -> HttpResponse:
    """Put a task into somebody's hand."""
    actor = actor_of(request)
    task_of(task_id, actor)
    chosen, version = whole_number(request.POST.get("user", "")), request.POST.get("version", "")
    try:
        if chosen is None:
            raise InvalidInput(fields={"user": _("请先选要分派给谁。")})
        task = review.assign(
            task_id=task_id,
            user_id=chosen,
            version=whole_number(version),
            actor=actor,
            at=clock.now(),
        )
    except (InvalidInput, Conflict) as error:
        for words in error.fields.values() if isinstance(error, InvalidInput) else [error]:
            messages.error(request, str(words))
    else:
        name = task.assignee.name if task.assignee else ""
        messages.success(request, _("已分派给 %(name)s，应办结日不变。") % {"name": name})
    return _back(request)


@login_required
@require_POST
def take_back(request: HttpRequest, task_id: int) -> HttpResponse:
    """Put a task back into the department's pool."""
    actor = actor_of(request)
    task_of(task_id, actor)
    version = request.POST.get("version", "")
    try:
        review.hand_back(
            task_id=task_id,
            version=whole_number(version),
            actor=actor,
            at=clock.now(),
        )
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已收回科室待领，应办结日不变。"))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Return to the list as it was filtered."""
    query = QueryDict(request.POST.get("back", "")).urlencode()
    return HttpResponseRedirect(reverse("review:assignment") + (f"?{query}" if query else ""))
