"""The public page says what a code stands for, and nothing about people."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.applications.models import ApplicationNotice
from approvals.certificates import operations as certificates
from approvals.certificates import queries
from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState, Verdict
from portal.accounts.models import User
from portal.core import clock, files
from tests.cast import as_actor


def page(code: str) -> tuple[int, str]:
    answer = Client().get(reverse("certificates:verify", args=[code]))
    return answer.status_code, answer.content.decode()


def test_a_valid_certificate(certificate: Certificate) -> None:
    status, text = page(certificate.verify_code)

    assert status == 200
    for words in ("证照有效", certificate.number, "山前建设有限公司", "核验了什么", "请再核对"):
        assert words in text


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_the_code_is_found_however_it_is_typed(certificate: Certificate, change: object) -> None:
    typed = change(certificate.verify_code)  # type: ignore[operator]

    answer = Client().get(reverse("certificates:enter_code"), {"code": typed})

    assert answer["Location"] == reverse("certificates:verify", args=[certificate.verify_code])


@pytest.mark.parametrize("code", ["XXXX-XXXX", "-", "7", "%00", "'; drop", "核验"])
def test_an_unknown_code(certificate: Certificate, code: str) -> None:
    status, text = page(code)

    assert status == 404
    assert "查不到这张证照" in text
    assert certificate.number not in text


def test_a_paper_still_being_printed_is_unknown(granted: object, at: datetime) -> None:
    prepared = certificates.prepare(case_id=granted.pk, at=at)  # type: ignore[attr-defined]

    assert page(prepared.verify_code)[0] == 404


def test_a_revoked_one(certificate: Certificate, planning_approver: User, at: datetime) -> None:
    certificates.revoke(certificate_id=certificate.pk, reason="申请材料不实", actor=as_actor(planning_approver), at=at)

    text = page(certificate.verify_code)[1]
    assert "已撤销" in text
    assert "证照有效" not in text


def test_an_expired_one(certificate: Certificate, at: datetime) -> None:
    Certificate.objects.filter(pk=certificate.pk).update(valid_until=at.date() - timedelta(days=1))

    assert "已过有效期" in page(certificate.verify_code)[1]


def test_the_last_day_is_still_valid(certificate: Certificate, at: datetime) -> None:
    Certificate.objects.filter(pk=certificate.pk).update(valid_until=at.date())

    assert queries.verify(certificate.verify_code, today=clock.day_of(at)).verdict == Verdict.VALID


def test_a_notice_of_the_window(certificate: Certificate) -> None:
    notice = ApplicationNotice.objects.first()
    assert notice is not None

    status, text = page(notice.verify_code)

    assert status == 200
    assert "通知书属实" in text
    assert notice.number in text


def test_nothing_about_people(certificate: Certificate, at: datetime, clerk: User) -> None:
    certificates.hand_over(certificate_id=certificate.pk, to="王领取", actor=as_actor(clerk), at=at)

    text = page(certificate.verify_code)[1]

    for secret in ("王领取", "申大路", "窗明", "12000009999"):
        assert secret not in text


def test_the_filed_pdf_is_recognised_and_a_changed_one_is_not(certificate: Certificate) -> None:
    assert certificate.document is not None
    content = files.open_blob(certificate.document.blob_id).read()
    url = reverse("certificates:verify", args=[certificate.verify_code])

    same = Client().post(url, {"file": SimpleUploadedFile("a.pdf", content)}).content.decode()
    changed = Client().post(url, {"file": SimpleUploadedFile("a.pdf", content + b" ")}).content.decode()
    empty = Client().post(url, {"file": SimpleUploadedFile("a.pdf", b"")}).content.decode()

    assert "逐字节相同。" in same
    assert "与归档的原件不同" in changed
    assert "0 字节" in empty


def test_known_and_unknown_codes_cost_the_same(certificate: Certificate, planning_approver: User, at: datetime) -> None:
    notice = ApplicationNotice.objects.first()
    assert notice is not None
    page("-")  # the pack is read once per process
    unknown = statements("AAAA-AAAA")

    assert unknown
    assert statements(certificate.verify_code) == unknown
    assert statements(notice.verify_code) == unknown
    assert statements("-") == unknown
    certificates.revoke(certificate_id=certificate.pk, reason="申请材料不实", actor=as_actor(planning_approver), at=at)
    assert statements(certificate.verify_code) == unknown
    Certificate.objects.update(state=CertificateState.PREPARING)
    assert statements(certificate.verify_code) == unknown


def statements(code: str) -> int:
    """Count what one look at the page asks of the database."""
    with CaptureQueriesContext(connection) as seen:
        page(code)
    return len(seen)
