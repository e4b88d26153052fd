"""Pages by key."""

from datetime import datetime, timedelta

import pytest

from portal.core import paging
from portal.core.models import OutboxMessage

BY = ("-created_at", "-id")


@pytest.fixture
def rows(db: None, at: datetime) -> list[int]:
    """Twelve messages, three at each microsecond: equal first keys on the borders of pages."""
    made = OutboxMessage.objects.bulk_create(
        OutboxMessage(topic="t", created_at=at + timedelta(microseconds=number // 3), next_try_at=at)
        for number in range(12)
    )
    return [row.pk for row in reversed(made)]


def walk(direction: str, cursor: str, size: int) -> list[list[int]]:
    pages = []
    while True:
        page = paging.page(OutboxMessage.objects.exclude(topic__startswith="citypack"), by=BY, cursor=cursor, size=size)
        pages.append([row.pk for row in page.items])
        cursor = getattr(page, direction)
        if not cursor:
            return pages


@pytest.mark.parametrize("size", [1, 4, 5, 12, 50])
def test_leads_through_all_rows_once_in_order(rows: list[int], size: int) -> None:
    assert [pk for page in walk("next", "", size) for pk in page] == rows


def test_leads_back_the_same_way(rows: list[int]) -> None:
    forward = walk("next", "", 5)
    cursor = ""
    for _ in forward:
        last = paging.page(OutboxMessage.objects.exclude(topic__startswith="citypack"), by=BY, cursor=cursor, size=5)
        cursor = last.next

    backward = walk("previous", last.previous, 5)

    assert [pk for page in reversed(backward) for pk in page] == rows[:10]


def test_a_row_that_came_meanwhile_moves_nothing(rows: list[int], at: datetime) -> None:
    first = paging.page(OutboxMessage.objects.exclude(topic__startswith="citypack"), by=BY, size=5)
    OutboxMessage.objects.create(topic="new", created_at=at + timedelta(days=1), next_try_at=at)

    second = paging.page(OutboxMessage.objects.exclude(topic__startswith="citypack"), by=BY, cursor=first.next, size=5)

    assert [row.pk for row in second.items] == rows[5:10]


@pytest.mark.parametrize("cursor", ["x", "====", "W10", "WzAsImEiLDFd", "WzAsMSwxXQ", "WzAsbnVsbCxudWxsXQ", "\x00é"])
def test_a_broken_cursor_is_the_first_page(rows: list[int], cursor: str) -> None:
    page = paging.page(OutboxMessage.objects.exclude(topic__startswith="citypack"), by=BY, cursor=cursor, size=5)

    assert [row.pk for row in page.items] == rows[:5]


def test_an_empty_list_has_no_neighbours(db: None) -> None:
    assert paging.page(OutboxMessage.objects.exclude(topic__startswith="citypack"), by=BY) == paging.Page(items=[])
