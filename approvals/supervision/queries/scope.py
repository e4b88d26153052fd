"""What the numbers count: the whole city or some departments, everywhere or in one region."""

from dataclasses import dataclass

from django.db.models import QuerySet

from approvals.review.models import Case
from projects.registry.models import Project, ProjectAccess


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the city a reader may count, narrowed to a region if he likes.

    :param departments: ids, None for all
    :param region: code of the project's region, blank for all
    """

    departments: frozenset[str] | None = None
    region: str = ""

    def cases(self) -> QuerySet[Case]:
        """Return the cases of these departments."""
        found = Case.objects.all()
        if self.departments is not None:
            found = found.filter(department_id__in=self.departments)
        return found.filter(project__region=self.region) if self.region else found

    def projects(self) -> QuerySet[Project]:
        """Return the projects these departments have to do with."""
        found = Project.objects.all()
        if self.departments is not None:
            accesses = ProjectAccess.objects.filter(department_id__in=self.departments)
            found = found.filter(pk__in=accesses.values("project_id"))
        return found.filter(region=self.region) if self.region else found
