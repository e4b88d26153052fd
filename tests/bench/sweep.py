"""The daily sweep over 1,000,000 running clocks: what it finds due, writes down and tells, at 1 % and at 0.1 %."""

import json
import time
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg2
from django.db import connection

from approvals.deadlines.models import Timer
from approvals.reminders import operations as reminders
from approvals.reminders.models import Occasion, Reminder
from portal.core import clock
from portal.notices.models import Notice
from tests.bench import city, data
from tests.bench.crowd import Crowd
from tests.bench.measure import Measurement, statements

CLOCKS = 1_000_000
FAR = timedelta(days=400)


def far(_case: int) -> date:
    """Let nothing fall due."""
    return clock.today() + FAR


def fall_due(every: int, *, beside: int) -> None:
    """Let every n-th clock fall due today, and all others far away."""
    today = clock.today()
    Timer.objects.filter(promised_due_on__lt=today + FAR).update(
        promised_due_on=today + FAR, yellow_on=today + FAR, red_on=today + FAR
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE deadlines_timer SET promised_due_on = %s, yellow_on = %s, red_on = %s WHERE id %% %s = %s",
            [today, today, today + timedelta(days=1), every, beside],
        )
        cursor.execute("VACUUM ANALYZE deadlines_timer")


def plain(occasions: int, reminders_: int, notices: int) -> float:
    """Return the seconds psycopg2 takes to find the due clocks and to write as many rows of each kind."""
    session = psycopg2.connect(**connection.get_connection_params())
    now, today = clock.now(), clock.today()
    begin = time.perf_counter()
    with session, session.cursor() as cursor:
        cursor.execute(
            "SELECT t.id FROM deadlines_timer t JOIN review_case c ON c.timer_id = t.id "
            "WHERE t.state = 'running' AND t.promised_due_on = %s",
            [today],
        )
        cursor.fetchall()
        cursor.execute("CREATE TEMP TABLE plain_rows (kind text, number bigint, at timestamptz, body jsonb)")
        for kind, count in (("occasion", occasions), ("reminder", reminders_), ("notice", notices)):
            cursor.execute(
                "INSERT INTO plain_rows SELECT %s, number, %s, %s FROM generate_series(1, %s) AS number",
                [kind, now, json.dumps({"title": "到期提醒"}), count],
            )
    took = time.perf_counter() - begin
    session.close()
    return took


def run() -> Iterator[Measurement]:
    """Measure a sweep that finds 1 %, and one that finds 0.1 %."""
    city.load_pack()
    data.empty(Occasion, Reminder, Notice)
    crowd = Crowd()
    city.handlers()
    crowd.add(range(CLOCKS // city.ITEMS), due=far)
    crowd.settle()
    found = []
    # the second time others than the first: what was told once is never told again
    for every, share, beside in ((100, "1 %", 7), (1000, "0.1 %", 8)):
        fall_due(every, beside=beside)
        before = Occasion.objects.count(), Reminder.objects.count(), Notice.objects.count()
        begin, cpu = time.perf_counter(), time.process_time()
        with statements() as seen:
            swept = reminders.sweep(at=clock.now())
        took, cpu = time.perf_counter() - begin, time.process_time() - cpu
        after = Occasion.objects.count(), Reminder.objects.count(), Notice.objects.count()
        written = [late - early for late, early in zip(after, before, strict=True)]
        found.append(took)
        yield Measurement(
            "sweep",
            f"seconds_at_{CLOCKS // every}",
            took,
            "s",
            1,
            floor=plain(*written),
            sql=len(seen),
            note=f"{share} due: {swept.occasions} occasions, {written[1]} reminders, {swept.messages} messages; "
            f"{cpu:.1f} s CPU of this process",
        )
    yield Measurement("sweep", "second_by_first", found[1] / found[0], "", 1, note="0.1 % by 1 %")
