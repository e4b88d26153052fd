"""Fill the style guide: every component in its states, with real-looking but fictitious content.

The story stands still on one day, 14 April 2026, whatever the clock says.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.ui import fields, work
from portal.ui.lights import Light
from portal.ui.styleguide import boards, clocks, forms, lines, places


def content() -> dict[str, Any]:
    """Return what the page shows."""
    return {
        "lights": lights(),
        "stage_bar": clocks.stage_bar(),
        "hard_bars": clocks.hard_bars(),
        "long_bar": clocks.long_bar(),
        "ledger": clocks.ledger(),
        "line": lines.line(),
        "crowded": lines.crowded_line(),
        "early": lines.early_line(),
        "lanes": clocks.case_lanes(),
        "tasks": forms.tasks(),
        "facts": (("用地", "66,000 m²"), ("建筑", "158,000 m²")),
        "case_bar": clocks.case_bar(),
        "section_fields": forms.section_fields(),
        "errors": (("density", "建筑密度 26.4%，超过规划条件的上限 25%"), ("shelter_area", "填写应建防空地下室面积")),
        "sources": tuple(fields.Source),
        "slots": forms.slots(),
        "uploads": forms.uploads(),
        "problems": forms.problems(),
        "conclusions": (("pass", "同意"), ("return", "修改后同意"), ("reject", "不同意")),
        "phrases": ("符合规划条件", "补日照复核", "退距不足，请调整【建筑编号】", "公示意见已答复"),
        "opinions": (
            work.Opinion("黄规", "承办", "同意", "符合规划条件，拟同意。", clocks.at(date(2026, 4, 10), 16, 5)),
        ),
        "tiles": boards.tiles(),
        "heat": boards.heat(),
        "stuck": boards.stuck(),
        "weeks": boards.weeks(),
        "flows": boards.flow_chart(),
        "steps": (
            work.Step("填基本情况", done=True, url="#steps"),
            work.Step("画红线", done=True, url="#steps"),
            work.Step("看事项清单", current=True),
            work.Step("确认赋码"),
        ),
        "counts": boards.counts(),
        "qr": boards.qr(),
        "site_map": places.site_map(),
        "code": "2512-449902-04-01-161806-01",
        "now": clocks.at(clocks.TODAY, 10, 38),
        "today": clocks.TODAY,
    }


def lights() -> tuple[tuple[Light, str, str, str, str], ...]:
    """Return light, words, pill words, shape and meaning."""
    return (
        (Light.OK, "还剩 5 天", "正常", "圆点", "剩余多于临期线"),
        (Light.DUE, "还剩 1 天", "临期", "三角", "剩余不多于临期线；当天到期写“今天到期”"),
        (Light.LATE, "超 2 天", "超期", "菱形", "已用大于时限"),
        (Light.LATE2, "严重超期 8 天", "严重超期", "双菱形，实底", "超期满线或成倍"),
        (Light.HOLD, "停：专家评审", "停计", "双竖", "特别程序中；写明是哪一种"),
        (Light.WAIT, "待受理", "待开始", "空心圆", "未受理，或前置未完成"),
        (Light.DONE, "已办结", "已办结", "对勾", "没有时钟的终态"),
        (Light.NO, "不予许可", "不予许可", "叉", "没有时钟的终态"),
        (Light.OFF, "不涉及", "不涉及", "横线", "本项目不用办"),
    )
