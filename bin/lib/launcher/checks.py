"""`bin/test` and `bin/check`."""

import os
import subprocess
from typing import IO

from launcher import commands, database, locks, packages, places, say, venv
from launcher.places import ROOT, VENV, Places
from launcher.services import Services

PASSED_OR_FAILED = {0, 1, 5}


def _slot(where: Places) -> tuple[int, IO[str]]:
    """Take the first test database nobody is using, so that two runs do not disturb each other."""
    for number in range(20):
        if held := locks.try_alone(where.var / f"tests-{number}.lock"):
            return number, held
    raise say.Stop("Twenty test runs at once are enough.")


def _spread(args: list[str]) -> list[str]:
    """Return the options that share a whole run among the processors; a chosen test runs in one process."""
    processes = min(4, len(os.sched_getaffinity(0)))
    if args or processes < 2:
        return []
    # A file stays in one process: its tests share what is costly to make.
    # The order stays: the longest files come first.
    return [f"--numprocesses={processes}", "--dist=loadfile", "--no-loadscope-reorder"]


def test(args: list[str]) -> int:
    """Run pytest with these arguments.

    The test databases are kept between runs and made anew when the tables changed or the last run was cut off.
    """
    commands.set_up(tests=True)
    continuous = os.environ.get("CI") == "true"
    try:
        packages.ensure(packages.TESTS)
    except say.Stop as lacking:
        if continuous:
            raise
        say.note(f"{lacking}\nThe tests that need it are skipped.")
    where = places.find()
    env = places.environment(where)
    env["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    # Tests lose nothing in a power cut.
    env["PGOPTIONS"] = "-c synchronous_commit=off"
    number, held = _slot(where)
    with held, Services(where).used():
        env["PORTAL_DATABASE"] = f"portal_{number}"
        spread = _spread(args)
        # Spread tests have databases of their own, one per process.
        clean = where.var / f"tests-{number}{'-spread' if spread else ''}.clean"
        fresh = not clean.exists() or clean.read_text() != database.schema()
        clean.unlink(missing_ok=True)
        pytest = [str(venv.PYTHON), "-m", "pytest", "--create-db" if fresh else "--reuse-db"]
        code = commands.run([*pytest, *spread, *args], env, cwd=ROOT)
        if code in PASSED_OR_FAILED:
            clean.write_text(database.schema())
    return code


def _tools() -> dict[str, list[str]]:
    def tool(name: str, *args: str) -> list[str]:
        return [str(VENV / "bin" / name), *args]

    return {
        "ruff check": tool("ruff", "check", "."),
        "ruff format": tool("ruff", "format", "--check", "."),
        "mypy": tool("mypy"),
        "import contracts": tool("lint-imports", "--no-cache"),
        "djlint": tool("djlint", "templates", "--lint", "--quiet"),
        "system check": tool("python", "manage.py", "check", "--fail-level", "WARNING"),
        "migrations": tool("python", "manage.py", "makemigrations", "--check", "--dry-run", "--verbosity=1"),
        "API schema": tool("python", "manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull),
        "translations": tool("python", "-m", "tests.architecture.translations"),
    }


def check(args: list[str]) -> int:
    """Run every static check, or only those named; print what a failing one says."""
    tools = _tools()
    if unknown := set(args) - set(tools):
        raise say.Stop(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join(tools)}.")
    commands.set_up(tests=True)
    where = places.find()
    env = places.environment(where)
    failed = []
    with Services(where).used():
        for name, command in tools.items():
            if args and name not in args:
                continue
            done = subprocess.run(
                command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
            )
            print(f"{'ok    ' if done.returncode == 0 else 'FAILED'}  {name}", flush=True)
            if done.returncode:
                failed.append(name)
                print(done.stdout + done.stderr, flush=True)
    if failed:
        print(f"{len(failed)} of {len(args) or len(tools)} checks failed: {', '.join(failed)}")
        return 1
    print("All checks passed.")
    return 0
