"""Filters over documents with business names."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from portal.core.actor import Actor


class DocumentQuerySet(models.QuerySet[Any]):
    """Documents of projects."""

    def visible_to(self, actor: "Actor") -> Self:
        """Keep what `policies.can_read` would allow; the two share a test."""
        if actor.citywide("application.view"):
            return self
        rule = Q(pk__in=[])
        if actor.may_own("archive.view"):
            rule |= Q(project__owner_id__in=actor.enterprise_ids) | Q(project_id__in=actor.project_ids)
        departments = actor.departments_for("archive.view")
        if departments:
            grants = self.model._meta.get_field("grants").related_model
            rule |= Q(pk__in=grants.objects.filter(department_id__in=departments).values("document_id"))
        return self.filter(rule)

    def standing(self) -> Self:
        """Leave out what was withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def valid_on(self, day: date) -> Self:
        """Keep what stands and has not run out; the last day of its term still counts."""
        return self.standing().filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
