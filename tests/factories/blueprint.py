"""Ground to stand on: editions with features, from coordinates in metres east and north of one corner.

`an_edition("L05.01.04", [feature(a_box(0, 0, 180, 200), "A", use="0701", far=2.5)])` stores a layer of one block.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from shapely import affinity, wkb
from shapely.geometry import MultiPolygon, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from blueprint.layers import frames
from blueprint.layers.models import Edition, Feature
from blueprint.layers.states import EditionState

#: the corner of the examples in the contract: east, north
CORNER = (38_440_000.0, 2_465_000.0)
AT = datetime.fromisoformat("2026-04-14T12:00:00+08:00")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A feature that is not stored yet."""

    shape: MultiPolygon
    fid: str
    attributes: dict[str, Any]


def a_shape(*outline: Point, holes: Sequence[Sequence[Point]] = ()) -> MultiPolygon:
    """Return one polygon; points in metres from the corner, the ring need not be closed."""
    return _placed(Polygon(outline, holes))


def a_box(west: float, south: float, east: float, north: float) -> MultiPolygon:
    """Return a rectangle in metres from the corner."""
    return _placed(box(west, south, east, north))


def several(*shapes: MultiPolygon) -> MultiPolygon:
    """Return the parts of several shapes as one."""
    return MultiPolygon([part for shape in shapes for part in shape.geoms])


def feature(shape: MultiPolygon, fid: str = "", **attributes: Any) -> Drawn:
    """Give a shape a number and what it says of itself: use, far, density, green, height, name, project_code, ..."""
    return Drawn(shape, fid, attributes)


def an_edition(
    layer: str,
    features: Iterable[Drawn] = (),
    *,
    name: str = "2026",
    state: EditionState = EditionState.PUBLISHED,
    at: datetime = AT,
    work_crs: int | None = None,
) -> Edition:
    """Store an edition of a layer with its features, published and in the city's plane unless told otherwise."""
    drawn = list(features)
    edition = Edition.objects.create(
        layer_id=layer,
        name=name,
        state=state,
        work_crs=work_crs or frames.frame().work_crs,
        sha256=hashlib.sha256(f"{layer} {name}".encode()).hexdigest(),
        feature_count=len(drawn),
        area_km2=sum(each.shape.area for each in drawn) / 1e6,
        imported_at=at,
        imported_by="测绘院",
        published_at=at if state == EditionState.PUBLISHED else None,
    )
    Feature.objects.bulk_create(
        Feature(
            edition=edition,
            index=index,
            fid=each.fid or str(index),
            geom=geos(each.shape),
            area_m2=each.shape.area,
            **each.attributes,
        )
        for index, each in enumerate(drawn)
    )
    return edition


def geos(shape: BaseGeometry) -> GEOSGeometry:
    """Return a shape as the rows keep it."""
    return GEOSGeometry(memoryview(wkb.dumps(shape)))


def geojson(*drawn: Drawn, crs: int | None = None) -> bytes:
    """Return a GeoJSON file of these features in the work CRS, or in the CRS whose coordinates they are said to be."""
    number = crs or frames.frame().work_crs
    return json.dumps(
        {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{number}"}},
            "features": [
                {
                    "type": "Feature",
                    "properties": {"fid": each.fid, **each.attributes},
                    "geometry": mapping(each.shape),
                }
                for each in drawn
            ],
        },
        ensure_ascii=False,
    ).encode()


def a_small_city() -> dict[str, Edition]:
    """Store a few blocks with what lies around them: one edition of a layer each, two of the control lines.

    Two blocks of housing, a school and a street on 600 x 400 m; farmland east of them, a river in the south.
    """
    blocks = [
        feature(a_box(0, 100, 250, 400), "A", use="0701", far=2.5, density=28, green=30, height=60),
        feature(a_box(270, 100, 450, 400), "B", use="0701", far=2.0, density=30, green=35, height=54),
        feature(a_box(450, 100, 600, 400), "C", use="080403", far=0.9, density=25, green=35, height=24),
        feature(a_box(250, 100, 270, 400), "S", use="1207"),
    ]
    land = [
        feature(a_box(0, 100, 500, 400), "T1", use="07"),
        feature(a_box(500, 100, 600, 400), "T2", use="01"),
    ]
    lines = {
        "L04.01.02": ([a_box(600, 0, 900, 400)], [a_box(590, 0, 900, 400)]),
        "L04.01.03": ([a_box(0, 100, 600, 400)], [a_box(0, 100, 590, 400)]),
        "L06.01.03": ([a_box(-100, 0, 900, 60)], [a_box(-100, 0, 900, 66)]),
    }
    city = {
        "L05.01.04": an_edition("L05.01.04", blocks),
        "L04.02.01": an_edition("L04.02.01", land),
        "L13.03.04": an_edition(
            "L13.03.04", [feature(a_box(270, 100, 450, 250), "CR1", project_code="2603-000000-04-01-000001")]
        ),
    }
    for layer, (old, new) in lines.items():
        an_edition(layer, [feature(shape, f"X{place}") for place, shape in enumerate(old)], name="2023")
        city[layer] = an_edition(layer, [feature(shape, f"X{place}") for place, shape in enumerate(new)])
    return city


def _placed(shape: Polygon) -> MultiPolygon:
    east, north = CORNER
    return MultiPolygon([affinity.translate(shape, east, north)])
