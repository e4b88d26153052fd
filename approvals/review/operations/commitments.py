"""By commitment (告知承诺): told what is promised, the applicant signs; decided at once; checked afterwards."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from approvals.applications.operations import Letter
from approvals.applications.states import NoticeKind
from approvals.review import policies
from approvals.review.models import Case, Commitment, ReviewTask, StageRun
from approvals.review.operations import afterwards, filing, joins, letters, revisions
from approvals.review.operations.holds import RELATED
from approvals.review.queries import cases
from approvals.review.queries.rules import rules
from approvals.review.states import (
    COMMITMENT_UNCHECKED,
    TASK_OPEN,
    CheckResult,
    CommitmentState,
    CorrectionState,
    Step,
)
from portal.core import audit, calendars, clock, files, outbox, pdf
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation
from projects.catalogue import queries as catalogues


class NotByCommitment(Conflict):
    """The item must be decided after a full review."""

    code = "not_by_commitment"
    message = _("这个事项不实行告知承诺。")


class SignedBefore(Conflict):
    """There is a signed commitment already."""

    code = "signed_before"
    message = _("已经提交过承诺书，部门正在办理。")


class PastHandler(Conflict):
    """The handler has spoken already: nothing would be decided at once any more."""

    code = "past_handler"
    message = _("承办环节已经办完，这个办件按一般程序继续办理，不再收承诺书。")


class StandsStill(Conflict):
    """A correction, a special procedure or joint work has to end before anything can be promised about the case."""

    code = "stands_still"
    message = _("这个办件正在停办或等部门核对补正，暂时不能提交承诺书。请等它恢复办理后再提交。")


def sign_commitment(*, case_id: int, upload: files.Upload, actor: Actor, at: datetime) -> Commitment:
    """Take in the signed commitment; from now on the handler's step decides.

    :raises FileRefused: the signed paper is not a PDF or picture
    :raises NotAllowed: actor is not the enterprise itself; an agent never signs
    :raises NotByCommitment: the pack does not allow it for the item
    :raises SignedBefore: it was signed already
    :raises PastHandler: the case lies with who checks or approves
    :raises StandsStill: something holds the case, or a supplied correction was not looked at
    :raises TransitionRefused: the case has ended
    """
    case = Case.objects.select_related(*RELATED).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    _require_signable(case, actor)
    blob = filing.keep(case, upload, at=at)
    with operation():
        case = revisions.lock_case(case_id, related=RELATED)
        _require_signable(case, actor)
        if case.commitments.filter(state=CommitmentState.SIGNED).exists():
            raise SignedBefore
        item = catalogues.catalogue(case.application.pack_version_id).items[case.service_item.code]
        title = str(_("告知承诺书：%(item)s")) % {"item": item.name}
        letter = _notice(case, signed=True)
        commitment = Commitment.objects.create(
            case=case,
            document=filing.file(case, blob, title=title, file_name=upload.name or "", actor=actor, at=at),
            notice=letters.issue(NoticeKind.COMMITMENT, case, letter, actor=actor, at=at),
            signed_by=actor.name,
            signed_at=at,
        )
        task = (
            ReviewTask.objects.select_for_update(of=("self",), no_key=True)
            .filter(case=case, state__in=TASK_OPEN, step=Step.HANDLER)
            .first()
        )
        if task is not None and not task.is_deciding:
            task.is_deciding = True
            task.save(update_fields=["is_deciding"])
        revisions.touch(case, actor=actor, at=at)
        audit.record(
            stream=case.audit_stream,
            action="review.commitment.signed",
            actor=actor,
            at=at,
            subject=case,
            data={"commitment": commitment.pk, "document": commitment.document_id, "version": case.version},
        )
        outbox.emit("review.commitment.signed", at=at, id=commitment.pk, case=case.pk)
        return commitment


def print_commitment(*, case_id: int, actor: Actor) -> bytes:
    """Print what the enterprise reads, seals and hands in: the notice, and the promise with room for the seal.

    Nothing is kept; whoever may sign may print, as long as it can be signed.

    :raises NotFound, NotAllowed, NotByCommitment, SignedBefore, PastHandler, StandsStill, TransitionRefused: as signing
    """
    case = Case.objects.select_related(*RELATED).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    _require_signable(case, actor)
    if case.commitments.filter(state=CommitmentState.SIGNED).exists():
        raise SignedBefore
    return pdf.render(
        "pdf/commitment_form.html",
        {
            "case": case.number,
            "project": case.project,
            "owner": case.project.owner,
            "unit_code": case.application.unit.code if case.application.unit else "",
            "item": case.service_item.name,
            "organ": case.department.name,
            "letter": _notice(case, signed=False),
            "demo": settings.DEMO,
        },
    )


def check_commitment(
    *,
    commitment_id: int,
    result: str,
    remark: str,
    actor: Actor,
    at: datetime,
    rectify_by: date | None = None,
    basis: str = "",
    version: int | None = None,
) -> Commitment:
    """Note what the check of a commitment found: kept, to be put right by a day, or broken, which revokes the grant.

    :param rectify_by: the last day to put it right, within the city's limit
    :param basis: the law a revocation rests on
    :raises InvalidInput: unknown result, no word what was found, or a day missing or out of range
    :raises NotAllowed: actor does not handle cases in the department, or for a revocation does not approve there
    :raises StaleCase: the case has changed since the form was opened
    :raises TransitionRefused: it was checked already, or is being put right and may not be put off again
    """
    with operation():
        case, commitment, runs = _lock(commitment_id)
        revoking = result == CheckResult.REVOKE
        policies.require((policies.can_revoke if revoking else policies.can_check_commitment)(actor, case))
        revisions.require_version(case, version)
        to = _target(commitment, result)
        _check(case, result, remark, rectify_by, basis, today=clock.day_of(at))
        commitment.remark, commitment.checked_at, commitment.checked_by = remark.strip(), at, actor.name
        commitment.rectify_by = rectify_by if to == CommitmentState.RECTIFYING else commitment.rectify_by
        if not revoking:
            revisions.touch(case, actor=actor, at=at)
        move(
            commitment,
            to=to,
            actor=actor,
            at=at,
            topic=f"review.commitment.{to.value}",
            data={"case": case.pk, "remark": commitment.remark, "version": case.version},
            fields=["remark", "checked_at", "checked_by", "rectify_by"],
        )
        if to == CommitmentState.RECTIFYING and rectify_by is not None:
            letter = letters.rectification(
                remark=commitment.remark, by=rectify_by, number=case.decision.number if case.decision else ""
            )
            commitment.rectify_notice = letters.issue(NoticeKind.RECTIFICATION, case, letter, actor=actor, at=at)
            commitment.save(update_fields=["rectify_notice"])
        if revoking and case.decision is not None:
            case.decision.case = case
            afterwards.revoke_locked(
                case, case.decision, runs, reason=commitment.remark, basis=basis, actor=actor, at=at
            )
        return commitment


def _notice(case: Case, *, signed: bool) -> Letter:
    _catalogue, item = cases.definition_of(case)
    days = rules(case.application.pack_version_id).commitment_check_days
    return letters.commitment_notice(case, item, check_days=days, signed=signed)


def _require_signable(case: Case, actor: Actor) -> None:
    policies.require(policies.can_sign_commitment(actor, case))
    item = catalogues.catalogue(case.application.pack_version_id).items[case.service_item.code]
    if not item.is_by_commitment:
        raise NotByCommitment
    if not case.is_running:
        raise TransitionRefused(fields={"state": case.state, "to": CommitmentState.SIGNED.value})
    if not policies.may_be_promised(case, unchecked=case.corrections.filter(state=CorrectionState.SUPPLIED).exists()):
        raise StandsStill
    if not cases.is_with_handler(case):
        raise PastHandler


def _target(commitment: Commitment, result: str) -> CommitmentState:
    targets = {
        CheckResult.KEPT: CommitmentState.KEPT,
        CheckResult.RECTIFY: CommitmentState.RECTIFYING,
        CheckResult.REVOKE: CommitmentState.BROKEN,
    }
    if result not in CheckResult.values:
        raise InvalidInput(fields={"result": _("请选择核查结果。")})
    to = targets[CheckResult(result)]
    if commitment.state not in COMMITMENT_UNCHECKED or to not in Commitment.TRANSITIONS[commitment.state]:
        raise TransitionRefused(fields={"state": commitment.state, "to": to.value})
    return to


def _check(case: Case, result: str, remark: str, rectify_by: date | None, basis: str, *, today: date) -> None:
    faults: dict[str, Any] = {}
    if not remark.strip():
        faults["remark"] = _("请写明核查情况。")
    if result == CheckResult.REVOKE and not basis.strip():
        faults["basis"] = _("请写明法律依据。")
    if result == CheckResult.RECTIFY:
        days = rules(case.application.pack_version_id).rectify_days
        last = calendars.current(case.project.region).add_workdays(today, days)
        if rectify_by is None or not today < rectify_by <= last:
            faults["rectify_by"] = _("请写整改期限，最晚 %(day)s。") % {"day": letters.day(last)}
    if faults:
        raise InvalidInput(fields=faults)


def _lock(commitment_id: int) -> tuple[Case, Commitment, list[StageRun]]:
    found = Commitment.objects.filter(pk=commitment_id).values_list("case_id", "case__project_id").first()
    if found is None:
        raise NotFound
    runs = joins.lock_runs(found[1])
    case = revisions.lock_case(found[0], related=(*RELATED, "decision"))
    commitment = Commitment.objects.get(pk=commitment_id)
    commitment.case = case
    return case, commitment, runs
