"""Reasons why a case cannot be decided yet, and what they do to its clock."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from approvals.deadlines import operations as deadlines
from approvals.deadlines.states import SpecialKind
from approvals.review import policies
from approvals.review.models import Case, Hold
from approvals.review.states import CaseState, HoldClock
from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation


def place_hold(
    *,
    case_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    clock: str = HoldClock.NONE,
    kind: str = "",
    expected_days: int | None = None,
) -> Hold:
    """Keep a case from being decided until the reason is gone; a special procedure or a correction stops its clock.

    The time of a special procedure is told beforehand: kind and expected working days (行政许可法第45条).
    :raises InvalidInput: no reason, or a special procedure without its kind or days
    :raises TransitionRefused: the case has ended
    """
    with operation():
        case = _lock_case(case_id)
        policies.require(policies.can_hold(actor, case))
        _check(reason=reason, clock=clock, kind=kind, expected_days=expected_days)
        if not case.is_running:
            raise TransitionRefused(fields={"state": case.state, "to": CaseState.HELD.value})
        hold = Hold.objects.create(
            case=case,
            reason=reason.strip(),
            clock=clock,
            kind=kind if clock == HoldClock.SPECIAL else "",
            expected_days=expected_days if clock == HoldClock.SPECIAL else None,
            opened_at=at,
            opened_by=actor.name,
        )
        if clock == HoldClock.SPECIAL:
            deadlines.record(timer_id=case.timer_id, type="special_started", kind=kind, actor=actor, at=at)
        elif clock == HoldClock.CORRECTION:
            deadlines.record(timer_id=case.timer_id, type="correction_requested", actor=actor, at=at)
        if case.state == CaseState.OPEN:
            move(case, to=CaseState.HELD, actor=actor, at=at, topic="review.case.held", data={"hold": hold.pk})
        _tell("review.hold.placed", hold, case=case, actor=actor, at=at)
        return hold


def release_hold(*, hold_id: int, actor: Actor, at: datetime) -> Hold:
    """End a hold; the case runs again when it was the last.

    :raises TransitionRefused: it was released already
    """
    case_id = Hold.objects.filter(pk=hold_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound
    with operation():
        case = _lock_case(case_id)
        policies.require(policies.can_hold(actor, case))
        # read under the lock of its case, which every change of a hold takes
        hold = Hold.objects.get(pk=hold_id)
        if hold.released_at is not None:
            raise TransitionRefused(fields={"state": "released", "to": "released"})
        hold.released_at, hold.released_by = at, actor.name
        hold.save(update_fields=["released_at", "released_by"])
        if hold.clock == HoldClock.SPECIAL:
            deadlines.record(timer_id=case.timer_id, type="special_ended", kind=hold.kind, actor=actor, at=at)
        elif hold.clock == HoldClock.CORRECTION:
            deadlines.record(timer_id=case.timer_id, type="correction_supplied", actor=actor, at=at)
        if case.state == CaseState.HELD and not case.holds.filter(released_at=None).exists():
            move(case, to=CaseState.OPEN, actor=actor, at=at, topic="review.case.resumed", data={"hold": hold.pk})
        _tell("review.hold.released", hold, case=case, actor=actor, at=at)
        return hold


def _lock_case(case_id: int) -> Case:
    case = (
        Case.objects.select_for_update(of=("self",), no_key=True).select_related("project").filter(pk=case_id).first()
    )
    if case is None:
        raise NotFound
    return case


def _check(*, reason: str, clock: str, kind: str, expected_days: int | None) -> None:
    faults = {}
    if not reason.strip():
        faults["reason"] = _("请写明为什么停办。")
    if clock not in HoldClock.values:
        faults["clock"] = _("请选择对时钟的作用。")
    if clock == HoldClock.SPECIAL:
        if kind not in SpecialKind.values:
            faults["kind"] = _("请选择特别程序的种类。")
        if expected_days is None or not 1 <= expected_days <= 3650:
            faults["expected_days"] = _("请写预计的工作日数，1 到 3650。")
    if faults:
        raise InvalidInput(fields=faults)


def _tell(topic: str, hold: Hold, *, case: Case, actor: Actor, at: datetime) -> None:
    audit.record(
        stream=case.audit_stream,
        action=topic,
        actor=actor,
        at=at,
        subject=hold,
        data={"case": case.pk, "reason": hold.reason, "clock": hold.clock, "kind": hold.kind},
    )
    outbox.emit(topic, at=at, id=hold.pk, case=case.pk)
