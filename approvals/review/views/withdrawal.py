"""Taking an application back: what would end is shown before."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.applications import queries as applications
from approvals.review import operations as review
from approvals.review import pages, policies
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.http import actor_of


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show what ends and what stays, ask for the reason, and take the application back."""
    actor = actor_of(request)
    found = applications.find(application_id, actor=actor)
    policies.require(policies.can_withdraw(actor, found))
    reason = request.POST.get("reason", "")
    problem, status = "", 200
    if request.method == "POST":
        try:
            review.withdraw(application_id=found.pk, reason=reason, actor=actor, at=clock.now())
        except InvalidInput as error:
            problem, status = str(error.fields.get("reason", error.message)), 422
        else:
            messages.success(request, _("申报已撤回，在办的事项都已终止。"))
            return redirect("applications:application", found.pk)
    context = {
        "application": found,
        "ending": pages.ending(found),
        "reason": reason,
        "problem": problem,
    }
    return render(request, "review/withdraw.html", context, status=status)
