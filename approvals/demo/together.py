"""What departments do together in a story: ask each other, come to one place, have points mended, conclude."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from approvals.demo.story import Ask, Chapter, Defect, Meeting, Reply
from approvals.joint import operations as joint
from approvals.joint.models import Participant, Point, Request, Session
from approvals.joint.states import Position
from approvals.review.models import Case
from portal.core import clock
from portal.core.actor import Actor

if TYPE_CHECKING:
    from approvals.demo.telling import Telling


class Table:
    """Lays down the questions and the meeting of a chapter once its application is accepted."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling

    def lay(self, application_id: int, chapter: Chapter, moment: datetime) -> None:
        """Plan what the chapter tells of joint work."""
        for ask in chapter.asks:
            self._later(moment, ask.after, lambda at, ask=ask: self._ask(application_id, ask, at))
        meeting = chapter.meeting
        if meeting is not None:
            self._later(moment, meeting.after, lambda at: self._call(application_id, meeting, at))

    def _later(self, moment: datetime, days: int, act: object) -> None:
        self.telling.later(moment, days, act)  # type: ignore[arg-type]

    def _member(self, act: str, department: str) -> Actor:
        found = self.telling.cast.member(act, department, self.telling.dice)
        if found is None:
            raise LookupError(f"nobody of {department} may {act}")
        return found

    # --- questions -------------------------------------------------------------------------------------------------

    def _ask(self, application_id: int, ask: Ask, moment: datetime) -> None:
        case = Case.objects.running().filter(application_id=application_id, service_item__code=ask.item).first()
        if case is None:
            return
        consultation = joint.ask_about_case(
            case_id=case.pk,
            kind=ask.kind,
            addressees=[(department, unit) for department, _slash, unit in (name.partition("/") for name in ask.to)],
            question=ask.question,
            days=ask.days,
            is_blocking=ask.blocking,
            actor=self._member("consult.ask", case.department_id),
            at=moment,
        )
        for reply in ask.replies:
            self._later(moment, reply.after, lambda at, reply=reply: self._reply(consultation.pk, reply, at))
        if ask.closed_after is not None:
            self._later(
                moment,
                ask.closed_after,
                lambda at: joint.close(
                    consultation_id=consultation.pk,
                    summary=ask.summary,
                    actor=self._member("consult.ask", case.department_id),
                    at=at,
                ),
            )

    def _reply(self, consultation_id: int, reply: Reply, moment: datetime) -> None:
        department, _slash, unit = reply.by.partition("/")
        request = Request.objects.get(consultation_id=consultation_id, department_id=department, unit=unit)
        # who assigns a department's work answers for its offices as well
        joint.reply(
            request_id=request.pk,
            position=reply.position,
            text=reply.text,
            actor=self._member("task.assign" if unit else "consult.reply", department),
            at=moment,
        )

    # --- a meeting -------------------------------------------------------------------------------------------------

    def _call(self, application_id: int, meeting: Meeting, moment: datetime) -> None:
        case = Case.objects.filter(application_id=application_id, stage_run__isnull=False).first()
        if case is None or case.stage_run_id is None:
            return
        lead = self.telling.catalogue.joint[meeting.kind].lead
        meets_at = self.telling.times.after(moment, meeting.held_after, self.telling.dice, early=True)
        session = joint.call(
            run_id=case.stage_run_id,
            kind=meeting.kind,
            agenda=meeting.agenda,
            place=meeting.place,
            meets_at=meets_at,
            actor=self._member("joint.call", lead),
            at=moment,
        )
        for participant in session.participants.order_by("pk"):
            self._later(moment, 0, lambda at, row=participant: self._answer(row, at))
        self.telling.at(meets_at + timedelta(minutes=90), lambda at: self._hold(session.pk, meeting, at))

    def _answer(self, participant: Participant, moment: datetime) -> None:
        actor = self._member("joint.attend", participant.department_id)
        joint.answer(participant_id=participant.pk, answer="attending", person=actor.name, actor=actor, at=moment)

    def _hold(self, session_id: int, meeting: Meeting, moment: datetime) -> None:
        session = Session.objects.get(pk=session_id)
        joint.record(
            session_id=session_id,
            minutes=meeting.minutes,
            present=list(session.participants.values_list("pk", flat=True)),
            actor=self._member("joint.call", session.lead_id),
            at=moment,
        )
        for defect in meeting.points:
            self._raise(session_id, defect, moment)
        for participant in session.participants.order_by("pk")[meeting.silent :]:
            self._later(moment, 1, lambda at, row=participant: self._opine(row, at))
        if meeting.points:
            self._later(moment, meeting.told_after, lambda at: self._tell(session_id, meeting, at))
        elif meeting.conclusion:
            self._later(moment, meeting.told_after, lambda at: self._conclude(session_id, meeting, at))

    def _raise(self, session_id: int, defect: Defect, moment: datetime) -> None:
        joint.raise_point(
            session_id=session_id,
            department_id=defect.by,
            text=defect.text,
            remedy=defect.remedy,
            is_mandatory=defect.mandatory,
            actor=self._member("joint.attend", defect.by),
            at=moment,
        )

    def _opine(self, participant: Participant, moment: datetime) -> None:
        joint.opine(
            participant_id=participant.pk,
            position=Position.AGREE,
            text="",
            actor=self._member("joint.attend", participant.department_id),
            at=moment,
        )

    def _tell(self, session_id: int, meeting: Meeting, moment: datetime) -> None:
        session = Session.objects.get(pk=session_id)
        joint.send_list(
            session_id=session_id,
            mend_by=self.telling.times.calendar.add_workdays(clock.day_of(moment), meeting.mend_days),
            actor=self._member("joint.call", session.lead_id),
            at=moment,
        )
        for point, defect in zip(session.points.order_by("number"), meeting.points, strict=True):
            if defect.mended:
                self._later(
                    moment, meeting.mended_after, lambda at, row=point, text=defect.mended: self._mend(row, text, at)
                )
        if meeting.conclusion:
            self._later(moment, meeting.mended_after + 1, lambda at: self._recheck(session_id, meeting, at))

    def _mend(self, point: Point, text: str, moment: datetime) -> None:
        joint.report_mended(point_id=point.pk, text=text, actor=self.telling.owner, at=moment)

    def _recheck(self, session_id: int, meeting: Meeting, moment: datetime) -> None:
        session = Session.objects.get(pk=session_id)
        joint.begin_recheck(session_id=session_id, actor=self._member("joint.call", session.lead_id), at=moment)
        for point in session.points.open().order_by("number"):
            joint.judge_point(
                point_id=point.pk,
                passed=True,
                text="",
                actor=self._member("joint.attend", point.department_id),
                at=moment,
            )
        self._later(moment, 1, lambda at: self._conclude(session_id, meeting, at))

    def _conclude(self, session_id: int, meeting: Meeting, moment: datetime) -> None:
        session = Session.objects.get(pk=session_id)
        joint.conclude(
            session_id=session_id,
            is_passed=True,
            text=meeting.conclusion,
            actor=self._member("joint.call", session.lead_id),
            at=moment,
        )
