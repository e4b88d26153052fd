"""The verbs of the slice: the only place that saves people, bodies and memberships."""

from portal.accounts.operations.absence import AbsenceIsOver, arrange_substitute, end_substitution
from portal.accounts.operations.demo import NoDemo, ensure_demo_people
from portal.accounts.operations.members import LastAdministrator, add_member, end_member
from portal.accounts.operations.people import close_account, create_person, open_account, reset_password
from portal.accounts.operations.roles import (
    RoleNeedsBody,
    SeparatedRoles,
    end_membership,
    grant_role,
)
from portal.accounts.operations.signin import change_password, note_failed_sign_in, sign_in, sign_out
from portal.accounts.operations.signup import FirstUser, NewEnterprise, sign_up

__all__ = [
    "AbsenceIsOver",
    "FirstUser",
    "LastAdministrator",
    "NewEnterprise",
    "NoDemo",
    "RoleNeedsBody",
    "SeparatedRoles",
    "add_member",
    "arrange_substitute",
    "change_password",
    "close_account",
    "create_person",
    "end_member",
    "end_membership",
    "end_substitution",
    "ensure_demo_people",
    "grant_role",
    "note_failed_sign_in",
    "open_account",
    "reset_password",
    "sign_in",
    "sign_out",
    "sign_up",
]
