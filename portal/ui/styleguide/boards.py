"""Show numbers: tiles, heat table, charts, counts, a code."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.ui import work
from portal.ui.charts import Band, Bar, BarChart, Flow, FlowChart, LineChart, Series
from portal.ui.lights import Light
from portal.ui.tiles import Heat, HeatCell, HeatRow, Kpi


def tiles() -> tuple[Kpi, ...]:
    """Return the band of a dashboard."""
    return (
        Kpi("在办件", "1,280", "件", "项目 412 个", url="#tiles"),
        Kpi("超期", "16", "件", "上周五 23 件", "1.25%", Light.LATE, "#tiles"),
        Kpi("临期", "72", "件", "今天到期 12 件", light=Light.DUE, url="#tiles"),
        Kpi("停计", "118", "件", "专家评审 64，公示 38", light=Light.HOLD, url="#tiles"),
        Kpi("审批用时中位", "4.8", "工作日", "承诺口径；跨度 21 天", url="#tiles"),
        Kpi("停滞项目", "63", "个", "超过 60 天没有新动作", url="#tiles"),
    )


def heat() -> Heat:
    """Return a small heat table."""
    cell, none = HeatCell, HeatCell(possible=False)
    return Heat(
        columns=("S1 立项用地", "S2 工程建设", "S3 施工许可", "S4 竣工验收"),
        rows=(
            HeatRow(
                "资规", (cell(86, 1, 5, "#heat"), cell(112, 2, 9, "#heat"), none, cell(41, 0, 2, "#heat")), "#heat"
            ),
            HeatRow(
                "住建", (none, cell(37, 2, 4, "#heat"), cell(128, 3, 11, "#heat"), cell(74, 1, 5, "#heat")), "#heat"
            ),
            HeatRow("发改", (cell(64, 0, 2, "#heat"), cell(29, 0, 1, "#heat"), cell(12, 0, 0, "#heat"), none), "#heat"),
        ),
        rest=HeatRow("其余 29 家", (cell(48, 0, 1), cell(65, 0, 2), cell(71, 0, 1), cell(65, 0, 3))),
    )


def stuck() -> BarChart:
    """Return where late cases stand."""
    return BarChart(
        finding="16 件超期，其中 8 件停在承办",
        unit="件",
        label_heading="环节",
        bars=(
            Bar("承办", 8, tone="late", url="#charts"),
            Bar("审核", 3, tone="late"),
            Bar("受理", 1, tone="late"),
            Bar("补正", 2, "2 等申请人", "grey"),
            Bar("特别程序", 1, "1 超约定", "grey"),
        ),
    )


def weeks() -> LineChart:
    """Return how long cases took, by week."""
    return LineChart(
        finding="近十一周中位数由 6.2 降到 4.8 个工作日，九成位由 13.4 降到 9.9",
        unit="工作日",
        label_heading="办结周",
        labels=("1/26", "2/2", "2/9", "2/16", "2/23", "3/2", "3/9", "3/16", "3/23", "3/30", "4/6", "4/13"),
        series=(
            Series(
                "九成位", (13.4, 12.8, None, 12.1, 14.2, 12.6, 11.9, 11.2, 10.7, 10.9, 10.3, 9.9), "sky", dashed=True
            ),
            Series("中位", (6.2, 6.0, None, 5.8, 6.4, 6.0, 5.6, 5.5, 5.2, 5.3, 5.0, 4.8), "blue"),
        ),
        bands=(Band(2, 3, "春节"),),
    )


def flow_chart() -> FlowChart:
    """Return the flow types as lines."""
    return FlowChart(
        finding="五类项目四个阶段的承诺用时：小型类 20、带方案出让类 32、一般类 50、线性类 75、政府房建类 85 个工作日",
        unit="工作日",
        label_heading="流程类型",
        total_heading="合计",
        stages=("立项用地规划许可", "工程建设许可", "施工许可", "竣工验收"),
        flows=(
            Flow("社会投资小型类", "≤1 万 m²、低风险", (2, 7, 12, 20)),
            Flow("社会投资带方案出让类", "拿地时已定方案", (5, 12, 22, 32)),
            Flow("社会投资一般类", "备案类企业投资", (8, 23, 38, 50)),
            Flow("政府投资线性类", "道路、管线", (20, 40, 60, 75), tone="navy"),
            Flow("政府投资房屋建筑类", "学校、医院等", (25, 50, 70, 85), tone="navy"),
        ),
    )


def counts() -> tuple[work.Count, ...]:
    """Return the counts above an inbox."""
    return (
        work.Count("全部", 23, "#counts", current=True),
        work.Count("超期", 1, "#counts", Light.LATE),
        work.Count("临期", 4, "#counts", Light.DUE),
        work.Count("正常", 12, "#counts", Light.OK),
        work.Count("停计", 5, "#counts", Light.HOLD),
        work.Count("待受理", 1, "#counts", Light.WAIT),
    )


def qr() -> SafeString:
    """Draw a pattern that looks like a code; it leads nowhere."""
    squares = "".join(
        f"M{column} {row}h1v1h-1z"
        for row in range(21)
        for column in range(21)
        if (row * 7 + column * 11 + row * column) % 5 < 2
    )
    return format_html(
        '<svg viewBox="-4 -4 29 29" width="76" height="76" aria-hidden="true"><path d="{}"/></svg>', squares
    )
