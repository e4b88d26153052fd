"""The clock of a case with thirty pauses: all calibres, due dates, light, and the ledger day by day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from approvals.deadlines import ledger
from approvals.deadlines.arithmetic import explain
from approvals.deadlines.events import Event, Terms
from approvals.deadlines.states import EventType
from portal.core import calendars
from portal.core.clock import SHANGHAI
from tests.bench.city import DEMO_PACK
from tests.bench.measure import Measurement, cpu_and_wall

PAUSES = 30
N = 200


def course() -> list[Event]:
    """Return a case that is paused every week for a day."""
    begin = datetime(2026, 1, 5, 9, 0, tzinfo=SHANGHAI)
    events = [Event(EventType.SUBMITTED, begin), Event(EventType.ACCEPTED, begin + timedelta(hours=1))]
    for week in range(1, PAUSES + 1):
        day = begin + timedelta(weeks=week)
        events.append(Event(EventType.SPECIAL_STARTED, day, kind="expert"))
        events.append(Event(EventType.SPECIAL_ENDED, day + timedelta(days=1), kind="expert"))
    return events


def run() -> Iterator[Measurement]:
    """Measure one explanation with all calibres and its ledger, with the calendar of the demo pack."""
    terms = Terms(calendar=calendars.from_pack(DEMO_PACK), statutory_days=200, promised_days=150)
    events = course()
    taken = cpu_and_wall(lambda _: list(ledger.rows(explain(terms, events, date(2026, 9, 30)))), n=N)
    cpu = f"{taken.cpu / N * 1000:.2f} ms CPU"
    yield Measurement("clock", "ms", taken.wall / N * 1000, "ms", N, note=f"{PAUSES} pauses, 269 days; {cpu}")
