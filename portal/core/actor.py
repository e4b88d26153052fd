"""Who acts: the values an operation needs to know about a person, without knowing accounts."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from django.conf import settings
from django.utils.module_loading import import_string

Scope = Literal["own", "department", "city"]


@dataclass(frozen=True, slots=True)
class Grant:
    """One act a role allows, and how far: own things, those of a department, or the whole city."""

    act: str
    scope: Scope
    department: str = ""


@dataclass(frozen=True, slots=True)
class StandIn:
    """A colleague who is away, in one department, and whose work the actor does meanwhile."""

    person_id: int
    name: str
    department: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or the system at work. Deny by default: no grants, no acts."""

    user_id: int | None
    name: str
    username: str = ""
    enterprise_ids: frozenset[int] = frozenset()
    #: projects on which another body gave this person a mandate
    project_ids: frozenset[int] = frozenset()
    departments: frozenset[str] = frozenset()
    #: offices inside those departments that he belongs to
    units: frozenset[str] = frozenset()
    grants: frozenset[Grant] = field(default_factory=frozenset)
    #: work places his roles open (layouts of core.nav); acts alone do not tell, since many share them
    layouts: frozenset[str] = frozenset()
    #: whom he stands in for today; it gives no act, only the things the absent had in hand
    stands_in: frozenset[StandIn] = frozenset()
    is_system: bool = False

    @classmethod
    def system(cls, name: str) -> "Actor":
        """Return the actor of a sweep, a handler or a command; it may do everything."""
        return cls(user_id=None, name=name, is_system=True)

    @classmethod
    def anonymous(cls) -> "Actor":
        """Return the visitor who is not signed in."""
        return cls(user_id=None, name="")

    def like(self, user_id: int) -> "Actor":
        """Return another person who may do the same: what is asked for one is asked alike for the other."""
        return replace(self, user_id=user_id, name="", username="")

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None and not self.is_system

    def may(self, act: str, *, department: str | None = None) -> bool:
        """Tell whether a role allows the act city-wide or in this department (any department if None)."""
        if self.is_system:
            return True
        return any(
            grant.act == act
            and (grant.scope == "city" or (grant.scope == "department" and department in (None, grant.department)))
            for grant in self.grants
        )

    def may_own(self, act: str) -> bool:
        """Tell whether a role allows the act on the actor's own things."""
        return self.is_system or any(grant.act == act and grant.scope == "own" for grant in self.grants)

    def may_somehow(self, act: str) -> bool:
        """Tell whether a role allows the act in any scope: for menus, never for a decision."""
        return self.is_system or any(grant.act == act for grant in self.grants)

    def citywide(self, act: str) -> bool:
        """Tell whether a role allows the act everywhere in the city."""
        return self.is_system or any(grant.act == act and grant.scope == "city" for grant in self.grants)

    def departments_for(self, act: str) -> frozenset[str]:
        """Return the departments in which a role allows the act."""
        return frozenset(grant.department for grant in self.grants if grant.act == act and grant.scope == "department")

    def standing_in_for(self, person_id: int | None, *, department: str) -> StandIn | None:
        """Return the substitution by which the actor does a person's work in a department now, if there is one."""
        return next((row for row in self.stands_in if (row.person_id, row.department) == (person_id, department)), None)


def for_user(user: Any) -> Actor:
    """Build the actor of a signed-in user; accounts says how (settings.ACTOR_BUILDER)."""
    if not getattr(user, "is_authenticated", False):
        return Actor.anonymous()
    return cast(Actor, import_string(settings.ACTOR_BUILDER)(user))
