"""Reasons why a case cannot be decided yet, and what they do to its clock."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from approvals.applications.states import NoticeKind
from approvals.deadlines import previews
from approvals.deadlines import queries as deadlines
from approvals.deadlines.states import SpecialKind
from approvals.review import policies
from approvals.review.models import Case, Hold
from approvals.review.operations import clocks, filing, letters, revisions
from approvals.review.states import CaseState, HoldClock
from portal.core import audit, calendars, files, outbox
from portal.core import clock as clock_module
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation

#: what a letter about a case names
RELATED = (
    "project__owner",
    "application__unit",
    "application__timer",
    "application__project__owner",
    "service_item",
    "timer",
)
BASIS_MOST = 200


class EndedOtherwise(Conflict):
    """The hold belongs to an act that ends it itself: a correction ends by being supplied."""

    code = "hold_of_correction"
    message = _("这是补正引起的停办，申请人补正后自动结束，不能直接结束。")


class OwnedHold(Conflict):
    """The hold belongs to other work, which ends it with its own end."""

    code = "hold_owned"
    message = _("这项停办随引起它的征询或会议结束，不能直接结束。请先结束那项征询或会议。")


def place_hold(
    *,
    case_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    clock: str = HoldClock.NONE,
    kind: str = "",
    expected_days: int | None = None,
    basis: str = "",
    document: files.Upload | None = None,
    version: int | None = None,
    owner: str = "",
) -> Hold:
    """Keep a case from being decided until the reason is gone; a special procedure or a correction stops its clock.

    The time of a special procedure is told in writing: its kind and the expected working days (行政许可法第45条).
    :param basis: the rule it is done under
    :param document: what orders it, filed with the case
    :param version: of the case, as the form saw it
    :param owner: mark of the work that alone may release it; empty lets people do it
    :raises InvalidInput: no reason, or a special procedure without its kind or days
    :raises StaleCase: the case has changed since the form was opened
    :raises TransitionRefused: the case has ended
    """
    case = Case.objects.select_related(*RELATED).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    policies.require(policies.can_hold(actor, case))
    check(reason=reason, clock=clock, kind=kind, expected_days=expected_days, basis=basis)
    blob = filing.keep(case, document, at=at) if document is not None else None
    with operation():
        case = revisions.lock_case(case_id, related=RELATED)
        policies.require(policies.can_hold(actor, case))
        revisions.require_version(case, version)
        _require_running(case)
        hold = Hold(
            case=case,
            reason=reason.strip(),
            clock=clock,
            kind=kind if clock == HoldClock.SPECIAL else "",
            expected_days=expected_days if clock == HoldClock.SPECIAL else None,
            basis=basis.strip(),
            owner=owner,
            opened_at=at,
            opened_by=actor.name,
        )
        if blob is not None and document is not None:
            title = str(_("停办依据：%(item)s")) % {"item": case.service_item.name}
            hold.document = filing.file(case, blob, title=title, file_name=document.name or "", actor=actor, at=at)
        hold.save(force_insert=True)
        begin(case, hold, actor=actor, at=at)
        if clock == HoldClock.SPECIAL:
            _tell_start(case, hold, actor=actor, at=at)
        return hold


def release_hold(*, hold_id: int, actor: Actor, at: datetime, version: int | None = None, owner: str = "") -> Hold:
    """End a hold; the case runs again when it was the last, and the end of a special procedure is told in writing.

    :param owner: mark of the work that asks, as it was placed with
    :raises EndedOtherwise: it is the hold of a correction told to the applicant
    :raises OwnedHold: it was placed by other work than asks
    :raises StaleCase: the case has changed since the form was opened
    :raises TransitionRefused: it was released already
    """
    case_id = Hold.objects.filter(pk=hold_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound
    with operation():
        case = revisions.lock_case(case_id, related=RELATED)
        policies.require(policies.can_hold(actor, case))
        revisions.require_version(case, version)
        # read under the lock of its case, which every change of a hold takes
        hold = Hold.objects.select_related("document").get(pk=hold_id)
        if hold.released_at is not None:
            raise TransitionRefused(fields={"state": "released", "to": "released"})
        if hasattr(hold, "correction"):
            raise EndedOtherwise
        if hold.owner != owner:
            raise OwnedHold
        end(case, hold, actor=actor, at=at)
        if hold.clock == HoldClock.SPECIAL:
            case.timer.refresh_from_db()
            due_on = deadlines.promised_due_on(case.timer, clock_module.day_of(at))
            letter = letters.special_ended(hold, due_on=due_on)
            hold.end_notice = letters.issue(NoticeKind.SPECIAL_END, case, letter, actor=actor, at=at)
            hold.save(update_fields=["end_notice"])
        return hold


def begin(case: Case, hold: Hold, *, actor: Actor, at: datetime) -> None:
    """Let a saved hold take effect on its locked case and clock."""
    if hold.clock == HoldClock.SPECIAL:
        clocks.record(case, type="special_started", kind=hold.kind, actor=actor, at=at)
    elif hold.clock == HoldClock.CORRECTION:
        clocks.record(case, type="correction_requested", actor=actor, at=at)
    changed = revisions.touched(case, actor=actor, at=at)
    if case.state == CaseState.OPEN:
        move(
            case,
            to=CaseState.HELD,
            actor=actor,
            at=at,
            topic="review.case.held",
            data={"hold": hold.pk, "version": case.version},
            fields=changed,
        )
    else:
        case.save(update_fields=changed)
    _tell("review.hold.placed", hold, case=case, actor=actor, at=at)


def end(case: Case, hold: Hold, *, actor: Actor, at: datetime) -> None:
    """Let an open hold of a locked case end; the case runs again when it was the last."""
    hold.released_at, hold.released_by = at, actor.name
    hold.save(update_fields=["released_at", "released_by"])
    if hold.clock == HoldClock.SPECIAL:
        clocks.record(case, type="special_ended", kind=hold.kind, actor=actor, at=at)
    elif hold.clock == HoldClock.CORRECTION:
        clocks.record(case, type="correction_supplied", actor=actor, at=at)
    changed = revisions.touched(case, actor=actor, at=at)
    if case.state == CaseState.HELD and not case.holds.filter(released_at=None).exists():
        move(
            case,
            to=CaseState.OPEN,
            actor=actor,
            at=at,
            topic="review.case.resumed",
            data={"hold": hold.pk, "version": case.version},
            fields=changed,
        )
    else:
        case.save(update_fields=changed)
    _tell("review.hold.released", hold, case=case, actor=actor, at=at)


def ends_on(case: Case, days: int, *, start: date) -> date:
    """Return the day on which a special procedure of so many working days is expected to end."""
    return calendars.current(case.project.region).add_workdays(start, days)


def check(*, reason: str, clock: str, kind: str, expected_days: int | None, basis: str = "") -> None:
    """Check what the law wants told of a hold.

    :raises InvalidInput: by field, everything that is missing
    """
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
    if len(basis) > BASIS_MOST:
        faults["basis"] = _("依据最多 200 字。")
    if faults:
        raise InvalidInput(fields=faults)


def _tell_start(case: Case, hold: Hold, *, actor: Actor, at: datetime) -> None:
    today = clock_module.day_of(at)
    letter = special_letter(case, hold, today=today)
    hold.notice = letters.issue(NoticeKind.SPECIAL, case, letter, actor=actor, at=at)
    hold.save(update_fields=["notice"])


def special_letter(case: Case, hold: Hold, *, today: date) -> letters.Letter:
    """Compose the written notice of a special procedure, for its issue and for the preview before it."""
    ends = ends_on(case, hold.expected_days or 0, start=today)
    due_on = previews.due_on(case.timer, previews.special(kind=hold.kind, start=hold.opened_at, ends_on=ends))
    document = hold.document.title if hold.document_id and hold.document else ""
    return letters.special(hold, ends_on=ends, due_on=due_on, document=document)


def _require_running(case: Case) -> None:
    if not case.is_running:
        raise TransitionRefused(fields={"state": case.state, "to": CaseState.HELD.value})


def _tell(topic: str, hold: Hold, *, case: Case, actor: Actor, at: datetime) -> None:
    audit.record(
        stream=case.audit_stream,
        action=topic,
        actor=actor,
        at=at,
        subject=hold,
        data={
            "case": case.pk,
            "version": case.version,
            "reason": hold.reason,
            "clock": hold.clock,
            "kind": hold.kind,
            "expected_days": hold.expected_days,
        },
    )
    outbox.emit(topic, at=at, id=hold.pk, case=case.pk)
