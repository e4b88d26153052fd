"""After the decision: revoked, taken up again or corrected by the authority, or given back by the applicant.

What ends a decision is announced under a topic of its own; certificates and deliveries follow. The item can then be
applied for again, and what waited for it waits again; a stage that rests on it is opened again (ADR 0013).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.applications import operations as applications
from approvals.applications.models import Application, ApplicationItem
from approvals.applications.states import OPEN_STATES, ApplicationState, NoticeKind
from approvals.deadlines import operations as deadlines
from approvals.review import policies, routing
from approvals.review.models import Case, Commitment, Decision, StageRun, Tolerance
from approvals.review.operations import cases, decisions, joins, letters, promises, revisions
from approvals.review.operations.holds import RELATED
from approvals.review.states import CASE_RUNNING, CaseState, DecisionState, Outcome
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation
from projects.catalogue import queries as catalogues

#: decision state -> topic
TOPICS = {
    DecisionState.REVOKED: "review.decision.revoked",
    DecisionState.WITHDRAWN: "review.decision.given_back",
    DecisionState.LAPSED: "review.decision.lapsed",
    DecisionState.REOPENED: "review.decision.reopened",
    DecisionState.CORRECTED: "review.decision.corrected",
}


class TakenUpElsewhere(Conflict):
    """The same item has been applied for anew, so its old case cannot be taken up again."""

    code = "applied_anew"
    message = _("申请人已经重新申请了这个事项，请在新的办件里办理。")


def revoke(
    *, case_id: int, reason: str, basis: str, actor: Actor, at: datetime, version: int | None = None
) -> Decision:
    """Take a granted decision back on the authority's side (行政许可法第69条); the applicant is told why.

    :raises InvalidInput: no reason or no legal basis
    :raises NotAllowed: actor does not approve in the department that decided
    :raises StaleCase: the case has changed since the form was opened
    :raises TransitionRefused: nothing granted is in force
    """
    with operation():
        case, decision, runs = lock_decided(case_id, policy=policies.can_revoke, actor=actor, version=version)
        _require_words(reason=reason, basis=basis)
        _require_granted(decision)
        revoke_locked(case, decision, runs, reason=reason, basis=basis, actor=actor, at=at)
        return decision


def give_back(*, case_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Decision:
    """Give up what was granted, on the applicant's wish (行政许可法第70条).

    :raises InvalidInput: no reason
    :raises NotAllowed: actor is not the enterprise itself
    :raises TransitionRefused: nothing granted is in force
    """
    with operation():
        case, decision, runs = lock_decided(case_id, policy=policies.can_give_back, actor=actor, version=version)
        _require_words(reason=reason)
        _require_granted(decision)
        end_decision(case, decision, to=DecisionState.WITHDRAWN, reason=reason, actor=actor, at=at)
        settle(case, runs, actor=actor, at=at)
        return decision


def reopen(*, case_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Case:
    """Take a decided case up again: a new round with a clock of its own begins with the handler.

    Its application is under review again, so that the applicant can withdraw it, and so is a stage that rested on it.
    :raises InvalidInput: no reason
    :raises NotAllowed: actor does not approve in the department that decided
    :raises TakenUpElsewhere: the item was applied for anew meanwhile
    :raises TransitionRefused: no decision is in force
    """
    with operation():
        case, decision, runs = lock_decided(
            case_id, policy=policies.can_reopen, actor=actor, version=version, with_application=True
        )
        _require_words(reason=reason)
        if _is_applied_anew(case):
            raise TakenUpElsewhere
        letter = letters.reopening(decision, reason=reason.strip())
        letters.issue(NoticeKind.REOPENING, case, letter, actor=actor, at=at)
        _end(decision, to=DecisionState.REOPENED, reason=reason, actor=actor, at=at)
        case.round += 1
        case.decision, case.closed_at = None, None
        case.timer = deadlines.open_again(timer_id=case.timer_id, actor=actor, at=at)
        move(
            case,
            to=CaseState.OPEN,
            actor=actor,
            at=at,
            topic="review.case.reopened",
            data={"reason": reason.strip(), "round": case.round, "version": case.version + 1},
            fields=["round", "decision", "closed_at", "timer", *revisions.touched(case, actor=actor, at=at)],
        )
        item = catalogues.catalogue(case.application.pack_version_id).items[case.service_item.code]
        cases.open_task(case, step=routing.steps_of(instant=item.is_instant)[0], item=item, actor=actor, at=at)
        if case.application.state == ApplicationState.COMPLETED:
            applications.mark_reopened(application_id=case.application_id, actor=actor, at=at)
        settle(case, runs, actor=actor, at=at)
        return case


def correct(
    *,
    case_id: int,
    attributes: Mapping[str, Any],
    lines: Mapping[str, str],
    reason: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Decision:
    """Put a clerical slip right: the same decision under the same number and day, as a new version.

    What was decided cannot be changed this way; that takes a new round. Called by certificates, which prints anew.
    :param attributes: values of the result that were wrong
    :param lines: printed lines that were wrong: label -> text
    :raises InvalidInput: no word what was wrong, nothing to change, or a value that the result does not carry
    :raises TransitionRefused: no decision is in force
    """
    with operation():
        case, old, _runs = lock_decided(case_id, policy=policies.can_correct, actor=actor, version=version)
        _require_words(reason=reason)
        merged = decisions.merged_attributes(case, {**old.attributes, **attributes}) if old.is_granted else {}
        if merged == old.attributes and not lines:
            raise InvalidInput(fields={"lines": _("没有改动任何内容。")})
        _end(old, to=DecisionState.CORRECTED, reason=reason, actor=actor, at=at)
        new = Decision.objects.create(
            case=case,
            outcome=old.outcome,
            kind=old.kind,
            reason=old.reason,
            basis=old.basis,
            number=old.number,
            version=old.version + 1,
            title=old.title,
            attributes=merged,
            corrections={**old.corrections, **lines},
            timer_id=old.timer_id,
            decided_by_id=old.decided_by_id,
            decided_by_name=old.decided_by_name,
            decided_at=old.decided_at,
        )
        Tolerance.objects.filter(decision=old).update(decision=new)
        Commitment.objects.filter(decision=old).update(decision=new)
        if new.is_granted:
            catalogue = catalogues.catalogue(case.application.pack_version_id)
            decisions.tell_registry(case, new, catalogue=catalogue, at=at)
        case.decision = new
        case.save(update_fields=["decision", *revisions.touched(case, actor=actor, at=at)])
        return new


def lock_decided(
    case_id: int, *, policy: Any, actor: Actor, version: int | None, with_application: bool = False
) -> tuple[Case, Decision, list[StageRun]]:
    """Lock a case with the stage runs of its project above it, and give the decision in force.

    :param with_application: lock its application as well, which comes between them
    """
    project_id = Case.objects.filter(pk=case_id).values_list("project_id", flat=True).first()
    if project_id is None:
        raise NotFound
    runs = joins.lock_runs(project_id)
    if with_application:
        Application.objects.select_for_update(of=("self",), no_key=True).get(cases=case_id)
    case = revisions.lock_case(case_id, related=(*RELATED, "decision"))
    policies.require(actor.is_system or policy(actor, case))
    revisions.require_version(case, version)
    if case.state != CaseState.DECIDED or case.decision is None:
        raise TransitionRefused(fields={"state": case.state, "to": CaseState.CLOSED.value})
    case.decision.case = case
    return case, case.decision, runs


def revoke_locked(
    case: Case, decision: Decision, runs: list[StageRun], *, reason: str, basis: str, actor: Actor, at: datetime
) -> None:
    """Revoke under locks that the caller holds: the verb itself, and a commitment found broken."""
    letter = letters.revocation(decision, reason=reason.strip(), basis=basis.strip())
    letters.issue(NoticeKind.REVOCATION, case, letter, actor=actor, at=at)
    end_decision(case, decision, to=DecisionState.REVOKED, reason=reason, basis=basis, actor=actor, at=at)
    settle(case, runs, actor=actor, at=at)


def settle(case: Case, runs: list[StageRun], *, actor: Actor, at: datetime) -> None:
    """Carry out what follows for the project when the decision of a locked case has ended."""
    joins.settle(project=case.project, runs=runs, actor=actor, at=at, ended=case.application_item_id)


def end_decision(
    case: Case, decision: Decision, *, to: DecisionState, reason: str, actor: Actor, at: datetime, basis: str = ""
) -> None:
    """End a decision of a locked case and with it the case: nothing holds any more."""
    _end(decision, to=to, reason=reason, basis=basis, actor=actor, at=at)
    case.decision = None
    move(
        case,
        to=CaseState.CLOSED,
        actor=actor,
        at=at,
        topic="review.case.closed",
        data={"reason": reason.strip(), "decision": decision.number, "as": to.value, "version": case.version + 1},
        fields=["decision", *revisions.touched(case, actor=actor, at=at)],
    )


def _end(decision: Decision, *, to: DecisionState, reason: str, actor: Actor, at: datetime, basis: str = "") -> None:
    decision.ended_at, decision.ended_by = at, actor.name
    decision.end_reason, decision.end_basis = reason.strip(), basis.strip()
    move(
        decision,
        to=to,
        actor=actor,
        at=at,
        topic=TOPICS[to],
        data={
            "case": decision.case_id,
            "number": decision.number,
            "reason": decision.end_reason,
            "basis": basis.strip(),
        },
        fields=["ended_at", "ended_by", "end_reason", "end_basis"],
    )
    if to != DecisionState.CORRECTED:
        promises.end_with(decision, actor=actor, at=at)


def _require_words(*, reason: str, basis: str | None = None) -> None:
    faults = {}
    if not reason.strip():
        faults["reason"] = _("请写明理由，申请人会看到。")
    if basis is not None and not basis.strip():
        faults["basis"] = _("请写明法律依据。")
    if faults:
        raise InvalidInput(fields=faults)


def _require_granted(decision: Decision) -> None:
    if decision.outcome != Outcome.GRANTED:
        raise TransitionRefused(fields={"state": decision.outcome, "to": CaseState.CLOSED.value})


def _is_applied_anew(case: Case) -> bool:
    """Tell whether the item is under way or granted in another application for the same unit."""
    others = ApplicationItem.objects.filter(
        service_item__code=case.service_item.code,
        application__project_id=case.project_id,
        application__unit=case.application.unit,
    ).exclude(application_id=case.application_id)
    return (
        others.filter(case=None, application__state__in=OPEN_STATES).exists()
        or others.filter(case__state__in=CASE_RUNNING).exists()
        or others.filter(case__decision__outcome=Outcome.GRANTED).exists()
    )
