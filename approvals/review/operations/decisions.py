"""The end of a case: its number is drawn in the same transaction as the grant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.applications.models import Answer
from approvals.deadlines import operations as deadlines
from approvals.deadlines.models import TimerEvent
from approvals.review import policies
from approvals.review.models import Case, Commitment, Decision
from approvals.review.operations import letters, numbers, promises, revisions
from approvals.review.states import CaseState, DecisionKind, Outcome
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.rows import Changes
from portal.core.transitions import move
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import Catalogue, ResultDef
from projects.registry import operations as registry
from projects.registry.states import FactSource


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a deciding step says.

    :param basis: the law a refusal rests on
    :param attributes: values of the result that later items read
    :param deferred: materials that may come after the grant (容缺), until `supply_by`
    :param commitment: the signed promise the grant rests on (告知承诺)
    """

    granted: bool
    reason: str
    basis: str = ""
    attributes: Mapping[str, Any] | None = None
    deferred: Sequence[str] = ()
    supply_by: date | None = None
    commitment: Commitment | None = None

    @property
    def kind(self) -> DecisionKind:
        if self.granted and self.commitment is not None:
            return DecisionKind.COMMITMENT
        return DecisionKind.TOLERANT if self.deferred else DecisionKind.ORDINARY

    @property
    def clock_outcome(self) -> str:
        if not self.granted:
            return "denied"
        return "approved_tolerant" if self.deferred else "approved"


def decide(
    case: Case,
    verdict: Verdict,
    *,
    actor: Actor,
    at: datetime,
    clock_events: Sequence[TimerEvent],
    changes: Changes,
) -> Decision:
    """Decide a case that is locked with its clock, stop the clock and announce it.

    :param clock_events: of the case's clock, read under its lock
    :param changes: takes the rows; the caller writes them with his own
    """
    catalogue = catalogues.catalogue(case.application.pack_version_id)
    item = catalogue.items[case.service_item.code]
    result = catalogue.results[item.id]
    decision = Decision(
        case=case,
        outcome=Outcome.GRANTED if verdict.granted else Outcome.REJECTED,
        kind=verdict.kind,
        reason=verdict.reason,
        basis="" if verdict.granted else verdict.basis,
        number=numbers.draw(catalogue, item.id, refusal=not verdict.granted, at=at),
        title=result.title if verdict.granted else _refusal_title(result),
        attributes=merged_attributes(case, verdict.attributes or {}) if verdict.granted else {},
        timer_id=case.timer_id,
        decided_by_id=policies.person_id(actor),
        decided_by_name=actor.name,
        decided_at=at,
    )
    changes.insert(decision)
    deadlines.record(
        timer_id=case.timer_id,
        timer=case.timer,
        known=clock_events,
        type="decided",
        kind=verdict.clock_outcome,
        actor=actor,
        at=at,
        changes=changes,
    )
    if verdict.granted:
        tell_registry(case, decision, catalogue=catalogue, at=at)
    case.closed_at, case.decision = at, decision
    move(
        case,
        to=CaseState.DECIDED,
        actor=actor,
        at=at,
        topic="review.case.decided",
        data={
            "outcome": decision.outcome,
            "kind": decision.kind,
            "number": decision.number,
            "version": case.version + 1,
            **({"basis": decision.basis} if decision.basis else {}),
        },
        fields=["closed_at", "decision", *revisions.touched(case, actor=actor, at=at)],
        changes=changes,
    )
    if verdict.deferred or verdict.commitment is not None:
        # what hangs on the decision needs its number
        changes.write()
    if verdict.deferred and verdict.supply_by is not None:
        promises.defer(decision, verdict.deferred, verdict.supply_by, actor=actor, at=at)
    if verdict.commitment is not None:
        if verdict.granted:
            promises.begin_check(verdict.commitment, decision, actor=actor, at=at)
        else:
            promises.end_signed(case, actor=actor, at=at)
    return decision


def tell_registry(case: Case, decision: Decision, *, catalogue: Catalogue, at: datetime) -> None:
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


@letters.official
def _refusal_title(result: ResultDef) -> str:
    # what is no permit must not be refused as one (ui.md, Words 11)
    return str(_("不予行政许可决定书")) if result.is_certificate else str(_("不予办理告知书"))


def merged_attributes(case: Case, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the pack declares for the result: as given now, else as the application answered it.

    :raises InvalidInput: something was given that the result does not carry
    """
    result = catalogues.catalogue(case.application.pack_version_id).results[case.service_item.code]
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
