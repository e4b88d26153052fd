"""All departments' comments of a stage reach the applicant in one notice; a refusal is told at once besides."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications.models import Application, ApplicationNotice
from approvals.applications.states import NoticeKind
from approvals.certificates.models import Certificate
from approvals.review import operations as review
from approvals.review.states import Conclusion
from portal.accounts.models import User
from portal.core.errors import InvalidInput
from portal.core.transitions import TransitionRefused
from portal.notices.models import Notice
from tests.factories import acts
from tests.factories import review as factory

Drain = Callable[[datetime], int]


def comments(application: Application) -> list[ApplicationNotice]:
    return list(application.notices.filter(kind=NoticeKind.COMMENTS))


def test_one_notice_with_what_everybody_said(application: Application, at: datetime, drained: Drain) -> None:
    factory.finish(factory.case_of(application, "S1-04"), at=at, opinion="备案信息完整")
    drained(at)
    assert comments(application) == []

    factory.finish(factory.case_of(application, "S1-07"), at=at, opinion="用地边界一致")
    drained(at)

    (notice,) = comments(application)
    rows = notice.content["table"]["rows"]
    assert {row[3] for row in rows} == {"备案信息完整", "用地边界一致"}
    assert len({row[0] for row in rows}) == 2
    assert notice.blob is not None
    assert Notice.objects.filter(enterprise=application.project.owner, title__startswith="阶段意见汇总").count() == 1
    assert review.tell_comments(application_id=application.pk, at=at) == notice
    assert len(comments(application)) == 1


def test_a_refusal_is_told_at_once_and_again_in_the_notice(
    application: Application, at: datetime, drained: Drain
) -> None:
    refused = factory.finish(
        factory.case_of(application, "S1-07"), at=at, conclusion=Conclusion.REJECT, opinion="不符合规划条件"
    )
    drained(at)

    paper = Certificate.objects.get(decision__case=refused)
    assert paper.is_refusal
    assert Notice.objects.filter(enterprise=application.project.owner, body__contains=paper.number).exists() or (
        Notice.objects.filter(enterprise=application.project.owner, kind="push.delivery.sent").exists()
    )
    factory.finish(factory.case_of(application, "S1-04"), at=at)
    drained(at)
    (notice,) = comments(application)
    assert any("不予" in row[2] for row in notice.content["table"]["rows"])
    assert "行政复议" in notice.content["remedy"]


def test_nothing_decided_nothing_to_tell(
    application: Application, owner_actor: object, at: datetime, drained: Drain
) -> None:
    review.withdraw(application_id=application.pk, reason="不办了", actor=owner_actor, at=at)  # type: ignore[arg-type]
    drained(at)

    assert comments(application) == []


def test_a_refusal_names_its_law(application: Application, at: datetime) -> None:
    case = factory.case_of(application, "S1-04")
    task = factory.open_task(case)
    given = {"task_id": task.pk, "conclusion": Conclusion.REJECT, "opinion": "不符合", "at": at}

    with pytest.raises(InvalidInput):
        review.complete_task(**given, basis=" ", actor=acts.handler_of(case))  # type: ignore[arg-type]
    review.complete_task(**given, basis="备案办法第三条", actor=acts.handler_of(case))  # type: ignore[arg-type]

    assert acts.in_force(case).basis == "备案办法第三条"
    with pytest.raises(TransitionRefused):
        review.complete_task(**given, actor=acts.handler_of(case))  # type: ignore[arg-type]


def test_without_another_law_the_item_s_own_is_named(application: Application, at: datetime) -> None:
    case = factory.case_of(application, "S1-07")
    factory.finish(case, at=at, conclusion=Conclusion.REJECT, opinion="不符合")

    assert acts.in_force(case).basis


def test_the_applicant_reads_his_case(
    application: Application, applicant: User, other_applicant: User, at: datetime, drained: Drain
) -> None:
    case = factory.case_of(application, "S1-07")
    address = reverse("review:mine", args=[case.pk])
    client = Client()
    client.force_login(applicant)
    assert "办理时钟" in client.get(address).content.decode()
    stranger = Client()
    stranger.force_login(other_applicant)
    assert stranger.get(address).status_code == 404
