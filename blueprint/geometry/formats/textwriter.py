"""界址点 txt, written strictly: every field in its place, points without the closing one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.polygon import LinearRing

from blueprint.geometry.frame import Frame
from blueprint.geometry.shapes import SiteShape

HECTARE = Decimal(10_000)
#: m² in 公顷
METRE = Decimal("0.0001")
HEAD = """[属性描述]
格式版本号=1.01版本
数据产生单位={made_by}
数据产生日期={made_on}
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号={zone}
精度=0.001
转换参数=,,,,,,
[地块坐标]"""


def points(shape: SiteShape, frame: Frame, *, made_on: date, made_by: str) -> str:
    """Write each polygon as a parcel; the declared area is shared among them by their size."""
    lines = HEAD.format(made_by=_word(made_by), made_on=made_on.isoformat(), zone=frame.zone).splitlines()
    said = shape.attributes
    areas = _hectares(shape.geometry, said.declared_m2)
    for number, (polygon, area) in enumerate(zip(shape.geometry.geoms, areas, strict=True), start=1):
        rings = [polygon.exterior, *polygon.interiors]
        count = sum(len(ring.coords) - 1 for ring in rings)
        code = _word(said.fid or "") or f"{number:03d}"
        if number > 1 and said.fid:
            code = f"{code}-{number}"
        lines.append(f"{count},{area},{code},{_word(said.name or '')},面,,,{_word(said.use or '')},@")
        lines += _points(rings)
    return "\r\n".join(lines) + "\r\n"


def _points(rings: Iterable[LinearRing]) -> Iterable[str]:
    number = 0
    for circle, ring in enumerate(rings, start=1):
        for east, north in list(ring.coords)[:-1]:
            number += 1
            yield f"J{number},{circle},{north:.3f},{east:.3f}"


def _hectares(shape: MultiPolygon, declared_m2: float | None) -> list[str]:
    """Return the area of each parcel; together they are what is declared, or computed where nothing is."""
    polygons: list[Polygon] = list(shape.geoms)
    total = Decimal(str(round(shape.area if declared_m2 is None else declared_m2, 2))) / HECTARE
    shares = [(total * Decimal(polygon.area / shape.area)).quantize(METRE) for polygon in polygons[:-1]]
    last = total - sum(shares, Decimal(0))
    # four places are a square metre; more only where that would lose some of what is declared
    return [f"{share:.4f}" for share in shares] + [f"{last:.4f}" if last == last.quantize(METRE) else f"{last:.6f}"]


def _word(text: str) -> str:
    """Leave out what would break the line."""
    return re.sub(r"[,，@＠=\s]+", " ", text).strip()
