"""Make the demo city live."""

from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from approvals.demo import operations
from portal.core import clock
from portal.core.errors import DomainError

MANY = 20
"""A line of progress after so many editions of layers."""
EVERY = 4
"""A line of progress after so many projects."""


class Command(BaseCommand):
    """Write the history of the pack's demo projects; what is there already stays as it is."""

    help = "Fill the demo city with projects at all stages (only where the demo is switched on)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--projects", type=int, default=operations.PROJECTS, help="how many projects there shall be"
        )
        parser.add_argument(
            "--ground",
            action=BooleanOptionalAction,
            default=True,
            help="import the drawn layers of the city first, and give each project a lot there",
        )
        parser.add_argument("--seed", type=int, default=operations.SEED, help="the same seed gives the same history")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["projects"] < 0:
            raise CommandError(_("--projects 不能是负数。"))
        try:
            drawing = operations.drawn_ground() if options["ground"] else None
            if drawing is not None:
                operations.lay_ground(drawing, at=clock.now(), tell=self._layers)
            operations.write_city(
                projects=options["projects"],
                seed=options["seed"],
                at=clock.now(),
                tell=self._progress,
                drawing=drawing,
            )
            if drawing is not None:
                operations.write_plans(
                    drawing=drawing,
                    projects=options["projects"],
                    seed=options["seed"],
                    at=clock.now(),
                    tell=self._plans,
                )
        except DomainError as error:
            raise CommandError(" ".join([str(error), *map(str, error.fields.values())])) from error

    def _layers(self, written: int, wanted: int) -> None:
        if written % MANY == 0 or written == wanted:
            words = {"written": written, "wanted": wanted}
            self.stdout.write(_("已导入 %(written)d/%(wanted)d 个图层版本") % words)
            self.stdout.flush()

    def _progress(self, written: int, wanted: int) -> None:
        if written % EVERY == 0 or written == wanted:
            words = {"written": written, "wanted": wanted}
            self.stdout.write(_("已写入 %(written)d/%(wanted)d 个项目") % words)
            self.stdout.flush()

    def _plans(self, written: int, wanted: int) -> None:
        if written == wanted:
            self.stdout.write(_("已写入 %(n)d 次全市核查、核查报告和项目意向") % {"n": wanted})
            self.stdout.flush()
