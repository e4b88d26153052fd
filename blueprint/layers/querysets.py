"""Filters of layers."""

from typing import Any, Self

from django.db import models
from django.db.models import Q


class LayerQuerySet(models.QuerySet[Any]):
    """Chainable filters."""

    def listed(self) -> Self:
        """Keep the layers of the current pack; others stay for the data that names them."""
        return self.filter(is_listed=True)

    def matching(self, text: str) -> Self:
        """Keep layers in whose code, name, subtopic or topic all the typed words occur."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(name__icontains=word)
                | Q(code__istartswith=word)
                | Q(subtopic__name__icontains=word)
                | Q(subtopic__topic__name__icontains=word)
            )
        return found

    def in_order(self) -> Self:
        """Sort by code, which is the order of the pack."""
        return self.order_by("code")
