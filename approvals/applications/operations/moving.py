"""A new calendar has come: the days to answer and to mend are counted anew."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from approvals.applications.models import Application
from approvals.applications.operations.locking import lock
from approvals.applications.states import CORRECTION_DAYS, ApplicationState
from approvals.deadlines import events
from approvals.deadlines.models import TimerEvent
from approvals.deadlines.states import EventType
from portal.core import audit, calendars, clock, outbox
from portal.core.actor import Actor
from portal.core.unit import operation

TOPIC = "applications.application.due_moved"


def follow_calendar(*, at: datetime) -> int:
    """Count the days to answer and to mend anew for everything that waits, and say how many have moved.

    Each is a transaction of its own; doing it again moves nothing.
    """
    waiting = Application.objects.filter(state__in=(ApplicationState.SUBMITTED, ApplicationState.CORRECTING))
    ids = waiting.order_by("pk").values_list("pk", flat=True)
    return sum(_follow(application_id, at=at) for application_id in list(ids))


def _follow(application_id: int, *, at: datetime) -> bool:
    with operation():
        application = lock(application_id)
        name = "notice_due_on" if application.is_at_window else "correction_due_on"
        if not (application.is_at_window or application.is_correcting):
            return False
        before: date | None = getattr(application, name)
        after = _due_on(application)
        if before is None or after is None or before == after:
            return False
        setattr(application, name, after)
        application.save(update_fields=[name])
        audit.record(
            stream=application.audit_stream,
            action=TOPIC,
            actor=Actor.system(str(_("日历更新"))),
            at=at,
            subject=application,
            data={"date": name, "before": before, "after": after},
        )
        outbox.emit(TOPIC, at=at, id=application.pk, before=before.isoformat(), after=after.isoformat())
        return True


def _due_on(application: Application) -> date | None:
    """Return the day to answer or to mend by the calendar in force; None while nothing has been recorded."""
    calendar = calendars.current(application.project.region)
    rows = list(TimerEvent.objects.filter(timer_id=application.clock_id).order_by("happened_at", "seq"))
    if application.is_correcting:
        asked = _last_day(rows, EventType.CORRECTION_REQUESTED)
        return calendar.add_workdays(asked, CORRECTION_DAYS) if asked else None
    # mended, the window has its days again from the day the correction came in
    since = _last_day(rows, EventType.CORRECTION_SUPPLIED)
    if since is None and application.timer is not None:
        since = application.timer.received_on
    return calendar.add_workdays(since, events.NOTICE_DAYS) if since else None


def _last_day(rows: Iterable[TimerEvent], event_type: EventType) -> date | None:
    days = [clock.day_of(row.happened_at) for row in rows if row.type == event_type]
    return days[-1] if days else None
