"""The conclusion: what stands in its way, its number and paper, and what it sets free."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications.models import Application
from approvals.deadlines.states import TimerState
from approvals.joint import operations as joint
from approvals.joint.models import Conclusion, Session
from approvals.joint.states import ConclusionState, PointState, SessionState
from approvals.review.states import CaseState
from portal.accounts.models import User
from portal.core import files
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent
from portal.core.transitions import TransitionRefused
from portal.notices.models import Notice
from projects.archive.models import Document
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories import joint as factory
from tests.factories import review as reviewing
from tests.factories.projects import pdf


@pytest.fixture
def agreed(held: Session, at: datetime) -> Session:
    """A meeting after which everybody has agreed."""
    factory.all_opined(held, at=at)
    return held


def conclude(session: Session, lead: Actor, *, at: datetime, passed: bool = True, text: str = "同意通过") -> Conclusion:
    return joint.conclude(session_id=session.pk, is_passed=passed, text=text, actor=lead, at=at)


def test_a_conclusion_has_a_number_a_code_and_stops_the_clock(agreed: Session, lead: Actor, at: datetime) -> None:
    conclusion = conclude(agreed, lead, at=at)

    agreed.refresh_from_db()
    assert (agreed.state, agreed.ended_at) == (SessionState.CONCLUDED, at)
    assert conclusion.number == "滨代办评〔2026〕0001号"
    assert conclusion.title == "区域评估成果批复"
    assert type(agreed.timer).objects.get(pk=agreed.timer_id).state == TimerState.STOPPED
    assert AuditEvent.objects.filter(action="joint.session.concluded").count() == 1
    with pytest.raises(TransitionRefused):
        conclude(agreed, lead, at=at)


def test_the_paper_is_printed_filed_told_and_verified(
    agreed: Session, lead: Actor, project: Project, at: datetime, drained: Callable[[datetime], int]
) -> None:
    factory.a_point(agreed, factory.FIRST, at=at, mandatory=False)
    conclude(agreed, lead, at=at)
    drained(at)
    drained(at)

    conclusion = Conclusion.objects.get()
    document = Document.objects.get(number=conclusion.number)
    assert (conclusion.state, conclusion.document_id) == (ConclusionState.ISSUED, document.pk)
    with files.open_blob(document.blob_id) as paper:
        assert paper.read(5) == b"%PDF-"
    readers = set(document.grants.values_list("department_id", flat=True))
    assert readers == {agreed.lead_id, *agreed.participants.values_list("department_id", flat=True)}
    told = Notice.objects.filter(kind="joint.conclusion.issued")
    assert told.filter(enterprise=project.owner).count() == 1
    assert told.filter(department_id=factory.FIRST).count() == 1
    assert joint.issue(session_id=agreed.pk, at=at).document_id == document.pk

    answer = Client().get(reverse("certificates:verify", args=[conclusion.verify_code]))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert conclusion.number in text
    assert agreed.lead.name in text
    assert agreed.minutes not in text


def test_a_paper_that_is_not_issued_is_not_verified(agreed: Session, lead: Actor, at: datetime) -> None:
    conclusion = conclude(agreed, lead, at=at)

    assert Client().get(reverse("certificates:verify", args=[conclusion.verify_code])).status_code == 404


def test_opinions_that_are_owed_stand_in_the_way(held: Session, lead: Actor, at: datetime) -> None:
    with pytest.raises(joint.OpinionsMissing):
        conclude(held, lead, at=at)


def test_open_mandatory_points_stand_in_the_way_of_a_good_one(agreed: Session, lead: Actor, at: datetime) -> None:
    point = factory.a_point(agreed, factory.FIRST, at=at)

    with pytest.raises(joint.OpenPoints):
        conclude(agreed, lead, at=at)
    joint.waive_point(point_id=point.pk, reason="误列", actor=reviewing.member(factory.FIRST, "handler"), at=at)

    assert conclude(agreed, lead, at=at).is_passed


def test_other_open_points_do_not(agreed: Session, lead: Actor, at: datetime) -> None:
    point = factory.a_point(agreed, factory.FIRST, at=at, mandatory=False)

    conclude(agreed, lead, at=at)

    point.refresh_from_db()
    assert point.state == PointState.OPEN
    assert ["问题清单", "共 1 条，已消除 0 条，复验 0 次"] in Conclusion.objects.get().content


def test_a_bad_one_waits_for_the_recheck_the_applicant_has_to_come(
    agreed: Session, lead: Actor, owner_actor: Actor, at: datetime
) -> None:
    point = factory.a_point(agreed, factory.FIRST, at=at)
    with pytest.raises(joint.RoundsLeft):
        conclude(agreed, lead, at=at, passed=False, text="不合格")
    factory.list_sent(agreed, at=at)
    with pytest.raises(TransitionRefused):
        conclude(agreed, lead, at=at, passed=False, text="不合格")
    joint.report_mended(point_id=point.pk, text="已清运", actor=owner_actor, at=at)
    joint.begin_recheck(session_id=agreed.pk, actor=lead, at=at)
    with pytest.raises(joint.NotJudgedYet):
        conclude(agreed, lead, at=at, passed=False, text="不合格")
    joint.judge_point(
        point_id=point.pk, passed=False, text="仍有堆土", actor=reviewing.member(factory.FIRST, "handler"), at=at
    )
    with pytest.raises(joint.OpenPoints):
        conclude(agreed, lead, at=at)

    assert not conclude(agreed, lead, at=at, passed=False, text="不合格").is_passed


def test_a_conclusion_has_words_and_is_the_leads(agreed: Session, lead: Actor, at: datetime) -> None:
    with pytest.raises(InvalidInput):
        conclude(agreed, lead, at=at, text=" ")
    with pytest.raises(NotAllowed):
        conclude(agreed, reviewing.member(factory.FIRST, "handler"), at=at)
    with pytest.raises(TransitionRefused):
        conclude(factory.called(reviewing.run_of(agreed.project, "S2").pk, at=at), lead, at=at)


def test_a_meeting_with_results_of_its_own_brings_them_about(
    project: Project, owner_actor: Actor, clerk: User, at: datetime
) -> None:
    advisory: Application = reviewing.accepted(
        project=project, stage="S0", applicant=owner_actor, clerk=as_actor(clerk), at=at, items=["S0-03"]
    )
    case = reviewing.case_of(advisory, "S0-03")
    session = factory.held(factory.called(case.stage_run_id or 0, at=at, kind="consultation"), at=at)
    lead = reviewing.member(session.lead_id, "handler")
    factory.all_opined(session, at=at)

    with pytest.raises(InvalidInput) as refused:
        conclude(session, lead, at=at)
    assert "项目推进方案" in str(refused.value.fields["results"])
    with pytest.raises(InvalidInput):
        joint.give_result(session_id=session.pk, result="plan", text=" ", actor=lead, at=at)
    with pytest.raises(InvalidInput):
        joint.give_result(session_id=session.pk, result="song", text="歌", actor=lead, at=at)
    for result, given in (
        ("plan", {"text": "分两期"}),
        ("diagram", {"upload": pdf("图.pdf")}),
        ("list", {"text": "清单"}),
    ):
        joint.give_result(session_id=session.pk, result=result, **{"text": "", **given}, actor=lead, at=at)  # type: ignore[arg-type]
    joint.give_result(session_id=session.pk, result="plan", text="分三期", actor=lead, at=at)

    conclude(session, lead, at=at)

    assert session.results.get(result="plan").text == "分三期"
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
