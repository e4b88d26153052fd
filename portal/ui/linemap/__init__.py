"""Draw the flow line map: a project is a line with stations; parallel items leave one station and rejoin at another.

Fill a :class:`LineMap` and pass it to ``components/_linemap.html``, which shows the drawing and its ordered-list twin::

    LineMap(
        stations=(
            Station(no=0, name="策划生成", state=StationState.DONE, caption="1月9日"),
            Station(no=1, name="立项用地规划许可", state=StationState.DONE, caption="2月2日 办结，用 5 天"),
            Station(no=2, name="工程建设许可", state=StationState.CURRENT, caption="预计 4月27日"),
            ...
        ),
        items=(Item(name="设计方案联合审查", department="规划部门", light=Light.DUE, words="还剩 2 天", leads_to=2),),
        branches=(Branch("绿色建筑专项审查", "建设部门", Light.LATE, "超 1 天", start=1, end=2, share=0.85),),
        sentence="第 2 站途中，全程承诺 50 个工作日，已用 11 个",
    )

``Item`` is a serial item on the main line, ``Branch`` a parallel one. All words come ready to show. More than seven
branches fold the finished ones into one. Geometry (``linemap.drawing``) knows neither database nor clock.
"""

from portal.ui.linemap.model import Branch, Item, LineMap, Station, StationState

__all__ = ["Branch", "Item", "LineMap", "Station", "StationState"]
