"""What comes between the steps of a case, and after its decision: more time, corrections, promises, a revocation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from approvals.demo import papers
from approvals.demo.story import Chapter, Commitment, Correction, Extension, Revocation
from approvals.review import operations as review
from approvals.review.models import Case, ReviewTask
from approvals.review.states import TASK_OPEN, CheckResult
from portal.core import clock
from portal.core.actor import Actor

if TYPE_CHECKING:
    from approvals.demo.telling import Telling


class Turns:
    """Lays down what a chapter tells of its cases beside their steps."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling

    def lay(self, application_id: int, chapter: Chapter, moment: datetime) -> None:
        """Plan it once the application is accepted."""
        for told, act in (
            (chapter.extension, self._extend),
            (chapter.correction, self._correct),
            (chapter.commitment, self._promise),
        ):
            if told is not None:
                self._in_case(application_id, told.item, moment, told.after, act, told)

    def decided(self, case: Case, chapter: Chapter, moment: datetime) -> None:
        """Plan what follows a decision."""
        revocation = chapter.revocation
        if revocation is not None and revocation.item == case.service_item.code:
            self.telling.later(moment, revocation.after, lambda at: self._revoke(case.pk, revocation, at))
        commitment = chapter.commitment
        if commitment is not None and commitment.item == case.service_item.code and commitment.found:
            times = self.telling.times
            day = times.on(times.ago(commitment.checked_ago), self.telling.dice)
            self.telling.at(max(day, moment), lambda at: self._check(case.pk, commitment, at))

    def _in_case(
        self,
        application_id: int,
        item: str,
        moment: datetime,
        days: int,
        act: Callable[..., None],
        told: object,
    ) -> None:
        def happen(at: datetime) -> None:
            case = (
                Case.objects.running()
                .filter(application_id=application_id, service_item__code=item)
                .select_related("project")
                .first()
            )
            if case is not None:
                act(case, told, at)

        self.telling.later(moment, days, happen)

    def _member(self, act: str, case: Case, *, without: Actor | None = None) -> Actor:
        left_out = frozenset({without.user_id}) if without is not None and without.user_id else frozenset()
        found = self.telling.cast.member(act, case.department_id, self.telling.dice, without=left_out)
        if found is None:
            raise LookupError(f"nobody of {case.department_id} may {act}")
        return found

    def _extend(self, case: Case, told: Extension, moment: datetime) -> None:
        asker = self._member("extension.ask", case)
        asked = review.ask_extension(case_id=case.pk, days=told.days, reason=told.reason, actor=asker, at=moment)
        if told.decided_after is None:
            return
        decider = self._member("extension.decide", case, without=asker)

        def decide(at: datetime) -> None:
            review.decide_extension(extension_id=asked.pk, granted=True, remark=told.remark, actor=decider, at=at)

        self.telling.later(moment, told.decided_after, decide)

    def _correct(self, case: Case, told: Correction, moment: datetime) -> None:
        handler = self._member("correction.ask", case)
        correction = review.ask_correction(
            case_id=case.pk,
            points=[review.Point(problem=told.problem, label=told.label)],
            actor=handler,
            at=moment,
        )
        if told.supplied_after is None:
            return

        def confirm(at: datetime) -> None:
            review.confirm_correction(correction_id=correction.pk, complete=True, remark="", actor=handler, at=at)

        def supply(at: datetime) -> None:
            review.supply_correction(
                correction_id=correction.pk, uploads={}, answer=told.answer, actor=self.telling.owner, at=at
            )
            self.telling.later(at, 1, confirm)

        self.telling.later(moment, told.supplied_after, supply)

    def _promise(self, case: Case, _told: Commitment, moment: datetime) -> None:
        review.sign_commitment(
            case_id=case.pk,
            upload=papers.commitment(project=case.project.name),
            actor=self.telling.owner,
            at=moment,
        )
        task = ReviewTask.objects.filter(case=case, state__in=TASK_OPEN, is_deciding=True).first()
        if task is not None:
            # what is promised is decided at once
            self.telling.desk.plan_work(task, moment, days=0)

    def _check(self, case_id: int, told: Commitment, moment: datetime) -> None:
        case = Case.objects.get(pk=case_id)
        commitment = case.commitments.order_by("-pk").first()
        if commitment is None:
            return
        review.check_commitment(
            commitment_id=commitment.pk,
            result=CheckResult.RECTIFY,
            remark=told.found,
            rectify_by=self.telling.times.calendar.add_workdays(clock.day_of(moment), told.rectify_days),
            actor=self._member("commitment.check", case),
            at=moment,
        )

    def _revoke(self, case_id: int, told: Revocation, moment: datetime) -> None:
        case = Case.objects.get(pk=case_id)
        review.revoke(
            case_id=case_id,
            reason=told.reason,
            basis=told.basis,
            actor=self._member("decision.revoke", case),
            at=moment,
        )
