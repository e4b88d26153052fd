"""Make the first accounts of a new installation, before anybody can sign in to make them."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal.accounts import operations
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import DomainError
from portal.core.unit import operation


class Command(BaseCommand):
    """Create an account with one role in a department; it has to change its password at the first sign-in."""

    help = "Create an account with a role in a department, e.g. the first security administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, help="a role of the city pack")
        parser.add_argument("--department", required=True, help="a department of the city pack")

    def handle(self, *args: Any, **options: Any) -> None:
        # From the environment or the terminal, never from the command line, where others could read it.
        password = os.environ.get("ACCOUNT_PASSWORD") or getpass.getpass("First password: ")
        actor, at = Actor.system("create_account"), clock.now()
        try:
            validate_password(password)
            with operation():
                user = operations.create_person(
                    username=options["username"],
                    name=options["name"],
                    mobile="",
                    password=password,
                    actor=actor,
                    at=at,
                )
                operations.grant_role(
                    user_id=user.pk, role_id=options["role"], department_id=options["department"], actor=actor, at=at
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except DomainError as error:
            raise CommandError(" ".join([str(error), *map(str, error.fields.values())])) from error
        self.stdout.write(f"{user.username} ({options['role']}, {options['department']})")
