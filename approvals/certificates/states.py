"""States of a certificate and the kinds of results."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CertificateState(TextChoices):
    PREPARING = "preparing", _("制作中")
    ISSUED = "issued", _("已签发")
    HANDED_OVER = "handed_over", _("已送达")
    REVOKED = "revoked", _("已撤销")
    SUPERSEDED = "superseded", _("已被替代")
    CANCELLED = "cancelled", _("已注销")


CERTIFICATE_TRANSITIONS: dict[str, frozenset[str]] = {
    CertificateState.PREPARING: frozenset({CertificateState.ISSUED}),
    CertificateState.ISSUED: frozenset(
        {
            CertificateState.HANDED_OVER,
            CertificateState.REVOKED,
            CertificateState.SUPERSEDED,
            CertificateState.CANCELLED,
        }
    ),
    CertificateState.HANDED_OVER: frozenset(
        {CertificateState.REVOKED, CertificateState.SUPERSEDED, CertificateState.CANCELLED}
    ),
    CertificateState.REVOKED: frozenset(),
    # corrected, or decided anew (行政许可法第69条、第70条)
    CertificateState.SUPERSEDED: frozenset(),
    # given back by its holder, or lapsed
    CertificateState.CANCELLED: frozenset(),
}
CERTIFICATE_TONES = {
    CertificateState.PREPARING: "wait",
    CertificateState.ISSUED: "ok",
    CertificateState.HANDED_OVER: "done",
    CertificateState.REVOKED: "no",
    CertificateState.SUPERSEDED: "off",
    CertificateState.CANCELLED: "off",
}
#: the paper exists and says what was decided
IN_FORCE = (CertificateState.ISSUED, CertificateState.HANDED_OVER)


class ResultKind(TextChoices):
    """Only `certificate` may be called a permit; the others carry their own name (decisions.md)."""

    CERTIFICATE = "certificate", _("证照")
    LETTER = "letter", _("意见函")
    DOCUMENT = "document", _("文书")
    RECEIPT = "receipt", _("回执")
    REFUSAL = "refusal", _("不予决定")


class Verdict(TextChoices):
    """What the verification page says about a code."""

    VALID = "valid", _("有效")
    SUPERSEDED = "superseded", _("已有新版")
    EXPIRED = "expired", _("已过有效期")
    REVOKED = "revoked", _("已撤销")
    CANCELLED = "cancelled", _("已注销")
    NOTICE = "notice", _("通知书属实")
    UNKNOWN = "unknown", _("查不到")


VERDICT_TONES = {
    Verdict.VALID: "ok",
    Verdict.NOTICE: "ok",
    Verdict.SUPERSEDED: "due",
    Verdict.EXPIRED: "due",
    Verdict.REVOKED: "late",
    Verdict.CANCELLED: "late",
    Verdict.UNKNOWN: "late",
}
