"""Who sees what: outsiders first, and the list and the single row say the same."""

from datetime import datetime

import pytest

from approvals.joint import policies
from approvals.joint.models import Consultation, Request, Session
from approvals.review.models import Case
from portal.accounts.models import User
from portal.core.actor import Actor
from tests.cast import as_actor
from tests.factories import joint as factory
from tests.factories import review as reviewing

CAST = ["applicant", "other_applicant", "agent", "clerk", "fire_reviewer", "planning_lead", "leader", "outsider"]
DEPARTMENTS = ["zrzy", "sthj", "rf", "dbzx", "qx"]


@pytest.fixture
def readers(request: pytest.FixtureRequest) -> dict[str, Actor]:
    people = {who: as_actor(request.getfixturevalue(who)) for who in CAST}
    return people | {department: reviewing.member(department, "handler") for department in DEPARTMENTS}


def test_a_question_is_seen_by_who_asked_and_an_answer_by_both(
    case: Case, at: datetime, readers: dict[str, Actor]
) -> None:
    consultation = factory.asked(case, "sthj", "rf", at=at)
    row = factory.request_to(consultation, "sthj")

    sees = {who for who, actor in readers.items() if policies.can_view_consultation(actor, consultation)}
    assert sees == {"zrzy", "planning_lead", "clerk", "leader"}
    sees = {who for who, actor in readers.items() if policies.can_view_request(actor, row)}
    assert sees == {"sthj", "zrzy", "planning_lead", "clerk", "leader"}


def test_a_session_is_seen_by_who_meets_and_by_the_applicant(session: Session, readers: dict[str, Actor]) -> None:
    assert {who for who, actor in readers.items() if policies.can_view_session(actor, session)} == {
        "applicant",
        "zrzy",
        "sthj",
        "qx",
        "dbzx",
        "planning_lead",
        "clerk",
        "leader",
    }
    assert {who for who, actor in readers.items() if policies.is_applicant(actor, session)} == {"applicant"}


def test_the_list_and_the_single_row_agree(
    case: Case, at: datetime, session: Session, planning_lead: User, readers: dict[str, Actor]
) -> None:
    from approvals.joint import operations as joint

    asked = factory.asked(case, "sthj", "zj", at=at)
    joint.ask_further(
        request_id=factory.request_to(asked, "zj").pk,
        addressees=[("rf", "")],
        question="请看",
        actor=reviewing.member("zj", "handler"),
        at=at,
    )
    joint.ask_about_stage(
        run_id=case.stage_run_id or 0,
        kind=factory.AGREEING,
        addressees=[("qx", "")],
        question="请看",
        actor=as_actor(planning_lead),
        at=at,
    )
    for who, actor in readers.items():
        seen = set(Consultation.objects.visible_to(actor).values_list("pk", flat=True))
        for row in Consultation.objects.all():
            assert policies.can_view_consultation(actor, row) == (row.pk in seen), (who, row)
        seen = set(Request.objects.visible_to(actor).values_list("pk", flat=True))
        for each in Request.objects.all():
            assert policies.can_view_request(actor, each) == (each.pk in seen), (who, each)
        seen = set(Session.objects.visible_to(actor).values_list("pk", flat=True))
        for meeting in Session.objects.all():
            assert policies.can_view_session(actor, meeting) == (meeting.pk in seen), (who, meeting)
