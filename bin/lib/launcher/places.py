"""Where things live: the checkout, its virtual environment, and var/ with everything that is made at run time."""

import hashlib
import os
import re
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from launcher import say

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
# A unix socket's path may have 107 bytes; PostgreSQL's is the longest one below var/.
SOCKET_BYTES = 107
SOCKET_NAME = "run/.s.PGSQL.5432"
# These characters mean the same in a shell, a URL and the configuration of PostgreSQL and Redis.
PLAIN = re.compile(r"[A-Za-z0-9/._+@=-]+")


@dataclass(frozen=True)
class Places:
    """The directories of one portal."""

    asked: Path
    var: Path

    @property
    def run(self) -> Path:
        """Hold the sockets; only the services' user (and root) may enter."""
        return self.var / "run"

    @property
    def data(self) -> Path:
        """Hold the PostgreSQL cluster."""
        return self.var / "postgresql"

    @property
    def logs(self) -> Path:
        """Hold one log per process."""
        return self.var / "log"

    @property
    def notes(self) -> tuple[Path, ...]:
        """Name the files that tell a plain `manage.py` where the services are."""
        return tuple({self.asked / "services.env": 1, self.var / "services.env": 1})


def objection(var: Path, *, as_root: bool) -> str | None:
    """Say why the services cannot live below this directory, or None when they can."""
    if not PLAIN.fullmatch(str(var)):
        return "its path has characters that servers read in different ways"
    if len(os.fsencode(var / SOCKET_NAME)) > SOCKET_BYTES:
        return f"its path is too long for a unix socket ({SOCKET_BYTES} bytes)"
    for parent in (var, *var.parents):
        if not parent.exists():
            continue
        if as_root and parent != var and not parent.stat().st_mode & stat.S_IXOTH:
            return f"the services' user may not enter {parent}"
        if not as_root and not os.access(parent, os.X_OK):
            return f"you may not enter {parent}"
    nearest = next(parent for parent in (var, *var.parents) if parent.exists())
    if not os.access(nearest, os.W_OK):
        return f"{nearest} is not writable"
    return None


def shelter(var: Path, *, uid: int, temp: Path) -> Path:
    """Return this directory's stand-in below the system's temporary area, one per path and user."""
    mark = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    return temp / f"portal-{uid}-{mark}"


def find(*, quiet: bool = False) -> Places:
    """Decide where var/ is, make it, and say so when it is not where one would look.

    :raises Stop: the stand-in belongs to somebody else
    """
    uid = os.getuid()
    asked = Path(os.environ.get("PORTAL_VAR") or ROOT / "var").absolute()
    var = asked
    if why := objection(asked, as_root=uid == 0):
        temp = Path(tempfile.gettempdir()).absolute()
        if objection(shelter(asked, uid=uid, temp=temp), as_root=uid == 0):
            temp = Path("/tmp")
        var = shelter(asked, uid=uid, temp=temp)
        if not quiet:
            say.note(f"Run-time data goes to {var} instead of {asked}: {why}.")
    var.mkdir(parents=True, exist_ok=True, mode=0o711)
    if var != asked and (var.is_symlink() or var.stat().st_uid != uid):
        raise say.Stop(f"{var} belongs to somebody else; set PORTAL_VAR to a directory of your own.")
    places = Places(asked=asked, var=var)
    places.logs.mkdir(exist_ok=True)
    return places


def environment(places: Places) -> dict[str, str]:
    """Return the environment every process of the portal runs in."""
    env = {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "PGPASSWORD", "PGDATABASE"}}
    if not env.get("DJANGO_SETTINGS_MODULE", "").startswith("portal."):
        env["DJANGO_SETTINGS_MODULE"] = "portal.settings.dev"
    env.update(
        PORTAL_VAR=str(places.var),
        PGHOST=str(places.run),
        PGPORT="5432",
        PGUSER="portal",
        PORTAL_REDIS_URL=f"unix://{places.run}/redis.sock",
        VIRTUAL_ENV=str(VENV),
        PATH=f"{VENV / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}",
        PYTHONUNBUFFERED="1",
        PYTHONUTF8="1",
    )
    return env
