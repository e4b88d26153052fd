"""Databases of the private cluster: made and migrated when they are first asked for.

What has been done to a database is noted in the database's own comment, so the note lives and dies with it and a
second start need not load Django to learn that nothing is to do.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from launcher import locks, say, venv
from launcher.places import ROOT, Places
from launcher.services import Services

AREAS = ("portal", "projects", "blueprint", "approvals")
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
RESERVED = {"postgres", "template0", "template1"}


def fingerprint(*patterns: str, root: Path = ROOT) -> str:
    """Return the digest of all files the patterns name, with their paths."""
    mark = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()}):
        mark.update(str(path.relative_to(root)).encode() + b"\0")
        mark.update(path.read_bytes() + b"\0")
    return mark.hexdigest()


def schema() -> str:
    """Return the digest of everything that makes the tables."""
    return fingerprint("requirements.txt", *(f"{area}/*/migrations/*.py" for area in AREAS))


def chosen() -> str:
    """Return the name of the database this script works on.

    :raises Stop: the name is not a plain one
    """
    name = os.environ.get("PORTAL_DATABASE") or "portal"
    if not NAME.fullmatch(name) or name in RESERVED:
        raise say.Stop(f"PORTAL_DATABASE={name!r}: use small letters, digits and underscores, and no reserved name.")
    return name


@dataclass(frozen=True)
class Database:
    """One database of the private cluster."""

    services: Services
    env: dict[str, str]
    name: str

    @property
    def places(self) -> Places:
        """Return the directories of this portal."""
        return self.services.places

    def _sql(self, statement: str, *, database: str = "postgres") -> str:
        """Run one statement and return its plain answer.

        :raises Stop: PostgreSQL refused
        """
        psql = [self.services.tool("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement]
        done = subprocess.run(psql, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise say.Stop(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout.strip()

    def exists(self) -> bool:
        """Tell whether the database is there."""
        return bool(self._sql(f"SELECT 1 FROM pg_database WHERE datname = '{self.name}'"))

    def marks(self) -> dict[str, str]:
        """Return what has been done to this database, by step."""
        query = f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{self.name}'"
        text = self._sql(query)
        return json.loads(text) if text.startswith("{") else {}

    def mark(self, step: str, value: str) -> None:
        """Note that a step has been done for this state of the sources."""
        text = json.dumps({**self.marks(), step: value}, sort_keys=True).replace("'", "''")
        self._sql(f"COMMENT ON DATABASE {self.name} IS '{text}'")

    @property
    def lock(self) -> Path:
        """Name the lock that keeps two scripts from preparing the same database."""
        return self.places.var / f"database-{self.name}.lock"

    def once(self, step: str, state: str, title: str, *command: str) -> None:
        """Run a management command unless it already ran for this state of the sources.

        :raises Stop: the command failed
        """
        if self.marks().get(step) == state:
            return
        with say.step(title):
            run = [str(venv.PYTHON), str(ROOT / "manage.py"), *command]
            done = subprocess.run(run, cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
            if done.returncode:
                raise say.Stop(f"manage.py {' '.join(command)} failed (see above)")
        self.mark(step, state)

    def create(self) -> None:
        """Make the database with PostGIS in it, if it is not there."""
        if self.exists():
            return
        with say.step(f"Creating the database {self.name}"):
            self._sql(f"CREATE DATABASE {self.name} TEMPLATE template0")
            self._sql("CREATE EXTENSION IF NOT EXISTS postgis", database=self.name)

    def ensure(self) -> None:
        """Have the database exist with its tables up to date."""
        with locks.alone(self.lock):
            self.create()
            title = f"Migrating the database {self.name}"
            self.once("schema", schema(), title, "migrate", "--no-input", "--verbosity=0")
