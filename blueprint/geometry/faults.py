"""Why a file cannot be used, said so that the person who has it knows what to do."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from blueprint.geometry.shapes import FileUnusable
from portal.core.errors import Text

EMPTY_FILE = "empty_file"
UNREADABLE = "unreadable"
NO_POLYGON = "no_polygon"
COLLAPSED = "collapsed"
SELF_INTERSECTION = "self_intersection"
CRS_UNSUPPORTED = "crs_unsupported"
CRS_OUTSIDE = "crs_outside"
AXES_SWAPPED = "axes_swapped"

MESSAGES: dict[str, Text] = {
    EMPTY_FILE: _("文件里没有任何图形或坐标点。请检查导出时是否选中了图形，重新导出后再试。"),
    UNREADABLE: _("文件无法读取。请用原软件打开确认内容完整，重新导出后再试。"),
    NO_POLYGON: _("文件里没有面状图形，点和线不能作为范围。请把边界画成闭合的面后重新导出。"),
    COLLAPSED: _("有图形的面积几乎为零：不同的顶点不足 3 个，或不足 0.01 平方米。请删除该图形或补全其顶点后再试。"),
    SELF_INTERSECTION: _("边界自相交，修复后面积变化超过 0.1%，不能代您猜测。请按实际走向调整顶点顺序后再试。"),
    CRS_UNSUPPORTED: _(
        "坐标系不受支持。请转换为 2000 国家大地坐标系（经纬度，或 3 度分带投影，EPSG:4490、4513 至 4554）后再试。"
    ),
    CRS_OUTSIDE: _("坐标不在本市范围内。请核对坐标系、带号和单位（米或度），改正后再试。"),
    AXES_SWAPPED: _("坐标的两列颠倒了：东坐标（经度）与北坐标（纬度）互换后才落在本市。请交换两列后重新导出。"),
}


def unusable(code: str, detail: Any = None, **values: Any) -> FileUnusable:
    """Make the refusal of a file; a detail, filled with the values, stands before the general sentence."""
    if detail is None:
        return FileUnusable(code, MESSAGES[code])
    return FileUnusable(code, format_lazy("{}{}", format_lazy(detail, **values), MESSAGES[code]))


def unreadable(detail: Any = None, **values: Any) -> FileUnusable:
    """Refuse a file whose content is not what its ending says."""
    return unusable(UNREADABLE, detail, **values)
