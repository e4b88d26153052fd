"""The audit chain holds, refuses change, and shows a change that got past the refusal."""

from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.db.transaction import TransactionManagementError

from portal.core import audit
from portal.core.actor import Actor
from portal.core.clock import SHANGHAI
from portal.core.models import AuditEvent, AuditHead
from portal.core.unit import attempt, operation

AT = datetime(2026, 4, 14, 10, 0, tzinfo=SHANGHAI)
ACTOR = Actor(user_id=7, name="黄规")


def write(stream: str, count: int = 1) -> None:
    for number in range(count):
        with operation():
            audit.record(
                stream=stream,
                action="test.thing.done",
                actor=ACTOR,
                at=AT,
                subject=("thing", number),
                data={"n": number},
            )


def tamper(sql: str, *values: object) -> None:
    """Do what a person with the database's master key could do."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER core_auditevent_no_change")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE core_auditevent ENABLE TRIGGER core_auditevent_no_change")


@pytest.mark.django_db
def test_numbers_links_and_verifies_a_chain():
    write("A", 3)
    write("B", 1)

    assert list(AuditEvent.objects.filter(stream="A").order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    first, second = AuditEvent.objects.filter(stream="A").order_by("number")[:2]
    assert first.previous_digest == ""
    assert second.previous_digest == first.digest
    assert AuditHead.objects.get(stream="A").number == 3
    assert audit.verify("A") is None
    assert audit.verify("B") is None


@pytest.mark.django_db
def test_head_knows_the_last_act_even_after_one_entered_late():
    write("A", 1)
    with operation():
        earlier = AT - timedelta(days=9)
        audit.record(stream="A", action="test.thing.done", actor=ACTOR, at=earlier, subject=("thing", 1))

    assert AuditHead.objects.get(stream="A").last_at == AT


@pytest.mark.django_db
def test_writes_nothing_when_the_operation_fails():
    with pytest.raises(ZeroDivisionError), operation():
        audit.record(stream="A", action="test.thing.done", actor=ACTOR, at=AT, subject=("thing", 1))
        raise ZeroDivisionError

    assert not AuditEvent.objects.filter(stream="A").exists()


@pytest.mark.django_db
def test_forgets_what_a_failed_attempt_said():
    with operation():
        audit.record(stream="A", action="test.thing.done", actor=ACTOR, at=AT, subject=("thing", 1))
        with pytest.raises(ZeroDivisionError), attempt():
            audit.record(stream="A", action="test.thing.undone", actor=ACTOR, at=AT, subject=("thing", 1))
            raise ZeroDivisionError

    assert [event.action for event in AuditEvent.objects.filter(stream="A")] == ["test.thing.done"]


@pytest.mark.django_db
def test_fails_as_a_whole_when_an_inner_operation_failed():
    with pytest.raises(TransactionManagementError), operation(), pytest.raises(ZeroDivisionError), operation():
        audit.record(stream="A", action="test.thing.done", actor=ACTOR, at=AT, subject=("thing", 1))
        raise ZeroDivisionError

    assert not AuditEvent.objects.filter(stream="A").exists()


def test_refuses_to_record_outside_an_operation():
    with pytest.raises(RuntimeError):
        audit.record(stream="A", action="test.thing.done", actor=ACTOR, at=AT, subject=("thing", 1))


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["UPDATE core_auditevent SET actor_name = 'x'", "DELETE FROM core_auditevent"])
def test_the_database_refuses_to_change_or_delete(sql):
    write("A")

    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert audit.verify("A") is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "number", "reason"),
    [
        ("UPDATE core_auditevent SET data = '{\"n\": 9}' WHERE number = 2", 2, "changed"),
        ("UPDATE core_auditevent SET actor_name = '别人' WHERE number = 1", 1, "changed"),
        ("UPDATE core_auditevent SET at = at + interval '1 second' WHERE number = 3", 3, "changed"),
        ("DELETE FROM core_auditevent WHERE number = 2", 2, "missing"),
        ("DELETE FROM core_auditevent WHERE number = 3", 3, "missing"),
        ("UPDATE core_auditevent SET previous_digest = 'f' WHERE number = 2", 2, "unlinked"),
    ],
)
def test_finds_the_first_row_that_was_tampered_with(sql, number, reason):
    write("A", 3)

    tamper(sql)

    assert audit.verify("A") == audit.Break("A", number, reason)


@pytest.mark.django_db
def test_the_command_proves_all_chains_and_names_a_broken_one(capsys):
    write("A", 2)
    write("B", 2)
    call_command("verify_audit")
    assert "全部完整" in capsys.readouterr().out

    tamper("UPDATE core_auditevent SET action = 'x' WHERE stream = 'B' AND number = 1")

    with pytest.raises(CommandError, match="1 条有断点"):
        call_command("verify_audit")
    assert "B：第 1 条 内容被改动" in capsys.readouterr().err
