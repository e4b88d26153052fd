"""The ledger page and the clock bar: what they show, and that nothing opens without its token."""

from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.deadlines import drawings, links
from approvals.deadlines import operations as deadlines
from approvals.deadlines.events import Event
from approvals.deadlines.models import Timer
from approvals.deadlines.states import EventType
from portal.citypack.models import PackVersion
from portal.core import clock
from portal.core.actor import Actor
from portal.core.clock import SHANGHAI
from portal.ui.clockbar import Kind

CLERK = Actor.system("窗口人员")
TODAY = datetime(2026, 3, 11, 9, 0, tzinfo=SHANGHAI)


def opened(*events: tuple[str, str, str]) -> Timer:
    made = [
        Event(EventType(name), datetime.fromisoformat(day).replace(hour=10, tzinfo=SHANGHAI), kind=kind)
        for name, day, kind in events
    ]
    return deadlines.open_timer(statutory_days=20, promised_days=10, events=made, actor=CLERK, at=TODAY)


@pytest.fixture
def timer(pack: PackVersion) -> Timer:
    return opened(
        ("received", "2026-03-02", ""),
        ("accepted", "2026-03-03", ""),
        ("special_started", "2026-03-05", "expert"),
        ("special_ended", "2026-03-09", "expert"),
    )


def test_the_page_tells_every_day_and_every_calibre(timer: Timer, client: Client) -> None:
    with clock.frozen(TODAY):
        page = client.get(links.ledger_url(timer.pk))

    content = page.content.decode()
    assert page.status_code == 200
    assert page["Cache-Control"].startswith("max-age=0")
    for words in (
        "法定时限口径",
        "国标口径",
        "2026年3月19日",
        "专家评审期间，不计入时限",
        "尚未受理，不计入时限",
        "补录",
    ):
        assert words in content
    assert content.count('<th scope="row" class="nw">') == 9
    assert CLERK.name not in content


def test_a_page_makes_few_queries_however_long_the_ledger(timer: Timer, client: Client) -> None:
    url = links.ledger_url(timer.pk)
    with clock.frozen(datetime(2026, 12, 1, tzinfo=SHANGHAI)), CaptureQueriesContext(connection) as captured:
        client.get(url)

    asked = [query["sql"] for query in captured if "deadlines_" in query["sql"]]
    assert len(asked) == 3


def forged(timer: Timer) -> list[str]:
    own = links.ledger_url(timer.pk)
    other = links.ledger_url(timer.pk + 1)
    path = reverse("deadlines:ledger", args=[timer.pk])
    return [
        path,
        f"{path}?k=",
        f"{path}?k={other.partition('?k=')[2]}",
        own[:-1] + ("A" if own[-1] != "A" else "B"),
        other,
    ]


@pytest.mark.parametrize("which", range(5))
def test_nothing_opens_without_the_timers_own_token(timer: Timer, client: Client, which: int) -> None:
    page = client.get(forged(timer)[which])

    assert page.status_code == 404
    assert "专家评审" not in page.content.decode()


def test_a_token_ends_after_a_day(timer: Timer, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    url = links.ledger_url(timer.pk)
    monkeypatch.setattr(links, "LIFETIME", -links.LIFETIME)

    assert client.get(url).status_code == 404


def test_only_reading_is_possible(timer: Timer, client: Client) -> None:
    assert client.post(links.ledger_url(timer.pk)).status_code == 405


def test_the_bar_fills_each_day_by_who_held_it(timer: Timer) -> None:
    bar = drawings.clock_bar(timer, date(2026, 3, 11))

    assert bar is not None
    kinds = {cell.on.day: cell.kind for cell in bar.cells}
    assert [kinds[day] for day in range(2, 12)] == [
        Kind.BEFORE,
        Kind.BEFORE,
        Kind.RUNNING,
        Kind.RUNNING,
        Kind.PAUSED,
        Kind.REST,
        Kind.REST,
        Kind.PAUSED,
        Kind.RUNNING,
        Kind.RUNNING,
    ]
    assert [kinds[day] for day in (12, 14, 19)] == [Kind.LEFT, Kind.REST, Kind.LEFT]
    assert bar.cells[-1].on == date(2026, 3, 19)
    assert [mark.words for mark in bar.marks] == ["收件", "受理", "专家评审", "今天", "到期"]
    assert "已用 <b>4</b>" in bar.sentence
    assert bar.explain_url.startswith(f"/clock/{timer.pk}/?k=")


def test_days_after_the_due_day_are_late(timer: Timer) -> None:
    bar = drawings.clock_bar(timer, date(2026, 3, 24))

    assert bar is not None
    assert [cell.kind for cell in bar.cells][-3:] == [Kind.REST, Kind.LATE, Kind.LATE]
    assert "超 3 天" in bar.sentence


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ([("submitted", "2026-03-09", "")], "前不答复，自收件之日起即为受理"),
        ([("submitted", "2026-03-02", ""), ("correction_requested", "2026-03-03", "")], "尚未受理。"),
        ([("received", "2026-03-02", ""), ("withdrawn", "2026-03-03", "")], "受理前已于"),
        (
            [("received", "2026-03-02", ""), ("accepted", "2026-03-02", ""), ("decided", "2026-03-04", "approved")],
            "办结",
        ),
        (
            [("received", "2026-03-02", ""), ("accepted", "2026-03-02", ""), ("special_started", "2026-03-04", "test")],
            "停计：检验检测；如今天恢复",
        ),
    ],
)
def test_the_sentence_says_where_the_clock_stands(
    pack: PackVersion, events: list[tuple[str, str, str]], sentence: str
) -> None:
    bar = drawings.clock_bar(opened(*events), date(2026, 3, 11))

    assert bar is not None
    assert sentence in bar.sentence


def test_what_stands_still_after_its_due_day_stays_late(pack: PackVersion) -> None:
    timer = opened(
        ("received", "2026-03-02", ""), ("accepted", "2026-03-02", ""), ("special_started", "2026-03-20", "test")
    )

    bar = drawings.clock_bar(timer, date(2026, 3, 25))

    assert bar is not None
    assert bar.sentence.endswith("已到期，超 4 天；现在停计：检验检测。")
    assert [mark.words for mark in bar.marks if mark.on == date(2026, 3, 16)] == ["到期"]


def test_a_ledger_names_its_subject_and_takes_no_other_words(timer: Timer, client: Client) -> None:
    url = links.ledger_url(timer.pk, "山前仓库 用地规划许可证")
    with clock.frozen(TODAY):
        shown = client.get(url)
        forged = client.get(url.replace(quote("山前"), quote("山后")))
        stripped = client.get(url.partition("&of=")[0])

    assert "山前仓库 用地规划许可证" in shown.content.decode()
    assert (shown.status_code, forged.status_code, stripped.status_code) == (200, 404, 404)


def test_a_timer_without_events_has_no_bar(pack: PackVersion, client: Client) -> None:
    timer = opened()

    assert drawings.clock_bar(timer, date(2026, 3, 11)) is None
    assert client.get(links.ledger_url(timer.pk)).status_code == 404


def test_the_bar_is_drawn_by_the_component(timer: Timer) -> None:
    from django.template.loader import render_to_string

    bar: Any = drawings.clock_bar(timer, date(2026, 3, 11))
    drawn = render_to_string("components/_clock.html", {"bar": bar, "legend": True})

    assert 'role="img"' in drawn
    assert "为什么是这天" in drawn


def test_a_narrow_column_writes_fewer_words_than_a_page(timer: Timer) -> None:
    def written(width_px: int) -> int:
        bar = drawings.clock_bar(timer, date(2026, 3, 24), width_px=width_px)
        assert bar is not None
        return sum(len(cell.marks) for cell in bar.drawing.cells)

    assert written(200) < written(drawings.PAGE_PX)
