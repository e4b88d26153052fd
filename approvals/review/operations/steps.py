"""Working on a step: claim it, hand it back, conclude it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from approvals.deadlines import queries as deadline_queries
from approvals.deadlines.models import TimerEvent
from approvals.review import policies, routing
from approvals.review.models import (
    Case,
    CaseCorrection,
    Commitment,
    Extension,
    Hold,
    Opinion,
    OpinionDraft,
    ReviewTask,
)
from approvals.review.operations import cases, decisions, extensions, joins, promises, revisions
from approvals.review.operations.decisions import Verdict
from approvals.review.states import (
    CaseState,
    CommitmentState,
    Conclusion,
    CorrectionState,
    ExtensionState,
    Step,
    TaskState,
)
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.prepared import Prepared
from portal.core.rows import Changes
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import book, operation
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import ItemDef

#: what may not be said without a word why
NEEDS_REASON = (Conclusion.RETURN, Conclusion.REJECT)


class WrongConclusion(InvalidInput):
    """This step does not ask that question."""

    code = "wrong_conclusion"


class SamePerson(NotAllowed):
    """One person never does two steps of one case."""

    code = "same_person"
    message = _("您已经办过这个办件的另一个环节。一个办件的各环节须由不同的人办理，请交给同事。")


class TakenByOther(Conflict):
    """A colleague has the task."""

    code = "taken"


class OpenHold(Conflict):
    """Something must be finished before the case can be decided."""

    code = "open_hold"
    message = _("还有没结束的停办事由，现在不能作出决定。请先结束它。")


class UncheckedCorrection(Conflict):
    """The applicant has supplied a correction that nobody has looked at."""

    code = "unchecked_correction"
    message = _("申请人已补正，还没有核对，现在不能作出决定。请先核对补正内容。")


@dataclass(frozen=True, slots=True)
class _Pending:
    """What stands beside a step in its case, read with the locks of both in one statement."""

    held: bool
    unchecked: bool
    extension_asked: bool
    signed: bool
    #: other cases of its application are under review
    others_running: bool
    clock_events: Sequence[TimerEvent]


def claim(*, task_id: int, actor: Actor, at: datetime, version: int | None = None) -> ReviewTask:
    """Take a task out of the department's pool; taking one's own again changes nothing.

    :raises TakenByOther: a colleague was quicker
    :raises SamePerson: actor did another step of the case
    :raises StaleCase: the case has changed since the form was opened
    """
    with operation():
        task = _lock_task(task_id, _lock_case(task_id))
        _require_member(actor, task)
        if task.state == TaskState.CLAIMED:
            return task
        revisions.require_version(task.case, version)
        revisions.touch(task.case, actor=actor, at=at)
        return _take(task, actor=actor, at=at, data={"version": task.case.version})


def hand_back(*, task_id: int, actor: Actor, at: datetime, version: int | None = None) -> ReviewTask:
    """Put a claimed task back into the pool; the due date stays what it is.

    :raises StaleCase: the case has changed since the form was opened
    """
    with operation():
        task = _lock_task(task_id, _lock_case(task_id))
        policies.require(policies.can_hand_back(actor, task))
        revisions.require_version(task.case, version)
        revisions.touch(task.case, actor=actor, at=at)
        task.assignee = None
        return move(
            task,
            to=TaskState.WAITING,
            actor=actor,
            at=at,
            topic="review.task.handed_back",
            data={"version": task.case.version},
            fields=["assignee"],
        )


def complete_task(
    *,
    task_id: int,
    conclusion: str,
    opinion: str,
    actor: Actor,
    at: datetime,
    attributes: Mapping[str, Any] | None = None,
    basis: str | None = None,
    deferred: Sequence[str] = (),
    supply_by: date | None = None,
    version: int | None = None,
) -> Case:
    """Conclude a step: pass it on, return it to the handler, or decide the case.

    Completing an unclaimed task claims it for the actor; a substitute completes what the absent has in hand, and the
    opinion says for whom. A grant draws the number of the result, opens what waited
    for it, and may conclude the stage: all in one transaction.
    :param attributes: values of the result that later items read, as the pack declares them for the item
    :param basis: the law a refusal rests on; None for the legal basis of the item as the pack has it
    :param deferred: materials that may come after a grant (容缺), by `supply_by`
    :param version: of the case, as the form saw it
    :raises NotAllowed: actor does not work on this step in the case's department
    :raises SamePerson: actor did another step of this case
    :raises WrongConclusion: pass or return on the deciding step, or grant or reject before it
    :raises InvalidInput: a return or a refusal without a reason, a refusal without its basis, or something deferred
        that the city does not tolerate
    :raises OpenHold: a correction, a special procedure or a joint session is still open
    :raises UncheckedCorrection: what the applicant has supplied was not looked at
    :raises StaleCase: the case has changed since the form was opened
    :raises TransitionRefused: the task is done already
    """
    with operation():
        # Only the step that decides joins, and then the runs come first.
        runs = joins.lock_runs_of_deciding(task_id)
        task, pending = _lock_with_case(task_id, with_clock=bool(runs))
        case = task.case
        item = catalogues.catalogue(case.application.pack_version_id).items[case.service_item.code]
        _require_seen(task, actor, version, is_only_step=item.is_instant)
        if task.is_deciding and not runs:
            # it became the deciding step while this waited for it: a commitment was signed in the same moment
            raise revisions.stale(case, case.version - 1)
        text = opinion.strip()
        _check_words(task, conclusion, text)
        if task.is_deciding:
            _require_decidable(pending)
        basis = _basis(item, conclusion, basis)
        if conclusion == Conclusion.GRANT:
            promises.check_deferred(case, item, deferred, supply_by, today=clock.day_of(at))
        absent = policies.standing_in(actor, task)
        changes = Changes()
        if task.state == TaskState.WAITING:
            _take(task, actor=actor, at=at, changes=changes)
        task.assignee_id = actor.user_id
        said = Opinion(
            case=case,
            task=task,
            step=task.step,
            conclusion=conclusion,
            text=text,
            author_id=policies.person_id(actor),
            author_name=actor.name,
            on_behalf_of_id=absent.person_id if absent else None,
            on_behalf_of_name=absent.name if absent else "",
            given_at=at,
        )
        changes.insert(said)
        changes.delete(OpinionDraft, task_id=task.pk)
        task.done_at = at
        move(
            task,
            to=TaskState.DONE,
            actor=actor,
            at=at,
            topic="review.task.done",
            data={
                "step": task.step,
                "conclusion": conclusion,
                "opinion": text,
                "version": case.version + 1,
                **({"on_behalf_of": absent.person_id, "on_behalf_of_name": absent.name} if absent else {}),
            },
            fields=["done_at", "assignee"],
            changes=changes,
        )
        following = routing.step_after(task.step, conclusion, instant=item.is_instant)
        if following is not None:
            changes.update(case, revisions.touched(case, actor=actor, at=at))
            changes.write()
            at_once = pending.signed and following == Step.HANDLER
            cases.open_task(case, step=following, item=item, actor=actor, at=at, at_once=at_once, after=task)
            return case
        verdict = Verdict(
            granted=conclusion == Conclusion.GRANT,
            reason=text,
            basis=basis,
            attributes=attributes,
            deferred=tuple(dict.fromkeys(deferred)) if conclusion == Conclusion.GRANT else (),
            supply_by=supply_by,
            commitment=case.commitments.get(state=CommitmentState.SIGNED) if pending.signed else None,
        )
        decisions.decide(case, verdict, actor=actor, at=at, clock_events=pending.clock_events, changes=changes)
        if pending.extension_asked:
            extensions.lapse_asked(case, actor=actor, at=at)
        if pending.others_running and joins.stands_alone(case):
            book().changes.add(changes)
        else:
            changes.write()
            joins.settle(project=case.project, runs=runs, actor=actor, at=at)
        return case


def _lock_case(task_id: int, *related: str) -> Case:
    case = (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related(*(related or ("project",)))
        .filter(tasks=task_id)
        .first()
    )
    if case is None:
        raise NotFound
    return case


def _lock_with_case(task_id: int, *, with_clock: bool) -> tuple[ReviewTask, _Pending]:
    """Lock a case, its task and, to decide it, its clock: in the order of a withdrawal, which comes from above.

    What stands beside comes with them. It is as old as the moment at which the wait for the locks began, so it is read
    again when the case has moved on meanwhile: every act on a case counts its version up.
    """
    tasks = (_TASK_AND_CLOCK if with_clock else _TASK)(task_id)
    if not tasks:
        raise NotFound
    task = tasks[0]
    found = [getattr(task, name) for name in _BESIDE]
    if found[0] != task.case.version:
        of_case = _beside("pk", application="application_id", timer="timer_id")
        found = list(Case.objects.filter(pk=task.case_id).annotate(**of_case).values_list(*of_case).get())
    _version, held, unchecked, asked, signed, others, history = found
    clock_events = deadline_queries.told_rows(task.case.timer_id, history)
    return task, _Pending(held, unchecked, asked, signed, others, clock_events)


def _beside(case: str, *, application: str, timer: str) -> dict[str, Any]:
    """Return what to annotate for a `_Pending`, in its order, with the case's version before."""
    own = OuterRef(case)
    others = Case.objects.filter(application=OuterRef(application)).running()
    return {
        "beside_version": Subquery(Case.objects.filter(pk=own).values("version")),
        "beside_held": Exists(Hold.objects.filter(case=own, released_at=None)),
        "beside_unchecked": Exists(CaseCorrection.objects.filter(case=own, state=CorrectionState.SUPPLIED)),
        "beside_asked": Exists(Extension.objects.filter(case=own, state=ExtensionState.ASKED)),
        "beside_signed": Exists(Commitment.objects.filter(case=own, state=CommitmentState.SIGNED)),
        "beside_others": Exists(others.exclude(pk=own)),
        "beside_history": deadline_queries.history_of(OuterRef(timer)),
    }


_BESIDE = tuple(_beside("case_id", application="case__application_id", timer="case__timer_id"))


def _task_and_case(task_id: int, *clocks: str) -> QuerySet[ReviewTask]:
    return (
        ReviewTask.objects.select_for_update(of=("case", "self", *clocks), no_key=True)
        .select_related("case__project", "case__application", "case__service_item", *clocks)
        .annotate(**_beside("case_id", application="case__application_id", timer="case__timer_id"))
        .filter(pk=task_id)
    )


_TASK = Prepared(_task_and_case)
_TASK_AND_CLOCK = Prepared(lambda task_id: _task_and_case(task_id, "case__timer"))


def _require_decidable(pending: _Pending) -> None:
    if pending.held:
        raise OpenHold
    if pending.unchecked:
        raise UncheckedCorrection


def _require_seen(task: ReviewTask, actor: Actor, version: int | None, *, is_only_step: bool) -> None:
    """Ask who acts before the state, and the form's version before both are held against it."""
    if version is not None and actor.user_id is not None:
        policies.require(policies.may_do_step(actor, step=task.step, department=task.department_id))
        revisions.require_version(task.case, version)
    _require_open(task)
    _require_member(actor, task, is_only_step=is_only_step)


def _basis(item: ItemDef, conclusion: str, basis: str | None) -> str:
    """Return the law a refusal rests on (行政许可法第38条)."""
    if conclusion != Conclusion.REJECT:
        return ""
    found = (item.legal_basis if basis is None else basis).strip()
    if not found:
        raise InvalidInput(fields={"basis": _("不予办理须写明法律依据。")})
    return found


def _lock_task(task_id: int, case: Case | None = None) -> ReviewTask:
    task = (
        ReviewTask.objects.select_for_update(of=("self",), no_key=True)
        .select_related("assignee", *(() if case else ("case__project",)))
        .filter(pk=task_id)
        .first()
    )
    if task is None:
        raise NotFound
    if case is not None:
        task.case = case
    return task


def _require_open(task: ReviewTask) -> None:
    if not task.is_open or task.case.state not in (CaseState.OPEN, CaseState.HELD):
        raise TransitionRefused(fields={"state": task.state, "to": TaskState.DONE.value})


def _require_member(actor: Actor, task: ReviewTask, *, is_only_step: bool = False) -> None:
    """Ask the policies in the order in which their answers may be known to the actor."""
    if actor.user_id is None or not policies.may_do_step(actor, step=task.step, department=task.department_id):
        raise NotAllowed
    if not policies.is_at_hand(actor, task):
        raise TakenByOther(
            _("%(name)s 已在办理这一步。需要您来办时，请他先交回。")
            % {"name": task.assignee.name if task.assignee else ""},
            fields={"assignee": task.assignee_id},
        )
    if is_only_step:
        return
    spoken = Opinion.objects.filter(policies.spoken_by(actor.user_id), case_id=task.case_id)
    if spoken.exclude(step=task.step).exists():
        raise SamePerson


def _check_words(task: ReviewTask, conclusion: str, text: str) -> None:
    allowed = routing.conclusions_for(deciding=task.is_deciding)
    if conclusion not in allowed:
        words = _("、").join(f"{choice.value} {choice.label}" for choice in allowed)
        raise WrongConclusion(fields={"conclusion": _("这一环节只能选：%(words)s。") % {"words": words}})
    if conclusion in NEEDS_REASON and not text:
        raise InvalidInput(fields={"opinion": _("退回或不予办理须写明理由，对方才知道怎么改。")})


def _take(
    task: ReviewTask,
    *,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    changes: Changes | None = None,
) -> ReviewTask:
    task.assignee_id = actor.user_id
    return move(
        task,
        to=TaskState.CLAIMED,
        actor=actor,
        at=at,
        topic="review.task.claimed",
        data=data,
        fields=["assignee"],
        changes=changes,
    )
