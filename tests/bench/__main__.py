"""`python -m tests.bench NAME [--json]`; `bin/bench` brings the database."""

import argparse
import importlib
import inspect
import pkgutil
import sys
from pathlib import Path

import django

NOT_BENCHES = {"__main__", "city", "crowd", "data", "measure", "plain_flow", "terrain"}


def names() -> list[str]:
    """Return the benches there are."""
    return sorted({module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])} - NOT_BENCHES)


def main() -> int:
    """Run one bench, or all."""
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure the portal.")
    parser.add_argument("name", choices=[*names(), "all"])
    parser.add_argument("--json", action="store_true", help="one JSON object per line and nothing else")
    parser.add_argument("--quick", action="store_true", help="less ground, where a bench has a smaller one to offer")
    chosen = parser.parse_args()
    django.setup()
    for name in names() if chosen.name == "all" else [chosen.name]:
        run = importlib.import_module(f"tests.bench.{name}").run
        options = {"quick": True} if chosen.quick and "quick" in inspect.signature(run).parameters else {}
        for measured in run(**options):
            print(measured.as_json() if chosen.json else measured, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
