"""Write the demo city's history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from approvals.demo import ground, laying, plans, story
from approvals.demo.people import Cast
from approvals.demo.planning import Planner
from approvals.demo.telling import Telling
from approvals.demo.times import Times
from blueprint.ground import drawing as drawings
from blueprint.ground.drawing import Drawing
from portal.accounts import operations as accounts
from portal.citypack.models import PackVersion
from portal.core import calendars, outbox
from portal.core.errors import Conflict
from projects.registry.models import Project

SEED = 20260414
PROJECTS = 60

Progress = Callable[[int, int], None]


class NoPack(Conflict):
    """There is no city to tell of."""

    code = "no_pack"
    message = _("还没有载入城市配置，不能写演示数据。请先运行 load_pack。")


def drawn_ground() -> Drawing | None:
    """Return the ground the pack draws, which draws itself when it is asked for; None: the pack draws none.

    :raises NoDemo: settings.DEMO is off
    :raises NoPack: no pack is loaded
    """
    return drawings.of(_version().documents)


def lay_ground(drawing: Drawing, *, at: datetime, tell: Progress) -> int:
    """Import the layers of a ground that are not there yet, and return how many editions were written.

    :param tell: called with (written, wanted) after each edition
    :raises NoDemo: settings.DEMO is off
    """
    _version()
    return laying.lay(drawing, at=at, tell=tell)


def write_city(*, projects: int, seed: int, at: datetime, tell: Progress, drawing: Drawing | None = None) -> int:
    """Write the first stories of the pack that are not there yet, and return how many were written.

    Each project is one transaction, so an interrupted run leaves whole projects only and the next run goes on with
    those that are missing. All news of a project is delivered inside it, at the time of the story: a worker that
    drains the outbox beside this never sees it.

    :param seed: the same seed tells the same stories
    :param tell: called with (written, wanted) after each project
    :param drawing: the ground on which each project gets a lot; without it, a rectangle near the point of its region
    :raises NoDemo: settings.DEMO is off
    :raises NoPack: no pack is loaded
    """
    version = _version()
    accounts.ensure_demo_people(version=version, at=at)
    book = story.read(version.documents)
    stories = book.first(projects)
    known = set(Project.objects.values_list("name", flat=True))
    missing = any(each.name not in known for each in stories)
    lots = ground.lots(drawing, version.documents, stories) if drawing is not None and missing else {}
    cast = Cast()
    times = Times(calendars.current(), at)
    written = 0
    for place, each in enumerate(stories, start=1):
        with transaction.atomic(), outbox.hushed():
            if each.name not in known:
                Telling(each, book=book, cast=cast, times=times, seed=seed, lot=lots.get(each.name)).tell()
                written += 1
        tell(place, len(stories))
    return written


def write_plans(*, drawing: Drawing, projects: int, seed: int, at: datetime, tell: Progress) -> int:
    """Write what the planners do on the blueprint and is not there yet, and return how much was written.

    Each run, report and idea is one transaction. Comes after the city, whose projects have their lots before ideas.

    :param projects: how many of the stories were written
    :param seed: the same seed tells the same
    :param tell: called with (written, wanted) after each run, report and idea
    :raises NoDemo: settings.DEMO is off
    :raises NoPack: no pack is loaded
    """
    version = _version()
    told = plans.read(version.documents)
    planner = Planner(told, people=Cast(), times=Times(calendars.current(), at), seed=seed)
    missing = planner.missing_ideas()
    stories = story.read(version.documents).first(projects)
    lots = ground.lots(drawing, version.documents, stories, told.ideas) if missing else {}
    acts: list[Callable[[], bool]] = [partial(planner.run, each) for each in told.runs]
    acts += [partial(planner.report, name) for name in told.reports]
    acts += [partial(planner.idea, each, lots[each.title]) for each in missing if each.title in lots]
    written = 0
    for place, act in enumerate(acts, start=1):
        written += act()
        tell(place, len(acts))
    return written


def _version() -> PackVersion:
    if not settings.DEMO:
        raise accounts.NoDemo
    version = PackVersion.objects.current().first()
    if version is None:
        raise NoPack
    return version
