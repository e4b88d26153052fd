"""List the logins people may try in the demo."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from portal.accounts import queries


class Command(BaseCommand):
    """Print role, login, password and department of the demo accounts; nothing in production."""

    help = "Print the demo logins; an empty list where the demo is switched off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print a JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        logins = queries.demo_logins()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(login) for login in logins], ensure_ascii=False))
            return
        for login in logins:
            self.stdout.write(f"{login.role:16}{login.username:20}{login.password:20}{login.department}")
