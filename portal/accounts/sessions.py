"""How long a browser stays signed in, and in how many browsers at once.

A session ends after a time without a click, after a time in any case (settings.SESSION_IDLE_SECONDS,
SESSION_ABSOLUTE_SECONDS), and when newer ones have taken its place (GB/T 22239-2019, 身份鉴别).
"""

import secrets
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest

from portal.accounts.models import User

Ending = Literal["idle", "absolute", "replaced"]

_KEY, _STARTED, _SEEN = "portal_key", "portal_started", "portal_seen"
# The time of the last click is written once a minute: a write per request would cost more than it says.
_SEEN_EVERY_SECONDS = 60


def new_key() -> str:
    """Return the name under which a session is known to its person."""
    return secrets.token_hex(16)


def open_session(request: HttpRequest, user: User, *, key: str, at: datetime) -> None:
    """Sign a browser in; `operations.sign_in` has written the key to the person's row."""
    auth.login(request, user, backend="portal.accounts.backends.PasswordBackend")
    request.session[_KEY] = key
    request.session[_STARTED] = request.session[_SEEN] = at.timestamp()


def key_of(request: HttpRequest) -> str:
    """Return the key of the browser's session, '' without one."""
    return str(request.session.get(_KEY, ""))


def ending(request: Any, *, at: datetime) -> Ending | None:
    """Return why a signed-in browser's session is over, or None while it is not."""
    now = at.timestamp()
    started, seen = request.session.get(_STARTED), request.session.get(_SEEN)
    if started is None or seen is None:  # signed in by other means than our page, e.g. Django's admin site
        request.session[_STARTED] = request.session[_SEEN] = now
        return None
    if now - started > settings.SESSION_ABSOLUTE_SECONDS:
        return "absolute"
    if now - seen > settings.SESSION_IDLE_SECONDS:
        return "idle"
    key = key_of(request)
    if key and key not in request.user.session_keys:
        return "replaced"
    return None


def touch(request: HttpRequest, *, at: datetime) -> None:
    """Remember that the person is at work."""
    now = at.timestamp()
    if now - request.session.get(_SEEN, 0) >= _SEEN_EVERY_SECONDS:
        request.session[_SEEN] = now
