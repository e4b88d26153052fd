"""What ends when a project is given up, and what stays."""

from dataclasses import dataclass

from approvals.applications.models import Application
from approvals.applications.states import ApplicationState
from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState
from approvals.review.models import Case
from projects.registry.models import Project


@dataclass(frozen=True, slots=True)
class Ending:
    """Counts for the page that asks once more; three statements."""

    drafts: int
    applications: int
    cases: int
    certificates: int

    @property
    def is_nothing(self) -> bool:
        return not (self.drafts or self.applications or self.cases)


def ending(project: Project) -> Ending:
    """Count what is under way for a project, and the papers it keeps."""
    states = list(Application.objects.open().filter(project=project).values_list("state", flat=True))
    drafts = states.count(ApplicationState.DRAFT)
    papers = (CertificateState.ISSUED, CertificateState.HANDED_OVER)
    return Ending(
        drafts=drafts,
        applications=len(states) - drafts,
        cases=Case.objects.running().filter(project=project).count(),
        certificates=Certificate.objects.filter(project=project, state__in=papers).count(),
    )
