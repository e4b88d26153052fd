"""News reaches its handlers at least once, and counts once."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from portal.core import outbox
from portal.core.clock import SHANGHAI
from portal.core.models import HandledMessage, OutboxMessage, Sequence
from portal.core.sequences import next_value
from portal.core.unit import operation

AT = datetime(2026, 4, 14, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def handlers(monkeypatch):
    """Let a test register handlers of its own."""
    own: dict[str, dict[str, outbox.Handler]] = {}
    monkeypatch.setattr(outbox, "_handlers", own)
    return own


@pytest.fixture
def empty(db):
    """Begin without messages: loading the pack has left one."""
    OutboxMessage.objects.all().delete()


def announce(topic="test.thing.done", **payload):
    with operation():
        outbox.emit(topic, at=AT, **payload)


@pytest.mark.django_db
def test_delivers_a_message_with_its_payload_once(handlers, empty):
    got = []
    outbox.handler("test.thing.done", name="first")(lambda payload, at: got.append((payload, at)))
    announce(id=5)

    assert outbox.drain(at=AT) == 1
    assert outbox.drain(at=AT) == 0

    assert got == [({"id": 5}, AT)]
    assert OutboxMessage.objects.get().done_at == AT


@pytest.mark.django_db
def test_says_nothing_when_the_operation_fails(handlers, empty):
    with pytest.raises(ZeroDivisionError), operation():
        outbox.emit("test.thing.done", at=AT)
        raise ZeroDivisionError

    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_a_failing_handler_is_tried_again_later_and_the_good_one_is_not_repeated(handlers, empty):
    calls = {"good": 0, "bad": 0}

    def good(payload, at):
        calls["good"] += 1

    def bad(payload, at):
        calls["bad"] += 1
        next_value("written by bad")
        if calls["bad"] < 3:
            raise ValueError("foreign system is away")

    outbox.handler("test.thing.done", name="good")(good)
    outbox.handler("test.thing.done", name="bad")(bad)
    announce()

    outbox.drain(at=AT)
    message = OutboxMessage.objects.get()
    assert message.done_at is None
    assert "foreign system is away" in message.last_error
    assert message.next_try_at == AT + timedelta(seconds=5)
    assert not Sequence.objects.exists(), "a failed handler leaves nothing behind"

    outbox.drain(at=AT + timedelta(seconds=5))
    outbox.drain(at=AT + timedelta(seconds=15))
    assert calls == {"good": 1, "bad": 3}
    assert Sequence.objects.get().value == 1
    assert OutboxMessage.objects.get().done_at is not None


@pytest.mark.django_db
def test_gives_up_after_the_last_attempt(handlers, empty):
    def bad(payload, at):
        raise ValueError("never")

    outbox.handler("test.thing.done", name="bad")(bad)
    announce()
    at = AT
    for _ in range(outbox.MAX_ATTEMPTS + 3):
        at += outbox.LONGEST_DELAY
        outbox.drain(at=at)

    message = OutboxMessage.objects.get()
    assert message.attempts == outbox.MAX_ATTEMPTS
    assert message.abandoned_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_drains_at_once_deliver_each_message_once(handlers):
    seen = []
    outbox.handler("test.thing.done", name="slow")(lambda payload, at: seen.append(payload["id"]))
    for number in range(20):
        announce(id=number)
    start = threading.Barrier(4)

    def run():
        start.wait()
        outbox.drain(at=AT)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outbox.drain(at=AT)

    assert sorted(seen) == list(range(20))
    assert HandledMessage.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_a_drain_killed_before_its_commit_delivers_again(handlers, empty):
    seen = []
    outbox.handler("test.thing.done", name="first")(lambda payload, at: seen.append(payload["id"]))
    announce(id=1)

    class Killed(BaseException):
        pass

    with pytest.raises(Killed), transaction.atomic():
        outbox.drain(at=AT)
        raise Killed

    assert OutboxMessage.objects.get().done_at is None
    outbox.drain(at=AT)
    assert seen == [1, 1]
    assert OutboxMessage.objects.get().done_at == AT


def test_two_handlers_cannot_share_a_name(handlers):
    outbox.handler("test.thing.done", name="first")(lambda payload, at: None)

    with pytest.raises(RuntimeError):
        outbox.handler("test.thing.done", name="first")(lambda payload, at: None)
