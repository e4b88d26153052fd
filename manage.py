#!/usr/bin/env python3
"""Run a management command of the portal."""

import gc
import os
import sys


def main() -> None:
    """Hand the command line to Django."""
    # Modules come in by the thousand and stay; looking through them for garbage meanwhile is a tenth of the start.
    gc.set_threshold(50_000)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
