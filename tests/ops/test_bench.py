"""What bin/bench promises of its lines."""

import json

import pytest
from django.db import connection, transaction

from tests.bench import __main__ as bench
from tests.bench.measure import Measurement, seconds, statements


def test_a_line_has_all_fields_and_the_ratio_to_the_floor() -> None:
    line = json.loads(Measurement("b", "m", 5.0, "1/s", 10, floor=20.0, sql=3).as_json())
    assert line == {
        "bench": "b",
        "metric": "m",
        "value": 5.0,
        "unit": "1/s",
        "n": 10,
        "floor": 20.0,
        "ratio": 0.25,
        "sql": 3,
        "note": "",
    }


def test_without_a_floor_there_is_no_ratio() -> None:
    assert json.loads(Measurement("b", "m", 5.0, "ms", 1).as_json())["ratio"] is None


@pytest.mark.django_db(transaction=True)
def test_statements_are_counted_without_the_frames_of_transactions() -> None:
    with statements() as seen, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert seen == ["SELECT 1"]


def test_work_is_repeated_as_often_as_said() -> None:
    done: list[int] = []
    assert seconds(lambda: done.append(1), n=4) >= 0
    assert len(done) == 4


@pytest.mark.django_db
@pytest.mark.parametrize("name", bench.names())
def test_every_bench_has_something_to_measure(name: str) -> None:
    module = __import__(f"tests.bench.{name}", fromlist=["run"])
    assert callable(module.run)
    assert module.__doc__
