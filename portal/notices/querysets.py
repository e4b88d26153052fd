"""Filters of the slice."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from portal.core.actor import Actor


class NoticeQuerySet(models.QuerySet[Any]):
    """Notices."""

    def visible_to(self, actor: "Actor") -> Self:
        """Keep what is addressed to the actor, to his enterprises or to his departments."""
        if actor.user_id is None:
            return self.none()
        return self.filter(
            Q(user_id=actor.user_id)
            | Q(enterprise_id__in=actor.enterprise_ids)
            | Q(department_id__in=actor.departments)
        )

    def unread_by(self, actor: "Actor") -> Self:
        """Keep what the actor himself has not read; a colleague's reading does not count."""
        readings = self.model.readings.rel.related_model.objects
        return self.exclude(Exists(readings.filter(notice_id=OuterRef("pk"), user_id=actor.user_id)))

    def newest_first(self) -> Self:
        """Order for lists."""
        return self.order_by("-created_at", "-id")
