"""The end of a case: its number is drawn in the same transaction as the grant."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.applications.models import Answer
from approvals.deadlines import operations as deadlines
from approvals.review import policies
from approvals.review.models import Case, Decision
from approvals.review.operations import numbers
from approvals.review.states import CaseState, Outcome
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.transitions import move
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import Catalogue, ResultDef
from projects.registry import operations as registry
from projects.registry.states import FactSource


def decide(
    case: Case,
    *,
    granted: bool,
    reason: str,
    attributes: Mapping[str, Any] | None,
    actor: Actor,
    at: datetime,
) -> Decision:
    """Write the decision of a locked case, stop its clock and announce it."""
    catalogue = catalogues.catalogue(case.application.pack_version_id)
    item = catalogue.items[case.service_item.code]
    result = catalogue.results[item.id]
    decision = Decision.objects.create(
        case=case,
        outcome=Outcome.GRANTED if granted else Outcome.REJECTED,
        reason=reason,
        number=numbers.draw(catalogue, item.id, refusal=not granted, at=at),
        title=result.title if granted else _refusal_title(result),
        attributes=_attributes(case, result, attributes or {}) if granted else {},
        decided_by_id=policies.person_id(actor),
        decided_by_name=actor.name,
        decided_at=at,
    )
    deadlines.record(
        timer_id=case.timer_id, type="decided", kind="approved" if granted else "denied", actor=actor, at=at
    )
    if granted:
        _tell_registry(case, decision, catalogue=catalogue, at=at)
    case.closed_at = at
    move(
        case,
        to=CaseState.DECIDED,
        actor=actor,
        at=at,
        topic="review.case.decided",
        data={"outcome": decision.outcome, "number": decision.number},
        fields=["closed_at"],
    )
    return decision


def _tell_registry(case: Case, decision: Decision, *, catalogue: Catalogue, at: datetime) -> None:
    """Write the fields of later forms that the pack fills from this result."""
    own: dict[str, Any] = {
        "number": decision.number,
        "issued_on": clock.day_of(decision.decided_at).isoformat(),
        **decision.attributes,
    }
    until = catalogue.results[case.service_item.code].validity_days
    if until is not None:
        own["valid_until"] = (clock.day_of(decision.decided_at) + timedelta(days=until)).isoformat()
    found = {
        field.id: own[field.from_result.attribute]
        for field in catalogue.fields.values()
        if field.from_result is not None
        and field.from_result.item == case.service_item.code
        and field.from_result.attribute in own
    }
    if found and not case.project.is_over:
        registry.record_facts(
            project_id=case.project_id,
            values=found,
            source=FactSource.PRIOR_RESULT,
            note=f"{decision.title} {decision.number}"[:200],
            actor=Actor.system(str(_("系统"))),
            at=at,
        )


def _refusal_title(result: ResultDef) -> str:
    # what is no permit must not be refused as one (ui.md, Words 11)
    return str(_("不予行政许可决定书")) if result.is_certificate else str(_("不予办理告知书"))


def _attributes(case: Case, result: ResultDef, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the pack declares for the result: as given now, else as the application answered it.

    :raises InvalidInput: something was given that the result does not carry
    """
    declared = {attribute.id for attribute in result.attributes}
    stray = sorted(set(given) - declared)
    if stray:
        raise InvalidInput(fields={name: _("这份结果不登记这一项。") for name in stray})
    if not declared:
        return {}
    answered = dict(
        Answer.objects.filter(application=case.application, field__in=declared).values_list("field", "value")
    )
    merged = {**answered, **{key: value for key, value in given.items() if value not in (None, "")}}
    return {key: merged[key] for key in sorted(merged) if merged[key] not in (None, "")}
