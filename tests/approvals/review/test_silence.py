"""Nobody answers within five working days: accepted by law, by itself, from the day of receipt, visibly so."""

from datetime import datetime, timedelta

import pytest

from approvals.applications import operations as applications
from approvals.applications.models import Application, ApplicationNotice
from approvals.applications.states import ApplicationState, NoticeKind
from approvals.review import operations as review
from approvals.review.models import Case
from portal.core import clock
from portal.core.actor import Actor
from portal.core.models import AuditEvent
from portal.core.transitions import TransitionRefused
from projects.registry.models import Project
from tests.factories import review as factory

WEEK = timedelta(days=7)


def test_the_cases_open_and_run_from_the_day_of_receipt(waiting: Application, at: datetime) -> None:
    # received on a Tuesday, the fifth working day is the next Tuesday
    assert review.accept_silent(at=at + WEEK) == 0
    assert review.accept_silent(at=at + WEEK + timedelta(days=1)) == 1

    waiting.refresh_from_db()
    assert waiting.state == ApplicationState.ACCEPTED
    timers = [case.timer for case in Case.objects.filter(application=waiting).select_related("timer")]
    assert timers
    for timer in [waiting.timer, factory.run_of(waiting.project, "S1").timer, *timers]:
        timer.refresh_from_db()
        assert timer.is_deemed
        assert timer.accepted_on == timer.received_on == clock.day_of(at)


def test_it_is_written_down_as_what_it_is(waiting: Application, at: datetime) -> None:
    review.accept_silent(at=at + WEEK * 2)

    event = AuditEvent.objects.get(stream=waiting.audit_stream, action="applications.application.accepted")
    assert event.actor_id is None
    assert event.data["deemed"] is True
    notice = ApplicationNotice.objects.get(application=waiting, kind=NoticeKind.ACCEPTANCE)
    assert notice.content["deemed"] is True
    assert notice.content["accepted_on"] == clock.day_of(at).isoformat()


def test_running_again_accepts_nothing_twice(waiting: Application, at: datetime) -> None:
    assert review.accept_silent(at=at + WEEK * 2) == 1
    assert review.accept_silent(at=at + WEEK * 2) == 0
    assert ApplicationNotice.objects.filter(application=waiting, kind=NoticeKind.ACCEPTANCE).count() == 1


def test_what_the_check_found_does_not_hinder_the_law(waiting: Application, at: datetime, clerk_actor: Actor) -> None:
    slot = waiting.slots.first()
    if slot is not None:
        applications.check_slot(slot_id=slot.pk, verdict="missing", remark="缺", actor=clerk_actor, at=at)
    assert review.accept_silent(at=at + WEEK * 2) == 1


def test_what_was_answered_in_time_is_left_alone(
    project: Project, waiting: Application, clerk_actor: Actor, at: datetime
) -> None:
    review.accept(application_id=waiting.pk, actor=clerk_actor, at=at)

    assert review.accept_silent(at=at + WEEK * 2) == 0
    waiting.refresh_from_db()
    assert waiting.timer is not None
    assert not waiting.timer.is_deemed


def test_a_late_clerk_accepts_what_silence_has_accepted(waiting: Application, clerk_actor: Actor, at: datetime) -> None:
    accepted = review.accept(application_id=waiting.pk, actor=clerk_actor, at=at + WEEK * 2)

    assert accepted.timer is not None
    assert accepted.timer.is_deemed
    assert accepted.timer.accepted_on == clock.day_of(at)


def test_a_clerk_who_comes_after_the_sweep_is_told(waiting: Application, clerk_actor: Actor, at: datetime) -> None:
    review.accept_silent(at=at + WEEK * 2)

    with pytest.raises(TransitionRefused):
        review.accept(application_id=waiting.pk, actor=clerk_actor, at=at + WEEK * 2)
