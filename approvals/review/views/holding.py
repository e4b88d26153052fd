"""Standing still and going on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.review import forms, queries
from approvals.review import operations as review
from approvals.review.views.case import case_response
from portal.core import clock
from portal.core.errors import DomainError, InvalidInput, NotFound
from portal.core.http import actor_of


@login_required
@require_POST
def hold(request: HttpRequest, case_id: int) -> HttpResponse:
    """Place a hold."""
    actor = actor_of(request)
    found = queries.find_case(case_id, actor=actor)
    form = forms.HoldForm(request.POST)
    try:
        if not form.is_valid():
            raise InvalidInput(fields={name: errors[0] for name, errors in form.errors.items()})
        review.place_hold(case_id=case_id, actor=actor, at=clock.now(), **form.cleaned_data)
    except DomainError as error:
        return case_response(request, found, actor, error=error, hold_form=form, status=error.http_status)
    messages.success(request, _("已停办。停办期间不能作出决定。"))
    return redirect("review:case", case_id)


@login_required
@require_POST
def release(request: HttpRequest, case_id: int, hold_id: int) -> HttpResponse:
    """End a hold."""
    actor = actor_of(request)
    found = queries.find_case(case_id, actor=actor)
    if not found.holds.filter(pk=hold_id).exists():
        raise NotFound
    review.release_hold(hold_id=hold_id, actor=actor, at=clock.now())
    messages.success(request, _("停办已结束。"))
    return redirect("review:case", case_id)
