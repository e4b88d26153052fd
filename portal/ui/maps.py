"""What components/_map.html shows: a map's extent, its layers and what may be drawn. Plain values, no geometry library.

Everything is in degrees of CGCS2000, longitude first; the browser shows the metres of the plane beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

Degrees = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plane:
    """The city's Gauss-Krueger zone, for coordinates under the pointer."""

    epsg: int
    lon0: float
    """Central meridian, degrees."""
    east0: float
    """False easting with the zone's prefix, metres."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A GeoJSON feature collection over the map.

    Properties of a feature that count: `id` links it with the row of a list, `tone` colours it (stop, review, info,
    pass, a light, added, removed), `label` is written beside it.
    """

    id: str
    features: Mapping[str, Any]
    tone: str = "info"
    """Colour of features that say none: site, idea or one of the tones above."""
    fill: float = 0.25
    """Opacity of the ground; 0 for outlines only."""
    width: float = 2
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Draw:
    """Drawing is on: the boundary is kept as GeoJSON in a field of a form, and read from it at the start."""

    field: str
    """The id of an input or textarea."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """A layer of vector tiles."""

    code: str
    name: str
    edition: str
    url: str
    """With {z}, {x} and {y}."""
    symbol: Mapping[str, Any] = field(default_factory=dict)


def view(
    *,
    plane: Plane,
    bounds: tuple[Degrees, Degrees],
    overlays: Iterable[Overlay] = (),
    tiles: Iterable[Tiles] = (),
    draw: Draw | None = None,
    label: str = "",
) -> dict[str, Any]:
    """Return the map as its template and its script want it; later tiles and overlays lie over earlier ones."""
    return {
        "plane": asdict(plane),
        "bounds": [list(corner) for corner in bounds],
        "overlays": [asdict(overlay) for overlay in overlays],
        "tiles": [asdict(entry) for entry in tiles],
        "draw": asdict(draw) if draw else None,
        "label": label,
        "words": words(),
    }


def collection(features: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return GeoJSON features as a collection."""
    return {"type": "FeatureCollection", "features": list(features)}


def feature(geometry: Mapping[str, Any], **properties: Any) -> dict[str, Any]:
    """Return a GeoJSON feature; properties without a value are left out."""
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {name: value for name, value in properties.items() if value is not None},
    }


def words() -> dict[str, str]:
    """Return what the script says, in the reader's language."""
    return {
        "map": _("地图"),
        "loading": _("正在打开地图…"),
        "no_graphics": _("这个浏览器不能显示地图（没有 WebGL 2）。旁边的文字和表格与图上内容一致。"),
        "no_map": _("地图没有打开。请检查网络后刷新本页；旁边的文字和表格与图上内容一致。"),
        "tile_fault": _("有图层没有取到，图上可能不全。请稍后刷新。"),
        "bad_boundary": _("已填的范围读不出来，图上没有画出。请重新画，或改为上传文件。"),
        "nothing_drawn": _("还没有画。逐点点击，回到第一点闭合；画在地块里面的圈是挖去的部分"),
        "drawn": _("{parcels} 个地块，约 {area} m²"),
        "drawn_with_holes": _("{parcels} 个地块，挖去 {holes} 处，约 {area} m²"),
        "layers_found": _("找到 {n} 个图层"),
        "no_answer": _("没有问到，请检查网络后再点一次。"),
        "looking": _("正在核查…"),
        "looked": _("{area} m²，{n} 条要注意"),
        "looked_clean": _("{area} m²，没有要注意的"),
        "measure_hint": _("逐点点击；用键盘时方向键移动地图，空格在十字处放一个点。"),
        "measured_length": _("长 {length} 米"),
        "measured_area": _("面积 {area} m²（{mu} 亩），周长 {length} 米"),
        "volume_hint": _("先用“量面积”圈出用地，再填高度和密度。"),
        "volume": _("占地约 {footprint} m²，计容约 {floor} m²，平均约 {floors} 层"),
        "metres": _("米"),
        "kilometres": _("公里"),
    }
