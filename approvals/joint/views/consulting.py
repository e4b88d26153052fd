"""The page of a question for who asked, and for who is asked."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals.joint import forms, pages
from approvals.joint import operations as joint
from approvals.joint.models import Consultation, Request
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import DomainError, InvalidInput, NotFound
from portal.core.http import actor_of, blob_response


@login_required
@require_safe
def request(request: HttpRequest, request_id: int) -> HttpResponse:
    """Show a question to who is asked; who asked is led to his own page."""
    actor = actor_of(request)
    found = pages.find_request(request_id, actor)
    return _request_page(request, found, actor)


@login_required
@require_POST
def reply(request: HttpRequest, request_id: int) -> HttpResponse:
    """Answer a question."""
    actor = actor_of(request)
    found = pages.find_request(request_id, actor)
    form = forms.ReplyForm(request.POST, request.FILES)
    try:
        cleaned = _cleaned(form)
        joint.reply(
            request_id=request_id,
            position=cleaned["position"],
            text=cleaned["text"],
            upload=cleaned["file"],
            actor=actor,
            at=clock.now(),
        )
    except DomainError as error:
        return _request_page(request, found, actor, form=form, error=error)
    messages.success(request, _("已回复。对方结束征询前可以修改，每一版都会保留。"))
    return redirect("joint:request", request_id)


@login_required
@require_POST
def supplement(request: HttpRequest, request_id: int) -> HttpResponse:
    """Supply what the asked department needs."""
    actor = actor_of(request)
    found = pages.find_request(request_id, actor)
    form = forms.SupplementForm(request.POST)
    try:
        joint.supplement(request_id=request_id, text=_cleaned(form)["text"], actor=actor, at=clock.now())
    except DomainError as error:
        return _consultation_page(request, _asked(found, actor), actor, supplement=form, error=error)
    messages.success(request, _("已补充，对方的期限继续计算。"))
    return redirect("joint:consultation", found.consultation_id)


@login_required
@require_POST
def urge(request: HttpRequest, request_id: int) -> HttpResponse:
    """Remind the asked department."""
    actor = actor_of(request)
    found = pages.find_request(request_id, actor)
    joint.urge(request_id=request_id, actor=actor, at=clock.now())
    messages.success(request, _("已催办：%(addressee)s。") % {"addressee": found.addressee})
    return redirect("joint:consultation", found.consultation_id)


@login_required
@require_safe
def consultation(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """Show a question to who asked it."""
    actor = actor_of(request)
    return _consultation_page(request, pages.find_consultation(consultation_id, actor), actor)


@login_required
@require_POST
def close(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """End a question."""
    actor = actor_of(request)
    found = pages.find_consultation(consultation_id, actor)
    form = forms.CloseForm(request.POST)
    try:
        joint.close(consultation_id=consultation_id, summary=_cleaned(form)["summary"], actor=actor, at=clock.now())
    except DomainError as error:
        return _consultation_page(request, found, actor, close=form, error=error)
    messages.success(request, _("征询已结束，回复不再修改。"))
    return redirect("joint:consultation", consultation_id)


@login_required
@require_safe
def reply_file(request: HttpRequest, reply_id: int) -> HttpResponseBase:
    """Send what came along with a reply."""
    found = pages.find_reply(reply_id, actor_of(request))
    if found.blob is None:
        raise NotFound
    return blob_response(found.blob, name=found.file_name, inline=True)


def _cleaned(form: django_forms.Form) -> dict[str, Any]:
    """Return what was typed.

    :raises InvalidInput: it cannot be taken
    """
    if not form.is_valid():
        raise InvalidInput(fields={name: errors[0] for name, errors in form.errors.items()})
    return form.cleaned_data


def _asked(found: Request, actor: Actor) -> Consultation:
    return pages.find_consultation(found.consultation_id, actor)


def _request_page(
    request: HttpRequest,
    found: Request,
    actor: Actor,
    *,
    form: forms.ReplyForm | None = None,
    error: DomainError | None = None,
) -> HttpResponse:
    page = pages.request_page(pages.find_request(found.pk, actor), actor, today=clock.today())
    return render(
        request,
        "joint/request.html",
        {
            "page": page,
            "form": form or forms.ReplyForm(may_ask_back=page.may_ask_back),
            "error": error,
            "nav_current": "joint:inbox",
        },
        status=error.http_status if error else 200,
    )


def _consultation_page(
    request: HttpRequest,
    found: Consultation,
    actor: Actor,
    *,
    close: forms.CloseForm | None = None,
    supplement: forms.SupplementForm | None = None,
    error: DomainError | None = None,
) -> HttpResponse:
    return render(
        request,
        "joint/consultation.html",
        {
            "page": pages.consultation_page(found, actor, today=clock.today()),
            "consultation": found,
            "close_form": close or forms.CloseForm(),
            "supplement_form": supplement or forms.SupplementForm(),
            "error": error,
            "nav_current": "joint:inbox",
        },
        status=error.http_status if error else 200,
    )
