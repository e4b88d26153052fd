"""The page of a session with the forms of its acts, and an act tried on it."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from approvals.joint import forms, pages
from approvals.joint.models import Session
from approvals.joint.pages import SessionPage
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import DomainError, InvalidInput

Cleaned = dict[str, Any]


def show(
    request: HttpRequest,
    session: Session,
    actor: Actor,
    *,
    bound: django_forms.Form | None = None,
    subject: int | str = 0,
    error: DomainError | None = None,
) -> HttpResponse:
    """Show a session.

    :param bound: the form that could not be taken, with what was typed
    :param subject: the participant, point or result it belongs to, where there are several
    """
    page = pages.session_page(session, actor, at=clock.now())
    name = type(bound).__name__.removesuffix("Form").lower() if bound is not None else ""
    shown = _forms(page)
    if bound is not None and name in shown:
        shown[name] = bound
    return render(
        request,
        "joint/session_applicant.html" if page.is_applicant else "joint/session.html",
        {
            "page": page,
            "session": session,
            "forms": shown,
            "error": error,
            "bound": name,
            "subject": subject,
            "typed": bound.data if bound is not None else {},
            "nav_current": "joint:mine" if page.is_applicant else "joint:inbox",
        },
        status=error.http_status if error else 200,
    )


def act(
    request: HttpRequest,
    session: Session,
    actor: Actor,
    form: django_forms.Form,
    do: Callable[[Cleaned], object],
    *,
    said: str,
    subject: int | str = 0,
) -> HttpResponse:
    """Do what a form asks for, and lead back to the session; a refusal comes back with what was typed."""
    try:
        if not form.is_valid():
            raise InvalidInput(fields={name: errors[0] for name, errors in form.errors.items()})
        do(form.cleaned_data)
    except DomainError as error:
        for name, words in error.fields.items():
            if name in form.fields and name not in form.errors:
                form.add_error(name, str(words))
        fresh = pages.find_session(session.pk, actor)
        return show(request, fresh, actor, bound=form, subject=subject, error=error)
    messages.success(request, said)
    return redirect("joint:session", session.pk)


def _forms(page: SessionPage) -> dict[str, django_forms.Form]:
    """Return the forms that stand on the page once; those of a row of a list are drawn in the row."""
    return {
        "record": forms.RecordForm(participants=[view.row for view in page.participants]),
        "point": forms.PointForm(departments=page.raises_for),
        "list": forms.ListForm(),
        "conclude": forms.ConcludeForm(),
    }
