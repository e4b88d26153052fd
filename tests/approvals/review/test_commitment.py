"""By commitment: told, signed, decided at once, checked afterwards."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from approvals.applications.models import ApplicationNotice
from approvals.applications.states import NoticeKind
from approvals.deadlines.states import SpecialKind
from approvals.review import operations as review
from approvals.review.models import Case
from approvals.review.queries import cases
from approvals.review.states import (
    COMMITMENT_TRANSITIONS,
    CaseState,
    CheckResult,
    CommitmentState,
    Conclusion,
    DecisionKind,
    DecisionState,
    HoldClock,
)
from portal.accounts.models import Enterprise, User
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from projects.registry import operations as registry
from tests.cast import as_actor
from tests.factories import acts
from tests.factories import review as factory
from tests.factories.projects import GOV_BUILDING, pdf


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def case(enterprise: Enterprise, owner_actor: Actor, clerk_actor: Actor, at: datetime) -> Case:
    return acts.a_proposal(owner=enterprise, applicant=owner_actor, clerk=clerk_actor, at=at)


def test_signed_the_handler_decides_at_once(case: Case, owner_actor: Actor, at: datetime) -> None:
    commitment = acts.decided_by_commitment(case, applicant=owner_actor, at=at)

    decision = acts.in_force(case)
    assert decision.kind == DecisionKind.COMMITMENT
    assert case.tasks.count() == 1
    assert (commitment.state, commitment.decision) == (CommitmentState.TO_CHECK, decision)
    assert commitment.check_due_on is not None
    assert ApplicationNotice.objects.filter(kind=NoticeKind.COMMITMENT).count() == 1
    assert AuditEvent.objects.filter(action="review.commitment.signed").exists()
    assert OutboxMessage.objects.filter(topic="review.commitment.to_check").exists()


def test_a_refusal_lets_the_commitment_go(case: Case, owner_actor: Actor, at: datetime) -> None:
    commitment = acts.a_commitment(case, applicant=owner_actor, at=at)

    review.complete_task(
        task_id=factory.open_task(case).pk,
        conclusion=Conclusion.REJECT,
        opinion="承诺内容不完整",
        actor=acts.handler_of(case),
        at=at,
    )

    commitment.refresh_from_db()
    assert commitment.state == CommitmentState.ENDED


def test_only_items_that_the_pack_names(
    enterprise: Enterprise, owner_actor: Actor, clerk_actor: Actor, at: datetime
) -> None:
    project = factory.a_running_project(owner=enterprise, actor=owner_actor, at=at, facts=GOV_BUILDING)
    filed = factory.accepted(
        project=project, stage="S1", applicant=owner_actor, clerk=clerk_actor, at=at, items=["S1-05"]
    )

    with pytest.raises(review.NotByCommitment):
        acts.a_commitment(factory.case_of(filed, "S1-05"), applicant=owner_actor, at=at)


def test_it_is_signed_once(case: Case, owner_actor: Actor, at: datetime) -> None:
    acts.a_commitment(case, applicant=owner_actor, at=at)

    with pytest.raises(review.SignedBefore):
        acts.a_commitment(case, applicant=owner_actor, at=at)


def test_nothing_is_promised_after_the_handler_has_spoken(
    case: Case, applicant: User, owner_actor: Actor, at: datetime
) -> None:
    offered = signed_in(applicant).get(reverse("review:mine", args=[case.pk]))
    assert reverse("review:sign", args=[case.pk]) in offered.content.decode()
    factory.up_to_decision(case, at=at)

    page = signed_in(applicant).get(reverse("review:mine", args=[case.pk])).content.decode()
    with pytest.raises(review.PastHandler):
        acts.a_commitment(case, applicant=owner_actor, at=at)

    assert reverse("review:sign", args=[case.pk]) not in page
    assert "告知承诺" not in page


@pytest.mark.parametrize("clock", HoldClock.values)
def test_nothing_is_promised_while_the_case_stands_still(
    case: Case, applicant: User, owner_actor: Actor, at: datetime, clock: str
) -> None:
    extra: dict[str, Any] = {"kind": SpecialKind.EXPERT, "expected_days": 5} if clock == HoldClock.SPECIAL else {}
    handler = acts.handler_of(case)
    hold = review.place_hold(case_id=case.pk, reason="专家评审", clock=clock, actor=handler, at=at, **extra)

    with pytest.raises(review.StandsStill):
        acts.a_commitment(case, applicant=owner_actor, at=at)
    page = signed_in(applicant).get(reverse("review:mine", args=[case.pk])).content.decode()
    assert reverse("review:sign", args=[case.pk]) not in page
    assert "恢复办理后可以在这里提交承诺书" in page

    review.release_hold(hold_id=hold.pk, actor=handler, at=at)
    page = signed_in(applicant).get(reverse("review:mine", args=[case.pk])).content.decode()
    assert reverse("review:sign", args=[case.pk]) in page
    assert acts.a_commitment(case, applicant=owner_actor, at=at).state == CommitmentState.SIGNED


def test_nothing_is_promised_before_a_correction_was_looked_at(
    case: Case, applicant: User, owner_actor: Actor, at: datetime
) -> None:
    correction = acts.a_correction(case, at=at)
    with pytest.raises(review.StandsStill):
        acts.a_commitment(case, applicant=owner_actor, at=at)

    acts.supplied(correction, applicant=owner_actor, at=at)
    with pytest.raises(review.StandsStill):
        acts.a_commitment(case, applicant=owner_actor, at=at)
    posted = signed_in(applicant).post(reverse("review:sign", args=[case.pk]), {"file": pdf("承诺书.pdf")})
    assert posted.status_code == 409
    assert "暂时不能提交承诺书" in posted.content.decode()

    review.confirm_correction(correction_id=correction.pk, complete=True, remark="", actor=acts.handler_of(case), at=at)
    assert acts.a_commitment(case, applicant=owner_actor, at=at).state == CommitmentState.SIGNED


@pytest.mark.parametrize("who", ["agent", "other_applicant", "clerk", "planning_handler"])
def test_nobody_signs_for_the_enterprise(case: Case, at: datetime, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        review.sign_commitment(case_id=case.pk, upload=pdf(), actor=as_actor(request.getfixturevalue(who)), at=at)


@pytest.mark.parametrize(
    ("who", "status"),
    [("agent", 403), ("other_applicant", 404), ("clerk", 403), ("planning_handler", 404)],
)
def test_nobody_prints_it_for_the_enterprise(
    case: Case,
    agent: User,
    owner_actor: Actor,
    at: datetime,
    who: str,
    status: int,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registry.give_mandate(project_id=case.project_id, user_id=agent.pk, actor=owner_actor, at=at)
    monkeypatch.setattr("portal.core.pdf.render", lambda *_given: pytest.fail("printed for an outsider"))

    answer = signed_in(request.getfixturevalue(who)).get(reverse("review:commitment_form", args=[case.pk]))

    assert answer.status_code == status


def test_the_enterprise_prints_seals_and_hands_in(
    case: Case, applicant: User, owner_actor: Actor, at: datetime
) -> None:
    client, url = signed_in(applicant), reverse("review:commitment_form", args=[case.pk])
    page = reverse("review:mine", args=[case.pk])
    assert f'href="{url}"' in client.get(page).content.decode()

    answer = client.get(url)

    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages)
    said = text.replace("\n", "").replace(" ", "")
    assert answer["Content-Type"] == "application/pdf"
    for words in (
        case.project.name,
        case.project.owner.name,
        case.number,
        cases.definition_of(case)[1].check_points[0].label,
        "工作日内核查承诺是否属实",
        "撤销决定",
        "申请单位（盖章）",
        "法定代表人（签字）",
    ):
        assert words.replace(" ", "") in said
    assert not ApplicationNotice.objects.filter(kind=NoticeKind.COMMITMENT).exists()

    acts.a_commitment(case, applicant=owner_actor, at=at)
    assert client.get(url).status_code == 409
    assert f'href="{url}"' not in client.get(page).content.decode()


def test_put_right_and_then_kept(case: Case, owner_actor: Actor, at: datetime) -> None:
    commitment = acts.decided_by_commitment(case, applicant=owner_actor, at=at)
    handler = acts.handler_of(case)

    review.check_commitment(
        commitment_id=commitment.pk,
        result=CheckResult.RECTIFY,
        remark="缺少标识",
        rectify_by=at.date() + timedelta(days=10),
        actor=handler,
        at=at,
    )
    notice = ApplicationNotice.objects.get(kind=NoticeKind.RECTIFICATION)
    assert ["存在问题", "缺少标识"] in notice.content["rows"]
    # it is put off only once
    with pytest.raises(TransitionRefused):
        review.check_commitment(
            commitment_id=commitment.pk,
            result=CheckResult.RECTIFY,
            remark="再等等",
            rectify_by=at.date() + timedelta(days=10),
            actor=handler,
            at=at,
        )
    review.check_commitment(commitment_id=commitment.pk, result=CheckResult.KEPT, remark="已整改", actor=handler, at=at)

    commitment.refresh_from_db()
    assert commitment.state == CommitmentState.KEPT
    assert acts.in_force(case).is_granted


def test_a_broken_one_revokes_the_grant(case: Case, owner_actor: Actor, at: datetime) -> None:
    commitment = acts.decided_by_commitment(case, applicant=owner_actor, at=at)
    broken = {
        "commitment_id": commitment.pk,
        "result": CheckResult.REVOKE,
        "remark": "承诺不实",
        "basis": "行政许可法第六十九条",
        "at": at,
    }
    with pytest.raises(NotAllowed):
        review.check_commitment(**broken, actor=acts.handler_of(case))  # type: ignore[arg-type]

    review.check_commitment(**broken, actor=acts.approver_of(case))  # type: ignore[arg-type]

    case.refresh_from_db()
    commitment.refresh_from_db()
    assert (case.state, commitment.state) == (CaseState.CLOSED, CommitmentState.BROKEN)
    assert case.decisions.get().state == DecisionState.REVOKED


@pytest.mark.parametrize(
    "wrong",
    [
        {"result": "fine"},
        {"remark": " "},
        {"result": CheckResult.RECTIFY},
        {"result": CheckResult.RECTIFY, "days": 0},
        {"result": CheckResult.RECTIFY, "days": 400},
    ],
)
def test_what_was_found_is_written_down(case: Case, owner_actor: Actor, at: datetime, wrong: dict[str, object]) -> None:
    commitment = acts.decided_by_commitment(case, applicant=owner_actor, at=at)
    days = wrong.pop("days", None)
    given = {"result": CheckResult.KEPT, "remark": "看过", **wrong}
    if days is not None:
        given["rectify_by"] = at.date() + timedelta(days=int(str(days)))

    with pytest.raises(InvalidInput):
        review.check_commitment(commitment_id=commitment.pk, actor=acts.handler_of(case), at=at, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", CommitmentState.values)
@pytest.mark.parametrize("result", CheckResult.values)
def test_every_state_and_result(case: Case, owner_actor: Actor, at: datetime, state: str, result: str) -> None:
    commitment = acts.decided_by_commitment(case, applicant=owner_actor, at=at)
    type(commitment).objects.filter(pk=commitment.pk).update(state=state, rectify_by=at.date())
    target = {"kept": "kept", "rectify": "rectifying", "revoke": "broken"}[result]
    actor = acts.approver_of(case) if result == CheckResult.REVOKE else acts.handler_of(case)

    def act() -> object:
        return review.check_commitment(
            commitment_id=commitment.pk,
            result=result,
            remark="看过",
            rectify_by=at.date() + timedelta(days=5),
            basis="行政许可法第六十九条",
            actor=actor,
            at=at,
        )

    if target in COMMITMENT_TRANSITIONS[state]:
        act()
    else:
        with pytest.raises(TransitionRefused):
            act()


def test_the_applicant_reads_until_when_it_is_checked(
    case: Case, applicant: User, owner_actor: Actor, at: datetime
) -> None:
    acts.decided_by_commitment(case, applicant=owner_actor, at=at)

    page = signed_in(applicant).get(reverse("review:mine", args=[case.pk])).content.decode()

    assert "前核查，请保持符合承诺的条件" in page


def test_in_english_a_letter_is_said_to_be_chinese(
    case: Case, applicant: User, owner_actor: Actor, at: datetime
) -> None:
    acts.a_commitment(case, applicant=owner_actor, at=at)
    letter = ApplicationNotice.objects.get(kind=NoticeKind.COMMITMENT)
    url = reverse("applications:notice", args=[letter.application_id, letter.pk])
    client = signed_in(applicant)
    assert "法定文书为中文原文" not in client.get(url).content.decode()

    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    page = client.get(url).content.decode()
    assert "Official document in Chinese" in page
    assert '<article class="paper paper-sheet" lang="zh-CN">' in page
