"""The window's answer: the one correction notice, refusal, acceptance, the return of what was not mended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from approvals.applications import operations as applications
from approvals.applications.models import Application, ApplicationNotice
from approvals.applications.operations.answering import DeemedAccepted, ProblemsOpen, SecondCorrection
from approvals.applications.states import ApplicationState, Verdict
from approvals.review import operations as review
from approvals.review.models import Case
from portal.accounts.models import Enterprise, User
from portal.core.errors import DomainError, InvalidInput, NotAllowed, NotFound
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from portal.notices.models import Notice
from tests.cast import as_actor
from tests.factories import applications as make
from tests.factories.projects import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(enterprise: Enterprise, applicant: User, at: datetime) -> Application:
    return make.handed_in(owner=enterprise, actor=as_actor(applicant), at=at)


def test_the_notice_lists_everything_found(waiting: Application, clerk: User, at: datetime) -> None:
    actor = as_actor(clerk)
    first, second = waiting.slots.filter(is_required=True).order_by("sort")[:2]
    applications.check_slot(slot_id=first.pk, verdict="wrong", remark="缺签章", actor=actor, at=at)
    applications.check_field(application_id=waiting.pk, field="site_address", remark="门牌号不全", actor=actor, at=at)

    application = applications.request_correction(
        application_id=waiting.pk, missing=[str(second.pk)], reason="请尽快", actor=actor, at=at
    )

    assert application.state == ApplicationState.CORRECTING
    assert application.correction_due_on == date(2026, 5, 14)
    notice = ApplicationNotice.objects.get(application=waiting, kind="correction")
    assert notice.number == "滨综窗补〔2026〕0001号"
    assert {(point.slot_id, point.field) for point in notice.points.all()} == {
        (first.pk, ""),
        (second.pk, ""),
        (None, "site_address"),
    }
    assert AuditEvent.objects.filter(action="applications.application.correction_requested").exists()
    assert OutboxMessage.objects.filter(topic="applications.application.correction_requested").exists()


def test_there_is_no_second_notice(enterprise: Enterprise, applicant: User, clerk: User, at: datetime) -> None:
    owner, window = as_actor(applicant), as_actor(clerk)
    application = make.correcting(owner=enterprise, actor=owner, clerk=window, at=at)
    slot = make.first_slot(application)
    applications.attach(
        application_id=application.pk, material=slot.material, upload=pdf(note="新"), actor=owner, at=at
    )
    applications.submit(application_id=application.pk, actor=owner, at=at)

    with pytest.raises(SecondCorrection):
        applications.request_correction(application_id=application.pk, missing=[slot.pk], actor=window, at=at)


@pytest.mark.parametrize("missing", [[], ["nothing_like_it"], ["99999999"], ["project_code"]])
def test_the_notice_names_only_what_the_applicant_can_mend(
    waiting: Application, clerk: User, at: datetime, missing: list[str]
) -> None:
    with pytest.raises(InvalidInput):
        applications.request_correction(application_id=waiting.pk, missing=missing, actor=as_actor(clerk), at=at)

    assert not waiting.notices.filter(kind="correction").exists()


def test_after_five_days_of_silence_only_acceptance_is_left(waiting: Application, clerk: User, at: datetime) -> None:
    actor, later = as_actor(clerk), at + timedelta(days=8)
    slot = make.first_slot(waiting)

    with pytest.raises(DeemedAccepted):
        applications.request_correction(application_id=waiting.pk, missing=[slot.pk], actor=actor, at=later)
    with pytest.raises(DeemedAccepted):
        applications.reject(application_id=waiting.pk, reason="迟了", actor=actor, at=later)
    accepted = review.accept(application_id=waiting.pk, actor=actor, at=later)

    assert accepted.timer is not None
    assert accepted.timer.accepted_on == date(2026, 4, 14)


def test_does_not_accept_what_the_check_found_wrong(waiting: Application, clerk: User, at: datetime) -> None:
    actor = as_actor(clerk)
    slot = make.first_slot(waiting)
    applications.check_slot(slot_id=slot.pk, verdict="missing", remark="", actor=actor, at=at)

    with pytest.raises(ProblemsOpen):
        review.accept(application_id=waiting.pk, actor=actor, at=at)

    assert not Case.objects.exists()


def test_acceptance_confirms_what_was_not_looked_at(waiting: Application, clerk: User, at: datetime) -> None:
    review.accept(application_id=waiting.pk, actor=as_actor(clerk), at=at)

    assert set(waiting.slots.values_list("verdict", flat=True)) == {Verdict.COMPLETE}
    assert waiting.notices.filter(kind="acceptance").exists()


@pytest.mark.parametrize("who", ["applicant", "planning_handler", "leader"])
def test_others_of_the_city_may_not_answer(
    waiting: Application, at: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    actor = as_actor(request.getfixturevalue(who))

    for act in (
        lambda: applications.reject(application_id=waiting.pk, reason="x", actor=actor, at=at),
        lambda: applications.request_correction(application_id=waiting.pk, missing=["x"], actor=actor, at=at),
        lambda: applications.mark_accepted(application_id=waiting.pk, actor=actor, at=at),
        lambda: applications.check_all(application_id=waiting.pk, actor=actor, at=at),
    ):
        with pytest.raises((NotAllowed, NotFound)):
            act()


def test_returns_what_was_not_mended_once(enterprise: Enterprise, applicant: User, clerk: User, at: datetime) -> None:
    application = make.correcting(owner=enterprise, actor=as_actor(applicant), clerk=as_actor(clerk), at=at)
    last_day = datetime(2026, 5, 14, 23, 59, tzinfo=at.tzinfo)

    assert applications.return_expired(at=last_day) == 0
    assert applications.return_expired(at=last_day + timedelta(minutes=2)) == 1
    assert applications.return_expired(at=last_day + timedelta(minutes=3)) == 0

    application.refresh_from_db()
    assert application.state == ApplicationState.RETURNED
    assert application.notices.filter(kind="return").count() == 1


def test_the_applicant_is_told_once(
    enterprise: Enterprise, applicant: User, clerk: User, at: datetime, drained: object
) -> None:
    application = make.correcting(owner=enterprise, actor=as_actor(applicant), clerk=as_actor(clerk), at=at)

    drained(at)  # type: ignore[operator]
    drained(at)  # type: ignore[operator]

    told = Notice.objects.get(enterprise=enterprise, kind="applications.notice.issued")
    assert "1 处要补正" in told.body
    assert str(application.pk) in told.url


def test_the_applicant_does_not_see_the_check_before_the_notice(
    waiting: Application, applicant: User, clerk: User, at: datetime, client: object
) -> None:
    slot = make.first_slot(waiting)
    applications.check_slot(slot_id=slot.pk, verdict="wrong", remark="先记一笔", actor=as_actor(clerk), at=at)
    client.force_login(applicant)  # type: ignore[attr-defined]

    text = client.get(f"/applications/{waiting.pk}/").content.decode()  # type: ignore[attr-defined]

    assert "先记一笔" not in text


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_accept_once(
    pack: object, enterprise: Enterprise, applicant: User, clerk: User, other_clerk: User, at: datetime
) -> None:
    application = make.handed_in(owner=enterprise, actor=as_actor(applicant), at=at)
    actors = [as_actor(clerk), as_actor(other_clerk)] * 2

    def accept(actor: object) -> str:
        try:
            review.accept(application_id=application.pk, actor=actor, at=at)  # type: ignore[arg-type]
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "accepted"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(accept, actors))

    assert answers == ["accepted", *["state"] * 3]
    assert application.notices.filter(kind="acceptance").count() == 1
    assert TransitionRefused.code == "state"
