"""Query-count baselines: a list that suddenly needs more queries fails its test.

The number allowed for a name stands in `queries.json`. PORTAL_RECORD_QUERIES=1 writes what was measured;
the change is then seen in review. A test runs its list with 3 and with 30 rows under the same name.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

BASELINES = Path(__file__).with_name("queries.json")
RECORDING = os.environ.get("PORTAL_RECORD_QUERIES") == "1"


def allowed() -> dict[str, int]:
    return dict(json.loads(BASELINES.read_text(encoding="utf-8"))) if BASELINES.exists() else {}


@pytest.fixture
def max_queries() -> Callable[[str], AbstractContextManager[None]]:
    """Return a context manager that holds a block to the baseline of its name."""

    @contextmanager
    def measure(name: str) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        used = len(captured)
        if RECORDING:
            numbers = allowed()
            numbers[name] = max(used, numbers.get(name, 0))
            BASELINES.write_text(json.dumps(numbers, indent=2, sort_keys=True) + "\n", encoding="utf-8")
            return
        limit = allowed().get(name)
        assert limit is not None, f"{name} has no baseline; it used {used}: record it with PORTAL_RECORD_QUERIES=1"
        listing = "\n".join(query["sql"][:200] for query in captured.captured_queries)
        assert used <= limit, f"{name} used {used} queries, {limit} are allowed:\n{listing}"

    return measure
