"""Drop the database that PORTAL_DATABASE names."""

import os
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from psycopg2 import sql


class Command(BaseCommand):
    """Drop the database that PORTAL_DATABASE names, with everything in it."""

    help = "Drop the database named by the environment variable PORTAL_DATABASE."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse without an explicit name and in production; drop otherwise."""
        name = os.environ.get("PORTAL_DATABASE")
        if not name:
            raise CommandError("Set PORTAL_DATABASE to the database to drop; without it nothing is dropped.")
        if not settings.DEMO:
            raise CommandError("Only a portal with demo data drops databases; use your server's own tools.")
        connection.close()
        maintenance = {**connection.get_connection_params(), "dbname": "postgres"}
        # DROP DATABASE cannot run inside a transaction.
        session = psycopg2.connect(
            **{key: maintenance[key] for key in ("dbname", "host", "port", "user") if key in maintenance}
        )
        try:
            session.autocommit = True
            with session.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone() is None:
                    self.stderr.write(f"There is no database {name}.")
                    return
                cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        finally:
            session.close()
        self.stderr.write(f"Dropped the database {name}.")
