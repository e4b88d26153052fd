"""The window's lists: what waits for an answer, what is being mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.applications.models import Application
from approvals.applications.states import ApplicationState, Channel, NoticeKind
from portal.core import calendars, clock
from portal.core.actor import Actor
from portal.core.workdays import Calendar
from portal.ui.lights import Light
from projects.catalogue import queries as catalogues

#: a list shows this many rows; the search narrows it down
MAX_ROWS = 200


@dataclass(frozen=True, slots=True)
class NoticeLight:
    """Where the window's five working days stand, in words and shape."""

    light: Light
    words: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the queue."""

    application: Application
    stage_name: str
    item_count: int
    received_on: date
    light: NoticeLight
    is_resubmitted: bool


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many wait, by the way they came."""

    total: int
    online: int
    counter: int


@dataclass(frozen=True, slots=True)
class Correcting:
    """One application the applicant is mending."""

    application: Application
    stage_name: str
    points: int
    mended: int
    light: NoticeLight


def notice_light(due_on: date, *, today: date, calendar: Calendar, received_on: date | None = None) -> NoticeLight:
    """Say how the time to answer stands: working days, green, yellow from one day left on, red after it.

    :param calendar: of the project's region
    """
    if today > due_on:
        over = max(1, calendar.workdays_between(due_on, today))
        return NoticeLight(Light.LATE, ngettext("超 %(days)d 天", "超 %(days)d 天", over) % {"days": over})
    left = calendar.workdays_between(today, due_on)
    if left == 0:
        return NoticeLight(Light.DUE, _("今天到期"))
    if received_on is not None and received_on >= today:
        return NoticeLight(Light.WAIT, _("今天收件"))
    words = ngettext("还剩 %(days)d 天", "还剩 %(days)d 天", left) % {"days": left}
    return NoticeLight(Light.DUE if left == 1 else Light.OK, words)


def queue(actor: Actor, *, today: date, channel: str = "", text: str = "") -> list[Waiting]:
    """List what the window must answer, nearest notice date first."""
    rows = (
        Application.objects.visible_to(actor)
        .waiting_at_window()
        .matching(text)
        .select_related("project__owner", "timer")
        .annotate(
            item_count=Count("items", distinct=True),
            corrections=Count("notices", filter=Q(notices__kind=NoticeKind.CORRECTION), distinct=True),
        )
    )
    if channel in Channel.values:
        rows = rows.filter(channel=channel)
    calendar_of = cache(calendars.current)
    return [
        Waiting(
            application=row,
            stage_name=stage_name(row),
            item_count=row.item_count,
            received_on=_received_on(row),
            light=notice_light(
                row.notice_due_on or today,
                today=today,
                received_on=_latest_receipt(row),
                calendar=calendar_of(row.project.region),
            ),
            is_resubmitted=bool(row.corrections),
        )
        for row in rows[:MAX_ROWS]
    ]


def queue_counts(actor: Actor) -> QueueCounts:
    """Count what waits at the window."""
    counts = (
        Application.objects.visible_to(actor)
        .filter(state=ApplicationState.SUBMITTED)
        .aggregate(total=Count("pk"), online=Count("pk", filter=Q(channel=Channel.ONLINE)))
    )
    return QueueCounts(counts["total"], counts["online"], counts["total"] - counts["online"])


def correcting(actor: Actor, *, today: date, text: str = "") -> list[Correcting]:
    """List what waits for the applicant to mend, nearest day of return first."""
    rows = (
        Application.objects.visible_to(actor)
        .correcting()
        .matching(text)
        .select_related("project__owner")
        .annotate(
            point_count=Count("notices__points", distinct=True),
            mended_count=Count("notices__points", filter=Q(notices__points__mended_at__isnull=False), distinct=True),
        )
    )
    calendar_of = cache(calendars.current)
    return [
        Correcting(
            application=row,
            stage_name=stage_name(row),
            points=row.point_count,
            mended=row.mended_count,
            light=notice_light(row.correction_due_on or today, today=today, calendar=calendar_of(row.project.region)),
        )
        for row in rows[:MAX_ROWS]
    ]


def stage_name(application: Application) -> str:
    """Name the stage as the application's own pack version does."""
    return catalogues.catalogue(application.pack_version_id).stages[application.stage].name


def neighbours(rows: Sequence[Waiting], application: Application) -> tuple[Application | None, Application | None]:
    """Return the applications before and after one in a list."""
    ids = [row.application.pk for row in rows]
    if application.pk not in ids:
        return None, rows[0].application if rows else None
    place = ids.index(application.pk)
    before = rows[place - 1].application if place else None
    after = rows[place + 1].application if place + 1 < len(rows) else None
    return before, after


def _received_on(application: Application) -> date:
    """Return the day of receipt as the clock counts it."""
    timer = application.timer
    if timer is not None and timer.received_on is not None:
        return timer.received_on
    return clock.day_of(application.submitted_at or application.created_at)


def _latest_receipt(application: Application) -> date | None:
    return None if application.corrections else _received_on(application)  # type: ignore[attr-defined]
