"""`bin/manage`: a management command inside the portal's own environment."""

import os
import signal
import subprocess
from pathlib import Path
from types import FrameType

from launcher import database, packages, places, signals, venv
from launcher.database import Database
from launcher.services import Services

# These never touch a server.
OFFLINE = {
    "check_code",
    "check_pack",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "explain_clock",
    "findstatic",
    "help",
    "makemessages",
    "spectacular",
    "version",
}
# These want the servers, but not a database that was just made or migrated for them.
BARE = {"dbshell", "drop_database", "makemigrations", "migrate", "optimizemigration", "showmigrations", "sqlmigrate"}


def offline(args: list[str]) -> bool:
    """Tell whether a command line needs no server."""
    return not args or args[0] in OFFLINE or args[0].startswith("-") or bool({"-h", "--help"} & set(args))


def set_up(*, tests: bool = False) -> None:
    """Have packages, virtual environment and translations ready."""
    packages.ensure(packages.PORTAL)
    venv.ensure(tests=tests)
    venv.compile_translations()


def run(command: list[str], env: dict[str, str], *, cwd: Path | None = None) -> int:
    """Run a program as if it had been called itself: its streams, its signals, its exit status."""
    child = subprocess.Popen(command, env=env, cwd=cwd)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        # A terminal sends Ctrl-C to both of us; twice would be taken for impatience.
        if number != signal.SIGINT or not _in_foreground():
            child.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in signals.WISHES}
    try:
        code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:  # no terminal
        return False


def manage(args: list[str]) -> int:
    """Run manage.py with these arguments, with the services it needs."""
    set_up()
    where = places.find()
    env = places.environment(where)
    command = [str(venv.PYTHON), str(places.ROOT / "manage.py"), *args]
    if offline(args):
        return run(command, env)
    private = Services(where)
    chosen = Database(services=private, env=env, name=database.chosen())
    with private.used():
        if args[0] not in BARE:
            chosen.ensure()
        elif args[0] != "drop_database":
            chosen.create()
        return run(command, env)


def bench(args: list[str]) -> int:
    """Run a bench in a database of its own."""
    os.environ.setdefault("PORTAL_DATABASE", "bench")
    set_up()
    where = places.find()
    env = places.environment(where)
    private = Services(where)
    with private.used():
        Database(services=private, env=env, name=database.chosen()).ensure()
        return run([str(venv.PYTHON), "-m", "tests.bench", *args], env, cwd=places.ROOT)
