"""The verbs of a certificate: prepare, issue, hand over, revoke."""

import secrets
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.certificates import content, policies
from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState, ResultKind
from approvals.deadlines import operations as deadlines
from approvals.review.models import Decision
from approvals.review.states import Outcome
from portal.core import audit, clock, files, marks, outbox, pdf
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation
from projects.archive import operations as archive
from projects.archive.models import Document, DocumentSource

#: no letters or digits that are taken for each other on paper
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8
TEMPLATES = {
    ResultKind.CERTIFICATE: "pdf/certificate.html",
    ResultKind.LETTER: "pdf/certificate_letter.html",
    ResultKind.DOCUMENT: "pdf/certificate_document.html",
    ResultKind.RECEIPT: "pdf/certificate_document.html",
    ResultKind.REFUSAL: "pdf/certificate_refusal.html",
}


def prepare(*, case_id: int, at: datetime) -> Certificate:
    """Lay down what the paper of a decision will say; doing it again gives the same paper."""
    with operation():
        decision = (
            Decision.objects.select_for_update(of=("self",), no_key=True)
            .select_related("case__application__unit", "case__service_item", "case__project__owner")
            .filter(case_id=case_id)
            .first()
        )
        if decision is None:
            raise NotFound
        existing = Certificate.objects.filter(decision=decision).first()
        if existing is not None:
            return existing
        certificate = Certificate.objects.create(
            decision=decision,
            project=decision.case.project,
            number=decision.number,
            title=decision.title,
            kind=content.kind_of(decision),
            verify_code=_draw_code(),
            content=[list(row) for row in content.rows(decision)],
            decided_on=clock.day_of(decision.decided_at),
            valid_until=content.valid_until(decision),
        )
        audit.record(
            stream=certificate.audit_stream,
            action="certificates.certificate.prepared",
            actor=Actor.system(_("系统")),
            at=at,
            subject=certificate,
            data={"number": certificate.number},
        )
        outbox.emit("certificates.certificate.prepared", at=at, id=certificate.pk)
        return certificate


def issue(*, certificate_id: int, at: datetime) -> Certificate:
    """Print a prepared certificate, file it into the project's archive and announce it.

    Printing is slow and happens before the row is locked; a second call finds it issued and changes nothing.
    """
    certificate = _load(certificate_id)
    if certificate.state != CertificateState.PREPARING:
        return certificate
    printed = render(certificate)
    with operation():
        certificate = _lock(certificate_id)
        if certificate.state != CertificateState.PREPARING:
            return certificate
        certificate.document = _file(certificate, printed, at=at)
        certificate.issued_at = at
        return move(
            certificate,
            to=CertificateState.ISSUED,
            actor=Actor.system(_("系统")),
            at=at,
            topic="certificates.certificate.issued",
            data={"number": certificate.number, "sha256": certificate.document.blob_id},
            fields=["document", "issued_at"],
        )


def render(certificate: Certificate) -> bytes:
    """Print a certificate as a PDF of one page with its QR code and seal."""
    decision = certificate.decision
    organ = decision.case.department.name
    demo = bool(settings.DEMO)
    address = settings.PUBLIC_URL + reverse("certificates:verify", args=[certificate.verify_code])
    kind = ResultKind(certificate.kind)
    return pdf.render(
        TEMPLATES[kind],
        {
            "certificate": certificate,
            "decision": decision,
            "organ": organ,
            "date": content.chinese_day(certificate.decided_on),
            "sentence": content.sentence(decision),
            "rows": certificate.content,
            "addressee": certificate.project.owner.name,
            "qr": marks.qr_svg(address, label=_("核验码 %(code)s") % {"code": certificate.verify_code}),
            "seal": marks.seal_svg(
                organ,
                label=_("%(organ)s印章") % {"organ": organ},
                centre=_("演示") if demo else "",
            ),
            "demo": demo,
        },
    )


def hand_over(*, certificate_id: int, to: str, actor: Actor, at: datetime) -> Certificate:
    """Record that the paper was handed to a person; the delivery counts from here (行政许可法第44条).

    :raises NotAllowed: actor is not of the window
    :raises InvalidInput: the person is not named
    :raises TransitionRefused: handed over before, revoked, or still being printed
    """
    with operation():
        certificate = _lock(certificate_id)
        policies.require(policies.can_hand_over(actor))
        if not to.strip():
            raise InvalidInput(fields={"to": _("请写领取人姓名。")})
        certificate.handed_over_at, certificate.handed_over_to = at, to.strip()
        move(
            certificate,
            to=CertificateState.HANDED_OVER,
            actor=actor,
            at=at,
            topic="certificates.certificate.handed_over",
            data={"to": certificate.handed_over_to},
            fields=["handed_over_at", "handed_over_to"],
        )
        deadlines.record(timer_id=certificate.decision.case.timer_id, type="delivered", actor=actor, at=at)
        return certificate


def revoke(*, certificate_id: int, reason: str, actor: Actor, at: datetime) -> Certificate:
    """Take a certificate out of force; verification says so from this moment, and everyone who has it is told.

    :raises NotAllowed: actor is not an approver of the department that decided (行政许可法第69条)
    :raises InvalidInput: no reason
    :raises TransitionRefused: revoked already, or not issued yet
    """
    with operation():
        certificate = _lock(certificate_id)
        policies.require(policies.can_revoke(actor, certificate))
        if not reason.strip():
            raise InvalidInput(fields={"reason": _("撤销须写明理由，申请人和已收到结果的部门会看到。")})
        if certificate.is_refusal:
            raise TransitionRefused(fields={"state": certificate.state, "to": CertificateState.REVOKED.value})
        certificate.revoked_at, certificate.revoke_reason = at, reason.strip()
        return move(
            certificate,
            to=CertificateState.REVOKED,
            actor=actor,
            at=at,
            topic="certificates.certificate.revoked",
            data={"reason": certificate.revoke_reason},
            fields=["revoked_at", "revoke_reason"],
        )


def _load(certificate_id: int) -> Certificate:
    certificate = (
        Certificate.objects.select_related(
            "project__owner",
            "document",
            "decision__case__application__unit",
            "decision__case__service_item",
            "decision__case__department",
        )
        .filter(pk=certificate_id)
        .first()
    )
    if certificate is None:
        raise NotFound
    return certificate


def _lock(certificate_id: int) -> Certificate:
    # the lock first, in a statement of its own: the joined rows are read after whoever held it has committed
    found = Certificate.objects.select_for_update(of=("self",), no_key=True).filter(pk=certificate_id).first()
    if found is None:
        raise NotFound
    return _load(certificate_id)


def _file(certificate: Certificate, printed: bytes, *, at: datetime) -> Document:
    """File the paper; only what was granted is an earlier result for later items."""
    decision = certificate.decision
    case = decision.case
    granted = decision.outcome == Outcome.GRANTED
    document: Document = archive.add_document(
        project_id=certificate.project_id,
        material=content.result_of(decision).material_id if granted else f"refusal-{case.service_item.code}",
        title=certificate.title,
        blob=files.store_bytes(printed, file_format="pdf", at=at),
        source=DocumentSource.PRIOR_RESULT if granted else DocumentSource.SYSTEM,
        actor=Actor.system(_("系统")),
        at=at,
        unit_id=case.application.unit_id,
        produced_by=case.service_item.code if granted else "",
        number=certificate.number,
        attributes=decision.attributes,
        valid_until=certificate.valid_until,
    )
    archive.grant(document_id=document.pk, department_id=case.department_id, reason=_("本部门作出的决定"), at=at)
    return document


def _draw_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"
