"""Make the enterprises and people of the demo city."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.accounts import operations
from portal.citypack.models import PackVersion
from portal.core import clock


class Command(BaseCommand):
    """Create what the current pack describes and is not there yet."""

    help = "Create the demo city's enterprises and people (only where the demo is switched on)."

    def handle(self, *args: Any, **options: Any) -> None:
        version = PackVersion.objects.current().first()
        if version is None:
            raise CommandError("No city pack is loaded: run load_pack first.")
        try:
            made = operations.ensure_demo_people(version=version, at=clock.now())
        except operations.NoDemo as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"{made} people made.")
