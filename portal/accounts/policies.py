"""Who may do what with people, roles and the record of acts.

Three admins share what one must not hold alone (GB/T 22239-2019): one makes accounts, one gives roles,
one reads the record.
"""

from portal.accounts.models import Delegation, Enterprise, User
from portal.core.actor import Actor
from portal.core.errors import NotAllowed


def require(allowed: bool) -> None:
    """Go on only if a policy said yes.

    :raises NotAllowed: it said no
    """
    if not allowed:
        raise NotAllowed


def can_see_people(actor: Actor) -> bool:
    """Tell whether the actor may see the city's list of people."""
    return actor.citywide("people.manage") or actor.citywide("security.manage")


def can_manage_people(actor: Actor) -> bool:
    """Tell whether the actor may make accounts, open and close them, and set new passwords."""
    return actor.citywide("people.manage")


def can_close_account(actor: Actor, person: User) -> bool:
    """Tell whether the actor may close or open an account: anybody's but his own."""
    return can_manage_people(actor) and actor.user_id != person.pk


def can_grant_roles(actor: Actor) -> bool:
    """Tell whether the actor may see and give roles of the city."""
    return actor.citywide("security.manage")


def can_grant_role_to(actor: Actor, person: User) -> bool:
    """Tell whether the actor may give this person a role or end one: nobody decides about himself."""
    return can_grant_roles(actor) and actor.user_id != person.pk


def can_manage_members(actor: Actor, enterprise: Enterprise) -> bool:
    """Tell whether the actor may add people to an enterprise and end their membership: his own only."""
    return enterprise.is_active and (
        actor.is_system or (actor.may_own("members.manage") and enterprise.pk in actor.enterprise_ids)
    )


def can_view_audit(actor: Actor) -> bool:
    """Tell whether the actor may read the record of acts."""
    return actor.citywide("audit.view")


def can_arrange_absence(actor: Actor, *, person_id: int, department_id: str) -> bool:
    """Tell whether the actor may name who does a person's work in a department: his own, or the department's lead."""
    if actor.user_id is None:
        return False
    own = actor.user_id == person_id and actor.may("absence.own", department=department_id)
    return own or actor.may("absence.others", department=department_id)


def can_end_absence(actor: Actor, delegation: Delegation) -> bool:
    """Tell whether the actor may end a substitution before its time: who is back, or the department's lead."""
    return can_arrange_absence(actor, person_id=delegation.person_id, department_id=delegation.department_id)


def can_see_absences(actor: Actor) -> bool:
    """Tell whether the page of absences is for the actor: he reviews in a department."""
    return bool(actor.departments_for("absence.own") | actor.departments_for("absence.others"))
