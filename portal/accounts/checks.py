"""What must not be when the portal is set up on a server."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db import connections


def register() -> None:
    """Join Django's system checks; those of the database run with `migrate`, before anything is served."""
    checks.register(no_demo_accounts, checks.Tags.database)


def no_demo_accounts(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[checks.CheckMessage]:
    """Refuse a database with demo accounts where the demo is switched off."""
    from portal.accounts.models import User

    if settings.DEMO or "default" not in (databases or ()):
        return []
    if User._meta.db_table not in connections["default"].introspection.table_names():
        return []
    columns = {field.name for field in _columns(User._meta.db_table)}
    if "is_demo" not in columns or not User.objects.filter(is_demo=True, is_active=True).exists():
        return []
    return [
        checks.Error(
            "The database holds demo accounts whose password everybody knows.",
            hint="Start production on an empty database.",
            id="accounts.E001",
        )
    ]


def _columns(table: str) -> list[Any]:
    connection = connections["default"]
    with connection.cursor() as cursor:
        return connection.introspection.get_table_description(cursor, table)
