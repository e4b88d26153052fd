"""More time for a case: asked by who handles it, decided by who approves, told to the applicant with the reason."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.applications.states import NoticeKind
from approvals.deadlines import queries as deadlines
from approvals.review import policies
from approvals.review.models import Case, Extension
from approvals.review.operations import clocks, letters, revisions
from approvals.review.operations.holds import RELATED
from approvals.review.queries.rules import rules
from approvals.review.states import CASE_RUNNING, CaseState, ExtensionState
from portal.core import audit, clock, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation


class ExtensionsUsedUp(Conflict):
    """A case is extended only as often as the city allows."""

    code = "extensions_used_up"
    message = _("这个办件已经延期过，不能再次延期。")


class AlreadyAsked(Conflict):
    """An extension waits for its decision."""

    code = "extension_asked"
    message = _("已经申请延期，等批准人决定。")


def ask_extension(
    *, case_id: int, days: int, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Extension:
    """Ask for more days; the clock changes only when the approver agrees.

    :param days: in the unit of the case's limits, with earlier extensions within the city's limit
    :raises AlreadyAsked: one waits for its decision
    :raises ExtensionsUsedUp: the case was extended as often as the city allows
    :raises InvalidInput: no reason, or more days than the law and the city allow (行政许可法第42条)
    :raises TransitionRefused: the case has ended
    """
    with operation():
        case = revisions.lock_case(case_id, related=RELATED)
        policies.require(policies.can_ask_extension(actor, case))
        revisions.require_version(case, version)
        _require_running(case)
        if case.extensions.filter(state=ExtensionState.ASKED).exists():
            raise AlreadyAsked
        most = days_left(case, list(case.extensions.all()))
        if most is None:
            raise ExtensionsUsedUp
        faults: dict[str, Any] = {}
        if not 1 <= days <= most:
            faults["days"] = _("延期天数须在 1 到 %(most)s 之间。") % {"most": most}
        if not reason.strip():
            faults["reason"] = _("请写明延期的理由，申请人会看到。")
        if faults:
            raise InvalidInput(fields=faults)
        extension = Extension.objects.create(
            case=case,
            round=case.round,
            days=days,
            reason=reason.strip(),
            asked_by_id=policies.person_id(actor),
            asked_by_name=actor.name,
            asked_at=at,
        )
        revisions.touch(case, actor=actor, at=at)
        audit.record(
            stream=case.audit_stream,
            action="review.extension.asked",
            actor=actor,
            at=at,
            subject=case,
            data={"extension": extension.pk, "days": days, "reason": extension.reason, "version": case.version},
        )
        outbox.emit("review.extension.asked", at=at, id=extension.pk, case=case.pk)
        return extension


def decide_extension(
    *, extension_id: int, granted: bool, remark: str, actor: Actor, at: datetime, version: int | None = None
) -> Extension:
    """Agree to an extension, or not; agreed, the clock takes the days and the applicant is told the reason.

    :raises InvalidInput: a refusal without a word why
    :raises NotAllowed: actor does not approve in the department, or asked for it himself
    :raises StaleCase: the case has changed since the form was opened
    :raises TransitionRefused: it was decided already, or the case has ended
    """
    case_id = Extension.objects.filter(pk=extension_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound
    with operation():
        case = revisions.lock_case(case_id, related=RELATED)
        extension = Extension.objects.get(pk=extension_id)
        extension.case = case
        policies.require(policies.can_decide_extension(actor, extension))
        revisions.require_version(case, version)
        _require_running(case)
        if not granted and not remark.strip():
            raise InvalidInput(fields={"remark": _("不同意延期须写明理由。")})
        extension.decided_by_name, extension.decided_at, extension.remark = actor.name, at, remark.strip()
        revisions.touch(case, actor=actor, at=at)
        move(
            extension,
            to=ExtensionState.GRANTED if granted else ExtensionState.REFUSED,
            actor=actor,
            at=at,
            topic="review.extension.granted" if granted else "review.extension.refused",
            data={"case": case.pk, "days": extension.days, "reason": extension.reason, "version": case.version},
            fields=["decided_by_name", "decided_at", "remark"],
        )
        if granted:
            timer = clocks.record(case, type="extended", days=extension.days, actor=actor, at=at)
            letter = letters.extension(
                days=extension.days,
                reason=extension.reason,
                due_on=deadlines.promised_due_on(timer, clock.day_of(at)),
                unit=str(timer.get_unit_display()),
            )
            extension.notice = letters.issue(NoticeKind.EXTENSION, case, letter, actor=actor, at=at)
            extension.save(update_fields=["notice"])
        return extension


def lapse_asked(case: Case, *, actor: Actor, at: datetime) -> None:
    """Let what was asked for lapse with the end of its locked case."""
    for extension in case.extensions.filter(state=ExtensionState.ASKED):
        extension.case = case
        extension.decided_at = at
        move(
            extension,
            to=ExtensionState.LAPSED,
            actor=actor,
            at=at,
            topic="review.extension.lapsed",
            data={"case": case.pk},
            fields=["decided_at"],
        )


def days_left(case: Case, extensions: Iterable[Extension]) -> int | None:
    """Return how many days a case may still be extended by; None when as often as the city allows already.

    :param extensions: all of the case
    """
    known = rules(case.application.pack_version_id)
    granted = [row.days for row in extensions if row.state == ExtensionState.GRANTED and row.round == case.round]
    if len(granted) >= known.extensions_per_case:
        return None
    return max(0, known.extend_days - sum(granted))


def _require_running(case: Case) -> None:
    if case.state not in CASE_RUNNING:
        raise TransitionRefused(fields={"state": case.state, "to": CaseState.OPEN.value})
