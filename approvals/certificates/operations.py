"""The verbs of a certificate: prepare, issue, hand over, correct, and what the end of its decision means for it."""

import math
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.certificates import content, policies
from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState, ResultKind
from approvals.deadlines import operations as deadlines
from approvals.review import operations as review
from approvals.review.models import Decision
from approvals.review.states import DecisionState, Outcome
from portal.core import audit, clock, files, marks, outbox, pdf
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.transitions import move
from portal.core.unit import operation
from projects.archive import operations as archive
from projects.archive.models import Document, DocumentSource

#: what becomes of the paper when its decision holds no longer
AFTER = {
    DecisionState.REVOKED: CertificateState.REVOKED,
    DecisionState.REOPENED: CertificateState.SUPERSEDED,
    DecisionState.CORRECTED: CertificateState.SUPERSEDED,
    DecisionState.WITHDRAWN: CertificateState.CANCELLED,
    DecisionState.LAPSED: CertificateState.CANCELLED,
}
#: what a revocation rests on unless the authority names another law
REVOCATION_LAW = "《中华人民共和国行政许可法》第六十九条"
#: no letters or digits that are taken for each other on paper
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8
#: what is longer is set smaller, so that it keeps to one line and the certificate to one page
LONG_TITLE, LONG_ORGAN = 13, 14
#: lines of the table that a certificate takes at its usual size, and letters to a line
ROOMY_LINES, LETTERS_TO_A_LINE = 12, 28
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
            Decision.objects.in_force()
            .select_for_update(of=("self",), no_key=True)
            .select_related("case__application__unit", "case__service_item", "case__project__owner")
            .filter(case_id=case_id)
            .first()
        )
        if decision is None:
            raise NotFound
        existing = Certificate.objects.filter(decision=decision).first()
        if existing is not None:
            return existing
        return _prepare(decision, actor=Actor.system(_("系统")), at=at)


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
            "long_title": len(certificate.title) > LONG_TITLE,
            "long_organ": len(organ) > LONG_ORGAN,
            "full": _lines(certificate.content) > ROOMY_LINES,
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
        deadlines.record(timer_id=_clock_of(certificate.decision), type="delivered", actor=actor, at=at)
        return certificate


def revoke(*, certificate_id: int, reason: str, actor: Actor, at: datetime, basis: str = REVOCATION_LAW) -> Certificate:
    """Revoke the decision behind a certificate; verification says so from this moment, and who has it is told.

    :raises NotAllowed: actor is not an approver of the department that decided (行政许可法第69条)
    :raises InvalidInput: no reason
    :raises TransitionRefused: revoked already, not issued yet, or a refusal
    """
    case_id = Certificate.objects.filter(pk=certificate_id).values_list("decision__case_id", flat=True).first()
    if case_id is None:
        raise NotFound
    with operation():
        # the decision first: its locks stand above the paper's
        review.revoke(case_id=case_id, reason=reason, basis=basis, actor=actor, at=at)
        certificate = _lock(certificate_id)
        return _end(certificate, actor=actor, at=at)


def end(*, decision_id: int, at: datetime) -> Certificate | None:
    """Let a paper follow its decision that holds no longer; None without a paper, and harmless when it has followed.

    A paper still being made is made first: what was decided and ended again is kept in the archive, marked.
    """
    certificate = Certificate.objects.filter(decision_id=decision_id).first()
    if certificate is None:
        return None
    if certificate.state == CertificateState.PREPARING:
        issue(certificate_id=certificate.pk, at=at)
    with operation():
        certificate = _lock(certificate.pk)
        if not certificate.is_in_force or certificate.decision.is_in_force:
            return certificate
        return _end(certificate, actor=Actor.system(certificate.decision.ended_by or _("系统")), at=at)


def correct(
    *,
    certificate_id: int,
    attributes: Mapping[str, Any],
    lines: Mapping[str, str],
    reason: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Certificate:
    """Put a clerical slip on a paper right: the same number as a new version, the old one superseded.

    :param attributes: values of the result that were wrong
    :param lines: printed lines that were wrong: label -> what it should say
    :param version: of the case, as the form saw it
    :raises InvalidInput: no word what was wrong, nothing to change, or a line that is not printed
    :raises NotAllowed: actor does not approve in the department that decided
    :raises TransitionRefused: the paper is not in force
    """
    found = _load(certificate_id)
    with operation():
        printed = {label for label, _value in found.content}
        stray = [label for label in lines if label not in printed]
        if stray:
            raise InvalidInput(fields={"lines": _("文书上没有这一栏：%(label)s") % {"label": _("、").join(stray)}})
        decision = review.correct(
            case_id=found.decision.case_id,
            attributes=attributes,
            lines=lines,
            reason=reason,
            actor=actor,
            at=at,
            version=version,
        )
        old = _lock(certificate_id)
        _end(old, actor=actor, at=at)
        return _prepare(Decision.objects.select_related("case__project").get(pk=decision.pk), actor=actor, at=at)


def _prepare(decision: Decision, *, actor: Actor, at: datetime) -> Certificate:
    certificate = Certificate.objects.create(
        decision=decision,
        project=decision.case.project,
        number=decision.number,
        version=decision.version,
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
        actor=actor,
        at=at,
        subject=certificate,
        data={"number": certificate.number, "version": certificate.version},
    )
    outbox.emit("certificates.certificate.prepared", at=at, id=certificate.pk)
    return certificate


def _end(certificate: Certificate, *, actor: Actor, at: datetime) -> Certificate:
    """Take a locked paper out of force the way its decision ended, and out of use in the archive."""
    decision = certificate.decision
    to = AFTER[DecisionState(decision.state)]
    fields = ["superseded_at"]
    if to == CertificateState.SUPERSEDED:
        certificate.superseded_at = at
    else:
        certificate.revoked_at, certificate.revoke_reason = at, decision.end_reason
        fields = ["revoked_at", "revoke_reason"]
    move(
        certificate,
        to=to,
        actor=actor,
        at=at,
        topic=f"certificates.certificate.{to.value}",
        data={"reason": decision.end_reason, "number": certificate.number, "version": certificate.version},
        fields=fields,
    )
    if certificate.document is not None and not certificate.document.is_withdrawn:
        archive.withdraw(
            document_id=certificate.document.pk,
            reason=decision.end_reason,
            actor=Actor.system(actor.name),
            at=at,
        )
    return certificate


def _clock_of(decision: Decision) -> int:
    """Return the clock a decision was made under; a new round of the case has another."""
    return decision.timer_id or decision.case.timer_id


def _lines(content: Iterable[Sequence[str]]) -> int:
    """Return about how many lines the table takes."""
    return sum(max(1, math.ceil(len(value) / LETTERS_TO_A_LINE)) for _label, value in content)


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
