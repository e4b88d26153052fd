"""Who may see, hand over and revoke a certificate."""

from approvals.certificates.models import Certificate
from approvals.review import policies as review
from portal.core.actor import Actor
from portal.core.errors import NotAllowed


def require(allowed: bool) -> None:
    """Refuse unless allowed.

    :raises NotAllowed: the policy said no
    """
    if not allowed:
        raise NotAllowed


def can_view(actor: Actor, certificate: Certificate) -> bool:
    """The applicant's side, the deciding department, those who were granted the document, the whole-city roles."""
    if actor.citywide("case.view"):
        return True
    departments = actor.departments_for("case.view")
    if certificate.decision.case.department_id in departments:
        return True
    if departments and certificate.document is not None:
        granted = certificate.document.grants.filter(department_id__in=departments)
        if granted.exists():
            return True
    project = certificate.project
    return actor.may_own("case.view") and (project.owner_id in actor.enterprise_ids or project.pk in actor.project_ids)


def can_hand_over(actor: Actor) -> bool:
    """The window, city-wide."""
    return actor.may("result.hand_over")


def can_revoke(actor: Actor, certificate: Certificate) -> bool:
    """The approver of the department that decided (行政许可法第69条)."""
    return review.can_revoke(actor, certificate.decision.case)


def can_correct(actor: Actor, certificate: Certificate) -> bool:
    """The approver of the department that decided."""
    return review.can_correct(actor, certificate.decision.case)
