"""Asking other departments and offices: who, what is shown, until when, and what the case waits for."""

from datetime import datetime

import pytest

from approvals.joint import operations as joint
from approvals.joint.models import Consultation
from approvals.joint.states import ConsultationState, RequestState
from approvals.review import operations as review
from approvals.review.models import Case
from approvals.review.states import CaseState, Conclusion
from portal.accounts.models import User
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from projects.archive import operations as archive
from projects.archive.models import Document, DocumentGrant
from projects.registry.models import Project, ProjectAccess
from tests.cast import as_actor
from tests.factories import joint as factory
from tests.factories import review as reviewing
from tests.factories.projects import a_document


@pytest.fixture
def paper(project: Project, owner_actor: Actor, at: datetime) -> Document:
    return a_document(project=project, actor=owner_actor, at=at)


def test_each_addressee_has_a_request_with_a_clock_of_its_own(case: Case, at: datetime) -> None:
    consultation = factory.asked(case, "sthj", ("zrzy", "zrzy_2"), at=at, days=4)

    requests = list(consultation.requests.select_related("timer").order_by("department_id"))
    assert [(row.department_id, row.unit_name) for row in requests] == [("sthj", ""), ("zrzy", "规划许可科")]
    assert {row.timer.promised_due_on.isoformat() for row in requests} == {"2026-04-20"}
    assert {row.timer.pk for row in requests} == {row.timer_id for row in requests}
    assert AuditEvent.objects.filter(action="joint.request.asked").count() == 2
    assert OutboxMessage.objects.filter(topic="joint.request.asked").count() == 2


def test_the_days_are_those_of_the_kind_unless_said(case: Case, at: datetime) -> None:
    agreeing = factory.asked(case, "sthj", at=at)
    reminding = factory.asked(case, "sthj", at=at, kind=factory.REMINDING)

    assert (agreeing.days, agreeing.silence) == (3, "agree")
    assert (reminding.days, reminding.silence) == (2, "remind")


def test_the_asked_may_read_the_papers_shown_and_no_others(
    case: Case, paper: Document, project: Project, owner_actor: Actor, at: datetime
) -> None:
    hidden = a_document(project=project, actor=owner_actor, at=at, note="另一份")
    archive.grant(document_id=paper.pk, department_id=case.department_id, reason="办件", at=at)
    factory.asked(case, "sthj", at=at, document_ids=[paper.pk])

    assert DocumentGrant.objects.filter(document=paper, department_id="sthj").exists()
    assert not DocumentGrant.objects.filter(document=hidden, department_id="sthj").exists()
    assert ProjectAccess.objects.filter(project=project, department_id="sthj").exists()


def test_nobody_shows_what_he_may_not_read(case: Case, paper: Document, at: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        factory.asked(case, "sthj", at=at, document_ids=[paper.pk])

    assert "documents" in refused.value.fields
    assert not Consultation.objects.exists()


def test_a_blocking_question_keeps_the_case_from_being_decided(case: Case, asker: Actor, at: datetime) -> None:
    task = reviewing.up_to_decision(case, at=at)
    consultation = factory.asked(case, "sthj", at=at, is_blocking=True)

    case.refresh_from_db()
    assert case.state == CaseState.HELD
    approver = reviewing.member(case.department_id, "approver")
    with pytest.raises(review.OpenHold):
        review.complete_task(task_id=task.pk, conclusion=Conclusion.GRANT, opinion="同意", actor=approver, at=at)

    factory.replied(factory.request_to(consultation, "sthj"), at=at)
    joint.close(consultation_id=consultation.pk, summary="采纳", actor=asker, at=at)
    review.complete_task(task_id=task.pk, conclusion=Conclusion.GRANT, opinion="同意", actor=approver, at=at)

    case.refresh_from_db()
    assert case.state == CaseState.DECIDED


def test_who_leads_the_department_may_let_its_case_wait_too(case: Case, planning_lead: User, at: datetime) -> None:
    joint.ask_about_case(
        case_id=case.pk,
        kind=factory.AGREEING,
        addressees=[("sthj", "")],
        question="是否涉及林地？",
        is_blocking=True,
        actor=as_actor(planning_lead),
        at=at,
    )

    assert case.holds.get().opened_by == planning_lead.name


def test_a_question_that_does_not_block_leaves_the_case_alone(case: Case, at: datetime) -> None:
    factory.asked(case, "sthj", at=at)

    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    assert not case.holds.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"question": " "}, "question"),
        ({"to": []}, "addressees"),
        ({"to": ["nobody"]}, "addressees"),
        ({"to": [("sthj", "zrzy_1")]}, "addressees"),
        ({"to": ["zrzy"]}, "addressees"),
        ({"days": 0}, "days"),
        ({"days": 61}, "days"),
        ({"kind": "acceptance"}, "kind"),
    ],
)
def test_what_cannot_be_asked(case: Case, at: datetime, wrong: dict[str, object], field: str) -> None:
    more = {"to": ["sthj"], **wrong}

    with pytest.raises(InvalidInput) as refused:
        factory.asked(case, *more.pop("to"), at=at, **more)  # type: ignore[misc, arg-type]

    assert field in refused.value.fields
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("who", ["applicant", "clerk", "fire_reviewer", "leader", "planning_checker", "outsider"])
def test_other_people_do_not_ask(case: Case, at: datetime, who: str, request: pytest.FixtureRequest) -> None:
    actor = as_actor(request.getfixturevalue(who))

    with pytest.raises(NotAllowed):
        joint.ask_about_case(
            case_id=case.pk, kind=factory.AGREEING, addressees=[("sthj", "")], question="？", actor=actor, at=at
        )


def test_the_lead_asks_about_a_stage(case: Case, planning_lead: User, fire_reviewer: User, at: datetime) -> None:
    asking = {
        "run_id": case.stage_run_id,
        "kind": factory.AGREEING,
        "addressees": [("sthj", ""), ("sw", "")],
        "question": "本阶段有何意见？",
        "at": at,
    }

    consultation = joint.ask_about_stage(actor=as_actor(planning_lead), **asking)  # type: ignore[arg-type]

    assert consultation.state == ConsultationState.OPEN
    assert consultation.requests.count() == 2
    for who in (as_actor(fire_reviewer), reviewing.member("zrzy", "handler")):
        with pytest.raises(NotAllowed):
            joint.ask_about_stage(actor=who, **asking)  # type: ignore[arg-type]


def test_the_asked_asks_its_office_and_others_in_turn(case: Case, at: datetime) -> None:
    above = factory.request_to(factory.asked(case, "zj", at=at, days=5), "zj")
    asked = reviewing.member("zj", "handler")

    below = joint.ask_further(
        request_id=above.pk,
        addressees=[("zj", "zj_2"), ("rf", "")],
        question="请从消防、人防角度看",
        days=3,
        actor=asked,
        at=at,
    )
    further = joint.ask_further(
        request_id=factory.request_to(below, "rf").pk,
        addressees=[("rf", "rf_1")],
        question="请工程管理科看",
        days=2,
        actor=reviewing.member("rf", "handler"),
        at=at,
    )

    assert (below.parent_id, further.parent.consultation_id) == (above.pk, below.pk)  # type: ignore[union-attr]
    assert {row.state for row in further.requests.all()} == {RequestState.ASKED}


def test_a_question_in_turn_is_due_no_later_than_ones_own_answer(case: Case, at: datetime) -> None:
    above = factory.request_to(factory.asked(case, "zj", at=at, days=3), "zj")

    with pytest.raises(InvalidInput) as refused:
        joint.ask_further(
            request_id=above.pk,
            addressees=[("rf", "")],
            question="请看",
            days=4,
            actor=reviewing.member("zj", "handler"),
            at=at,
        )

    assert "days" in refused.value.fields
    assert not Consultation.objects.filter(parent=above).exists()


def test_an_ended_case_is_not_asked_about(case: Case, at: datetime) -> None:
    reviewing.finish(case, at=at)

    with pytest.raises(NotAllowed):
        factory.asked(case, "sthj", at=at)
