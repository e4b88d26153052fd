"""Filters of ideas."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from portal.core.actor import Actor


class IdeaQuerySet(models.QuerySet[Any]):
    """Chainable filters."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the ideas of the actor's departments and those they were asked about, as `policies.can_view` does."""
        if actor.citywide("check.view"):
            return self
        departments = actor.departments_for("idea.reply")
        if not departments:
            return self.none()
        asked = self.model.opinions.rel.related_model.objects.filter(department_id__in=departments)
        return self.filter(Q(site__department_id__in=departments) | Q(pk__in=asked.values("idea_id")))
