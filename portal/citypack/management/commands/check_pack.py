"""Check a city pack and change nothing: `check_pack DIR`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from portal.citypack import queries
from portal.citypack.checking import check
from portal.citypack.faults import Fault


class Command(BaseCommand):
    """Print every fault with file, key and reason; exit with 1 when there is one."""

    help = "Check a city pack directory; changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", nargs="?", type=Path, default=settings.CITY_PACK)

    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        pack = check(directory)
        if pack.faults:
            report(self, pack.faults)
            raise SystemExit(1)
        numbers = queries.counts(pack.documents)
        summary = _(
            "没有错误：%(departments)d 个部门、%(items)d 个事项、%(flows)d 类流程、"
            "%(materials)d 种材料、%(fields)d 个字段"
        )
        self.stdout.write(summary % numbers)


def report(command: BaseCommand, faults: tuple[Fault, ...]) -> None:
    """Write the faults to standard error, one per line."""
    for fault in faults:
        command.stderr.write(str(fault))
    command.stderr.write(_("共 %d 处错误，什么都没有改动") % len(faults))
