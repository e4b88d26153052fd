"""The acts on a case beside its steps: more time, corrections, promises, and what comes after the decision."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from approvals.review import forms, pages, queries
from approvals.review import operations as review
from approvals.review.models import Case, Tolerance
from approvals.review.states import COMMITMENT_UNCHECKED, CheckResult, ExtensionState
from approvals.review.views.case import case_response
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import DomainError, InvalidInput, NotFound
from portal.core.http import actor_of

#: the cleaned form, and what every act takes: who, when, and the version of the case that the form saw
Verb = Callable[[dict[str, Any], dict[str, Any]], str]


@login_required
@require_POST
def ask_extension(request: HttpRequest, case_id: int) -> HttpResponse:
    """Ask for more days."""

    def verb(typed: dict[str, Any], seen: dict[str, Any]) -> str:
        review.ask_extension(case_id=case_id, days=typed["days"], reason=typed["reason"], **seen)
        told = ngettext(
            "已申请延期 %(days)s 天，等批准人决定。", "已申请延期 %(days)s 天，等批准人决定。", typed["days"]
        )
        return told % {"days": typed["days"]}

    return _act(request, case_id, "extension", forms.ExtensionForm(request.POST), verb)


@login_required
@require_POST
def decide_extension(request: HttpRequest, case_id: int) -> HttpResponse:
    """Agree to an extension, or not."""

    def verb(typed: dict[str, Any], seen: dict[str, Any]) -> str:
        extension = _only(_case(request, case_id).extensions.filter(state=ExtensionState.ASKED))
        granted = typed["verdict"] == "yes"
        review.decide_extension(extension_id=extension.pk, granted=granted, remark=typed["remark"], **seen)
        if granted:
            told = ngettext(
                "已延期 %(days)s 天，延期告知书已发给申请人。",
                "已延期 %(days)s 天，延期告知书已发给申请人。",
                extension.days,
            )
            return told % {"days": extension.days}
        return _("没有同意延期，期限不变。")

    return _act(request, case_id, "decide_extension", forms.RemarkForm(request.POST), verb)


@login_required
@require_POST
def ask_correction(request: HttpRequest, case_id: int) -> HttpResponse:
    """Tell the applicant, once, what is to be mended."""
    actor = actor_of(request)
    materials = pages.case_acts(_case(request, case_id), actor, today=clock.today()).materials
    form = forms.CorrectionForm(request.POST, materials=materials)

    def verb(_typed: dict[str, Any], seen: dict[str, Any]) -> str:
        points = [review.Point(problem, material, label) for material, label, problem in form.problems()]
        correction = review.ask_correction(case_id=case_id, points=points, **seen)
        count = correction.points.count()
        told = ngettext(
            "已一次性告知补正 %(count)s 处，等申请人补正。", "已一次性告知补正 %(count)s 处，等申请人补正。", count
        )
        return told % {"count": count}

    return _act(request, case_id, "correction", form, verb)


@login_required
@require_POST
def confirm_correction(request: HttpRequest, case_id: int) -> HttpResponse:
    """Say whether what came mends what was told."""

    def verb(typed: dict[str, Any], seen: dict[str, Any]) -> str:
        found = _case(request, case_id)
        correction = _only(found.corrections.filter(round=found.round))
        complete = typed["verdict"] == "yes"
        review.confirm_correction(correction_id=correction.pk, complete=complete, remark=typed["remark"], **seen)
        return _("补正已核对齐全，可以继续办理。") if complete else _("已退回申请人继续补正。")

    return _act(request, case_id, "confirm_correction", forms.RemarkForm(request.POST), verb)


@login_required
@require_POST
def confirm_tolerance(request: HttpRequest, case_id: int) -> HttpResponse:
    """Say whether the deferred material is right."""

    def verb(typed: dict[str, Any], seen: dict[str, Any]) -> str:
        tolerance = _only(Tolerance.objects.filter(decision__case=_case(request, case_id)).order_by("-pk"))
        complete = typed["verdict"] == "yes"
        review.confirm_tolerance(tolerance_id=tolerance.pk, complete=complete, remark=typed["remark"], **seen)
        return _("容缺材料已核对补齐。") if complete else _("已退回申请人，请在期限内重新补交。")

    return _act(request, case_id, "confirm_tolerance", forms.RemarkForm(request.POST), verb)


@login_required
@require_POST
def check_commitment(request: HttpRequest, case_id: int) -> HttpResponse:
    """Note what the check of a commitment found."""

    def verb(typed: dict[str, Any], seen: dict[str, Any]) -> str:
        commitment = _only(_case(request, case_id).commitments.filter(state__in=COMMITMENT_UNCHECKED))
        review.check_commitment(commitment_id=commitment.pk, **typed, **seen)
        return {
            CheckResult.KEPT: _("核查合格，已记录。"),
            CheckResult.RECTIFY: _("限期整改通知书已发给申请人。"),
            CheckResult.REVOKE: _("决定已撤销，撤销决定书已发给申请人。"),
        }[CheckResult(typed["result"])]

    return _act(request, case_id, "check", forms.CheckForm(request.POST), verb)


@login_required
@require_POST
def revoke(request: HttpRequest, case_id: int) -> HttpResponse:
    """Revoke the decision."""

    def verb(typed: dict[str, Any], seen: dict[str, Any]) -> str:
        review.revoke(case_id=case_id, **typed, **seen)
        return _("决定已撤销，撤销决定书已发给申请人，核验页即时生效。")

    return _act(request, case_id, "revoke", forms.RevokeForm(request.POST), verb)


@login_required
@require_POST
def reopen(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take the case up again."""

    def verb(typed: dict[str, Any], seen: dict[str, Any]) -> str:
        review.reopen(case_id=case_id, **typed, **seen)
        return _("已重新办理，回到承办环节；原决定不再有效。")

    return _act(request, case_id, "reopen", forms.ReasonForm(request.POST), verb)


def _act(request: HttpRequest, case_id: int, name: str, form: django_forms.Form, verb: Verb) -> HttpResponse:
    """Do one act and come back to the case; what cannot be done comes back with what was typed."""
    actor: Actor = actor_of(request)
    _case(request, case_id)
    try:
        if not form.is_valid():
            raise InvalidInput(fields={field: errors[0] for field, errors in form.errors.items()})
        seen = {"actor": actor, "at": clock.now(), "version": forms.version_of(request.POST)}
        said = verb(form.cleaned_data, seen)
    except DomainError as error:
        found = _case(request, case_id)
        return case_response(request, found, actor, error=error, bound={name: form}, status=error.http_status)
    messages.success(request, said)
    return redirect("review:case", case_id)


def _case(request: HttpRequest, case_id: int) -> Case:
    return queries.find_case(case_id, actor=actor_of(request))


def _only(rows: Any) -> Any:
    """Return the first row there is.

    :raises NotFound: there is none
    """
    row = rows.first()
    if row is None:
        raise NotFound
    return row
