"""Standing still and going on."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.applications import sheets
from approvals.applications.states import NoticeKind
from approvals.deadlines import drawings, previews
from approvals.review import forms, policies, queries
from approvals.review import operations as review
from approvals.review.models import Case, Hold
from approvals.review.operations import holds
from approvals.review.states import HoldClock
from approvals.review.views.case import case_response
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import DomainError, InvalidInput, NotFound
from portal.core.http import actor_of


@login_required
@require_POST
def hold(request: HttpRequest, case_id: int) -> HttpResponse:
    """Place a hold; a special procedure is shown first as it will change the clock and as it will be written."""
    actor = actor_of(request)
    found = queries.find_case(case_id, actor=actor)
    form = forms.HoldForm(request.POST)
    try:
        if not form.is_valid():
            raise InvalidInput(fields={name: errors[0] for name, errors in form.errors.items()})
        if form.cleaned_data["clock"] == HoldClock.SPECIAL and "send" not in request.POST:
            return _preview(request, found, form, actor)
        review.place_hold(
            case_id=case_id,
            document=request.FILES.get("document"),
            version=forms.version_of(request.POST),
            actor=actor,
            at=clock.now(),
            **form.cleaned_data,
        )
    except DomainError as error:
        found = queries.find_case(case_id, actor=actor)
        return case_response(request, found, actor, error=error, bound={"hold": form}, status=error.http_status)
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
    try:
        review.release_hold(hold_id=hold_id, version=forms.version_of(request.POST), actor=actor, at=clock.now())
    except DomainError as error:
        found = queries.find_case(case_id, actor=actor)
        return case_response(request, found, actor, error=error, status=error.http_status)
    messages.success(request, _("停办已结束。"))
    return redirect("review:case", case_id)


def _preview(request: HttpRequest, found: Case, form: forms.HoldForm, actor: Actor) -> HttpResponse:
    policies.require(policies.can_hold(actor, found))
    holds.check(**form.cleaned_data)
    at = clock.now()
    today = clock.day_of(at)
    hold = Hold(case=found, opened_at=at, opened_by=actor.name, **form.cleaned_data)
    ends_on = holds.ends_on(found, hold.expected_days or 0, start=today)
    letter = holds.special_letter(found, hold, today=today)
    more = previews.special(kind=hold.kind, start=at + timedelta(microseconds=1), ends_on=ends_on)
    return render(
        request,
        "review/hold_preview.html",
        {
            "case": found,
            "form": form,
            "document_form": forms.HoldDocumentForm(),
            "now": drawings.clock_bar(found.timer, today),
            "then": previews.bar(found.timer, more, today=today),
            "version": request.POST.get("version", found.version),
            "sheet": sheets.preview_letter(
                found.application,
                NoticeKind.SPECIAL,
                letter.content(),
                department=found.department_id,
                case=found.number,
                item=found.service_item.name,
                actor=actor,
                at=at,
            ),
            "nav_current": "review:inbox",
        },
    )
