"""Handing in an application."""

from datetime import date, datetime, timedelta

import pytest

from approvals.applications import operations as applications
from approvals.applications import queries
from approvals.applications.models import ApplicationNotice
from approvals.applications.operations.filing import Incomplete, Unmended
from approvals.applications.states import ApplicationState
from portal.accounts.models import Enterprise, User
from portal.core.clock import SHANGHAI
from portal.core.errors import NotAllowed, NotFound
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from projects.registry import operations as registry
from tests.cast import as_actor
from tests.factories import applications as make
from tests.factories.projects import pdf

pytestmark = pytest.mark.django_db


def test_gives_a_number_a_clock_and_five_working_days(enterprise: Enterprise, applicant: User, at: datetime) -> None:
    actor = as_actor(applicant)
    draft = make.a_complete_draft(owner=enterprise, actor=actor, at=at)

    application = applications.submit(application_id=draft.pk, actor=actor, at=at)

    assert application.state == ApplicationState.SUBMITTED
    assert application.number == "S1-20260414-0001"
    assert application.timer is not None
    assert application.timer.received_on == date(2026, 4, 14)
    assert application.notice_due_on == date(2026, 4, 21)
    assert AuditEvent.objects.filter(action="applications.application.submitted", actor_id=applicant.pk).exists()
    assert OutboxMessage.objects.filter(topic="applications.application.submitted").exists()
    receipt = ApplicationNotice.objects.get(application=application, kind="receipt")
    assert receipt.number == "滨综窗收〔2026〕0001号"
    assert receipt.content["materials"]


def test_counts_an_evening_submission_from_the_next_working_day(
    enterprise: Enterprise, applicant: User, at: datetime
) -> None:
    actor = as_actor(applicant)
    draft = make.a_complete_draft(owner=enterprise, actor=actor, at=at)
    friday_evening = datetime(2026, 4, 17, 17, 30, 1, tzinfo=SHANGHAI)

    application = applications.submit(application_id=draft.pk, actor=actor, at=friday_evening)

    assert application.timer is not None
    assert application.timer.received_on == date(2026, 4, 20)
    assert application.notice_due_on == date(2026, 4, 27)


def test_tells_everything_missing_at_once_and_changes_nothing(
    enterprise: Enterprise, applicant: User, at: datetime
) -> None:
    actor = as_actor(applicant)
    draft = make.a_draft(owner=enterprise, actor=actor, at=at)
    state = queries.form_of(draft)
    slots = queries.materials_of(draft, today=at.date()).missing

    with pytest.raises(Incomplete) as refusal:
        applications.submit(application_id=draft.pk, actor=actor, at=at)

    assert set(state.problems) <= set(refusal.value.fields)
    assert {f"slot:{slot.slot.pk}" for slot in slots} <= set(refusal.value.fields)
    assert len(slots) > 0
    draft.refresh_from_db()
    assert draft.state == ApplicationState.DRAFT
    assert draft.number is None


def test_a_second_click_is_refused(enterprise: Enterprise, applicant: User, at: datetime) -> None:
    actor = as_actor(applicant)
    application = make.handed_in(owner=enterprise, actor=actor, at=at)

    with pytest.raises(TransitionRefused):
        applications.submit(application_id=application.pk, actor=actor, at=at)

    assert ApplicationNotice.objects.filter(application=application).count() == 1


def test_an_agent_fills_in_but_does_not_sign(
    enterprise: Enterprise, applicant: User, agent: User, at: datetime
) -> None:
    actor = as_actor(applicant)
    draft = make.a_complete_draft(owner=enterprise, actor=actor, at=at)
    registry.give_mandate(project_id=draft.project_id, user_id=agent.pk, actor=actor, at=at)

    with pytest.raises(NotAllowed):
        applications.submit(application_id=draft.pk, actor=as_actor(agent), at=at)


def test_there_is_nothing_for_an_outsider(
    enterprise: Enterprise, applicant: User, other_applicant: User, at: datetime
) -> None:
    draft = make.a_complete_draft(owner=enterprise, actor=as_actor(applicant), at=at)

    with pytest.raises(NotFound):
        applications.submit(application_id=draft.pk, actor=as_actor(other_applicant), at=at)


def test_comes_back_under_its_number_after_mending(
    enterprise: Enterprise, applicant: User, clerk: User, at: datetime
) -> None:
    actor = as_actor(applicant)
    application = make.correcting(owner=enterprise, actor=actor, clerk=as_actor(clerk), at=at)
    number = application.number
    later = at + timedelta(days=2)
    slot = make.first_slot(application)
    with pytest.raises(Unmended):
        applications.submit(application_id=application.pk, actor=actor, at=later)
    applications.attach(
        application_id=application.pk, material=slot.material, upload=pdf(note="新"), actor=actor, at=later
    )

    again = applications.submit(application_id=application.pk, actor=actor, at=later)

    assert again.state == ApplicationState.SUBMITTED
    assert again.number == number
    assert again.timer is not None
    assert list(again.timer.events.order_by("seq").values_list("type", flat=True)) == [
        "submitted",
        "correction_requested",
        "correction_supplied",
    ]
    assert OutboxMessage.objects.filter(topic="applications.application.resubmitted").exists()
