"""From a decision to a filed PDF."""

import io
from collections.abc import Callable
from datetime import datetime

import pytest
from pypdf import PdfReader

from approvals.certificates import operations as certificates
from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState, ResultKind
from approvals.review.models import Case
from portal.core import files
from portal.core.models import AuditEvent, OutboxMessage
from projects.archive.models import Document, DocumentGrant
from tests.factories import review as factory


def text_of(certificate: Certificate) -> tuple[str, int]:
    assert certificate.document is not None
    with files.open_blob(certificate.document.blob_id) as content:
        reader = PdfReader(io.BytesIO(content.read()))
    # spaced letters of a title come out with blanks between them
    return "".join("".join(page.extract_text().split()) for page in reader.pages), len(reader.pages)


def test_a_grant_is_printed_filed_and_announced(
    granted: Case, at: datetime, drained: Callable[[datetime], int]
) -> None:
    drained(at)

    certificate = Certificate.objects.get(decision__case=granted)
    assert certificate.state == CertificateState.ISSUED
    assert certificate.kind == ResultKind.CERTIFICATE
    assert certificate.number == granted.decision.number
    document = certificate.document
    assert document is not None
    assert (document.source, document.produced_by, document.number) == ("prior_result", "S1-07", certificate.number)
    assert DocumentGrant.objects.filter(document=document, department_id="zrzy").exists()
    assert OutboxMessage.objects.filter(topic="certificates.certificate.issued").count() == 1
    assert AuditEvent.objects.filter(action="certificates.certificate.issued").count() == 1


def test_the_paper_fits_one_page_and_says_what_it_must(certificate: Certificate) -> None:
    text, pages = text_of(certificate)

    assert pages == 1
    for words in (
        certificate.title,
        certificate.number,
        certificate.verify_code,
        "山前建设有限公司",
        "山前小型仓储用房",
        certificate.project.code or "",
        "2026年4月14日",
        "演示",
    ):
        assert words in text, words


def test_a_product_without_demo_says_nothing_of_it(granted: Case, at: datetime, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    prepared = certificates.prepare(case_id=granted.pk, at=at)

    text, _pages = text_of(certificates.issue(certificate_id=prepared.pk, at=at))

    assert "演示" not in text


def test_preparing_and_issuing_again_changes_nothing(certificate: Certificate, granted: Case, at: datetime) -> None:
    assert certificates.prepare(case_id=granted.pk, at=at) == certificate
    assert certificates.issue(certificate_id=certificate.pk, at=at) == certificate

    assert Document.objects.filter(number=certificate.number).count() == 1


def test_a_refusal_is_a_paper_but_no_result(
    under_review: Case, at: datetime, drained: Callable[[datetime], int]
) -> None:
    factory.finish(under_review, at=at, conclusion="reject", opinion="不符合规划条件")
    drained(at)

    certificate = Certificate.objects.get()
    text, pages = text_of(certificate)
    assert certificate.kind == ResultKind.REFUSAL
    assert certificate.document is not None
    assert (certificate.document.source, certificate.document.produced_by) == ("system", "")
    assert pages == 1
    assert "不符合规划条件" in text
    assert "行政复议" in text


@pytest.mark.parametrize("item", ["S1-04"])
def test_what_is_no_permit_never_says_so(under_review: Case, at: datetime, item: str) -> None:
    case = factory.finish(factory.case_of(under_review.application, item), at=at, opinion="")

    prepared = certificates.prepare(case_id=case.pk, at=at)
    text, _pages = text_of(certificates.issue(certificate_id=prepared.pk, at=at))

    assert prepared.kind == ResultKind.RECEIPT
    assert "许可" not in text
    assert "颁发此证" not in text


def test_no_personal_data_is_printed(certificate: Certificate) -> None:
    text, _pages = text_of(certificate)

    for secret in ("12000009999", "申大路"):
        assert secret not in text
