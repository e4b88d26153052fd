"""What a bench hands out, and how it measures."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection

_FRAMES = ("BEGIN", "COMMIT")


@dataclass(frozen=True)
class Measurement:
    """One number.

    :param n: over how many repetitions it was measured
    :param floor: the same work in plain psycopg2, in the same unit
    :param sql: statements per repetition
    """

    bench: str
    metric: str
    value: float
    unit: str
    n: int
    floor: float | None = None
    sql: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Return value / floor."""
        return None if not self.floor else self.value / self.floor

    def as_json(self) -> str:
        """Return the measurement as one line."""
        return json.dumps({**asdict(self), "ratio": self.ratio}, ensure_ascii=False)

    def __str__(self) -> str:
        floor = "" if self.floor is None else f"  floor {self.floor:.4g}, ratio {self.ratio:.3g}"
        sql = "" if self.sql is None else f"  {self.sql:g} SQL"
        number = f"{self.value:>12.4g} {self.unit:<6} n={self.n}"
        return f"{self.bench:<12}{self.metric:<24}{number}{floor}{sql}  {self.note}".rstrip()


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock on the wall and of this process; on a busy machine the second tells more."""

    wall: float
    cpu: float

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(self.wall + other.wall, self.cpu + other.cpu)


def cpu_and_wall(work: Callable[[int], object], *, n: int) -> Taken:
    """Return what n repetitions take; each is told its number."""
    wall, cpu = time.perf_counter(), time.process_time()
    for k in range(n):
        work(k)
    return Taken(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)


def seconds(work: Callable[[], object], *, n: int) -> float:
    """Return how long n repetitions take."""
    begin = time.perf_counter()
    for _ in range(n):
        work()
    return time.perf_counter() - begin


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the SQL statements of a block, without BEGIN and COMMIT; savepoints count."""
    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(_FRAMES):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen
