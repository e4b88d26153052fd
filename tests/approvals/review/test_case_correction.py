"""A correction after acceptance: told once, supplied, looked at; meanwhile nothing is decided."""

from datetime import datetime, timedelta

import pytest

from approvals.applications.models import ApplicationNotice
from approvals.applications.states import NoticeKind
from approvals.deadlines.states import TimerState
from approvals.review import operations as review
from approvals.review.models import Case
from approvals.review.states import CORRECTION_TRANSITIONS, CaseState, Conclusion, CorrectionState
from portal.accounts.models import Enterprise, User
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from projects.archive.models import DocumentGrant
from tests.cast import as_actor
from tests.factories import acts
from tests.factories import review as factory
from tests.factories.projects import pdf


@pytest.fixture
def case(enterprise: Enterprise, owner_actor: Actor, clerk_actor: Actor, at: datetime) -> Case:
    return acts.a_proposal(owner=enterprise, applicant=owner_actor, clerk=clerk_actor, at=at)


def test_it_is_told_in_writing_and_stops_the_promised_clock_alone(case: Case, at: datetime) -> None:
    correction = acts.a_correction(case, at=at)

    case.refresh_from_db()
    timer = type(case.timer).objects.get(pk=case.timer_id)
    assert case.state == CaseState.HELD
    assert (timer.state, timer.paused_by) == (TimerState.PAUSED, "correction")
    assert timer.statutory_left_days is None
    notice = ApplicationNotice.objects.get(kind=NoticeKind.CASE_CORRECTION)
    assert correction.notice == notice
    assert [row[1] for row in notice.content["table"]["rows"]] == ["缺少盖章", "请说明"]
    assert OutboxMessage.objects.filter(topic="review.hold.placed").exists()


def test_everything_is_told_once(case: Case, owner_actor: Actor, at: datetime) -> None:
    correction = acts.a_correction(case, at=at)
    with pytest.raises(review.ToldBefore):
        acts.a_correction(case, at=at)

    acts.supplied(correction, applicant=owner_actor, at=at)
    review.confirm_correction(correction_id=correction.pk, complete=True, remark="", actor=acts.handler_of(case), at=at)
    with pytest.raises(review.ToldBefore):
        acts.a_correction(case, at=at)


def test_supplying_starts_the_clock_but_the_case_waits_for_a_look(case: Case, owner_actor: Actor, at: datetime) -> None:
    task = factory.up_to_decision(case, at=at)
    correction = acts.a_correction(case, at=at)

    acts.supplied(correction, applicant=owner_actor, at=at + timedelta(days=2))

    case.refresh_from_db()
    timer = type(case.timer).objects.get(pk=case.timer_id)
    assert (case.state, timer.state) == (CaseState.OPEN, TimerState.RUNNING)
    document = correction.points.exclude(material="").get().document
    assert DocumentGrant.objects.filter(document=document, department=case.department).exists()
    approver = acts.approver_of(case)
    later = at + timedelta(days=2)
    with pytest.raises(review.UncheckedCorrection):
        review.complete_task(task_id=task.pk, conclusion=Conclusion.GRANT, opinion="同意", actor=approver, at=later)
    review.confirm_correction(
        correction_id=correction.pk, complete=True, remark="", actor=acts.handler_of(case), at=later
    )
    review.complete_task(task_id=task.pk, conclusion=Conclusion.GRANT, opinion="同意", actor=approver, at=later)
    assert AuditEvent.objects.filter(action="review.correction.confirmed").exists()


def test_what_does_not_do_goes_back_and_holds_again(case: Case, owner_actor: Actor, clerk: User, at: datetime) -> None:
    correction = acts.a_correction(case, at=at)
    acts.supplied(correction, applicant=owner_actor, at=at)

    with pytest.raises(InvalidInput):
        review.confirm_correction(correction_id=correction.pk, complete=False, remark="", actor=as_actor(clerk), at=at)
    review.confirm_correction(
        correction_id=correction.pk, complete=False, remark="章不清楚", actor=as_actor(clerk), at=at
    )

    correction.refresh_from_db()
    case.refresh_from_db()
    assert (correction.state, case.state) == (CorrectionState.REQUESTED, CaseState.HELD)
    assert type(case.timer).objects.get(pk=case.timer_id).state == TimerState.PAUSED
    # the file is there, so words alone may answer now
    review.supply_correction(correction_id=correction.pk, uploads={}, answer="已重盖", actor=owner_actor, at=at)


def test_its_hold_ends_only_by_being_supplied(case: Case, at: datetime) -> None:
    correction = acts.a_correction(case, at=at)
    assert correction.hold is not None

    with pytest.raises(review.EndedOtherwise):
        review.release_hold(hold_id=correction.hold.pk, actor=acts.handler_of(case), at=at)


def test_a_material_needs_its_file(case: Case, owner_actor: Actor, at: datetime) -> None:
    correction = acts.a_correction(case, at=at)

    with pytest.raises(InvalidInput):
        review.supply_correction(correction_id=correction.pk, uploads={}, answer="好了", actor=owner_actor, at=at)


@pytest.mark.parametrize(
    "points",
    [[], [review.Point(problem="")], [review.Point(problem="x", material="m_bid")], [review.Point(problem="x")]],
)
def test_points_name_what_is_to_be_mended(case: Case, at: datetime, points: list[review.Point]) -> None:
    with pytest.raises(InvalidInput):
        review.ask_correction(case_id=case.pk, points=points, actor=acts.handler_of(case), at=at)


def test_an_open_one_ends_with_the_application(case: Case, owner_actor: Actor, at: datetime) -> None:
    correction = acts.a_correction(case, at=at)

    review.withdraw(application_id=case.application_id, reason="不办了", actor=owner_actor, at=at)

    correction.refresh_from_db()
    assert correction.state == CorrectionState.ENDED


@pytest.mark.parametrize("state", CorrectionState.values)
@pytest.mark.parametrize("verb", ["supply", "confirm", "send_back"])
def test_every_state_and_verb(case: Case, owner_actor: Actor, at: datetime, state: str, verb: str) -> None:
    correction = acts.a_correction(case, at=at)
    if state != CorrectionState.REQUESTED:
        acts.supplied(correction, applicant=owner_actor, at=at)
    type(correction).objects.filter(pk=correction.pk).update(state=state)
    handler = acts.handler_of(case)

    def act() -> object:
        if verb == "supply":
            return acts.supplied(correction, applicant=owner_actor, at=at)
        return review.confirm_correction(
            correction_id=correction.pk, complete=verb == "confirm", remark="看过", actor=handler, at=at
        )

    target = {
        "supply": CorrectionState.SUPPLIED,
        "confirm": CorrectionState.CONFIRMED,
        "send_back": CorrectionState.REQUESTED,
    }[verb]
    if target in CORRECTION_TRANSITIONS[state]:
        act()
    else:
        with pytest.raises(TransitionRefused):
            act()


@pytest.mark.parametrize("who", ["applicant", "clerk", "planning_handler", "leader"])
def test_other_people_do_not_ask(case: Case, at: datetime, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        review.ask_correction(
            case_id=case.pk,
            points=[review.Point(problem="x", label="y")],
            actor=as_actor(request.getfixturevalue(who)),
            at=at,
        )


@pytest.mark.parametrize("who", ["other_applicant", "clerk", "other_agent", "leader"])
def test_other_people_do_not_supply(case: Case, at: datetime, who: str, request: pytest.FixtureRequest) -> None:
    correction = acts.a_correction(case, at=at)
    point = correction.points.exclude(material="").get()

    with pytest.raises(NotAllowed):
        review.supply_correction(
            correction_id=correction.pk,
            uploads={point.pk: pdf()},
            answer="",
            actor=as_actor(request.getfixturevalue(who)),
            at=at,
        )
