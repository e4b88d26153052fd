"""Typed reading of the environment.

Every value may also come from a file: `NAME_FILE=/run/secrets/name` stands for `NAME=<content>`, so that secrets need
not appear in a process list. A value of the wrong type stops the start with its name, never with a guess.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """Return the value of NAME, or the content of the file NAME_FILE names, or the default.

    Raises ImproperlyConfigured when there is none of the three, or the file cannot be read.
    """
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: {error}") from error
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} (or {name}_FILE) must be set")
    return value


def flag(name: str, default: bool) -> bool:
    """Return a yes/no value."""
    value = text(name, "1" if default else "0").strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1/0, true/false, yes/no, on/off, not {value!r}")


def number(name: str, default: int) -> int:
    """Return a whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}") from error


def listing(name: str, default: str = "") -> list[str]:
    """Return the comma separated values, without blanks."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def load_notes(path: Path) -> None:
    """Take NAME=value lines from a file as defaults: what `bin/services` noted about the private servers."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())
