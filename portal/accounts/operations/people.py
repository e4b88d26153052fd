"""Accounts: made, closed, opened, given a new password."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.accounts import policies
from portal.accounts.models import Membership, User
from portal.accounts.operations.rows import end_sessions, locked_user, new_user, record
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed
from portal.core.unit import operation


class AlreadySo(Conflict):
    """The account is closed, or open, already."""

    code = "already_so"
    message = _("账号已经是这个状态，不用再办。请刷新页面。")


def create_person(
    *, username: str, name: str, mobile: str, password: str, actor: Actor, at: datetime, email: str = ""
) -> User:
    """Make an account without any role; the password has to be changed at the first sign-in.

    :raises NotAllowed: the actor does not keep accounts
    :raises InvalidInput: the login is taken
    """
    policies.require(policies.can_manage_people(actor))
    with operation():
        user = new_user(
            username=username, name=name, mobile=mobile, email=email, password=password, must_change=True, at=at
        )
        record("user.created", actor=actor, at=at, subject=user, username=user.username)
        return user


def close_account(*, user_id: int, reason: str, actor: Actor, at: datetime) -> User:
    """Close an account: its sessions end at once, its past acts stay.

    :raises NotAllowed: the actor does not keep accounts, or it is his own
    :raises AlreadySo: it is closed
    """
    with operation():
        user = locked_user(user_id)
        policies.require(policies.can_close_account(actor, user))
        if not user.is_active:
            raise AlreadySo
        user.is_active = False
        user.save(update_fields=["is_active"])
        end_sessions(user)
        record("user.closed", actor=actor, at=at, subject=user, reason=reason)
        return user


def open_account(*, user_id: int, actor: Actor, at: datetime) -> User:
    """Open a closed account again.

    :raises NotAllowed: the actor does not keep accounts, or it is his own
    :raises AlreadySo: it is open
    """
    with operation():
        user = locked_user(user_id)
        policies.require(policies.can_close_account(actor, user))
        if user.is_active:
            raise AlreadySo
        user.is_active = True
        user.save(update_fields=["is_active"])
        record("user.opened", actor=actor, at=at, subject=user)
        return user


def reset_password(*, user_id: int, password: str, actor: Actor, at: datetime) -> User:
    """Give a person a first password again; his sessions end, and he has to change it at the next sign-in.

    Who keeps the accounts may do it for everybody but himself; an enterprise's administrator for its people.
    :raises NotAllowed: neither of them
    """
    with operation():
        user = locked_user(user_id)
        if not policies.can_close_account(actor, user):
            _require_own_member(user, actor, at)
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        end_sessions(user)
        record("password.reset", actor=actor, at=at, subject=user)
        return user


def _require_own_member(user: User, actor: Actor, at: datetime) -> None:
    """Pass only the administrator of the one body the person belongs to.

    A person who also works for a department is none of an enterprise's business.
    """
    memberships = list(Membership.objects.active(at).filter(user=user).select_related("enterprise"))
    bodies = {membership.enterprise for membership in memberships}
    if user.pk == actor.user_id or len(bodies) != 1:
        raise NotAllowed
    (enterprise,) = bodies
    policies.require(enterprise is not None and policies.can_manage_members(actor, enterprise))
