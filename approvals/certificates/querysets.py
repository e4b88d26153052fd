"""Filters over certificates with business names."""

from django.db import models
from django.db.models import Q

from approvals.certificates.states import IN_FORCE
from portal.core.actor import Actor


class CertificateQuerySet(models.QuerySet["Certificate"]):  # type: ignore[name-defined]
    def in_force(self) -> "CertificateQuerySet":
        """Keep papers that were issued and not revoked."""
        return self.filter(state__in=IN_FORCE)

    def visible_to(self, actor: Actor) -> "CertificateQuerySet":
        """Keep what `policies.can_view` would allow; the two share a test."""
        if actor.citywide("case.view"):
            return self
        rule = Q(pk__in=[])
        departments = actor.departments_for("case.view")
        if departments:
            rule |= Q(decision__case__department_id__in=departments)
            rule |= Q(document__grants__department_id__in=departments)
        if actor.may_own("case.view"):
            rule |= Q(project__owner_id__in=actor.enterprise_ids) | Q(project_id__in=actor.project_ids)
        return self.filter(rule).distinct()
