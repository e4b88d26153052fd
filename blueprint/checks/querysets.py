"""Filters of runs and of what they found."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from blueprint.checks.states import RunKind, RunState, Severity
from portal.core.actor import Actor
from projects.registry.models import Project


class CheckRunQuerySet(models.QuerySet[Any]):
    """Chainable filters of runs."""

    def of_kind(self, kind: str) -> Self:
        """Keep runs of one kind."""
        return self.filter(kind=kind)

    def of_site(self, site_id: int) -> Self:
        """Keep the runs of all versions of a site."""
        return self.filter(version__site_id=site_id)

    def of_project(self, project_id: int) -> Self:
        """Keep the runs of all versions of a project's site."""
        return self.filter(version__site__project_id=project_id)

    def citywide(self) -> Self:
        """Keep the runs that are about layers, whole city or a district."""
        return self.exclude(kind=RunKind.SITE)

    def done(self) -> Self:
        """Keep the runs that stand."""
        return self.filter(state=RunState.DONE)

    def unfinished(self) -> Self:
        """Keep the runs somebody still waits for."""
        return self.filter(state__in=(RunState.QUEUED, RunState.RUNNING))

    def newest_first(self) -> Self:
        """Sort by when they were asked for, the last one first."""
        return self.order_by("-queued_at", "-pk")

    def visible_to(self, actor: Actor) -> Self:
        """Keep what `policies.can_view` would allow; the two share a test."""
        if actor.citywide("check.view"):
            return self
        rule = Q(version__site__project__in=Project.objects.visible_to(actor))
        departments = actor.departments_for("check.view")
        if departments:
            # what has become a project's is seen with the project, whoever planned it
            ideas = Q(version__site__project__isnull=True, version__site__department_id__in=departments)
            rule |= ideas | ~Q(kind=RunKind.SITE)
        return self.filter(rule)


class FindingQuerySet(models.QuerySet[Any]):
    """Chainable filters of findings."""

    def in_order(self) -> Self:
        """Sort as the run listed them."""
        return self.order_by("number")

    def stopping(self) -> Self:
        """Keep what stops a project."""
        return self.filter(severity=Severity.STOP)

    def of_check(self, code: str) -> Self:
        """Keep the findings of one check of the pack."""
        return self.filter(check_code=code)


class PatchQuerySet(models.QuerySet[Any]):
    """Chainable filters of patches."""

    def in_order(self) -> Self:
        """Sort as the run numbered them."""
        return self.order_by("number")

    def owned_by(self, department_id: str) -> Self:
        """Keep the patches a department has to resolve."""
        return self.filter(owners__contains=[department_id])

    def in_district(self, district: str) -> Self:
        """Keep the patches of a district; all of them when it is blank."""
        return self.filter(district=district) if district else self
