"""The page of one case, and what every act on it answers with."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from approvals.review import forms, pages, policies, queries
from approvals.review import operations as review
from approvals.review.models import Case
from approvals.review.pages import CaseActs, CasePage
from approvals.review.queries import Filters
from approvals.review.states import Step
from approvals.review.views.filters import in_force, query_of
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import DomainError, InvalidInput
from portal.core.http import actor_of, whole_number

#: what reviewers write most often; a blank in 【】 must be filled before sending
PHRASES = (
    gettext_lazy("符合规定条件，材料齐全。"),
    gettext_lazy("经核对，与前序结果一致。"),
    gettext_lazy("同意承办意见。"),
    gettext_lazy("【哪一项】不符合【哪一条】，请复核。"),
    gettext_lazy("材料【名称】内容不一致，请核实。"),
)


#: fields of a form that hold no words of its author
NOT_WORDS = frozenset({"csrfmiddlewaretoken", "version", "send", "verdict", "conclusion", "clock", "kind"})


@login_required
@require_safe
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show one case."""
    actor = actor_of(request)
    return case_response(request, queries.find_case(case_id, actor=actor), actor)


def case_response(
    request: HttpRequest,
    found: Case,
    actor: Actor,
    *,
    error: DomainError | None = None,
    bound: Mapping[str, forms.forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a case, after an act that could not be done with what was typed.

    :param bound: forms as they were sent, by the name of their act
    """
    today = clock.today()
    page = pages.case_page(found, actor, today=today)
    acts = pages.case_acts(found, actor, today=today)
    typed = request.POST if error is not None else {}
    draft_of = page.draft
    return render(
        request,
        "review/case.html",
        {
            "page": page,
            "case": found,
            "shown": _shown(request, page),
            "text": typed.get("opinion", draft_of.text if draft_of else ""),
            "chosen": typed.get("conclusion", draft_of.conclusion if draft_of else ""),
            "error": error,
            "phrases": PHRASES,
            "acts": acts,
            "forms": {**_blank_forms(acts), **(bound or {})},
            "opened": next(iter(bound or ()), ""),
            "stale": _stale(error, page, typed),
            "faults": tuple(error.fields.values()) if isinstance(error, InvalidInput) else (),
            "typed": typed,
            "deferred": typed.getlist("deferred") if isinstance(typed, QueryDict) else [],
            "autosave_query": urlencode({"version": draft_of.version if draft_of else 0, "window": uuid.uuid4().hex}),
            "primary": _primary(page),
            "nav_current": "review:inbox",
            **_around(actor, page, in_force(request), today),
        },
        status=status,
    )


def _blank_forms(acts: CaseActs) -> dict[str, forms.forms.Form]:
    return {
        "hold": forms.HoldForm(),
        "extension": forms.ExtensionForm(),
        "correction": forms.CorrectionForm(materials=acts.materials),
        "check": forms.CheckForm(),
        "revoke": forms.RevokeForm(),
        "reopen": forms.ReasonForm(),
    }


def _stale(error: DomainError | None, page: CasePage, typed: Mapping[str, str]) -> dict[str, Any] | None:
    """Return both versions of a case that has moved on since its form was opened, and what happened between."""
    if not isinstance(error, review.StaleCase):
        return None
    yours = int(error.fields["yours"])
    kept = [words for name, words in typed.items() if name not in NOT_WORDS and words.strip()]
    since = [event for event in page.history if int(event.data.get("version", 0)) > yours]
    return {
        "yours": yours,
        "now": error.fields["version"],
        "by": page.case.changed_by,
        "at": page.case.changed_at,
        "since": since,
        "words": kept,
    }


def _shown(request: HttpRequest, page: CasePage) -> int | None:
    """Return which document the viewer shows: the asked one, else the first a browser can show."""
    asked = whole_number(request.GET.get("document", ""))
    known = [material.document.pk for material in page.materials] + [
        result.document_id for result in page.earlier if result.document_id
    ]
    if asked in known:
        return asked
    return next((material.document.pk for material in page.materials if material.is_inline), None)


def _around(actor: Actor, page: CasePage, filters: Filters, today: date) -> dict[str, str]:
    """Return the addresses of the inbox under the filter in force, and of the tasks before and after this one in it."""
    found = {"inbox_url": f"{reverse('review:inbox')}?{query_of(filters)}"}
    if policies.can_batch(actor):
        found["following_url"] = f"{reverse('review:following')}?{urlencode({'but': page.case.pk})}"
    if page.task is None or not page.may_act:
        return found
    page.task.case = page.case
    before, after = queries.neighbours(actor, filters, page.task, today=today)
    around = (("previous_url", before), ("next_url", after))
    return found | {name: reverse("review:case", args=[task.case_id]) for name, task in around if task is not None}


def _primary(page: CasePage) -> str:
    """Return the words on the button: they name what happens next."""
    if page.task is None or page.task.is_deciding:
        return _("作出决定")
    return _("送审核") if page.task.step == Step.HANDLER else _("送批准")
