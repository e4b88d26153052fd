"""Several rows in one statement: written as saves would, nothing before its time."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core import audit
from portal.core.actor import Actor
from portal.core.clock import SHANGHAI
from portal.core.models import CalendarDay, OutboxMessage, Sequence
from portal.core.rows import Changes
from portal.core.unit import attempt, book, operation

AT = datetime(2026, 4, 14, 10, 0, tzinfo=SHANGHAI)

pytestmark = pytest.mark.django_db


def message(topic: str = "test.thing.done") -> OutboxMessage:
    return OutboxMessage(topic=topic, payload={"名": [1, None]}, created_at=AT, next_try_at=AT)


def test_inserts_updates_and_deletes_in_one_statement():
    OutboxMessage.objects.all().delete()
    kept = OutboxMessage.objects.create(topic="kept", created_at=AT, next_try_at=AT)
    Sequence.objects.create(name="gone", value=3)
    day = CalendarDay(day=AT.date(), kind="rest", name="休", source="测试")
    changes = Changes()
    changes.insert(message("first"), message("second"), day)
    kept.topic, kept.attempts = "changed", 4
    changes.update(kept, ["topic"])
    changes.update(kept, ["attempts"])
    changes.delete(Sequence, name="gone")

    with CaptureQueriesContext(connection) as seen:
        changes.write()
        changes.write()

    assert len(seen) == 1
    assert list(OutboxMessage.objects.order_by("pk").values_list("topic", "attempts")) == [
        ("changed", 4),
        ("first", 0),
        ("second", 0),
    ]
    assert OutboxMessage.objects.get(topic="second").payload == {"名": [1, None]}
    assert CalendarDay.objects.get(pk=day.pk).name == "休"
    assert not Sequence.objects.filter(name="gone").exists()


def test_gives_each_new_row_its_own_key():
    rows = [message("first"), message("second")]
    changes = Changes()
    changes.insert(*rows)

    changes.write()

    for row in rows:
        assert OutboxMessage.objects.get(pk=row.pk).topic == row.topic


def test_what_is_left_is_written_with_the_end_of_the_operation():
    row = message("left")
    with operation():
        audit.record(stream="A", action="test.thing.done", actor=Actor.system("test"), at=AT, subject=("thing", 1))
        book().changes.insert(row)
        assert not OutboxMessage.objects.filter(topic="left").exists()

    assert OutboxMessage.objects.filter(topic="left").exists()
    assert audit.verify("A") is None


def test_what_is_left_of_an_inner_operation_can_be_read_by_the_outer_one():
    with operation():
        with operation():
            book().changes.insert(message("left"))
        assert OutboxMessage.objects.filter(topic="left").exists()


def test_what_a_failed_attempt_left_is_forgotten():
    Sequence.objects.create(name="counter", value=1)
    row = Sequence.objects.get(name="counter")
    with operation(), pytest.raises(ZeroDivisionError), attempt():
        row.value = 2
        book().changes.update(row, ["value"])
        book().changes.insert(message("left"))
        raise ZeroDivisionError

    assert Sequence.objects.get(name="counter").value == 1
    assert not OutboxMessage.objects.filter(topic="left", created_at__gt=AT - timedelta(days=1)).exists()
