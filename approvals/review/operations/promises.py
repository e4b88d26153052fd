"""What a decision leaves to be done later, begun and ended with it: deferred material, the check of a commitment.

Called with the case locked; the verbs on promises stand in `tolerance` and `commitments`.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from approvals.applications.states import NoticeKind
from approvals.review.models import Case, Commitment, Decision, Tolerance, ToleratedMaterial
from approvals.review.operations import letters
from approvals.review.queries.rules import rules
from approvals.review.states import (
    COMMITMENT_UNCHECKED,
    TOLERANCE_OPEN,
    CommitmentState,
    ToleranceState,
)
from portal.core import audit, calendars, clock, outbox
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.transitions import move
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import ItemDef


def check_deferred(case: Case, item: ItemDef, deferred: Sequence[str], supply_by: date | None, *, today: date) -> None:
    """Check that a grant defers only what the pack tolerates, to a day within its limit.

    :raises InvalidInput: a material that must not come later, no day, or one beyond the city's limit
    """
    if not deferred:
        return
    faults = {}
    stray = [material for material in deferred if not item.tolerance or material not in item.tolerable]
    if stray:
        faults["deferred"] = _("这些材料不能容缺：%(names)s。") % {"names": _("、").join(_names(case, stray))}
    last = latest_supply_day(case, today=today)
    if supply_by is None or not today < supply_by <= last:
        faults["supply_by"] = _("请写补齐日期，最晚 %(day)s。") % {"day": letters.day(last)}
    if faults:
        raise InvalidInput(fields=faults)


def latest_supply_day(case: Case, *, today: date) -> date:
    """Return the last day to which material may be deferred."""
    return calendars.current(case.project.region).add_workdays(
        today, rules(case.application.pack_version_id).tolerance_days
    )


def defer(decision: Decision, deferred: Sequence[str], supply_by: date, *, actor: Actor, at: datetime) -> Tolerance:
    """Note what a grant lets come later, and tell the applicant until when and what follows otherwise."""
    case = decision.case
    names = _names(case, deferred)
    letter = letters.tolerance(decision, names, due_on=supply_by)
    tolerance = Tolerance.objects.create(
        decision=decision,
        due_on=supply_by,
        notice=letters.issue(NoticeKind.TOLERANCE, case, letter, actor=actor, at=at),
    )
    ToleratedMaterial.objects.bulk_create(
        ToleratedMaterial(tolerance=tolerance, material=material, name=name)
        for material, name in zip(deferred, names, strict=True)
    )
    audit.record(
        stream=case.audit_stream,
        action="review.tolerance.begun",
        actor=actor,
        at=at,
        subject=tolerance,
        data={"case": case.pk, "materials": list(deferred), "due_on": supply_by.isoformat()},
    )
    outbox.emit("review.tolerance.begun", at=at, id=tolerance.pk, case=case.pk)
    return tolerance


def begin_check(commitment: Commitment, decision: Decision, *, actor: Actor, at: datetime) -> None:
    """Set the day until which a commitment is to be checked after the decision that rests on it."""
    case = decision.case
    commitment.case, commitment.decision = case, decision
    commitment.check_due_on = calendars.current(case.project.region).add_workdays(
        clock.day_of(at), rules(case.application.pack_version_id).commitment_check_days
    )
    move(
        commitment,
        to=CommitmentState.TO_CHECK,
        actor=actor,
        at=at,
        topic="review.commitment.to_check",
        data={"case": case.pk, "check_due_on": commitment.check_due_on.isoformat()},
        fields=["decision", "check_due_on"],
    )


def end_signed(case: Case, *, actor: Actor, at: datetime) -> None:
    """Let a commitment end on which no decision rests: the case was refused or withdrawn."""
    for commitment in case.commitments.filter(state=CommitmentState.SIGNED):
        _end_commitment(commitment, case, actor=actor, at=at)


def end_with(decision: Decision, *, actor: Actor, at: datetime) -> None:
    """Let what a decision left to be done end with it."""
    case = decision.case
    for tolerance in Tolerance.objects.filter(decision=decision, state__in=TOLERANCE_OPEN):
        tolerance.decision = decision
        move(
            tolerance,
            to=ToleranceState.ENDED,
            actor=actor,
            at=at,
            topic="review.tolerance.ended",
            data={"case": case.pk},
        )
    for commitment in Commitment.objects.filter(decision=decision, state__in=COMMITMENT_UNCHECKED):
        _end_commitment(commitment, case, actor=actor, at=at)


def _end_commitment(commitment: Commitment, case: Case, *, actor: Actor, at: datetime) -> None:
    commitment.case = case
    move(
        commitment,
        to=CommitmentState.ENDED,
        actor=actor,
        at=at,
        topic="review.commitment.ended",
        data={"case": case.pk},
    )


def _names(case: Case, materials: Sequence[str]) -> list[str]:
    known = catalogues.catalogue(case.application.pack_version_id).materials
    return [known[material].name if material in known else material for material in materials]
