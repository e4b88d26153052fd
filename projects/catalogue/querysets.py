"""Filters of catalogue rows."""

from typing import Any, Self

from django.db import models
from django.db.models import Q


class CatalogueQuerySet(models.QuerySet[Any]):
    """Filters every catalogue row shares."""

    def of_version(self, version_id: int) -> Self:
        """Keep the rows of one pack version."""
        return self.filter(pack_version_id=version_id)

    def in_order(self) -> Self:
        """Sort as the pack does."""
        return self.order_by("sort")


class ServiceItemQuerySet(CatalogueQuerySet):
    """Filters of items."""

    def matching(self, text: str, *, departments: frozenset[str] = frozenset()) -> Self:
        """Keep items in whose name, result or number all the typed words occur.

        :param departments: ids of departments whose name matches; their items are found as well
        """
        found = self
        for word in text.split():
            found = found.filter(
                Q(name__icontains=word)
                | Q(code__icontains=word)
                | Q(result_type__title__icontains=word)
                | Q(department__in=departments)
            )
        return found

    def of_departments(self, departments: frozenset[str]) -> Self:
        """Keep the items of some departments."""
        return self.filter(department__in=departments)
