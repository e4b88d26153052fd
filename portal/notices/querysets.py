"""Filters of the slice."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from portal.core.actor import Actor

#: before any notice: for who has never declared everything seen
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


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

    def with_read_by(self, actor: "Actor") -> Self:
        """Annotate `is_read`: whether the actor himself has seen it; a colleague's reading does not count."""
        seen = Q(created_at__lte=Coalesce(Subquery(_until(actor)), Value(LONG_AGO)))
        return self.annotate(is_read=ExpressionWrapper(seen | _opened(actor), output_field=models.BooleanField()))

    def unread_by(self, actor: "Actor") -> Self:
        """Keep what the actor himself has not seen."""
        # Two conditions instead of the annotation, so that the moment cuts the index of the recipient.
        until = _until(actor)
        return self.filter(created_at__gt=Coalesce(Subquery(until), Value(LONG_AGO))).exclude(_opened(actor))


def _until(actor: "Actor") -> models.QuerySet[Any, Any]:
    return apps.get_model("notices", "ReadUntil").objects.filter(user_id=actor.user_id or 0).values("until")


def _opened(actor: "Actor") -> Q:
    readings = apps.get_model("notices", "Reading").objects
    return Q(Exists(readings.filter(notice_id=OuterRef("pk"), user_id=actor.user_id or 0)))
