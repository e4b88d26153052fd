"""The line map: stations in order, work stretches wide, branches leave and rejoin where they must."""

import itertools
import re

import pytest

from portal.ui.lights import Light
from portal.ui.linemap import Branch, Item, LineMap, Station, StationState
from portal.ui.linemap.drawing import FIRST_X, LAST_X, MAX_BOXES, MAX_BRANCHES, draw, fold, station_xs
from portal.ui.textwidth import em_width


def stations(current: int = 2, count: int = 5) -> tuple[Station, ...]:
    def state(number: int) -> StationState:
        return (
            StationState.DONE if number < current else StationState.CURRENT if number == current else StationState.AHEAD
        )

    return tuple(Station(number, f"第{number}站", state(number)) for number in range(count))


def branch(name: str, light: Light = Light.OK, start: int = 1, end: int = 2, share: float = 0.5) -> Branch:
    return Branch(name, "某局", light, "还剩 3 天", start, end, share)


def item(name: str, light: Light = Light.OK, leads_to: int = 2) -> Item:
    return Item(name, "某局", light, "还剩 2 天", leads_to)


def test_the_stretch_with_work_is_wide() -> None:
    xs = station_xs(LineMap(stations(), items=(item("甲"),)))
    assert xs[0] == FIRST_X
    assert xs[4] == pytest.approx(LAST_X)
    assert xs[2] - xs[1] > 3 * (xs[1] - xs[0])


def test_stations_are_spread_evenly_when_nothing_goes_on() -> None:
    xs = station_xs(LineMap(stations(current=0)))
    gaps = {round(xs[number + 1] - xs[number]) for number in range(4)}
    assert len(gaps) == 1


def test_a_branch_leaves_and_rejoins_at_its_stations() -> None:
    line = LineMap(stations(), branches=(branch("甲", start=1, end=3), branch("乙")))
    xs = station_xs(line)
    for drawn in draw(line).branches:
        numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", drawn.whole)]
        assert (numbers[0], numbers[-2]) == (xs[drawn.branch.start], xs[drawn.branch.end])


def test_a_finished_branch_is_drawn_whole_and_without_head() -> None:
    (drawn,) = draw(LineMap(stations(), branches=(branch("甲", Light.DONE, share=0.1),))).branches
    assert drawn.gone == drawn.whole
    assert drawn.head_x is None


def test_a_branch_not_begun_has_its_ring_at_the_start_and_no_way_gone() -> None:
    (drawn,) = draw(LineMap(stations(), branches=(branch("甲", Light.WAIT, share=0.7),))).branches
    assert drawn.gone == ""
    assert drawn.head_x is not None
    assert drawn.head_x < drawn.name_x


def test_the_head_of_an_open_branch_stands_at_its_share() -> None:
    early, late = draw(LineMap(stations(), branches=(branch("甲", share=0.2), branch("乙", share=0.8)))).branches
    assert early.head_x is not None
    assert late.head_x is not None
    assert early.head_x < late.head_x


def test_rows_of_branches_do_not_cover_each_other() -> None:
    drawing = draw(LineMap(stations(), branches=tuple(branch(str(number)) for number in range(7))))
    heights = [drawn.y for drawn in drawing.branches]
    assert len(set(heights)) == 7
    assert any(y < drawing.main_y for y in heights)
    assert any(y > drawing.main_y for y in heights)
    assert all(drawing.top <= y <= drawing.top + drawing.height for y in heights)


def test_branches_of_different_stretches_share_a_row() -> None:
    drawing = draw(LineMap(stations(), branches=(branch("甲", start=0, end=1), branch("乙", start=2, end=3))))
    assert len({drawn.y for drawn in drawing.branches}) == 1


def test_more_than_seven_branches_fold_the_finished_ones() -> None:
    done = [branch(f"完{number}", Light.DONE) for number in range(4)]
    running = [branch(f"办{number}") for number in range(4)]
    folded = fold([*done, *running])
    assert len(folded) == 5
    assert [b.name for b in folded if b.light is Light.DONE] == ["已办结 4 项"]
    assert fold(running) == running
    assert len(running) <= MAX_BRANCHES


def test_serial_items_fold_to_three_boxes_and_keep_those_being_worked_at() -> None:
    items = (
        [item(f"完{n}", Light.DONE) for n in range(3)]
        + [item("超期", Light.LATE)]
        + [item(f"等{n}", Light.WAIT) for n in range(4)]
    )
    boxes = draw(LineMap(stations(), items=tuple(items))).boxes
    assert len(boxes) <= MAX_BOXES
    assert any(box.item.name == "超期" for box in boxes)
    assert all(first.x + first.width <= second.x for first, second in itertools.pairwise(boxes))


def test_long_names_are_cut_to_their_box_and_stay_whole_in_the_twin() -> None:
    name = "城镇排水与污水处理设施拆除、改动、迁移方案审核（含管网接驳）"
    line = LineMap(stations(), items=(item(name), item("乙"), item("丙")))
    box = draw(line).boxes[0]
    assert box.name.endswith("…")
    assert em_width(box.name) * 14 <= box.width - 34
    assert line.twin[2].items[0].name == name


def test_the_main_line_is_done_up_to_the_item_being_worked_at() -> None:
    line = LineMap(stations(), items=(item("甲", Light.DONE), item("乙", Light.DUE), item("丙", Light.WAIT)))
    drawing = draw(line)
    assert drawing.boxes[1].x < drawing.done_x < drawing.boxes[2].x


def test_the_twin_lists_every_item_at_the_station_where_it_must_be_done() -> None:
    line = LineMap(stations(), items=(item("甲"),), branches=(branch("乙", start=1, end=3),))
    assert [[entry.name for entry in twin.items] for twin in line.twin] == [[], [], ["甲"], ["乙"], []]


@pytest.mark.parametrize("caption", ["预计 2027年1月14日", "2027年12月28日 办结", "4月27日"])
def test_the_words_of_the_last_station_keep_their_year_and_stay_in_the_picture(caption: str) -> None:
    drawn = draw(LineMap((*stations()[:4], Station(4, "竣工验收", StationState.AHEAD, caption)))).stations[-1]

    assert drawn.caption == caption
    wide = em_width(caption) * 12.5
    right = drawn.label_x + {"start": wide, "middle": wide / 2, "end": 0}[drawn.anchor]
    assert right <= 1150
    before = draw(LineMap(stations())).stations[-2]
    assert drawn.label_x - (wide if drawn.anchor == "end" else wide / 2) > before.x
