"""A reviewer's page, query and render, at 10,000 and at 1,000,000 open tasks in the city; 10,000 his department's."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import psycopg2
from django.db import connection
from django.test import RequestFactory

from approvals.review import views
from portal.accounts import actors
from portal.accounts.models import User
from portal.core import clock
from tests.bench import city
from tests.bench.crowd import Crowd
from tests.bench.measure import Measurement, statements

SMALL, LARGE = 10_000, 1_000_000
N = 40
#: pages until the server keeps the plans: it tries others five times
WARM = 8


def due(case: int) -> date:
    """Spread the due days over half a year, a tenth of them past."""
    return clock.today() + timedelta(days=case * 7 % 180 - 18)


def ask(user: User) -> Any:
    """Make the request of the page as the middleware hands it on."""
    request = RequestFactory().get("/review/")
    request.user, request.actor, request.htmx = user, actors.build(user), False  # type: ignore[attr-defined]
    request.session = {}  # type: ignore[assignment]
    return request


def page(user: User) -> bytes:
    """Answer one request for the page: the view with its queries and its template."""
    return bytes(views.inbox(ask(user)).content)


def measure(user: User) -> tuple[float, float, int, float]:
    """Return the median milliseconds of the page, of its process, its statements, and those alone by psycopg2."""
    page(user)
    # a new connection sends each statement as it is, before the server keeps its plan
    connection.close()
    with statements() as seen, _with_values() as asked:
        page(user)
    for _ in range(WARM):
        page(user)
    walls, cpus = [], []
    for _ in range(N):
        wall, cpu = time.perf_counter(), time.process_time()
        page(user)
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return statistics.median(walls), statistics.median(cpus), len(seen), _plain(asked)


@contextmanager
def _with_values() -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements of a block with their parameters."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def _plain(asked: list[tuple[str, Any]]) -> float:
    """Return the median milliseconds of the same statements, planned before, without Django and without a page."""
    session = psycopg2.connect(**connection.get_connection_params())
    session.autocommit = True
    took = []
    with session.cursor() as cursor:
        for n, (sql, params) in enumerate(asked):
            cursor.execute(f"PREPARE plain_{n} AS {cursor.mogrify(sql, params).decode()}")
        for _ in range(N):
            begin = time.perf_counter()
            for n in range(len(asked)):
                cursor.execute(f"EXECUTE plain_{n}")
                cursor.fetchall()
            took.append((time.perf_counter() - begin) * 1000)
    session.close()
    return statistics.median(took)


def run() -> Iterator[Measurement]:
    """Measure the page in the small city and in the large one."""
    crowd = Crowd()
    mine, others = crowd.departments[0], crowd.departments[1]
    user = User.objects.get(pk=city.person("bench-reader", "handler", mine).user_id)
    found = []
    for size, projects, department in (
        (SMALL, range(SMALL // city.ITEMS), mine),
        (LARGE, range(SMALL // city.ITEMS, LARGE // city.ITEMS), others),
    ):
        crowd.add(projects, department=department, due=due)
        crowd.settle()
        wall, cpu, sql, floor = measure(user)
        found.append(wall)
        note = f"{size:,} open tasks, {SMALL:,} his department's; {cpu:.1f} ms CPU of this process"
        yield Measurement("inbox", f"page_ms_at_{size}", wall, "ms", N, floor=floor, sql=sql, note=note)
    yield Measurement("inbox", "large_by_small", found[1] / found[0], "", N, note="the second page by the first")
