"""What several verbs share: the stream, locks, a new person's row, a unique login."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Department, Enterprise, Membership, Role, User
from portal.core import audit
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound

STREAM = "accounts"


def record(action: str, *, actor: Actor, at: datetime, subject: Any, **data: Any) -> None:
    """Write an act into the record of accounts."""
    audit.record(stream=STREAM, action=f"accounts.{action}", actor=actor, at=at, subject=subject, data=data)


def locked_user(user_id: int) -> User:
    """Return a person's row, locked.

    :raises NotFound: there is none
    """
    user = User.objects.select_for_update(of=("self",), no_key=True).filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user


def new_user(
    *, username: str, name: str, mobile: str, password: str, at: datetime, email: str = "", must_change: bool = False
) -> User:
    """Create a person.

    :raises InvalidInput: the login is taken; at the field `username`
    """
    try:
        with transaction.atomic():
            return User.objects.create_user(
                username,
                password,
                name=name,
                mobile=mobile,
                email=email,
                must_change_password=must_change,
                created_at=at,
            )
    except IntegrityError as error:
        raise InvalidInput(fields={"username": _("这个用户名已有人使用，请换一个。")}) from error


def new_membership(
    *,
    user: User,
    role: Role,
    at: datetime,
    department: Department | None = None,
    enterprise: Enterprise | None = None,
    sub_unit: str = "",
) -> Membership:
    """Create a membership; the caller has checked that role and body fit."""
    return Membership.objects.create(
        user=user, role=role, department=department, enterprise=enterprise, sub_unit=sub_unit, active_from=at
    )


def end_sessions(user: User, *, keep: str = "") -> None:
    """Sign a locked person out everywhere, except in one session, and withdraw the token of his machines."""
    user.session_keys = [keep] if keep else []
    user.save(update_fields=["session_keys"])
    # The token's model belongs to the API's framework; it is reached through the person.
    token = getattr(user, "auth_token", None)
    if token is not None:
        token.delete()
