"""The applicant's page of a case, and the reviewer's panels that answer it, through the browser's forms alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from approvals.review.models import Case, Commitment, Tolerance
from approvals.review.states import CommitmentState, CorrectionState, DecisionState, ToleranceState
from portal.accounts.models import Enterprise, User
from portal.core import clock
from portal.core.actor import Actor
from tests.factories import acts
from tests.factories import review as factory
from tests.factories.projects import pdf


@pytest.fixture(autouse=True)
def stopped_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def case(enterprise: Enterprise, owner_actor: Actor, clerk_actor: Actor, at: datetime) -> Case:
    return acts.a_proposal(owner=enterprise, applicant=owner_actor, clerk=clerk_actor, at=at)


@pytest.fixture
def mine(applicant: User) -> Client:
    client = Client()
    client.force_login(applicant)
    return client


def staff(case: Case, role: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=factory.member(case.department_id, role).user_id))
    return client


def fresh(case: Case) -> int:
    case.refresh_from_db()
    return case.version


def test_a_correction_goes_there_and_back(case: Case, mine: Client, at: datetime) -> None:
    handler = staff(case, "handler")
    asked = handler.post(
        reverse("review:ask_correction", args=[case.pk]),
        {f"material-{acts.TOLERABLE}": "缺少盖章", "version": fresh(case)},
    )
    assert asked.status_code == 302
    correction = case.corrections.get()
    point = correction.points.get()
    page = mine.get(reverse("review:mine", args=[case.pk])).content.decode()
    assert "缺少盖章" in page
    assert f'name="point-{point.pk}"' in page
    project = mine.get(reverse("tracking:project", args=[case.project.code])).content.decode()
    assert "按补正告知书补正" in project

    missing = mine.post(reverse("review:supply_correction", args=[case.pk]), {"answer": "我的说明"})
    assert missing.status_code == 422
    assert "我的说明" in missing.content.decode()
    sent = mine.post(
        reverse("review:supply_correction", args=[case.pk]), {"answer": "好了", f"point-{point.pk}": pdf()}
    )
    assert sent.status_code == 302

    shown = handler.get(reverse("review:case", args=[case.pk])).content.decode()
    assert "看补正件" in shown
    confirmed = handler.post(
        reverse("review:confirm_correction", args=[case.pk]), {"verdict": "yes", "version": fresh(case)}
    )
    assert confirmed.status_code == 302
    correction.refresh_from_db()
    assert correction.state == CorrectionState.CONFIRMED


def test_a_commitment_is_signed_and_checked(case: Case, mine: Client, at: datetime) -> None:
    assert mine.post(reverse("review:sign", args=[case.pk]), {}).status_code == 422
    assert mine.post(reverse("review:sign", args=[case.pk]), {"file": pdf("承诺书.pdf")}).status_code == 302
    handler = staff(case, "handler")
    page = handler.get(reverse("review:case", args=[case.pk])).content.decode()
    assert "可以当场作出决定" in page
    task = factory.open_task(case)
    handler.post(
        reverse("review:complete", args=[task.pk]), {"conclusion": "grant", "opinion": "同意", "version": fresh(case)}
    )

    wrong = handler.post(
        reverse("review:check_commitment", args=[case.pk]),
        {"result": "rectify", "remark": "我的核查情况", "version": fresh(case)},
    )
    assert wrong.status_code == 422
    assert "我的核查情况" in wrong.content.decode()
    by = (at.date() + timedelta(days=9)).isoformat()
    handler.post(
        reverse("review:check_commitment", args=[case.pk]),
        {"result": "rectify", "remark": "缺少标识", "rectify_by": by, "version": fresh(case)},
    )
    assert "限期整改" in mine.get(reverse("review:mine", args=[case.pk])).content.decode()
    handler.post(
        reverse("review:check_commitment", args=[case.pk]),
        {"result": "kept", "remark": "已整改", "version": fresh(case)},
    )
    assert Commitment.objects.get(case=case).state == CommitmentState.KEPT


def test_deferred_material_is_chosen_supplied_and_confirmed(case: Case, mine: Client, at: datetime) -> None:
    task = factory.up_to_decision(case, at=at)
    approver = staff(case, "approver")
    assert (
        f'name="deferred" value="{acts.TOLERABLE}"'
        in approver.get(reverse("review:case", args=[case.pk])).content.decode()
    )
    typed = {"conclusion": "grant", "opinion": "我的决定意见", "deferred": acts.TOLERABLE}
    refused = approver.post(reverse("review:complete", args=[task.pk]), {**typed, "version": fresh(case)})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "我的决定意见" in page
    assert f'value="{acts.TOLERABLE}" checked' in page
    by = (at.date() + timedelta(days=5)).isoformat()
    approver.post(reverse("review:complete", args=[task.pk]), {**typed, "supply_by": by, "version": fresh(case)})

    tolerance = Tolerance.objects.get(decision__case=case)
    row = tolerance.materials.get()
    assert "补齐容缺材料" in mine.get(reverse("review:mine", args=[case.pk])).content.decode()
    mine.post(reverse("review:supply_tolerance", args=[case.pk]), {f"material-{row.pk}": pdf()})
    staff(case, "handler").post(
        reverse("review:confirm_tolerance", args=[case.pk]), {"verdict": "yes", "version": fresh(case)}
    )
    tolerance.refresh_from_db()
    assert tolerance.state == ToleranceState.SETTLED


def test_extension_reopening_and_revocation_on_the_page(case: Case, at: datetime) -> None:
    handler, approver = staff(case, "handler"), staff(case, "approver")
    address = reverse("review:case", args=[case.pk])
    handler.post(reverse("review:ask_extension", args=[case.pk]), {"days": 4, "reason": "复杂", "version": fresh(case)})
    assert "同意延期" in approver.get(address).content.decode()
    assert "同意延期" not in handler.get(address).content.decode()
    approver.post(
        reverse("review:decide_extension", args=[case.pk]), {"verdict": "yes", "remark": "", "version": fresh(case)}
    )
    assert "延期告知书" in handler.get(address).content.decode()
    factory.finish(case, at=at)

    approver.post(reverse("review:reopen", args=[case.pk]), {"reason": "遗漏意见", "version": fresh(case)})
    assert "已重新办理" in handler.get(address).content.decode()
    factory.finish(Case.objects.get(pk=case.pk), at=at)
    page = approver.post(
        reverse("review:revoke", args=[case.pk]), {"reason": "我的撤销理由", "basis": " ", "version": fresh(case)}
    )
    assert page.status_code == 422
    assert "我的撤销理由" in page.content.decode()
    approver.post(
        reverse("review:revoke", args=[case.pk]), {"reason": "不实", "basis": "第六十九条", "version": fresh(case)}
    )
    assert {row.state for row in case.decisions.all()} == {DecisionState.REOPENED, DecisionState.REVOKED}


def test_a_permit_is_given_back_on_the_page(case: Case, mine: Client, agent: User, at: datetime) -> None:
    factory.finish(case, at=at)
    address = reverse("review:give_back", args=[case.pk])

    assert mine.post(address, {"reason": " ", "version": fresh(case)}).status_code == 422
    assert mine.post(address, {"reason": "项目调整", "version": fresh(case)}).status_code == 302
    assert case.decisions.get().state == DecisionState.WITHDRAWN


def test_who_may_read_a_letter(
    case: Case, mine: Client, other_applicant: User, fire_reviewer: User, at: datetime
) -> None:
    correction = acts.a_correction(case, at=at)
    assert correction.notice is not None
    address = reverse("applications:notice", args=[case.application_id, correction.notice.pk])

    for reader in (mine, staff(case, "handler"), staff(case, "approver")):
        assert "缺少盖章" in reader.get(address).content.decode()
    for user in (other_applicant, fire_reviewer):
        stranger = Client()
        stranger.force_login(user)
        assert stranger.get(address).status_code == 404
