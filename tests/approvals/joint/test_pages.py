"""The pages, driven as a person would, without script."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals.joint import operations as joint
from approvals.joint import queries
from approvals.joint.models import Consultation, Point, Request, Session
from approvals.joint.states import PointState, SessionState
from approvals.review.models import Case
from portal.accounts.models import Enterprise, User
from portal.core import clock, counting
from portal.core.actor import Actor
from tests.cast import as_actor
from tests.factories import joint as factory
from tests.factories import review as reviewing
from tests.factories.projects import pdf


def signed_in(user: User | Actor) -> Client:
    client = Client()
    client.force_login(user if isinstance(user, User) else User.objects.get(pk=user.user_id))
    return client


def text(client: Client, name: str, *args: object, **more: Any) -> str:
    answer = client.get(reverse(f"joint:{name}", args=args), **more)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def post(client: Client, name: str, *args: object, **data: Any) -> Any:
    return client.post(reverse(f"joint:{name}", args=args), data)


def test_a_question_from_the_case_page_to_its_end(case: Case, asker: Actor) -> None:
    own = signed_in(asker)
    panel = text(own, "case_panel", case.pk, headers={"HX-Request": "true"})
    assert "<html" not in panel
    assert reverse("joint:ask_about_case", args=[case.pk]) in panel
    assert (
        reverse("joint:case_panel", args=[case.pk]) in own.get(reverse("review:case", args=[case.pk])).content.decode()
    )
    form = text(own, "ask_about_case", case.pk)
    assert "规划许可科" in form
    assert 'value="sthj"' in form

    asked = post(
        own,
        "ask_about_case",
        case.pk,
        kind=factory.AGREEING,
        question="是否涉及林地？",
        addressees=["sthj", "zrzy/zrzy_2"],
        is_blocking="on",
    )
    consultation = Consultation.objects.get()
    assert asked.url == reverse("joint:consultation", args=[consultation.pk])

    row = factory.request_to(consultation, "sthj")
    other = signed_in(reviewing.member("sthj", "handler"))
    assert "是否涉及林地？" in text(other, "inbox")
    assert "是否涉及林地？" in text(other, "request", row.pk)
    refused = post(other, "reply", row.pk, position="disagree", text="")
    assert refused.status_code == 422
    assert "请写明条件、理由" in refused.content.decode()
    assert post(other, "reply", row.pk, position="need_info", text="缺林地图").status_code == 302
    assert "补充给对方" in text(own, "consultation", consultation.pk)
    assert post(own, "supplement", row.pk, text="见附件").status_code == 302
    assert post(own, "urge", row.pk).status_code == 302
    assert post(other, "reply", row.pk, position="agree", text="不涉及", file=pdf()).status_code == 302
    page = text(own, "consultation", consultation.pk)
    assert "不涉及" in page
    assert "缺林地图" in page
    panel = text(own, "case_panel", case.pk)
    assert "不涉及" in panel
    assert "缺林地图" not in panel, "the newest revision is what counts"
    reply = row.replies.get(revision=2)
    assert own.get(reverse("joint:reply_file", args=[reply.pk])).getvalue().startswith(b"%PDF")
    assert "还有部门没有回复" in post(own, "close", consultation.pk, summary="").content.decode()
    assert post(own, "close", consultation.pk, summary="采纳").status_code == 302
    assert "征询已结束" in text(other, "request", row.pk)
    assert "我们征询的" in text(own, "asked")


def test_asking_tells_what_is_wrong_at_its_field(case: Case, asker: Actor) -> None:
    answer = post(signed_in(asker), "ask_about_case", case.pk, kind=factory.AGREEING, question="？")

    assert answer.status_code == 422
    assert "有 1 处要改" in answer.content.decode()
    assert not Consultation.objects.exists()


def test_a_question_in_turn_is_asked_from_the_reply_page(case: Case, at: datetime) -> None:
    row = factory.request_to(factory.asked(case, "zj", at=at, days=5), "zj")
    asked = signed_in(reviewing.member("zj", "handler"))
    assert reverse("joint:ask_further", args=[row.pk]) in text(asked, "request", row.pk)
    assert "用地范围" in text(asked, "ask_further", row.pk)

    assert post(asked, "ask_further", row.pk, question="请看", addressees=["rf"], days="60").status_code == 422
    assert post(asked, "ask_further", row.pk, question="请看", addressees=["rf"]).status_code == 302
    assert "请看" in text(asked, "request", row.pk)


def test_an_addressee_learns_nothing_of_the_others(case: Case, at: datetime) -> None:
    consultation = factory.asked(case, "sthj", "rf", at=at)
    factory.replied(factory.request_to(consultation, "rf"), at=at, position="disagree", text="占压人防通道")
    other = signed_in(reviewing.member("sthj", "handler"))

    assert "占压人防通道" not in text(other, "request", factory.request_to(consultation, "sthj").pk)
    for name, pk in (
        ("request", factory.request_to(consultation, "rf").pk),
        ("consultation", consultation.pk),
    ):
        assert other.get(reverse(f"joint:{name}", args=[pk])).status_code == 404


def test_the_applicant_sees_no_question(case: Case, at: datetime, applicant: User) -> None:
    consultation = factory.asked(case, "sthj", at=at)
    own = signed_in(applicant)

    assert "用地范围" not in text(own, "case_panel", case.pk)
    assert own.get(reverse("joint:consultation", args=[consultation.pk])).status_code == 404
    assert own.get(reverse("joint:inbox")).status_code == 403
    assert (
        reverse("joint:case_panel", args=[case.pk])
        not in own.get(reverse("review:case", args=[case.pk])).content.decode()
    )


def test_a_session_from_call_to_conclusion(
    case: Case, applicant: User, planning_lead: User, at: datetime, drained: Callable[[datetime], int]
) -> None:
    lead = signed_in(reviewing.member(factory.LEAD, "handler"))
    run = case.stage_run_id
    meets = f"{at + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    assert "区域评估成果批复" in text(lead, "call", run)
    assert post(lead, "call", run, kind=factory.MEETING, agenda="", place="现场", meets_at=meets).status_code == 422
    post(lead, "call", run, kind=factory.MEETING, agenda="踏勘", place="现场", meets_at=meets, departments=["rf"])
    session = Session.objects.get()
    assert "联合评估" in text(signed_in(planning_lead), "stage_panel", run)

    guest = signed_in(reviewing.member(factory.FIRST, "handler"))
    row = factory.participant_of(session, factory.FIRST)
    assert "联合评估" in text(guest, "inbox")
    assert "请写参加人姓名" in post(guest, "answer", row.pk, answer="attending", person="").content.decode()
    assert post(guest, "answer", row.pk, answer="attending", person="陆工").status_code == 302
    assert post(guest, "sign_in", row.pk, person="陆工").status_code == 302

    everybody = list(session.participants.values_list("pk", flat=True))
    assert post(lead, "record", session.pk, minutes="", present=everybody).status_code == 422
    assert post(lead, "record", session.pk, minutes="逐项核对", present=everybody).status_code == 302
    own = signed_in(applicant)
    page = text(own, "session", session.pk)
    assert "逐项核对" not in page

    assert post(guest, "opine", row.pk, position="disagree", text="").status_code == 422
    factory.all_opined(session, at=at)
    raised = {"department_id": factory.FIRST, "text": "堆土占道", "is_mandatory": "on"}
    assert post(guest, "raise_point", session.pk, **{**raised, "text": ""}).status_code == 422
    assert post(guest, "raise_point", session.pk, **raised, file=pdf("照片.pdf")).status_code == 302
    point = Point.objects.get()
    assert "堆土占道" not in text(own, "session", session.pk)
    assert own.get(reverse("joint:point_file", args=[point.pk])).status_code == 404
    assert post(lead, "conclude", session.pk, outcome="passed", text="通过").status_code == 409
    assert post(lead, "send_list", session.pk, mend_by=f"{at + timedelta(days=9):%Y-%m-%d}").status_code == 302

    assert "要您整改" in text(own, "mine")
    assert "堆土占道" in text(own, "session", session.pk)
    assert own.get(reverse("joint:point_file", args=[point.pk])).status_code == 200
    assert post(own, "report_mended", point.pk, text="").status_code == 422
    assert post(own, "report_mended", point.pk, text="已清运", file=pdf("改后.pdf")).status_code == 302
    step = point.steps.get()
    assert guest.get(reverse("joint:step_file", args=[step.pk])).status_code == 200
    assert post(lead, "begin_recheck", session.pk).status_code == 302
    assert post(guest, "judge_point", point.pk, verdict="failed", text="").status_code == 422
    assert post(guest, "judge_point", point.pk, verdict="passed", text="").status_code == 302
    point.refresh_from_db()
    assert point.state == PointState.MENDED
    assert post(lead, "conclude", session.pk, outcome="passed", text="同意").status_code == 302
    drained(at)
    session.refresh_from_db()
    assert session.state == SessionState.CONCLUDED
    assert session.conclusion.number in text(own, "session", session.pk)
    assert session.conclusion.number in text(guest, "session", session.pk)


def test_a_session_is_called_off_and_points_taken_back(held: Session, lead: Actor, at: datetime) -> None:
    point = factory.a_point(held, factory.FIRST, at=at)
    guest = signed_in(reviewing.member(factory.FIRST, "handler"))

    assert post(guest, "waive_point", point.pk, reason="误列").status_code == 302
    assert post(guest, "cancel", held.pk, reason="不办了").status_code == 403
    assert post(signed_in(lead), "cancel", held.pk, reason="不办了").status_code == 302
    assert "不办了" in text(guest, "session", held.pk)


def test_the_results_of_a_meeting_are_handed_in(
    case: Case, lead: Actor, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from projects.catalogue.definitions import JointResult

    wanted = (JointResult("plan", "推进方案"),)
    monkeypatch.setattr("approvals.joint.queries.sessions.results_of", lambda _session: wanted)
    own = signed_in(lead)

    assert "推进方案" in text(own, "session", session.pk)
    assert post(own, "give_result", session.pk, result="plan", text="").status_code == 422
    assert post(own, "give_result", session.pk, result="plan", text="分两期", file=pdf("方案.pdf")).status_code == 302
    given = session.results.get()
    assert own.get(reverse("joint:result_file", args=[given.pk])).status_code == 200


@pytest.mark.parametrize("who", ["other_applicant", "fire_reviewer", "outsider"])
def test_outsiders_find_nothing(
    case: Case, session: Session, at: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    consultation = factory.asked(case, "sthj", at=at)
    client = signed_in(request.getfixturevalue(who))
    participant = factory.participant_of(session, "zrzy")

    for name, pk in (
        ("consultation", consultation.pk),
        ("request", consultation.requests.get().pk),
        ("session", session.pk),
        ("case_panel", case.pk),
        ("ask_about_stage", session.stage_run_id),
        ("call", session.stage_run_id),
    ):
        assert client.get(reverse(f"joint:{name}", args=[pk])).status_code == 404, name
    for name, pk in (("answer", participant.pk), ("record", session.pk), ("reply", consultation.requests.get().pk)):
        assert post(client, name, pk).status_code == 404, name


def test_what_belongs_to_a_department_is_counted_in_its_menu(case: Case, at: datetime) -> None:
    member = reviewing.member("sthj", "handler")
    assert counting.count(queries.waiting(member)) == 0
    consultation = factory.asked(case, "sthj", at=at)
    factory.called(case.stage_run_id or 0, at=at)

    assert counting.count(queries.waiting(member)) == 2
    factory.replied(factory.request_to(consultation, "sthj"), at=at)
    assert counting.count(queries.waiting(member)) == 1
    assert counting.count(queries.waiting(reviewing.member("rf", "handler"))) == 0


def test_what_the_applicant_has_to_mend_is_counted_in_his_menu(held: Session, owner_actor: Actor, at: datetime) -> None:
    factory.a_point(held, factory.FIRST, at=at)
    assert counting.count(queries.waiting_for_applicant(owner_actor)) == 0
    factory.list_sent(held, at=at)

    assert counting.count(queries.waiting_for_applicant(owner_actor)) == 1


@pytest.mark.parametrize("count", [3, 30])
def test_lists_take_a_fixed_number_of_statements(
    count: int,
    enterprise: Enterprise,
    applicant: User,
    clerk: User,
    at: datetime,
    max_queries: Callable[[str], AbstractContextManager[None]],
    settings: Any,
) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60  # as in production: held, not asked per row
    owner = as_actor(applicant)
    for number in range(count):
        project = reviewing.a_running_project(owner=enterprise, actor=owner, at=at, name=f"项目 {number}")
        filed = reviewing.accepted(
            project=project, stage="S1", applicant=owner, clerk=as_actor(clerk), at=at, items=["S1-07"]
        )
        case = reviewing.case_of(filed, "S1-07")
        factory.asked(case, "sthj", "zj", at=at)
        factory.called(case.stage_run_id or 0, at=at)
    for name, user in (
        ("inbox", reviewing.member("sthj", "handler")),
        ("asked", reviewing.member("zrzy", "handler")),
        ("sessions", reviewing.member(factory.LEAD, "handler")),
        ("mine", applicant),
    ):
        client = signed_in(user)
        client.get(reverse(f"joint:{name}"))
        with max_queries(f"joint.{name}"):
            assert f"项目 {count - 1}" in text(client, name)


def test_the_page_of_a_session_does_not_ask_more_for_more_points(
    held: Session,
    lead: Actor,
    at: datetime,
    max_queries: Callable[[str], AbstractContextManager[None]],
    settings: Any,
) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60  # as in production: held, not asked per row
    client = signed_in(lead)
    for number in range(3):
        factory.a_point(held, factory.FIRST if number % 2 else factory.SECOND, at=at)
    text(client, "session", held.pk)
    with max_queries("joint.session"):
        text(client, "session", held.pk)
    for _again in range(12):
        factory.a_point(held, factory.FIRST, at=at)
    with max_queries("joint.session"):
        text(client, "session", held.pk)


def test_a_request_shows_what_the_department_said_before(case: Case, at: datetime) -> None:
    earlier = factory.asked(case, "sthj", at=at, question="第一问")
    factory.replied(factory.request_to(earlier, "sthj"), at=at, position="conditions", text="退让十米")
    row: Request = factory.request_to(factory.asked(case, "sthj", at=at, question="第二问"), "sthj")

    page = text(signed_in(reviewing.member("sthj", "handler")), "request", row.pk)

    assert "第一问" in page
    assert "退让十米" in page
    assert "退让十米" not in text(signed_in(reviewing.member(case.department_id, "handler")), "request", row.pk)


def test_the_clock_of_the_page_is_the_citys(case: Case, at: datetime) -> None:
    row = factory.request_to(factory.asked(case, "sthj", at=at, days=3), "sthj")

    with clock.frozen(at + timedelta(days=3)):
        assert "今天到期" in text(signed_in(reviewing.member("sthj", "handler")), "request", row.pk)
    assert joint.sweep(at=at + timedelta(days=4)) >= 1
