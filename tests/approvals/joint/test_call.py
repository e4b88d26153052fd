"""Calling a session, replying to the invitation, calling it off."""

from datetime import datetime, timedelta

import pytest

from approvals.applications.models import Application
from approvals.deadlines.states import TimerState
from approvals.joint import operations as joint
from approvals.joint.models import Session
from approvals.joint.states import ParticipantState, SessionState
from approvals.review import operations as review
from approvals.review.models import Case
from approvals.review.states import CaseState
from portal.accounts.models import User
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from projects.registry.models import Project, ProjectAccess
from tests.cast import as_actor
from tests.factories import joint as factory
from tests.factories import review as reviewing


@pytest.fixture
def advisory(project: Project, owner_actor: Actor, clerk: User, at: datetime) -> Application:
    """Cases that a kind of session is about, of the stage before the first."""
    return reviewing.accepted(
        project=project, stage="S0", applicant=owner_actor, clerk=as_actor(clerk), at=at, items=["S0-03"]
    )


def test_the_departments_of_the_kind_are_invited(session: Session, project: Project) -> None:
    assert session.state == SessionState.INVITED
    assert (session.lead_id, session.silence, session.rounds, session.opinion_days) == ("dbzx", "remind", 1, 5)
    invited = set(session.participants.values_list("department_id", flat=True))
    assert invited == {"zrzy", "sthj", "sw", "ww", "yj", "qx"}
    assert invited <= set(ProjectAccess.objects.filter(project=project).values_list("department_id", flat=True))
    assert session.timer.promised_days == 20
    assert AuditEvent.objects.filter(action="joint.session.called").count() == 1
    assert OutboxMessage.objects.filter(topic="joint.session.called").count() == 1


def test_further_departments_may_be_invited_and_the_lead_is_not_its_own_guest(case: Case, at: datetime) -> None:
    session = factory.called(case.stage_run_id or 0, at=at, departments=["rf", factory.LEAD])

    invited = set(session.participants.values_list("department_id", flat=True))
    assert "rf" in invited
    assert factory.LEAD not in invited


def test_everybody_with_a_case_is_invited_where_the_kind_says_so(
    application: Application, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from approvals.joint import queries

    run = application.cases.first().stage_run  # type: ignore[union-attr]
    kind = next(iter(queries.session_kinds(run.project.pack_version_id, stage="S1").values()))

    departments = queries.participants_of(replace(kind, participants=("*", "rf")), run=run)

    assert departments == {"rf", *application.cases.values_list("department_id", flat=True)}


def test_the_cases_of_the_kind_wait_for_the_conclusion(advisory: Application, at: datetime) -> None:
    case = reviewing.case_of(advisory, "S0-03")
    task = reviewing.up_to_decision(case, at=at)

    session = factory.called(case.stage_run_id or 0, at=at, kind="consultation")

    case.refresh_from_db()
    assert case.state == CaseState.HELD
    assert type(case.timer).objects.get(pk=case.timer_id).state == TimerState.RUNNING
    with pytest.raises(review.OpenHold):
        review.complete_task(
            task_id=task.pk,
            conclusion="grant",
            opinion="同意",
            actor=reviewing.member(case.department_id, task.step),
            at=at,
        )

    joint.cancel(session_id=session.pk, reason="改期", actor=reviewing.member(factory.LEAD, "handler"), at=at)
    case.refresh_from_db()
    assert case.state == CaseState.OPEN


def test_one_of_a_kind_at_a_time(session: Session, lead: Actor, at: datetime) -> None:
    with pytest.raises(joint.AlreadyRunning):
        factory.called(session.stage_run_id, at=at)

    joint.cancel(session_id=session.pk, reason="改期", actor=lead, at=at)
    assert factory.called(session.stage_run_id, at=at).state == SessionState.INVITED


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"agenda": " "}, "agenda"),
        ({"place": ""}, "place"),
        ({"kind": "acceptance"}, "kind"),
        ({"kind": "solicitation"}, "kind"),
        ({"meets_at": "before"}, "meets_at"),
    ],
)
def test_what_cannot_be_called(case: Case, at: datetime, wrong: dict[str, str], field: str) -> None:
    asked = {"kind": factory.MEETING, "agenda": "定意见", "place": "现场", "meets_at": at, **wrong}
    if field == "meets_at":
        asked["meets_at"] = at - timedelta(minutes=1)

    with pytest.raises(InvalidInput) as refused:
        joint.call(
            run_id=case.stage_run_id or 0,
            actor=reviewing.member(factory.LEAD, "handler"),
            at=at,
            **asked,  # type: ignore[arg-type]
        )

    assert field in refused.value.fields


@pytest.mark.parametrize("who", ["applicant", "clerk", "planning_handler", "planning_lead", "leader", "outsider"])
def test_other_departments_do_not_call(case: Case, at: datetime, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        joint.call(
            run_id=case.stage_run_id or 0,
            kind=factory.MEETING,
            agenda="定意见",
            place="现场",
            meets_at=at,
            actor=as_actor(request.getfixturevalue(who)),
            at=at,
        )


def test_a_reply_may_be_changed_until_the_meeting(session: Session, at: datetime) -> None:
    row = factory.participant_of(session, "zrzy")
    actor = reviewing.member("zrzy", "handler")

    joint.answer(participant_id=row.pk, answer="attending", person="陆工", actor=actor, at=at)
    joint.answer(participant_id=row.pk, answer="delegating", person="设计院 陈工", actor=actor, at=at)
    row.refresh_from_db()
    assert (row.state, row.person) == (ParticipantState.DELEGATING, "设计院 陈工")

    joint.answer(participant_id=row.pk, answer="declined", note="与本单位无关", actor=actor, at=at)
    row.refresh_from_db()
    assert (row.state, row.person, row.note) == (ParticipantState.DECLINED, "", "与本单位无关")

    factory.held(session, at=at)
    with pytest.raises(TransitionRefused):
        joint.answer(participant_id=row.pk, answer="attending", person="陆工", actor=actor, at=at)


@pytest.mark.parametrize(
    ("answer", "field"),
    [("attending", "person"), ("delegating", "person"), ("declined", "note"), ("perhaps", "answer")],
)
def test_a_reply_says_who_comes_or_why_nobody(session: Session, at: datetime, answer: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        joint.answer(
            participant_id=factory.participant_of(session, "zrzy").pk,
            answer=answer,
            actor=reviewing.member("zrzy", "handler"),
            at=at,
        )

    assert field in refused.value.fields


@pytest.mark.parametrize("who", ["applicant", "clerk", "fire_reviewer", "leader"])
def test_nobody_replies_or_signs_in_for_another(
    session: Session, at: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    row, actor = factory.participant_of(session, "zrzy"), as_actor(request.getfixturevalue(who))

    with pytest.raises(NotAllowed):
        joint.answer(participant_id=row.pk, answer="attending", person="我", actor=actor, at=at)
    with pytest.raises(NotAllowed):
        joint.sign_in(participant_id=row.pk, person="我", actor=actor, at=at)


def test_signing_in_waits_for_the_day(case: Case, at: datetime) -> None:
    session = joint.call(
        run_id=case.stage_run_id or 0,
        kind=factory.MEETING,
        agenda="定意见",
        place="现场",
        meets_at=at + timedelta(days=3),
        actor=reviewing.member(factory.LEAD, "handler"),
        at=at,
    )
    row, actor = factory.participant_of(session, "zrzy"), reviewing.member("zrzy", "handler")

    with pytest.raises(joint.TooEarly):
        joint.sign_in(participant_id=row.pk, person="", actor=actor, at=at)
    joint.sign_in(participant_id=row.pk, person="", actor=actor, at=at + timedelta(days=3))

    row.refresh_from_db()
    assert (row.state, row.person) == (ParticipantState.PRESENT, actor.name)


def test_calling_off_says_why(session: Session, lead: Actor, at: datetime) -> None:
    with pytest.raises(InvalidInput):
        joint.cancel(session_id=session.pk, reason=" ", actor=lead, at=at)
    joint.cancel(session_id=session.pk, reason="项目改方案", actor=lead, at=at)

    session.refresh_from_db()
    assert (session.state, session.cancel_reason) == (SessionState.CANCELLED, "项目改方案")
    with pytest.raises(TransitionRefused):
        joint.cancel(session_id=session.pk, reason="再取消", actor=lead, at=at)
