"""Who is concerned: from roles of the pack to people, read once per run."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from guardian.models import UserObjectPermission

from portal.accounts.actors import MANDATE, MANDATE_APP, MANDATE_MODEL
from portal.accounts.models import Delegation, Membership, RoleGrant
from portal.core import clock

#: whoever has the thing on his desk, instead of a role
HOLDER = "holder"
#: who may do this in a department is told of the stages it leads
LEADS = "stage.lead"
#: who may do this for his enterprise is told as the enterprise; an agent, who may not, by himself
SIGNS = "application.submit"


@dataclass(frozen=True, slots=True)
class Concern:
    """Whose business a thing is.

    :param department: the one whose turn it is
    :param lead: the one that leads the stage
    :param assignee_id: the person who has it on his desk
    :param step: the role whose turn it is when nobody has taken it
    """

    project_id: int | None = None
    owner_id: int | None = None
    department: str = ""
    lead: str = ""
    assignee_id: int | None = None
    step: str = ""


class People:
    """Roles, memberships, absences and mandates, as they are at the moment of a run; four statements."""

    def __init__(self, at: datetime) -> None:
        self._city: dict[str, set[int]] = defaultdict(set)
        self._department: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._acts: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for role, act, scope in RoleGrant.objects.values_list("role_id", "act", "scope"):
            self._acts[role].add((act, scope))
        rows = Membership.objects.active(at).in_working_bodies().filter(user__is_active=True, role__is_active=True)
        for user_id, role, department in rows.exclude(department=None).values_list(
            "user_id", "role_id", "department_id"
        ):
            self._city[role].add(user_id)
            self._department[department, role].add(user_id)
        standing_in = Delegation.objects.in_force(clock.day_of(at)).filter(substitute__is_active=True)
        self._substitutes: dict[tuple[str, int], int] = {
            (department, person): substitute
            for department, person, substitute in standing_in.values_list("department_id", "person_id", "substitute_id")
        }

    def agents(self, projects: Iterable[int]) -> Mapping[int, set[int]]:
        """Return project -> the people with a mandate for it; one statement."""
        found: dict[int, set[int]] = defaultdict(set)
        rows = UserObjectPermission.objects.filter(
            permission__codename=MANDATE,
            permission__content_type__app_label=MANDATE_APP,
            permission__content_type__model=MANDATE_MODEL,
            object_pk__in=[str(project) for project in projects],
            user__is_active=True,
        )
        for user_id, project in rows.values_list("user_id", "object_pk"):
            found[int(project)].add(user_id)
        return found

    def is_agent(self, role: str) -> bool:
        """Tell whether a role acts for others by mandate."""
        return self._is_own(role) and (SIGNS, "own") not in self._acts[role]

    def users(self, roles: Iterable[str], concern: Concern, agents: Mapping[int, set[int]]) -> set[int]:
        """Return the people to tell of a thing."""
        found: set[int] = set()
        for role in roles:
            if role == HOLDER:
                found |= self._holder(concern)
            elif self.is_agent(role):
                found |= agents.get(concern.project_id or 0, set())
            elif self._is_own(role):
                continue
            elif any(scope == "city" for _act, scope in self._acts[role]):
                found |= self._city[role]
            else:
                leads = (LEADS, "department") in self._acts[role]
                found |= self._department[(concern.lead or concern.department) if leads else concern.department, role]
        return found

    def tells_owner(self, roles: Iterable[str]) -> bool:
        """Tell whether one of the roles is the enterprise's own."""
        return any(role != HOLDER and self._is_own(role) and not self.is_agent(role) for role in roles)

    def _holder(self, concern: Concern) -> set[int]:
        """Return who has the thing on his desk, and whoever does his work while he is away."""
        if concern.assignee_id is not None:
            holders = {concern.assignee_id}
        else:
            holders = self._department[concern.department, concern.step] if concern.step else set()
        away = (self._substitutes.get((concern.department, person)) for person in holders)
        return holders | {substitute for substitute in away if substitute is not None}

    def _is_own(self, role: str) -> bool:
        scopes = {scope for _act, scope in self._acts[role]}
        return scopes == {"own"}
