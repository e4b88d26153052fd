"""Load a city pack: `load_pack DIR [--check]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from portal.citypack import operations
from portal.citypack.management.commands.check_pack import report
from portal.core import clock
from portal.core.actor import Actor


class Command(BaseCommand):
    """Make a pack directory the current version; with --check only look."""

    help = "Load a city pack directory as a new version; an unchanged pack makes no new version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", nargs="?", type=Path, default=settings.CITY_PACK)
        parser.add_argument("--check", action="store_true", help="only check, as check_pack does")

    def handle(self, *args: Any, directory: Path, check: bool, **options: Any) -> None:
        if check:
            call_command("check_pack", directory, stdout=self.stdout, stderr=self.stderr)
            return
        try:
            loaded = operations.load(directory=directory, actor=Actor.system("load_pack"), at=clock.now())
        except operations.BadPack as error:
            report(self, error.faults)
            raise SystemExit(1) from error
        if loaded.is_unchanged:
            message = _("%(city)s：内容没有变化，仍是第 %(number)d 版")
        elif loaded.created:
            message = _("%(city)s：已载入第 %(number)d 版")
        else:
            message = _("%(city)s：已改回第 %(number)d 版")
        self.stdout.write(message % {"city": loaded.version.city, "number": loaded.version.number})
