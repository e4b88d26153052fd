"""Show line maps: a project on its way, a crowded one, one just registered."""

from __future__ import annotations

from portal.ui.lights import Light
from portal.ui.linemap import Branch, Item, LineMap, Station, StationState


def line() -> LineMap:
    """Return the line of the project in the story."""
    return LineMap(
        stations=(
            Station(0, "策划生成", StationState.DONE, "1月9日"),
            Station(1, "立项用地规划许可", StationState.DONE, "2月2日 办结，用 5 天"),
            Station(2, "工程建设许可", StationState.CURRENT, "预计 4月27日", detail="已用 6 天，共 15 天"),
            Station(3, "施工许可", StationState.AHEAD, "预计 5月20日"),
            Station(4, "竣工验收", StationState.AHEAD, "开工后再估"),
        ),
        items=(
            Item("设计方案联合审查", "规划部门", Light.DUE, "还剩 2 天", leads_to=2),
            Item("建设工程规划许可证", "", Light.WAIT, "方案审定后自动开始", leads_to=2),
        ),
        branches=(
            Branch("应建防空地下室报建", "国防动员办", Light.DONE, "3月30日 办结", 1, 2, 1.0),
            Branch("市政公用接入条件征询", "供水企业", Light.DONE, "3月27日 办结", 1, 2, 1.0),
            Branch("绿色建筑专项审查", "建设部门", Light.LATE, "超 1 天", 1, 2, 0.85),
            Branch("城市绿地、树木审批", "城管局", Light.HOLD, "停：现场勘验", 1, 2, 0.54),
            Branch("标准地名命名", "民政局", Light.OK, "还剩 3 天", 1, 2, 0.44),
        ),
    )


def crowded_line() -> LineMap:
    """Return a line with more items and branches than can be drawn one by one."""
    names = (
        "环评",
        "水土保持",
        "考古调查",
        "地震安评",
        "防洪评价",
        "节能审查",
        "取水",
        "交通评价",
    )
    lights = (Light.DONE, Light.DONE, Light.DONE, Light.OK, Light.DUE, Light.LATE2, Light.WAIT, Light.NO)
    words = ("", "", "", "还剩 9 天", "今天到期", "严重超期 8 天", "待开始", "不予许可")
    return LineMap(
        stations=(
            Station(0, "策划生成", StationState.DONE, "3月2日"),
            Station(1, "立项用地规划许可", StationState.CURRENT, "预计 4月30日"),
            Station(2, "工程建设许可", StationState.AHEAD, "预计 6月18日"),
            Station(3, "施工许可", StationState.AHEAD, "预计 8月3日"),
            Station(4, "竣工验收", StationState.AHEAD, "开工后再估"),
        ),
        items=tuple(
            Item(name, "发展改革局", light, said, leads_to=1)
            for name, light, said in (
                ("项目建议书审批", Light.DONE, "已办结"),
                ("可行性研究报告审批", Light.DONE, "已办结"),
                ("用地预审与选址意见书", Light.OK, "还剩 4 天"),
                ("用地规划许可", Light.WAIT, "待开始"),
                ("社会风险评估", Light.WAIT, "待开始"),
            )
        ),
        branches=tuple(
            Branch(name, "市局", light, said, 0, 1 if number % 3 else 3, 0.2 + number / 12)
            for number, (name, light, said) in enumerate(zip(names, lights, words, strict=True))
        ),
    )


def early_line() -> LineMap:
    """Return the line of a project that has just been registered."""
    return LineMap(
        stations=tuple(
            Station(number, name, StationState.DONE if number == 0 else StationState.AHEAD, caption)
            for number, (name, caption) in enumerate(
                (
                    ("赋码", "4月13日"),
                    ("立项用地规划许可", "待申报"),
                    ("工程建设许可", ""),
                    ("施工许可", ""),
                    ("竣工验收", ""),
                )
            )
        )
    )
