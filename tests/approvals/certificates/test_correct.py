"""A clerical slip put right: the same number as a new version, the old one superseded."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from approvals.certificates import operations as certificates
from approvals.certificates import queries
from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState, Verdict
from approvals.push.models import Delivery
from approvals.review.models import Decision
from approvals.review.operations import StaleCase
from approvals.review.states import DecisionState
from portal.accounts.models import User
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent
from portal.core.transitions import TransitionRefused
from tests.cast import as_actor

Drain = Callable[[datetime], int]
WORDS = "项目名称写错一个字"


def corrected(certificate: Certificate, approver: User, at: datetime, **given: object) -> Certificate:
    return certificates.correct(
        certificate_id=certificate.pk,
        **{"attributes": {}, "lines": {"项目名称": "山前小型仓储用房（一期）"}, "reason": WORDS, **given},  # type: ignore[arg-type]
        actor=as_actor(approver),
        at=at,
    )


def test_the_same_number_as_a_new_version(
    certificate: Certificate, planning_approver: User, at: datetime, drained: Drain
) -> None:
    later = at + timedelta(hours=1)
    new = corrected(certificate, planning_approver, later)
    drained(later)

    certificate.refresh_from_db()
    new.refresh_from_db()
    assert (new.number, new.version, new.state) == (certificate.number, 2, CertificateState.ISSUED)
    assert certificate.state == CertificateState.SUPERSEDED
    assert ["项目名称", "山前小型仓储用房（一期）"] in new.content
    assert new.decided_on == certificate.decided_on
    old = queries.verify(certificate.verify_code, today=at.date())
    assert (old.verdict, old.successor) == (Verdict.SUPERSEDED, new)
    assert queries.verify(new.verify_code, today=at.date()).verdict == Verdict.VALID
    decision = Decision.objects.get(pk=certificate.decision_id)
    assert decision.state == DecisionState.CORRECTED
    assert new.decision.case.decision == new.decision
    assert Delivery.objects.filter(decision=new.decision).exists()
    assert AuditEvent.objects.filter(action="review.decision.corrected", data__reason=WORDS).exists()


def test_a_value_of_the_result_reaches_later_items(
    certificate: Certificate, planning_approver: User, at: datetime
) -> None:
    new = corrected(certificate, planning_approver, at, attributes={"land_area_m2": "6000.5"}, lines={})

    assert new.decision.attributes["land_area_m2"] == "6000.5"
    assert any(value.startswith("6,000.5") for _label, value in new.content)


def test_it_can_be_corrected_again(certificate: Certificate, planning_approver: User, at: datetime) -> None:
    second = corrected(certificate, planning_approver, at)
    certificates.issue(certificate_id=second.pk, at=at)

    third = corrected(second, planning_approver, at, lines={"建设单位": "滨海某某公司"})

    assert third.version == 3
    assert ["项目名称", "山前小型仓储用房（一期）"] in third.content


@pytest.mark.parametrize("wrong", [{"lines": {}}, {"lines": {"没有这栏": "x"}}, {"reason": " "}])
def test_what_is_wrong_is_named(
    certificate: Certificate, planning_approver: User, at: datetime, wrong: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        corrected(certificate, planning_approver, at, **wrong)

    certificate.refresh_from_db()
    assert certificate.state == CertificateState.ISSUED


def test_a_superseded_paper_is_not_corrected(certificate: Certificate, planning_approver: User, at: datetime) -> None:
    corrected(certificate, planning_approver, at)

    with pytest.raises(TransitionRefused):
        corrected(certificate, planning_approver, at, lines={"建设单位": "x"})


@pytest.mark.parametrize("who", ["applicant", "clerk", "planning_handler", "fire_reviewer", "leader"])
def test_only_the_approver_of_the_department(
    certificate: Certificate, at: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        corrected(certificate, request.getfixturevalue(who), at)


def test_a_stale_form_is_refused(certificate: Certificate, planning_approver: User, at: datetime) -> None:
    with pytest.raises(StaleCase):
        corrected(certificate, planning_approver, at, version=certificate.decision.case.version + 9)


def test_on_the_page(certificate: Certificate, planning_approver: User, planning_handler: User) -> None:
    client = Client()
    client.force_login(planning_approver)
    address = reverse("certificates:correct", args=[certificate.number])
    page = client.get(address)
    form = page.context["form"]
    typed = {name: field.initial for name, field in form.fields.items()} | {
        "reason": WORDS,
        "line-1": "改正后的名称",
        "version": page.context["case"].version,
    }

    stale = client.post(address, {**typed, "version": 999})
    assert stale.status_code == 409
    assert "改正后的名称" in stale.content.decode()
    assert client.post(address, typed).status_code == 302

    assert Certificate.objects.get(number=certificate.number, version=2).content[1][1] == "改正后的名称"
    other = Client()
    other.force_login(planning_handler)
    assert other.get(address).status_code == 403
