"""Filters over projects with business names."""

from django.db import models
from django.db.models import Q

from portal.core.actor import Actor
from projects.registry.states import ProjectState


class ProjectQuerySet(models.QuerySet["Project"]):  # type: ignore[name-defined]
    def running(self) -> "ProjectQuerySet":
        """Keep projects under way."""
        return self.filter(state=ProjectState.REGISTERED)

    def visible_to(self, actor: Actor) -> "ProjectQuerySet":
        """Keep what `policies.can_view` would allow; the two share a test."""
        if actor.citywide("project.view"):
            return self
        rule = Q(pk__in=[])
        if actor.may_own("project.view"):
            rule |= Q(owner_id__in=actor.enterprise_ids) | Q(pk__in=actor.project_ids)
        departments = actor.departments_for("project.view")
        if departments:
            rule |= Q(
                pk__in=self.model._meta.get_field("accesses")
                .related_model.objects.filter(department_id__in=departments)
                .values("project_id")
            )
        return self.filter(rule)

    def matching(self, text: str) -> "ProjectQuerySet":
        """Keep those whose name, code or owner contains the text; all of them when it is blank."""
        text = text.strip()
        if not text:
            return self
        return self.filter(Q(name__icontains=text) | Q(code__istartswith=text) | Q(owner__name__icontains=text))

    def owned_by(self, actor: Actor) -> "ProjectQuerySet":
        """Keep the actor's own projects and those he holds a mandate for."""
        return self.filter(Q(owner_id__in=actor.enterprise_ids) | Q(pk__in=actor.project_ids))
