"""Filters of site versions."""

from typing import Any, Self

from django.db import models


class SiteVersionQuerySet(models.QuerySet[Any]):
    """Chainable filters."""

    def of_project(self, project_id: int) -> Self:
        """Keep the versions of a project's site."""
        return self.filter(site__project_id=project_id)

    def newest_first(self) -> Self:
        """Sort by number; the first is current."""
        return self.order_by("-number")
