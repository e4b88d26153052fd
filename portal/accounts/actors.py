"""From a signed-in person to the Actor that policies ask."""

from typing import Any, cast

from guardian.models import UserObjectPermission

from portal.accounts.models import User
from portal.core import clock
from portal.core.actor import Actor, Grant, Scope, StandIn
from portal.core.prepared import DAY, MOMENT, NUMBER, Prepared

#: The permission by which one body lets a person of another act for a project. The model stands above
#: accounts, so it is named, not imported.
MANDATE = "act_for_project"
MANDATE_APP = "registry"
MANDATE_MODEL = "project"


_PERSON = Prepared(
    lambda pk, at, today: User.objects.with_work(at=at, today=today).filter(pk=pk), marks=(NUMBER, MOMENT, DAY)
)


def read(user_id: int) -> User | None:
    """Return a person together with what he may do now; every page begins with this statement."""
    at = clock.now()
    return next(iter(_PERSON(user_id, at, clock.day_of(at))), None)


def build(user: User) -> Actor:
    """Return who a person is now: bodies, grants, and mandates or whom he stands in for.

    No query for a person read `with_work`, as the session's is; one more for the mandates of an applicant.
    """
    if not user.is_active:
        return Actor.anonymous()
    person: Any = user
    if not hasattr(person, "held"):
        person = read(user.pk)
    enterprises: set[int] = set()
    departments: set[str] = set()
    units: set[str] = set()
    grants: set[Grant] = set()
    layouts: set[str] = set()
    for enterprise_id, department_id, unit, layout, act, scope in person.held:
        layouts.add(layout)
        if enterprise_id is not None:
            enterprises.add(enterprise_id)
        else:
            departments.add(department_id)
        if unit:
            units.add(unit)
        if act is not None:
            grants.add(_grant(act, scope, department_id or ""))
    return Actor(
        user_id=user.pk,
        name=user.name,
        username=user.username,
        enterprise_ids=frozenset(enterprises),
        project_ids=_mandates(user.pk) if any(grant.scope == "own" for grant in grants) else frozenset(),
        departments=frozenset(departments),
        units=frozenset(units),
        grants=frozenset(grants),
        layouts=frozenset(layouts),
        stands_in=_stands_in(person) if any(grant.scope == "department" for grant in grants) else frozenset(),
    )


def _grant(act: str, scope: str, department_id: str) -> Grant:
    # the pack's check lets only the three scopes of core.actor through
    return Grant(act, cast(Scope, scope), department_id if scope == "department" else "")


def _stands_in(person: Any) -> frozenset[StandIn]:
    return frozenset(StandIn(*row) for row in person.deputised)


def _mandates(user_id: int) -> frozenset[int]:
    keys = UserObjectPermission.objects.filter(
        user_id=user_id,
        permission__codename=MANDATE,
        permission__content_type__app_label=MANDATE_APP,
        permission__content_type__model=MANDATE_MODEL,
    ).values_list("object_pk", flat=True)
    return frozenset(int(key) for key in keys)
