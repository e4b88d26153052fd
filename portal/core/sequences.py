"""Gapless numbers, drawn under a row lock."""

from django.db import connection, transaction

from portal.core.prepared import planned

_DRAW = (
    "INSERT INTO core_sequence (name, value) VALUES (%s, 1) "
    "ON CONFLICT (name) DO UPDATE SET value = core_sequence.value + 1 RETURNING value"
)


def next_value(name: str) -> int:
    """Draw the next number of a series, starting with 1; an aborted transaction gives it back.

    :raises TransactionManagementError: called outside a transaction, where the lock would mean nothing
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a number is drawn inside the transaction that uses it")
    with connection.cursor() as cursor, planned(_DRAW, values=1) as text:
        cursor.execute(text, [name])
        (value,) = cursor.fetchone()
    return int(value)
