"""Password sign-in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from portal.accounts import actors
from portal.accounts.models import User


class PasswordBackend(ModelBackend):
    """Django's own, with logins found in their one spelling and demo accounts shut outside the demo."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if username is not None:
            username = User.normalize_username(username)
        user: User | None = super().authenticate(request, username=username, password=password, **kwargs)
        return user

    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session, together with what he may do."""
        user = actors.read(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(super().user_can_authenticate(user)) and (settings.DEMO or not user.is_demo)
