"""States of a certificate and the kinds of results."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CertificateState(TextChoices):
    PREPARING = "preparing", _("制作中")
    ISSUED = "issued", _("已签发")
    HANDED_OVER = "handed_over", _("已送达")
    REVOKED = "revoked", _("已撤销")


CERTIFICATE_TRANSITIONS: dict[str, frozenset[str]] = {
    CertificateState.PREPARING: frozenset({CertificateState.ISSUED}),
    CertificateState.ISSUED: frozenset({CertificateState.HANDED_OVER, CertificateState.REVOKED}),
    CertificateState.HANDED_OVER: frozenset({CertificateState.REVOKED}),
    CertificateState.REVOKED: frozenset(),
}


class ResultKind(TextChoices):
    """Only `certificate` may be called a permit; the others carry their own name (decisions.md)."""

    CERTIFICATE = "certificate", _("证照")
    LETTER = "letter", _("意见书")
    DOCUMENT = "document", _("文书")
