"""Numbers are drawn once each, without gaps, also by ten threads."""

import threading

import pytest
from django.db import connection, transaction

from portal.core.sequences import next_value


@pytest.mark.django_db
def test_counts_from_one_per_name():
    assert [next_value("a"), next_value("a"), next_value("b")] == [1, 2, 1]


@pytest.mark.django_db
def test_gives_back_the_number_of_an_aborted_transaction():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        next_value("a")
        raise ZeroDivisionError

    assert next_value("a") == 1


@pytest.mark.django_db(transaction=True)
def test_refuses_to_draw_outside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        next_value("a")


@pytest.mark.django_db(transaction=True)
def test_ten_threads_draw_fifty_different_numbers():
    drawn: list[int] = []
    start = threading.Barrier(10)

    def run():
        start.wait()
        for _ in range(5):
            with transaction.atomic():
                drawn.append(next_value("a"))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(drawn) == list(range(1, 51))
