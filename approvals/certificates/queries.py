"""Page-shaped reads of certificates, and the judgement of a verification code."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from approvals.applications.models import ApplicationNotice
from approvals.certificates.models import Certificate
from approvals.certificates.states import VERDICT_TONES, CertificateState, Verdict
from approvals.joint import queries as joint
from approvals.joint.models import Conclusion
from approvals.review.models import Case
from approvals.review.states import STAGE_DONE, DecisionState, Outcome, StageState
from blueprint.reports import queries as reports
from blueprint.reports.models import Report
from portal.core import clock
from portal.core.actor import Actor
from projects.catalogue import queries as catalogues
from projects.registry.models import Project

#: no row has this key: what is asked for an unknown code
NOBODY = 0
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=clock.SHANGHAI)
#: what the world is told at once when a decision ends, before its paper has followed
ENDED = {
    DecisionState.REVOKED: Verdict.REVOKED,
    DecisionState.WITHDRAWN: Verdict.CANCELLED,
    DecisionState.LAPSED: Verdict.CANCELLED,
    DecisionState.REOPENED: Verdict.SUPERSEDED,
    DecisionState.CORRECTED: Verdict.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class Verification:
    """What the world may know about a code; no personal data."""

    verdict: Verdict
    code: str
    certificate: Certificate | None = None
    notice: ApplicationNotice | None = None
    conclusion: Conclusion | None = None
    report: Report | None = None
    successor: Certificate | None = None
    organ: str = ""

    @property
    def tone(self) -> str:
        return VERDICT_TONES[self.verdict]

    @property
    def sha256(self) -> str:
        """The digest of the filed PDF, empty where none is filed."""
        if self.certificate is not None and self.certificate.document is not None:
            return str(self.certificate.document.blob_id)
        if self.notice is not None and self.notice.blob_id:
            return str(self.notice.blob_id)
        if self.conclusion is not None and self.conclusion.document is not None:
            return str(self.conclusion.document.blob_id)
        if self.report is not None and self.report.blob_id:
            return str(self.report.blob_id)
        return ""


def normal_code(typed: str) -> str:
    """Return a code as it is kept, whatever blanks, hyphens and small letters were typed."""
    letters = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    return f"{letters[:4]}-{letters[4:]}"[:20] if letters else ""


def verify(typed: str, *, today: date) -> Verification:
    """Judge a verification code.

    Every code costs the same five statements, known or not, so the time of the answer tells nothing.
    """
    code = normal_code(typed)
    certificate = (
        Certificate.objects.select_related(
            "project__owner", "document", "decision__case__department", "decision__case__service_item"
        )
        .filter(verify_code=code)
        .exclude(state=CertificateState.PREPARING)
        .first()
    )
    notice = (
        ApplicationNotice.objects.select_related("application__project__owner", "application__unit")
        .filter(verify_code__in={code, typed.strip().upper()})
        .first()
    )
    conclusion = joint.conclusion_by_code(code)
    report = reports.by_code(code)
    successor = _successor(certificate)
    if certificate is not None:
        return _judge(certificate, successor, code=code, today=today)
    if notice is not None:
        return Verification(Verdict.NOTICE, code, notice=notice)
    if conclusion is not None:
        return Verification(Verdict.NOTICE, code, conclusion=conclusion, organ=conclusion.session.lead.name)
    if report is not None:
        return Verification(Verdict.NOTICE, code, report=report, organ=report.department.name)
    return Verification(Verdict.UNKNOWN, code)


def _judge(certificate: Certificate, successor: Certificate | None, *, code: str, today: date) -> Verification:
    organ = certificate.decision.case.department.name
    ended = ENDED.get(DecisionState(certificate.decision.state))
    if certificate.state == CertificateState.REVOKED:
        ended = Verdict.REVOKED
    if ended is not None and (ended != Verdict.SUPERSEDED or successor is None):
        return Verification(ended, code, certificate=certificate, organ=organ)
    if successor is not None:
        return Verification(Verdict.SUPERSEDED, code, certificate=certificate, successor=successor, organ=organ)
    if certificate.valid_until is not None and certificate.valid_until < today:
        return Verification(Verdict.EXPIRED, code, certificate=certificate, organ=organ)
    return Verification(Verdict.VALID, code, certificate=certificate, organ=organ)


def _successor(certificate: Certificate | None) -> Certificate | None:
    """Return the newest paper in force on the same item of the same unit that came after this one.

    Without a certificate the same statement asks for the successor of none.
    """
    unit = certificate.document.unit_id if certificate is not None and certificate.document is not None else None
    return (
        Certificate.objects.in_force()
        .filter(
            project_id=certificate.project_id if certificate else NOBODY,
            decision__outcome=Outcome.GRANTED,
            decision__case__service_item__code=certificate.decision.case.service_item.code if certificate else "",
            decision__case__application__unit_id=unit,
            issued_at__gt=certificate.issued_at if certificate else BEFORE_ALL,
        )
        .exclude(pk=certificate.pk if certificate else NOBODY)
        .order_by("-issued_at")
        .first()
    )


def digest_of(chunks: Iterable[bytes]) -> str:
    """Return the SHA-256 of an uploaded file without keeping it."""
    state = hashlib.sha256()
    for chunk in chunks:
        state.update(chunk)
    return state.hexdigest()


def of_project(project: Project, actor: Actor) -> list[Certificate]:
    """Return the papers of a project that the actor may see, newest first."""
    return list(
        Certificate.objects.visible_to(actor)
        .filter(project=project)
        .select_related("document", "decision__case__department", "decision__case__service_item")
        .order_by("-decided_on", "-pk")
    )


def detail(number: str, actor: Actor) -> Certificate | None:
    """Return one paper the actor may see."""
    found: Certificate | None = (
        Certificate.objects.visible_to(actor)
        .filter(number=number)
        .select_related(
            "project__owner",
            "document__blob",
            "decision__case__department",
            "decision__case__service_item",
            "decision__case__application__unit",
        )
        .order_by("-version")
        .first()
    )
    return found


def versions(certificate: Certificate) -> list[Certificate]:
    """Return the other versions of a paper, the newest first."""
    return list(Certificate.objects.filter(number=certificate.number).exclude(pk=certificate.pk).order_by("-version"))


def waits_for_stage(case_id: int) -> bool:
    """Tell whether the flow keeps this result back until its stage is complete; a refusal never waits."""
    case = (
        Case.objects.select_related("stage_run", "decision", "project", "application")
        .filter(pk=case_id, decision__outcome=Outcome.GRANTED, stage_run__isnull=False)
        .first()
    )
    if case is None or case.stage_run is None or case.stage_run.state in STAGE_DONE:
        return False
    flow = catalogues.catalogue(case.application.pack_version_id).flows[case.project.flow]
    return flow.stages[case.stage_run.stage].release == "together"


def kept_back(run_id: int) -> list[int]:
    """Return the cases of a stage that were decided and have no paper yet."""
    return _without_paper(Case.objects.filter(stage_run_id=run_id))


def kept_back_in(application_id: int) -> list[int]:
    """Return the cases of an application that were decided, are in a stage and have no paper yet."""
    return _without_paper(Case.objects.filter(application_id=application_id, stage_run__isnull=False))


def kept_too_long(today: date) -> list[int]:
    """Return the cases kept back in stages whose limit has passed: nobody waits longer than the stage may take."""
    return _without_paper(
        Case.objects.filter(stage_run__state=StageState.IN_REVIEW, stage_run__timer__promised_due_on__lt=today)
    )


def _without_paper(cases: QuerySet[Case]) -> list[int]:
    return list(
        cases.filter(decision__isnull=False, decision__certificate__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def as_json(certificate: Certificate, *, at: datetime) -> dict[str, Any]:
    """Return a certificate for machines."""
    expired = certificate.valid_until is not None and certificate.valid_until < at.date()
    return {
        "number": certificate.number,
        "version": certificate.version,
        "title": certificate.title,
        "kind": certificate.kind,
        "state": certificate.state,
        "expired": expired,
        "project": certificate.project.code,
        "item": certificate.decision.case.service_item.code,
        "department": certificate.decision.case.department_id,
        "case": certificate.decision.case_id,
        "decided_on": certificate.decided_on,
        "valid_until": certificate.valid_until,
        "issued_at": certificate.issued_at,
        "handed_over_at": certificate.handed_over_at,
        "revoked_at": certificate.revoked_at,
        "revoke_reason": certificate.revoke_reason,
        "verify_code": certificate.verify_code,
        "content": [{"label": label, "value": value} for label, value in certificate.content],
        "document": certificate.document_id,
        "sha256": certificate.document.blob_id if certificate.document else None,
    }
