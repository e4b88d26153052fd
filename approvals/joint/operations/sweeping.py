"""What time does: reminders, silence, overdue news. Each once, however often this runs or overlaps."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from approvals.joint.models import Participant, Request
from approvals.joint.operations import asking, calling, clocks, meeting, replying
from approvals.joint.states import PARTICIPANT_PENDING, ParticipantState, RequestState, Silence
from portal.core import clock, outbox
from portal.core.actor import Actor
from portal.core.transitions import move
from portal.core.unit import operation

BATCH = 500


def sweep(*, at: datetime) -> int:
    """Remind of what falls due and apply the rule of silence to what is overdue; return how much was done.

    An answer may be given through the whole due day; the rule applies from the day after.
    """
    today = clock.day_of(at)
    asked, owed = Request.objects.asked(), Participant.objects.owing()
    late, owed_late = asked.filter(timer__promised_due_on__lt=today), owed.filter(timer__promised_due_on__lt=today)
    soon = {"timer__yellow_on__lte": today, "reminded_at": None}
    done = 0
    for pk in _ids(asked.filter(**soon)):
        done += _once(Request, pk, "reminded_at", topic="joint.request.due_soon", at=at)
    for pk in _ids(owed.filter(**soon)):
        done += _once(Participant, pk, "reminded_at", topic="joint.participant.due_soon", at=at)
    for pk in _ids(late.filter(consultation__silence=Silence.AGREE)):
        done += _fall_silent(pk, today=today, at=at)
    for pk in _ids(late.filter(consultation__silence=Silence.REMIND, overdue_told_at=None)):
        done += _once(Request, pk, "overdue_told_at", topic="joint.request.overdue", at=at)
    for pk in _ids(owed_late.filter(session__silence=Silence.AGREE)):
        done += _count_as_agreed(pk, today=today, at=at)
    for pk in _ids(owed_late.filter(session__silence=Silence.REMIND, overdue_told_at=None)):
        done += _once(Participant, pk, "overdue_told_at", topic="joint.participant.overdue", at=at)
    return done


def _ids(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _once(model: type[Request] | type[Participant], pk: int, mark: str, *, topic: str, at: datetime) -> int:
    """Announce once: who sets the mark first tells."""
    with operation():
        first = model.objects.filter(pk=pk, **{mark: None}).update(**{mark: at}) == 1
        if first:
            outbox.emit(topic, at=at, id=pk)
        return int(first)


def _fall_silent(request_id: int, *, today: date, at: datetime) -> int:
    """Count a request as agreed because its time is over; what was answered meanwhile stays as it is."""
    actor = _system()
    with operation():
        request = asking.lock_request(request_id)
        if request.state != RequestState.ASKED or not _is_over(request.timer.promised_due_on, today):
            return 0
        clocks.stop(request.timer, actor=actor, at=at)
        move(request, to=RequestState.SILENT, actor=actor, at=at, topic="joint.request.fell_silent")
        replying.complete_if_last(request.consultation, actor=actor, at=at)
        return 1


def _count_as_agreed(participant_id: int, *, today: date, at: datetime) -> int:
    actor = _system()
    with operation():
        participant = calling.lock_participant(participant_id)
        timer = participant.timer
        if participant.state not in PARTICIPANT_PENDING or timer is None or not _is_over(timer.promised_due_on, today):
            return 0
        clocks.stop(timer, actor=actor, at=at)
        move(participant, to=ParticipantState.SILENT, actor=actor, at=at, topic="joint.participant.fell_silent")
        meeting.complete_if_last(participant.session, actor=actor, at=at)
        return 1


def _is_over(due_on: date | None, today: date) -> bool:
    return due_on is not None and due_on < today


def _system() -> Actor:
    return Actor.system(_("系统"))
