"""The clock bar: one cell per day, weeks when long, marks that never touch."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.ui.clockbar import MARK_FONT_PX, MAX_DAYS, MAX_MARKS, Cell, ClockBar, Kind, Mark, draw
from portal.ui.textwidth import em_width

FIRST = date(2026, 3, 16)


def bar(kinds: str, *marks: Mark, width_px: int = 1150) -> ClockBar:
    by_letter = {"c": Kind.RUNNING, "p": Kind.PAUSED, ".": Kind.REST, "f": Kind.LEFT, "x": Kind.LATE}
    cells = tuple(Cell(FIRST + timedelta(days=n), by_letter[letter]) for n, letter in enumerate(kinds))
    return ClockBar(cells=cells, marks=marks, sentence="已用 2 个工作日", width_px=width_px)


def test_draws_one_cell_per_calendar_day() -> None:
    drawing = draw(bar("ccccc..pp"))
    assert [cell.kind for cell in drawing.cells] == [Kind.RUNNING] * 5 + [Kind.REST] * 2 + [Kind.PAUSED] * 2
    assert not drawing.weekly


def test_names_in_the_legend_only_what_the_bar_shows() -> None:
    assert draw(bar("cc.")).legend == (Kind.RUNNING, Kind.REST)


def test_draws_weeks_when_there_are_more_than_sixty_days() -> None:
    assert not draw(bar("c" * MAX_DAYS)).weekly
    long = draw(bar("ccccc.." * 9))
    assert long.weekly
    assert [cell.days for cell in long.cells] == [7] * 9
    # A week of five working days is not drawn as a rest.
    assert {cell.kind for cell in long.cells} == {Kind.RUNNING}


def test_a_week_of_holidays_is_drawn_as_rest() -> None:
    long = draw(bar("ccccc.." * 5 + "......." + "ccccc.." * 4))
    assert [cell.kind for cell in long.cells].count(Kind.REST) == 1


def test_marks_stand_alternately_below_and_above() -> None:
    drawing = draw(
        bar("c" * 40, Mark(FIRST, "收件"), Mark(FIRST + timedelta(15), "受理"), Mark(FIRST + timedelta(39), "到期"))
    )
    sides = [mark.above for cell in drawing.cells for mark in cell.marks]
    assert sorted(sides) == [False, False, True] or sorted(sides) == [False, True, True]


def test_today_is_written_above() -> None:
    today = Mark(FIRST + timedelta(8), "今天", now=True, dated=False)
    placed = [mark for cell in draw(bar("c" * 20, today)).cells for mark in cell.marks]
    assert [(mark.mark, mark.above, mark.anchor) for mark in placed] == [(today, True, "middle")]


def test_keeps_today_the_due_date_and_the_receipt_when_there_are_too_many_marks() -> None:
    marks = [Mark(FIRST + timedelta(4 * n), str(n), dated=False) for n in range(10)]
    today = Mark(FIRST + timedelta(22), "今天", now=True, dated=False)
    placed = {mark.mark for cell in draw(bar("c" * 40, *marks, today)).cells for mark in cell.marks}
    assert {today, marks[0], marks[-1]} <= placed
    assert len(placed) <= MAX_MARKS


def test_a_mark_outside_the_bar_is_left_to_the_list() -> None:
    assert all(not cell.marks for cell in draw(bar("cc", Mark(FIRST - timedelta(1), "收件"))).cells)


@given(
    days=st.integers(2, 60),
    marks=st.lists(
        st.tuples(st.integers(0, 59), st.sampled_from(["收件", "受理，开始计时", "公示停 7 天", "到期"])), max_size=9
    ),
    width=st.sampled_from([500, 860, 1150]),
)
@example(days=30, marks=[(0, "收件"), (17, "收件"), (17, "受理，开始计时")], width=1150)
def test_no_two_marks_of_one_side_touch(days: int, marks: list[tuple[int, str]], width: int) -> None:
    drawing = draw(bar("c" * days, *(Mark(FIRST + timedelta(n), words) for n, words in marks), width_px=width))
    for above in (True, False):
        spans = []
        for index, cell in enumerate(drawing.cells):
            for drawn in cell.marks:
                if drawn.above is not above:
                    continue
                centre = (index + 0.5) / days * width
                wide = (em_width(drawn.mark.words) + 4.6) * MARK_FONT_PX
                low = {"start": centre, "middle": centre - wide / 2, "end": centre - wide}[drawn.anchor]
                spans.append((low, low + wide))
        spans.sort()
        assert all(second[0] - first[1] > 0.5 * MARK_FONT_PX for first, second in itertools.pairwise(spans))


@pytest.mark.parametrize(("text", "width"), [("受理", 2.0), ("4/13", 4 * 0.56)])
def test_estimates_the_width_of_words(text: str, width: float) -> None:
    assert em_width(text) == pytest.approx(width)
