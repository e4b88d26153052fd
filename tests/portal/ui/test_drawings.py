"""Charts, tiles, lanes: what is drawn agrees with what is in the table."""

import itertools

import pytest

from portal.ui.charts import Bar, BarChart, Flow, FlowChart, LineChart, Series, line_path, round_step
from portal.ui.lanes import Lane, LaneCell, day_cells, in_order
from portal.ui.lights import SHAPES, Light
from portal.ui.tiles import Heat, HeatCell, HeatRow
from portal.ui.work import Count


def test_every_light_has_a_shape_of_its_own() -> None:
    assert set(SHAPES) == set(Light)
    assert len(set(SHAPES.values())) == len(Light)


def test_bars_are_as_long_as_their_numbers_and_leave_room_for_the_words() -> None:
    chart = BarChart("八比四", "件", (Bar("承办", 8), Bar("审核", 4), Bar("批准", 0)))
    long, half, none = chart.drawing
    assert half.width == pytest.approx(long.width / 2, abs=0.1)
    assert none.width == 0
    assert long.words_x + 7 <= chart.width
    assert chart.table.rows == (("承办", "8"), ("审核", "4"), ("批准", "0"))


def test_an_empty_chart_is_drawn_without_fault() -> None:
    assert BarChart("没有", "件", ()).drawing == ()
    assert LineChart("没有", "天", (), (Series("中位", ()),)).drawing.series[0].path == ""
    assert FlowChart("没有", "天", (), ()).drawing.flows == ()


@pytest.mark.parametrize(("highest", "step"), [(0, 1), (16, 4), (3, 1), (85, 25), (0.8, 0.2), (1280, 400)])
def test_grid_lines_stand_at_round_numbers(highest: float, step: float) -> None:
    assert round_step(highest) == pytest.approx(step)


def test_a_gap_in_the_numbers_is_a_gap_in_the_line() -> None:
    assert line_path([(0, 1), (1, 2), None, (3, 4)]) == "M0 1L1 2M3 4"


def test_a_line_ends_with_its_last_number_inside_the_picture() -> None:
    chart = LineChart(
        "降", "工作日", ("3/30", "4/6", "4/13"), (Series("中位", (6.2, None, 4.8)), Series("九成位", (9, 8, 4.9)))
    )
    drawing = chart.drawing
    assert [series.words for series in drawing.series] == ["中位 4.8", "九成位 4.9"]
    assert abs(drawing.series[0].words_y - drawing.series[1].words_y) >= 13.9
    assert drawing.right < chart.width
    assert chart.table.rows[1] == ("4/6", "—", "8")


def test_flow_stations_keep_apart_and_the_table_tells_each_stage() -> None:
    chart = FlowChart(
        "小型类 20",
        "工作日",
        (Flow("小型类", "低风险", (1, 2, 3, 20)), Flow("房建类", "", (25, 50, 70, 85))),
        ("一", "二", "三", "四"),
    )
    small = chart.drawing.flows[0]
    xs = [x for _, x in small.stops]
    assert all(second - first >= 19.9 for first, second in itertools.pairwise(xs))
    assert chart.table.rows[0] == ("小型类", "1", "1", "1", "17", "20")


def test_lanes_stand_in_the_order_of_urgency_with_the_lead_first() -> None:
    def lane(name: str, light: Light, *, lead: bool = False) -> Lane:
        return Lane(name, "事项", light, "", 1, 5, lead=lead)

    mixed = (
        lane("办结", Light.DONE),
        lane("停", Light.HOLD),
        lane("超", Light.LATE),
        lane("牵头", Light.OK, lead=True),
        lane("临", Light.DUE),
    )
    assert [lane.department for lane in in_order(mixed)] == ["牵头", "超", "临", "停", "办结"]


def test_day_cells_count_used_over_paused_and_left() -> None:
    assert day_cells(used=6, limit=8, light=Light.DUE) == (LaneCell.USED,) * 6 + (LaneCell.LEFT,) * 2
    assert day_cells(used=7, limit=5, light=Light.LATE) == (LaneCell.USED,) * 5 + (LaneCell.OVER,) * 2
    assert day_cells(used=1, limit=3, light=Light.HOLD) == (LaneCell.USED,) + (LaneCell.PAUSED,) * 2
    assert day_cells(used=3, limit=5, light=Light.DONE) == (LaneCell.DONE,) * 3
    assert len(day_cells(used=90, limit=60, light=Light.LATE)) == 20


def test_heat_totals_leave_out_what_cannot_occur_and_count_the_rest() -> None:
    heat = Heat(
        ("一", "二"),
        (HeatRow("甲", (HeatCell(5, 1, 2), HeatCell(possible=False))),),
        rest=HeatRow("其余", (HeatCell(2), HeatCell(3, 4))),
    )
    assert [(cell.count, cell.late, cell.due) for cell in heat.totals] == [(7, 1, 2), (3, 4, 0)]
    assert HeatCell(9, 7).warmth == 3


def test_nobody_counts_above_a_thousand() -> None:
    assert [Count("全部", number, "#").shown for number in (1000, 1001)] == ["1,000", "1,000+"]


def test_the_narrow_flows_keep_their_stations_apart_and_in_the_picture() -> None:
    chart = FlowChart(
        finding="",
        unit="工作日",
        flows=(Flow("甲", "", (2, 3, 4, 20)), Flow("乙", "", (20, 40, 60, 85))),
        stages=("一", "二", "三", "四"),
    )

    for flow in chart.drawing.flows:
        xs = [x for _number, x in flow.narrow]
        assert all(after - before >= 20 for before, after in itertools.pairwise(xs))
        assert xs[0] - 10 > 0
        assert xs[-1] + 10 <= chart.drawing.narrow_width
