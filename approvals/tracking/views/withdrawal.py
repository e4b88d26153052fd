"""Giving up a project: what would end is shown before."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.review import operations as review
from approvals.tracking import policies, queries
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.http import actor_of
from projects.registry import policies as registry_policies
from projects.registry import queries as projects_read


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show what ends and what stays, ask for the reason, and give the project up."""
    actor = actor_of(request)
    found = projects_read.project_by_id(project_id, actor=actor)
    registry_policies.require(registry_policies.can_withdraw(actor, found))
    reason = request.POST.get("reason", "")
    problem, status = "", 200
    if request.method == "POST":
        try:
            review.withdraw_project(project_id=found.pk, reason=reason, actor=actor, at=clock.now())
        except InvalidInput as error:
            problem, status = str(error.fields.get("reason", error.message)), 422
        else:
            messages.success(request, _("项目已撤回，在办的申报和办件都已终止。"))
            if found.code:
                return redirect("tracking:project", code=found.code)
            return redirect("tracking:projects")
    context = {
        "project": found,
        "ending": queries.ending(found),
        "reason": reason,
        "problem": problem,
        "layout": policies.layout_of(actor),
    }
    return render(request, "tracking/withdraw.html", context, status=status)
