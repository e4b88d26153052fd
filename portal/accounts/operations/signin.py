"""Signing in and out, and one's own password."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Membership, User
from portal.accounts.operations.rows import end_sessions, locked_user, record
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.unit import operation


def _self(user: User) -> Actor:
    return Actor(user_id=user.pk, name=user.name, username=user.username)


def sign_in(*, user_id: int, key: str, channel: str, address: str, at: datetime) -> User:
    """Note that a person whose password was right has come in; the newest sessions stay, older ones end.

    :param key: the name of the new session; '' for a token of a machine, which has none
    :param channel: page or api
    """
    with operation():
        user = locked_user(user_id)
        if key:
            staff = Membership.objects.active(at).filter(user_id=user_id, department__isnull=False).exists()
            limit = settings.SESSIONS_OF_STAFF if staff else settings.SESSIONS_OF_APPLICANTS
            user.session_keys = [key, *user.session_keys][:limit]
        user.last_login = at
        user.save(update_fields=["session_keys", "last_login"])
        record("session.opened", actor=_self(user), at=at, subject=user, channel=channel, address=address)
        return user


def note_failed_sign_in(*, username: str, channel: str, address: str, at: datetime) -> None:
    """Note a refused sign-in.

    What was typed is kept only when it is the login of somebody: people type passwords into the wrong box.
    """
    known = User.objects.filter(username=User.normalize_username(username)).first()
    with operation():
        record(
            "session.refused",
            actor=Actor.anonymous(),
            at=at,
            subject=known or (User._meta.label_lower, ""),
            username=known.username if known else "",
            channel=channel,
            address=address,
        )


def sign_out(*, user_id: int, key: str, at: datetime) -> None:
    """End one session of a person."""
    with operation():
        user = locked_user(user_id)
        user.session_keys = [known for known in user.session_keys if known != key]
        user.save(update_fields=["session_keys"])
        record("session.closed", actor=_self(user), at=at, subject=user)


def change_password(*, user_id: int, old: str, new: str, key: str, at: datetime) -> User:
    """Change one's own password; every other session ends and the token is withdrawn.

    :param key: the session that asks, which stays
    :raises InvalidInput: the old password is wrong, or the new one breaks a rule; by field
    """
    with operation():
        user = locked_user(user_id)
        wrong: dict[str, object] = {}
        if not user.check_password(old):
            wrong["old"] = _("原密码不对，请重新输入。")
        elif old == new:
            wrong["new"] = _("新密码不能和原密码一样。")
        try:
            validate_password(new, user)
        except ValidationError as error:
            wrong.setdefault("new", " ".join(error.messages))
        if wrong:
            raise InvalidInput(fields=wrong)
        user.set_password(new)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        end_sessions(user, keep=key)
        record("password.changed", actor=_self(user), at=at, subject=user)
        return user
