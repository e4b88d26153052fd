"""Results on their way: who gets what, receipts, failures."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from approvals.push import operations as push
from approvals.push import policies
from approvals.push.models import Attempt, Delivery
from approvals.push.states import DELIVERY_TRANSITIONS, DeliveryState, Receiver
from approvals.review.models import Case
from portal.accounts.models import Department, Enterprise, User
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotAllowed
from portal.core.models import AuditEvent
from portal.core.transitions import TransitionRefused, require_move
from portal.notices.models import Notice
from projects.archive.models import DocumentGrant
from projects.registry.models import Project, ProjectAccess
from tests.cast import as_actor
from tests.factories import review as factory
from tests.factories.projects import PDF


@pytest.fixture(autouse=True)
def stopped_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def project(enterprise: Enterprise, applicant: User, at: datetime) -> Project:
    return factory.a_running_project(owner=enterprise, actor=as_actor(applicant), at=at)


@pytest.fixture
def case(project: Project, applicant: User, clerk: User, at: datetime) -> Case:
    filed = factory.accepted(project=project, stage="S1", applicant=as_actor(applicant), clerk=as_actor(clerk), at=at)
    return factory.case_of(filed, "S1-07")


@pytest.fixture
def sent(case: Case, at: datetime, drained: Callable[[datetime], int]) -> dict[tuple[str, str | None], Delivery]:
    """The deliveries of a granted permit, sent."""
    factory.finish(case, at=at)
    drained(at)
    return {
        (delivery.receiver, delivery.department_id): delivery
        for delivery in Delivery.objects.filter(decision__case=case)
    }


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_result_goes_to_who_needs_it_to_the_applicant_and_the_archive(
    sent: dict[tuple[str, str | None], Delivery],
) -> None:
    departments = {department: delivery.needed_by for (_receiver, department), delivery in sent.items() if department}
    assert "S1-28" in departments["bdc"]
    assert "S2-02" in departments["zrzy"]
    assert "S3-03" in departments["zj"]
    assert (Receiver.APPLICANT, None) in sent
    assert (Receiver.ARCHIVE, None) in sent
    assert sent[Receiver.ARCHIVE, None].state == DeliveryState.ACKNOWLEDGED
    assert {delivery.state for key, delivery in sent.items() if key[0] != Receiver.ARCHIVE} == {DeliveryState.SENT}


def test_receivers_may_read_the_paper_and_the_applicant_is_told(
    sent: dict[tuple[str, str | None], Delivery], project: Project
) -> None:
    document = sent[Receiver.DEPARTMENT, "bdc"].payload["document"]
    assert DocumentGrant.objects.filter(document_id=document, department_id="bdc").exists()
    assert ProjectAccess.objects.filter(project=project, department_id="bdc").exists()
    assert Notice.objects.filter(enterprise=project.owner, kind="push.delivery.sent").count() == 1
    assert AuditEvent.objects.filter(action="push.delivery.sent").count() == len(sent)


def test_planning_and_sending_again_change_nothing(
    sent: dict[tuple[str, str | None], Delivery], case: Case, at: datetime
) -> None:
    before = Attempt.objects.count()

    case.refresh_from_db()
    assert push.plan(certificate_id=case.decision.certificate.pk, at=at) == []
    for delivery in sent.values():
        push.send(delivery_id=delivery.pk, at=at)

    assert Attempt.objects.count() == before


def test_a_refusal_goes_to_the_applicant_alone(case: Case, at: datetime, drained: Callable[[datetime], int]) -> None:
    factory.finish(case, at=at, conclusion="reject", opinion="不符合规划条件")
    drained(at)

    assert list(Delivery.objects.values_list("receiver", flat=True)) == [Receiver.APPLICANT]


def test_the_receiver_signs_once(
    sent: dict[tuple[str, str | None], Delivery], planning_handler: User, at: datetime
) -> None:
    delivery = sent[Receiver.DEPARTMENT, "zrzy"]
    actor = as_actor(planning_handler)

    push.acknowledge(delivery_id=delivery.pk, actor=actor, at=at)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.acknowledged_by) == (DeliveryState.ACKNOWLEDGED, actor.name)
    with pytest.raises(TransitionRefused):
        push.acknowledge(delivery_id=delivery.pk, actor=actor, at=at)


@pytest.mark.parametrize("who", ["fire_reviewer", "applicant", "other_applicant", "clerk", "leader", "supervisor"])
def test_nobody_signs_for_another(
    sent: dict[tuple[str, str | None], Delivery], at: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        push.acknowledge(
            delivery_id=sent[Receiver.DEPARTMENT, "bdc"].pk,
            actor=as_actor(request.getfixturevalue(who)),
            at=at,
        )


def test_a_failure_is_tried_again_given_up_and_told(
    case: Case, at: datetime, system_admin: User, drained: Callable[[datetime], int]
) -> None:
    Department.objects.filter(pk="bdc").update(is_active=False)
    factory.finish(case, at=at)
    drained(at)
    delivery = Delivery.objects.get(decision__case=case, department_id="bdc")
    assert delivery.state == DeliveryState.FAILED
    assert push.retry_due(at=at) == 0

    later = at
    for _try in range(push.MOST_ATTEMPTS - 1):
        later += timedelta(hours=1)
        push.retry_due(at=later)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.ABANDONED
    assert delivery.attempts.count() == push.MOST_ATTEMPTS
    assert Notice.objects.filter(user=system_admin, kind="push.delivery.abandoned").count() == 1

    client = signed_in(system_admin)
    console = client.get(reverse("push:failures")).content.decode()
    assert "再发一次" in console
    assert "接收部门已停用" in console
    Department.objects.filter(pk="bdc").update(is_active=True)
    client.post(reverse("push:resend", args=[delivery.pk]))
    drained(later)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


@pytest.mark.parametrize("who", ["applicant", "planning_handler", "leader", "clerk", "security_admin"])
def test_the_console_is_for_the_administrators(
    sent: dict[tuple[str, str | None], Delivery], who: str, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(who))

    assert client.get(reverse("push:failures")).status_code == 403
    assert client.post(reverse("push:resend", args=[sent[Receiver.DEPARTMENT, "bdc"].pk])).status_code == 403


def test_pages_show_and_sign(
    sent: dict[tuple[str, str | None], Delivery], planning_handler: User, applicant: User
) -> None:
    department = signed_in(planning_handler)
    text = department.get(reverse("push:received")).content.decode()
    assert "签收" in text
    delivery = sent[Receiver.DEPARTMENT, "zrzy"]
    department.post(reverse("push:acknowledge", args=[delivery.pk]), {"back": "https://elsewhere.example/"})
    assert planning_handler.name in department.get(reverse("push:received") + "?state=acknowledged").content.decode()

    own = signed_in(applicant).get(reverse("push:mine")).content.decode()
    assert "山前小型仓储用房" in own


@pytest.mark.parametrize("who", ["other_applicant", "fire_reviewer"])
def test_outsiders_find_nothing(
    sent: dict[tuple[str, str | None], Delivery], who: str, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(who)
    client = signed_in(user)
    others = sent[Receiver.DEPARTMENT, "bdc"]

    assert client.post(reverse("push:acknowledge", args=[others.pk])).status_code == 404
    assert client.post(reverse("push:acknowledge", args=[sent[Receiver.APPLICANT, None].pk])).status_code == 404
    api = APIClient()
    api.force_authenticate(user)
    assert others.pk not in [row["id"] for row in api.get("/api/v1/deliveries").data["results"]]
    assert api.post(f"/api/v1/deliveries/{others.pk}/acknowledge").status_code == 404


def test_api(sent: dict[tuple[str, str | None], Delivery], planning_handler: User, project: Project) -> None:
    api = APIClient()
    api.force_authenticate(planning_handler)

    (row,) = api.get(f"/api/v1/deliveries?project={project.code}&state=sent").data["results"]
    assert (row["department"], row["item"], row["state"]) == ("zrzy", "S1-07", "sent")
    answer = api.post(f"/api/v1/deliveries/{row['id']}/acknowledge")
    assert (answer.status_code, answer.data["state"]) == (200, "acknowledged")
    assert api.post(f"/api/v1/deliveries/{row['id']}/acknowledge").status_code == 409
    assert api.get("/api/v1/deliveries?state=nonsense").status_code == 422


def test_can_view_and_visible_to_agree(
    sent: dict[tuple[str, str | None], Delivery], request: pytest.FixtureRequest
) -> None:
    for who in ("applicant", "other_applicant", "planning_handler", "fire_reviewer", "clerk", "leader", "supervisor"):
        actor: Actor = as_actor(request.getfixturevalue(who))
        seen = set(Delivery.objects.visible_to(actor).values_list("pk", flat=True))
        for delivery in sent.values():
            assert policies.can_view(actor, delivery) == (delivery.pk in seen), (who, delivery.receiver)


def test_what_the_table_does_not_name_is_refused() -> None:
    for before in DeliveryState:
        for after in DeliveryState:
            if after in DELIVERY_TRANSITIONS[before]:
                require_move(Delivery(state=before), to=after)
            else:
                with pytest.raises(TransitionRefused):
                    require_move(Delivery(state=before), to=after)


@pytest.mark.parametrize("count", [3, 30])
def test_lists_take_a_fixed_number_of_statements(
    enterprise: Enterprise,
    applicant: User,
    clerk: User,
    planning_handler: User,
    at: datetime,
    drained: Callable[[datetime], int],
    max_queries: Callable[[str], AbstractContextManager[None]],
    monkeypatch: pytest.MonkeyPatch,
    count: int,
) -> None:
    # thirty papers would be printed that no list shows
    monkeypatch.setattr("portal.core.pdf.render", lambda *_given: PDF)
    for index in range(count):
        project = factory.a_running_project(owner=enterprise, actor=as_actor(applicant), at=at, name=f"项目 {index}")
        filed = factory.accepted(
            project=project, stage="S1", applicant=as_actor(applicant), clerk=as_actor(clerk), at=at, items=["S1-04"]
        )
        factory.finish(filed.cases.get(), at=at)
    drained(at)
    for user, url, name in (
        (planning_handler, reverse("push:received"), "push.received"),
        (applicant, reverse("push:mine"), "push.mine"),
    ):
        client = signed_in(user)
        client.get(url)
        with max_queries(name):
            client.get(url)
