"""Filters over deliveries with business names."""

from django.db import models
from django.db.models import Q

from approvals.push.states import DeliveryState
from portal.core.actor import Actor


class DeliveryQuerySet(models.QuerySet["Delivery"]):  # type: ignore[name-defined]
    def undelivered(self) -> "DeliveryQuerySet":
        """Keep what failed or was given up: the console's list."""
        return self.filter(state__in=[DeliveryState.FAILED, DeliveryState.ABANDONED])

    def unsigned(self) -> "DeliveryQuerySet":
        """Keep what was sent and nobody has signed for."""
        return self.filter(state=DeliveryState.SENT)

    def visible_to(self, actor: Actor) -> "DeliveryQuerySet":
        """Keep what `policies.can_view` would allow; the two share a test."""
        if actor.citywide("delivery.view"):
            return self
        rule = Q(pk__in=[])
        departments = actor.departments_for("delivery.view")
        if departments:
            rule |= Q(department_id__in=departments)
        if actor.may_own("delivery.view"):
            rule |= Q(enterprise_id__in=actor.enterprise_ids) | Q(
                project_id__in=actor.project_ids, enterprise__isnull=False
            )
        return self.filter(rule)
