"""Commands that answer programs: JSON on standard output, notes on standard error, nothing else."""

import io
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand


class JsonCommand(BaseCommand):
    """A command whose standard output is JSON in UTF-8, whatever the terminal's encoding."""

    # The answer depends on nothing that the system checks look at, and a program waits for it.
    requires_system_checks = ()

    def execute(self, *args: Any, **options: Any) -> str | None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        return super().execute(*args, **options)

    def say(self, value: object) -> None:
        """Write one value as one line of JSON."""
        self.stdout.write(as_line(value))


def as_line(value: object) -> str:
    """Return a value as one line of JSON; text that is not Unicode (a broken byte of an argument) is escaped."""
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return line
