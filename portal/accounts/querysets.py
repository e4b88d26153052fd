"""Filters of the slice, by business names."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Func, JSONField, OuterRef, Q

if TYPE_CHECKING:
    from portal.core.actor import Actor


#: what is read of a membership and of a substitution; see `UserQuerySet.with_work`
HELD = ("enterprise_id", "department_id", "sub_unit", "role__layout", "role__grants__act", "role__grants__scope")
DEPUTISED = ("person_id", "person__name", "department_id")


def _rows(rows: models.QuerySet[Any, Any], columns: tuple[str, ...]) -> ArraySubquery:
    return ArraySubquery(rows.values(row=Func(*columns, function="jsonb_build_array", output_field=JSONField())))


class UserQuerySet(models.QuerySet[Any]):
    """People."""

    def matching(self, text: str) -> Self:
        """Keep those whose name, login or mobile contains the text; all of them when it is blank."""
        text = text.strip()
        if not text:
            return self
        return self.filter(Q(name__icontains=text) | Q(username__icontains=text) | Q(mobile__startswith=text))

    def with_role(self, role_id: str, *, at: datetime) -> Self:
        """Keep those who have a role at a moment."""
        return self.filter(pk__in=self.model.memberships.rel.related_model.objects.active(at).having(role_id))

    def with_work(self, *, at: datetime, today: date) -> Self:
        """Annotate what makes a person an actor now: `held`, a row per act his roles allow, and `deputised`.

        With them the person and his work are one statement, which every page begins with. A closed department or
        enterprise gives nothing, nor does a role the city pack has dropped.
        """
        memberships = self.model.memberships.rel.related_model.objects.active(at).in_working_bodies()
        delegations = self.model.substitutions.rel.related_model.objects.in_force(today)
        own = OuterRef("pk")
        return self.annotate(
            held=_rows(memberships.filter(user_id=own, role__is_active=True), HELD),
            deputised=_rows(delegations.filter(substitute_id=own), DEPUTISED),
        )

    def visible_to(self, actor: "Actor") -> Self:
        """Keep the people an actor may see in the lists of people: see `policies.can_see_people`."""
        if any(actor.citywide(act) for act in ("people.manage", "security.manage")):
            return self
        if actor.may_own("members.manage"):
            return self.filter(memberships__enterprise__in=actor.enterprise_ids).distinct()
        return self.none()


class MembershipQuerySet(models.QuerySet[Any]):
    """Who belongs where, as what, from when to when."""

    def active(self, at: datetime) -> Self:
        """Keep those in force at a moment: `active_from` belongs to the time, `active_to` does not."""
        return self.filter(active_from__lte=at).filter(Q(active_to__isnull=True) | Q(active_to__gt=at))

    def having(self, role_id: str) -> models.QuerySet[Any, Any]:
        """Return the ids of the people who have a role."""
        return self.filter(role_id=role_id).values("user_id")

    def in_working_bodies(self) -> Self:
        """Leave out departments and enterprises that have been closed."""
        return self.exclude(department__is_active=False).exclude(enterprise__is_active=False)


class DelegationQuerySet(models.QuerySet[Any]):
    """Who does whose work while he is away."""

    def in_force(self, today: date) -> Self:
        """Keep those of a day: begun, not over and not ended before their time."""
        return self.filter(from_on__lte=today, until_on__gte=today, ended_at=None)

    def overlapping(self, from_on: date, until_on: date) -> Self:
        """Keep those that stand and share a day with a period."""
        return self.filter(ended_at=None, from_on__lte=until_on, until_on__gte=from_on)

    def visible_to(self, actor: "Actor") -> Self:
        """Keep those the actor is part of, and all of the departments whose absences he arranges."""
        return self.filter(
            Q(person_id=actor.user_id)
            | Q(substitute_id=actor.user_id)
            | Q(department_id__in=actor.departments_for("absence.others"))
        )


class EnterpriseQuerySet(models.QuerySet[Any]):
    """Bodies that apply."""

    def visible_to(self, actor: "Actor") -> Self:
        """Keep the actor's own enterprises; all of them for who keeps the accounts."""
        if actor.citywide("people.manage"):
            return self
        return self.filter(pk__in=actor.enterprise_ids)


class DepartmentQuerySet(models.QuerySet[Any]):
    """Departments of the city."""

    def working(self) -> Self:
        """Keep those that exist in the present city pack, in its order."""
        return self.filter(is_active=True).order_by("sort", "id")
