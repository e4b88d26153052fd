"""Filters of pack versions."""

from typing import Any, Self

from django.db import models


class PackVersionQuerySet(models.QuerySet[Any]):
    """Chainable filters."""

    def current(self) -> Self:
        """Keep the version that new projects start under."""
        return self.filter(is_current=True)

    def newest_first(self) -> Self:
        """Sort by number, the newest first."""
        return self.order_by("-number")
