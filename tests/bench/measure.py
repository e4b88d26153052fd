"""What a bench hands out, and how it measures."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection

_FRAMES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


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


def seconds(work: Callable[[], object], *, n: int) -> float:
    """Return how long n repetitions take."""
    begin = time.perf_counter()
    for _ in range(n):
        work()
    return time.perf_counter() - begin


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the SQL statements of a block, without the frames of its transactions."""
    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(_FRAMES):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen
