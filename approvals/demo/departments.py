"""What the departments do in a story: work off their tasks at their pace, stop clocks, sign for results."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any

from approvals.certificates import operations as certificates
from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState
from approvals.demo.story import Chapter, Pace, Special
from approvals.push import operations as push
from approvals.push.models import Delivery
from approvals.push.states import DeliveryState, Receiver
from approvals.review import operations as review
from approvals.review.models import Case, Opinion, ReviewTask
from approvals.review.policies import ACT_OF_STEP
from approvals.review.states import CASE_RUNNING, CORRECTION_OPEN, TASK_OPEN, Conclusion, HoldClock, PointVerdict, Step
from portal.core import clock
from portal.core.actor import Actor

if TYPE_CHECKING:
    from approvals.demo.telling import Telling

#: part of its promised days after which a department is done
SHARES = {Pace.BRISK: (0.2, 0.45), Pace.USUAL: (0.35, 0.85), Pace.LATE: (1.1, 1.7)}
#: of that, when each step is done
DONE_BY = {Step.HANDLER: 0.6, Step.CHECKER: 0.85, Step.APPROVER: 1.0}
RETURNED = 0.05
"""How often a checker sends a case back once."""
CLAIMED = 0.5
SIGNED = 0.7
HANDED_OVER = 0.35


class Desk:
    """Finds what has newly come to the departments and lays down when they act."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self._seen: set[tuple[str, int]] = set()
        self._shares: dict[int, float] = {}

    @property
    def dice(self) -> Random:
        """Return the story's own source of chance."""
        return self.telling.dice

    def look(self, moment: datetime) -> None:
        """Plan for every task, result and certificate that was not there before."""
        project = self.telling.project
        tasks = ReviewTask.objects.filter(case__project=project, state__in=TASK_OPEN).select_related(
            "case__service_item", "case__timer"
        )
        for task in tasks.order_by("pk"):
            if self._is_new("task", task.pk):
                self._plan_task(task, moment)
        sent = Delivery.objects.filter(project=project, state=DeliveryState.SENT).exclude(receiver=Receiver.ARCHIVE)
        for delivery in sent.order_by("pk"):
            if self._is_new("delivery", delivery.pk) and self.dice.random() < SIGNED:
                self._plan_signature(delivery, moment)
        issued = Certificate.objects.filter(project=project, state=CertificateState.ISSUED)
        for certificate in issued.order_by("pk"):
            if self._is_new("certificate", certificate.pk) and self.dice.random() < HANDED_OVER:
                self._plan_hand_over(certificate, moment)

    def _is_new(self, kind: str, pk: int) -> bool:
        if (kind, pk) in self._seen:
            return False
        self._seen.add((kind, pk))
        return True

    # --- tasks -----------------------------------------------------------------------------------------------------

    def _plan_task(self, task: ReviewTask, moment: datetime) -> None:
        case = task.case
        chapter = self.telling.chapters[case.application_id]
        is_watched = chapter.watch == case.service_item.code
        special = chapter.special
        if is_watched and task.step == Step.HANDLER and special and self._is_new("special", case.pk):
            self.telling.later(moment, special.after, lambda at: self._stop(task.pk, special, at))
            return
        if is_watched and self._lies_here(task, chapter):
            if self.dice.random() < CLAIMED:
                self.telling.later(moment, 0, lambda at: self._claim(task.pk, at))
            return
        tolerance = chapter.tolerance
        if tolerance and task.is_deciding and tolerance.item == case.service_item.code:
            day = self.telling.times.on(self.telling.times.ago(tolerance.decided_ago), self.dice)
            self.telling.at(max(day, moment), lambda at: self._work(task.pk, chapter, at))
            return
        if case.pk not in self._shares:
            low, high = SHARES[chapter.pace]
            self._shares[case.pk] = self.dice.uniform(low, high)
        promised = case.timer.promised_days
        if is_watched and not task.is_deciding:
            days = 1 if promised > 3 else 0
        else:
            done_by = 1.0 if task.is_deciding else DONE_BY[Step(task.step)]
            passed = self.telling.times.calendar.workdays_between(clock.day_of(case.opened_at), clock.day_of(moment))
            days = max(0, round(promised * self._shares[case.pk] * done_by) - passed)
        self.telling.later(moment, days, lambda at: self._work(task.pk, chapter, at))

    def plan_work(self, task: ReviewTask, moment: datetime, *, days: int) -> None:
        """Let a step be done some working days later, whatever was planned for it; what comes second finds it done."""
        chapter = self.telling.chapters[task.case.application_id]
        self.telling.later(moment, days, lambda at: self._work(task.pk, chapter, at))

    def _lies_here(self, task: ReviewTask, chapter: Chapter) -> bool:
        """Tell whether the watched item is to lie on this step until today."""
        over = chapter.special is not None and chapter.special.ended_after is not None and chapter.due_in is None
        return not over and (task.step == chapter.waits_for or task.is_deciding)

    def _claim(self, task_id: int, moment: datetime) -> None:
        task = ReviewTask.objects.select_related("case__service_item").get(pk=task_id)
        actor = self._who(task)
        if task.is_open and actor is not None:
            review.claim(task_id=task.pk, actor=actor, at=moment)
            self._tick(task, actor, moment, is_done=False)

    def _work(self, task_id: int, chapter: Chapter, moment: datetime) -> None:
        task = ReviewTask.objects.select_related("case__service_item").get(pk=task_id)
        actor = self._who(task)
        if not task.is_open or actor is None or task.case.state not in CASE_RUNNING:
            return
        if self._awaits_promise(task, chapter) or (task.is_deciding and self._has_to_wait(task.case)):
            # a promise is about to be signed, or a question, a meeting, a correction is not over: again the next day
            self.telling.later(moment, 1, lambda at: self._work(task_id, chapter, at))
            return
        conclusion, opinion = self._say(task, chapter)
        self._tick(task, actor, moment, is_done=True, wrong=opinion if conclusion == Conclusion.REJECT else "")
        case = review.complete_task(
            task_id=task.pk,
            conclusion=conclusion,
            opinion=opinion,
            actor=actor,
            at=moment,
            **self._conditions(task, chapter, moment),
        )
        if task.is_deciding:
            self.telling.turns.decided(case, chapter, moment)

    def _tick(self, task: ReviewTask, actor: Actor, moment: datetime, *, is_done: bool, wrong: str = "") -> None:
        """Tick what the handler has checked: all of it when his step is done, the first half while it lies with him.

        What was promised is not checked before the decision.

        :param wrong: what he refuses it for
        """
        if task.step != Step.HANDLER or task.case.commitments.exists():
            return
        points = self.telling.catalogue.items[task.case.service_item.code].check_points
        ticked = points if is_done else points[: len(points) // 2]
        if ticked:
            marks = {point.id: review.Mark(PointVerdict.FIT) for point in ticked}
            if wrong:
                marks[ticked[-1].id] = review.Mark(PointVerdict.UNFIT, wrong)
            review.mark_points(task_id=task.pk, marks=marks, actor=actor, at=moment)

    def _awaits_promise(self, task: ReviewTask, chapter: Chapter) -> bool:
        """Tell whether the chapter has the applicant promise what this step would only pass on."""
        told = chapter.commitment
        return (
            told is not None
            and told.item == task.case.service_item.code
            and task.step == Step.HANDLER
            and not task.case.commitments.exists()
        )

    def _has_to_wait(self, case: Case) -> bool:
        open_holds = case.holds.filter(released_at=None)
        return open_holds.exists() or case.corrections.filter(state__in=CORRECTION_OPEN).exists()

    def _conditions(self, task: ReviewTask, chapter: Chapter, moment: datetime) -> dict[str, Any]:
        """Return what a decision says beside its outcome: the law it rests on, what may come later."""
        if not task.is_deciding:
            return {}
        item = task.case.service_item.code
        if chapter.refusal is not None and chapter.refusal.item == item:
            return {"basis": chapter.refusal.basis}
        tolerance = chapter.tolerance
        if tolerance is None or tolerance.item != item:
            return {}
        supply_by = self.telling.times.calendar.add_workdays(clock.day_of(moment), tolerance.days)
        return {"deferred": tolerance.materials, "supply_by": supply_by}

    def _say(self, task: ReviewTask, chapter: Chapter) -> tuple[str, str]:
        phrases = self.telling.book.phrases
        if task.is_deciding:
            refusal = chapter.refusal
            if refusal is not None and refusal.item == task.case.service_item.code:
                return Conclusion.REJECT, refusal.reason
            return Conclusion.GRANT, self.dice.choice(phrases["grant"])
        first_time = not task.case.opinions.filter(conclusion=Conclusion.RETURN).exists()
        if task.step == Step.CHECKER and first_time and self.dice.random() < RETURNED:
            return Conclusion.RETURN, self.dice.choice(phrases["return"])
        return Conclusion.PASS, self.dice.choice(phrases["pass"])

    def _who(self, task: ReviewTask) -> Actor | None:
        """Return who does a step: the one who has it or did it before, else somebody who did no other step."""
        spoken = list(Opinion.objects.filter(case_id=task.case_id).order_by("pk").values_list("step", "author_id"))
        taken = frozenset(author for step, author in spoken if step != task.step)
        cast = self.telling.cast
        # what was returned comes back to who had it
        own = task.assignee_id or next((author for step, author in reversed(spoken) if step == task.step), None)
        if own is not None:
            return cast.person(own)
        before = Opinion.objects.filter(case_id=task.case_id, step=task.step).order_by("-pk").first()
        if before is not None:
            return cast.person(before.author_id)
        return cast.member(ACT_OF_STEP[Step(task.step)], task.department_id, self.dice, without=taken)

    # --- special procedures ----------------------------------------------------------------------------------------

    def _stop(self, task_id: int, special: Special, moment: datetime) -> None:
        task = ReviewTask.objects.select_related("case").get(pk=task_id)
        actor = self._who(task)
        if actor is None:
            return
        hold = review.place_hold(
            case_id=task.case_id,
            reason=special.reason,
            clock=HoldClock.SPECIAL,
            kind=special.kind,
            expected_days=special.days,
            actor=actor,
            at=moment,
        )
        if special.ended_after is not None:
            self.telling.later(moment, special.ended_after, lambda at: self._resume(hold.pk, task_id, actor, at))

    def _resume(self, hold_id: int, task_id: int, actor: Actor, moment: datetime) -> None:
        review.release_hold(hold_id=hold_id, actor=actor, at=moment)
        # the step is planned once more, now that nothing stands in its way
        self._seen.discard(("task", task_id))

    # --- results ---------------------------------------------------------------------------------------------------

    def _plan_signature(self, delivery: Delivery, moment: datetime) -> None:
        if delivery.receiver == Receiver.APPLICANT:
            actor = self.telling.owner
        else:
            found = self.telling.cast.member("delivery.acknowledge", delivery.department_id or "", self.dice)
            if found is None:
                return
            actor = found
        days = self.dice.choice((0, 0, 1, 2))
        self.telling.later(moment, days, lambda at: self._sign(delivery.pk, actor, at))

    def _sign(self, delivery_id: int, actor: Actor, moment: datetime) -> None:
        push.acknowledge(delivery_id=delivery_id, actor=actor, at=moment)

    def _plan_hand_over(self, certificate: Certificate, moment: datetime) -> None:
        self.telling.later(moment, self.dice.randint(1, 5), lambda at: self._hand_over(certificate.pk, at))

    def _hand_over(self, certificate_id: int, moment: datetime) -> None:
        clerk = self.telling.cast.clerk(self.dice)
        certificates.hand_over(certificate_id=certificate_id, to=self.telling.owner.name, actor=clerk, at=moment)
