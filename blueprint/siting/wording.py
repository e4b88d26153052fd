"""Repairs and ways of entry in the words of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.errors import Text
from portal.ui import words


def repair_words(repairs: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say each repair in a sentence: what was found, and what was made of it."""
    return [_repair(repair) for repair in repairs]


def _repair(repair: Mapping[str, Any]) -> str:
    code = str(repair["code"])
    if code == "duplicate_vertices" and repair.get("count"):
        count = int(repair["count"])
        return ngettext(
            "有 %(n)d 个与前一点重合的顶点，已去掉，形状不变。",
            "有 %(n)d 个与前一点重合的顶点，已去掉，形状不变。",
            count,
        ) % {"n": count}
    if code == "parts_dissolved" and repair.get("lost_m2"):
        area = words.area_m2(repair["lost_m2"])
        return _("几个图形互相重叠 %(area)s，已合并，重叠处只算一次。") % {"area": area}
    known = _plain()
    return str(known[code]) if code in known else _("文件做过一处修正（%(code)s）。") % {"code": code}


def _plain() -> dict[str, Text]:
    return {
        "crs_assumed": _("文件没有写坐标系，已按坐标所在范围判定，请核对图上位置。"),
        "other_geometry_ignored": _("文件里的点、线或文字不是面，没有采用。"),
        "open_polyline_ignored": _("有没闭合的多段线，没有采用。如属于红线，请闭合后重新导出。"),
        "duplicate_vertices": _("与前一点重合的顶点已去掉，形状不变。"),
        "make_valid": _("边界有细小的自相交，已修正，面积变化不超过 0.1%。"),
        "parts_dissolved": _("几个图形互相重叠，已合并，重叠处只算一次。"),
        "count_mismatch": _("写明的点数与实际点数不一致，以实际的点为准。"),
        "zone_conflict": _("坐标里的带号与文件头写的不一致，以坐标为准。"),
        "zone_assumed": _("坐标没有带号，按本市所在的带号处理。"),
        "degrees": _("坐标是经纬度（先纬度后经度），已换算到投影坐标。"),
        "ring_closed": _("没有首尾相接的边界已闭合。"),
    }
