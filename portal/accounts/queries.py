"""Page-shaped reads of the slice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Prefetch, Q, QuerySet, Value
from django.utils.translation import gettext

from portal.accounts.models import Delegation, Department, Enterprise, Membership, Role, User
from portal.accounts.states import Body, DepartmentKind, Scope
from portal.core import audit, paging
from portal.core.actor import Actor
from portal.core.models import AuditEvent, AuditHead


def _in_force(at: datetime) -> "Prefetch[str]":
    return Prefetch(
        "memberships",
        queryset=Membership.objects.active(at).select_related("role", "department", "enterprise").order_by("id"),
        to_attr="current_memberships",
    )


def people(
    actor: Actor, *, text: str = "", role: str = "", department: str = "", cursor: str = "", at: datetime
) -> paging.Page[User]:
    """Return a page of the people an actor may see, each with `current_memberships`, by login."""
    rows = User.objects.visible_to(actor).matching(text).prefetch_related(_in_force(at))
    if role:
        rows = rows.with_role(role, at=at)
    if department:
        rows = rows.filter(pk__in=Membership.objects.active(at).filter(department_id=department).values("user_id"))
    return paging.page(rows, by=("username",), cursor=cursor)


def person(actor: Actor, *, user_id: int, at: datetime) -> User | None:
    """Return one of the people an actor may see, with `current_memberships`."""
    return User.objects.visible_to(actor).prefetch_related(_in_force(at)).filter(pk=user_id).first()


def members(enterprise: Enterprise, *, at: datetime) -> list[Membership]:
    """Return the memberships in force of an enterprise, with people and roles, oldest first."""
    return list(
        Membership.objects.active(at)
        .filter(enterprise=enterprise)
        .select_related("user", "role")
        .order_by("active_from", "id")
    )


def enterprise_of(actor: Actor) -> Enterprise | None:
    """Return the enterprise a person works for, if he works for one."""
    return Enterprise.objects.visible_to(actor).filter(pk__in=actor.enterprise_ids, is_active=True).first()


def departments() -> list[Department]:
    """Return the departments of the present pack, in its order."""
    return list(Department.objects.working())


def department_names(ids: Iterable[str]) -> dict[str, str]:
    """Return id -> name, also of departments that have been closed."""
    return dict(Department.objects.filter(pk__in=ids).values_list("pk", "name"))


def roles(*, body: Body | None = None) -> list[Role]:
    """Return the roles of the present pack, in its order; those held in a kind of body if one is named."""
    rows = Role.objects.filter(is_active=True).order_by("sort", "id")
    return list(rows.filter(bodies__contains=[body]) if body else rows)


def roles_with_grants(*, at: datetime) -> list[Role]:
    """Return the roles with their grants and `holders`, the number of people who have each now."""
    in_force = Q(memberships__active_from__lte=at) & (
        Q(memberships__active_to__isnull=True) | Q(memberships__active_to__gt=at)
    )
    return list(
        Role.objects.filter(is_active=True)
        .annotate(holders=Count("memberships__user", filter=in_force, distinct=True))
        .prefetch_related("grants")
        .order_by("sort", "id")
    )


def users_of_department(department_id: str, *, act: str, at: datetime) -> list[User]:
    """Return the people who may do an act in a department now."""
    return list(
        User.objects.filter(
            is_active=True,
            pk__in=Membership.objects.active(at)
            .filter(department_id=department_id, role__is_active=True, role__grants__act=act)
            .values("user_id"),
        ).order_by("username")
    )


def find_exactly(text: str) -> list[User]:
    """Return the people with an open account whose login or mobile is exactly this; folded as at sign-in."""
    folded = User.normalize_username(text)
    if not folded:
        return []
    return list(User.objects.filter(Q(username=folded) | Q(mobile=folded), is_active=True).order_by("username"))


def bodies_of(user_ids: Iterable[int], *, at: datetime) -> dict[int, str]:
    """Return person -> the name of the enterprise or department he belongs to; the newest membership counts."""
    rows = (
        Membership.objects.active(at)
        .in_working_bodies()
        .filter(user_id__in=list(user_ids))
        .order_by("active_from", "id")
        .values_list("user_id", "department__name", "enterprise__name")
    )
    return {user_id: department or enterprise for user_id, department, enterprise in rows}


def people_of_kind(kind: DepartmentKind, *, act: str, at: datetime) -> list[User]:
    """Return the people who may do an act for others out of the departments of a kind."""
    return list(
        User.objects.filter(
            is_active=True,
            pk__in=Membership.objects.active(at)
            .in_working_bodies()
            .filter(department__kind=kind, role__is_active=True, role__grants__act=act, role__grants__scope=Scope.OWN)
            .values("user_id"),
        ).order_by("name", "pk")
    )


def people_of_enterprise(enterprise_id: int, *, at: datetime) -> QuerySet[Any, Any]:
    """Return the ids of the people who belong to an enterprise, for use inside another statement."""
    return Membership.objects.active(at).filter(enterprise_id=enterprise_id).values("user_id")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of a department with the names of his roles there, and what they allow."""

    user: User
    department: Department
    roles: str
    acts: frozenset[str]

    def may_stand_in_for(self, other: "Colleague") -> bool:
        """Tell whether he may do all there that the other may; nobody stands in for himself."""
        return self.user.pk != other.user.pk and self.department.pk == other.department.pk and self.acts >= other.acts


def colleagues(departments: Iterable[str], *, at: datetime) -> list[Colleague]:
    """Return who works in these departments now, by department and name; one statement."""
    rows = (
        Membership.objects.active(at)
        .filter(department_id__in=list(departments), role__is_active=True, user__is_active=True)
        .select_related("user", "department", "role")
        .annotate(acts=ArrayAgg("role__grants__act", filter=Q(role__grants__scope=Scope.DEPARTMENT), default=Value([])))
        .order_by("department__sort", "user__name", "user_id", "role__sort")
    )
    found: dict[tuple[int, str], list[Membership]] = {}
    for row in rows:
        found.setdefault((row.user_id, str(row.department_id)), []).append(row)
    return [
        Colleague(
            held[0].user,
            department,
            gettext("、").join(row.role.name for row in held),
            frozenset(act for row in held for act in row.acts),  # type: ignore[attr-defined]
        )
        for held in found.values()
        if (department := held[0].department) is not None
    ]


def doers(departments: Iterable[str], *, acts: Iterable[str], at: datetime) -> dict[tuple[str, str], list[User]]:
    """Return (department, act) -> the people who may do the act there now, by name; one statement."""
    rows = (
        Membership.objects.active(at)
        .filter(
            department_id__in=list(departments),
            role__is_active=True,
            role__grants__act__in=list(acts),
            role__grants__scope=Scope.DEPARTMENT,
            user__is_active=True,
        )
        .annotate(act=F("role__grants__act"))
        .select_related("user")
        .order_by("user__name", "user_id")
    )
    found: dict[tuple[str, str], list[User]] = {}
    for row in rows:
        people = found.setdefault((str(row.department_id), row.act), [])
        if row.user not in people:
            people.append(row.user)
    return found


def absences(actor: Actor, *, today: date, past: bool = False, cursor: str = "") -> paging.Page[Delegation]:
    """Return a page of the substitutions an actor may see: those of now and to come, or those that are over."""
    rows = Delegation.objects.visible_to(actor).select_related(
        "person", "substitute", "department", "given_by", "ended_by"
    )
    standing = Q(until_on__gte=today, ended_at=None)
    if past:
        return paging.page(rows.exclude(standing), by=("-id",), cursor=cursor)
    return paging.page(rows.filter(standing), by=("from_on", "id"), cursor=cursor)


def substitutes_of(departments: Iterable[str], *, today: date) -> dict[tuple[int, str], Delegation]:
    """Return (person, department) -> who does his work today; one statement."""
    rows = Delegation.objects.in_force(today).filter(department_id__in=list(departments)).select_related("substitute")
    return {(row.person_id, row.department_id): row for row in rows}


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """One account people may try."""

    role: str
    username: str
    password: str
    department: str


def demo_logins() -> list[DemoLogin]:
    """Return one login per demo account and role, in the order of the pack's roles; none outside the demo."""
    if not settings.DEMO:
        return []
    rows = (
        Membership.objects.filter(user__is_demo=True, user__is_active=True, active_to__isnull=True)
        .order_by("role__sort", "department__sort", "user_id")
        .values_list("role_id", "user__username", "department_id")
    )
    return [DemoLogin(role, username, settings.DEMO_PASSWORD, department or "") for role, username, department in rows]


def streams(*, text: str = "", cursor: str = "") -> paging.Page[AuditHead]:
    """Return a page of the chains of the record, by name."""
    rows = AuditHead.objects.all()
    if text.strip():
        rows = rows.filter(stream__startswith=text.strip())
    return paging.page(rows, by=("stream",), cursor=cursor)


def events(stream: str, *, cursor: str = "") -> paging.Page[AuditEvent]:
    """Return a page of a chain's acts, newest first."""
    return paging.page(audit.history(stream), by=("-number",), cursor=cursor)
