"""Handing over and revoking: who may, when, and who is told."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from approvals.certificates import operations as certificates
from approvals.certificates import policies
from approvals.certificates.models import Certificate
from approvals.certificates.states import CERTIFICATE_TRANSITIONS, CertificateState
from portal.accounts.models import User
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused, require_move
from portal.notices.models import Notice
from tests.cast import as_actor


def test_hand_over_names_who_took_it(certificate: Certificate, clerk: User, at: datetime) -> None:
    certificates.hand_over(certificate_id=certificate.pk, to=" 王领取 ", actor=as_actor(clerk), at=at)

    certificate.refresh_from_db()
    assert (certificate.state, certificate.handed_over_to) == (CertificateState.HANDED_OVER, "王领取")
    timer = certificate.decision.case.timer
    assert timer.events.filter(type="delivered").exists()
    assert AuditEvent.objects.filter(action="certificates.certificate.handed_over").exists()


def test_hand_over_needs_a_name_and_happens_once(certificate: Certificate, clerk: User, at: datetime) -> None:
    with pytest.raises(InvalidInput):
        certificates.hand_over(certificate_id=certificate.pk, to=" ", actor=as_actor(clerk), at=at)
    certificates.hand_over(certificate_id=certificate.pk, to="王领取", actor=as_actor(clerk), at=at)
    with pytest.raises(TransitionRefused):
        certificates.hand_over(certificate_id=certificate.pk, to="王领取", actor=as_actor(clerk), at=at)


@pytest.mark.parametrize("who", ["applicant", "planning_approver", "planning_handler", "leader"])
def test_only_the_window_hands_over(
    certificate: Certificate, at: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        certificates.hand_over(
            certificate_id=certificate.pk, to="x", actor=as_actor(request.getfixturevalue(who)), at=at
        )


def test_revoking_tells_everyone_who_has_it(
    certificate: Certificate, planning_approver: User, at: datetime, drained: Callable[[datetime], int]
) -> None:
    drained(at)

    certificates.revoke(certificate_id=certificate.pk, reason="申请材料不实", actor=as_actor(planning_approver), at=at)
    drained(at)

    certificate.refresh_from_db()
    assert certificate.state == CertificateState.REVOKED
    assert OutboxMessage.objects.filter(topic="certificates.certificate.revoked").exists()
    told = Notice.objects.filter(kind="certificates.certificate.revoked")
    assert told.filter(enterprise=certificate.project.owner).exists()
    assert told.filter(department__isnull=False).exists()
    assert "申请材料不实" in told[0].body


@pytest.mark.parametrize(
    "who", ["applicant", "clerk", "planning_handler", "planning_checker", "fire_reviewer", "leader", "supervisor"]
)
def test_only_the_approver_of_the_department_revokes(
    certificate: Certificate, at: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        certificates.revoke(
            certificate_id=certificate.pk, reason="x", actor=as_actor(request.getfixturevalue(who)), at=at
        )


def test_revoking_needs_a_reason_and_happens_once(
    certificate: Certificate, planning_approver: User, at: datetime
) -> None:
    actor = as_actor(planning_approver)
    with pytest.raises(InvalidInput):
        certificates.revoke(certificate_id=certificate.pk, reason="", actor=actor, at=at)
    certificates.revoke(certificate_id=certificate.pk, reason="不实", actor=actor, at=at)
    with pytest.raises(TransitionRefused):
        certificates.revoke(certificate_id=certificate.pk, reason="不实", actor=actor, at=at)


def test_what_the_table_does_not_name_is_refused() -> None:
    for before in CertificateState:
        for after in CertificateState:
            if after in CERTIFICATE_TRANSITIONS[before]:
                require_move(Certificate(state=before), to=after)
            else:
                with pytest.raises(TransitionRefused):
                    require_move(Certificate(state=before), to=after)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_pages_for_the_applicant(certificate: Certificate, applicant: User) -> None:
    client = signed_in(applicant)

    listed = client.get(reverse("certificates:of_project", args=[certificate.project.code])).content.decode()
    shown = client.get(reverse("certificates:detail", args=[certificate.number])).content.decode()

    assert certificate.number in listed
    assert "下载 PDF" in shown
    assert "撤销理由" not in shown


def test_acts_on_the_page(certificate: Certificate, clerk: User, planning_approver: User) -> None:
    signed_in(clerk).post(reverse("certificates:hand_over", args=[certificate.number]), {"to": "王领取"})
    signed_in(planning_approver).post(reverse("certificates:revoke", args=[certificate.number]), {"reason": "不实"})

    certificate.refresh_from_db()
    assert certificate.state == CertificateState.REVOKED


@pytest.mark.parametrize("who", ["other_applicant", "fire_reviewer", "agent", "outsider"])
def test_outsiders_find_nothing(certificate: Certificate, who: str, request: pytest.FixtureRequest) -> None:
    user: User = request.getfixturevalue(who)
    client = signed_in(user)

    assert client.get(reverse("certificates:of_project", args=[certificate.project.code])).status_code == 404
    assert client.get(reverse("certificates:detail", args=[certificate.number])).status_code == 404
    for act in ("hand_over", "revoke"):
        assert client.post(reverse(f"certificates:{act}", args=[certificate.number]), {"to": "x"}).status_code == 404
    assert client.get(reverse("archive:document", args=[certificate.document_id])).status_code == 404
    api = APIClient()
    api.force_authenticate(user)
    assert api.get(f"/api/v1/certificates/{certificate.number}").status_code == 404


def test_api(certificate: Certificate, applicant: User) -> None:
    api = APIClient()
    api.force_authenticate(applicant)

    answer = api.get(f"/api/v1/certificates/{certificate.number}")

    assert answer.status_code == 200
    assert answer.data["state"] == "issued"
    assert answer.data["item"] == "S1-07"
    assert answer.data["verify_code"] == certificate.verify_code
    assert certificate.document is not None
    assert answer.data["sha256"] == certificate.document.blob_id


def test_can_view_and_visible_to_agree(
    certificate: Certificate, request: pytest.FixtureRequest, drained: Callable[[datetime], int], at: datetime
) -> None:
    drained(at)
    for who in ("applicant", "other_applicant", "planning_handler", "fire_reviewer", "clerk", "leader", "agent"):
        actor = as_actor(request.getfixturevalue(who))
        seen = Certificate.objects.visible_to(actor).filter(pk=certificate.pk).exists()
        assert policies.can_view(actor, Certificate.objects.get(pk=certificate.pk)) == seen, who


def test_the_list_of_a_project_takes_a_fixed_number_of_statements(
    certificate: Certificate, applicant: User, max_queries: Callable[[str], AbstractContextManager[None]]
) -> None:
    client = signed_in(applicant)
    url = reverse("certificates:of_project", args=[certificate.project.code])
    client.get(url)

    with max_queries("certificates.of_project"):
        client.get(url)
