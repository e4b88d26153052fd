"""A second process that acts on the test database: `python -m tests.approvals.review.fire`.

It reads acts as JSON from its input, says `ready`, waits for the word to go, does each act in a thread of its own, all
in the same moment, and prints what came of each: `done`, or the name of the refusal.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

#: name of an act -> its arguments; plain values, as they go through a pipe
Act = tuple[str, dict[str, Any]]


class Other:
    """The other process, seen from the test."""

    def __init__(self, acts: Sequence[Act], *, at: datetime, database: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.approvals.review.fire"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PORTAL_DATABASE": database},
        )
        self._write(json.dumps({"acts": acts, "at": at.isoformat()}))
        if self.read() != "ready":
            raise RuntimeError("the other process did not start")

    def go(self) -> None:
        """Let it act."""
        self._write("go")

    def read(self) -> str:
        """Return the next line it says, empty at its end."""
        return self.process.stdout.readline().strip() if self.process.stdout else ""

    def results(self) -> list[str]:
        """Return what came of each act, and wait for its end."""
        found: list[str] = json.loads(self.read() or "[]")
        self.process.wait(timeout=60)
        return found

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(timeout=60)

    def _write(self, line: str) -> None:
        if self.process.stdin:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()


def together(acts: Sequence[Act], *, at: datetime) -> list[str]:
    """Do acts in threads that start in the same moment."""
    from django.db import connection

    from portal.core.errors import DomainError

    barrier = threading.Barrier(len(acts))
    results = [""] * len(acts)

    def run(index: int) -> None:
        name, arguments = acts[index]
        try:
            connection.ensure_connection()
            barrier.wait()
            _do(name, arguments, at)
            results[index] = "done"
        except DomainError as refusal:
            results[index] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def _do(name: str, arguments: dict[str, Any], at: datetime) -> None:
    from approvals.reminders import operations as reminders
    from approvals.review import operations as review
    from portal.accounts import actors
    from portal.accounts.models import User
    from portal.core import outbox

    given = dict(arguments)
    if "user" in given:
        given["actor"] = actors.build(User.objects.get(pk=given.pop("user")))
    match name:
        case "complete":
            review.complete_task(conclusion="grant", opinion="同意", at=at, **given)
        case "accept":
            review.accept(at=at, **given)
        case "withdraw":
            review.withdraw(reason="不办了", at=at, **given)
        case "hold":
            review.place_hold(reason="等上级意见", at=at, **given)
        case "sweep":
            reminders.sweep(at=at)
        case "drain":
            outbox.drain(at=at, limit=10_000)


def main() -> None:
    """Act as the other process."""
    import django

    django.setup()
    order = json.loads(sys.stdin.readline())
    print("ready", flush=True)
    if sys.stdin.readline():
        print(json.dumps(together(order["acts"], at=datetime.fromisoformat(order["at"]))), flush=True)


if __name__ == "__main__":
    main()
