"""What is written and read again is the same to the millimetre, in every format."""

import io
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon

from blueprint.geometry.reading import read_site
from blueprint.geometry.shapes import Attributes, SiteShape
from blueprint.geometry.writing import write
from tests.blueprint.geometry.files import EAST, FRAME, NORTH
from tests.conftest import WITH_FILES

ENDINGS = {"geojson": ".geojson", "shp": ".zip", "dxf": ".dxf", "txt": ".txt"}
DAY = date(2026, 3, 18)
SAID = Attributes(
    fid="001", name="示范, 地块", use="0601", far=2.35, green=31.0, project_code="P-1", related_codes=("P-2", "P-3"),
    declared_m2=14_200.37,
)  # fmt: skip


def site(shape: MultiPolygon, attributes: Attributes = SAID) -> SiteShape:
    return SiteShape(geometry=shape, attributes=attributes, source_crs="EPSG:4526")


def again(folder: Path, shape: SiteShape, file_format: str) -> SiteShape:
    path = folder / f"site{ENDINGS[file_format]}"
    path.write_bytes(write(shape, file_format, FRAME, made_on=DAY, made_by="示范测绘院"))
    return read_site(path, frame=FRAME)


def vertices(shape: SiteShape) -> list[list[tuple[float, float]]]:
    """Return the rings as sorted vertices: formats turn rings as they like."""
    rings = [ring for part in shape.geometry.geoms for ring in (part.exterior, *part.interiors)]
    return sorted(sorted(ring.coords[:-1]) for ring in rings)


def same(one: SiteShape, other: SiteShape) -> bool:
    pairs = zip(vertices(one), vertices(other), strict=True)
    return all(np.abs(np.array(a) - np.array(b)).max() < 0.001 for a, b in pairs)


@st.composite
def sites(draw: st.DrawFn) -> SiteShape:
    """Draw stars on a grid of the city, some with a hole, with coordinates of whole centimetres."""
    count = draw(st.integers(1, 3))
    parts = []
    for number in range(count):
        corners = draw(st.integers(3, 12))
        radii = draw(st.lists(st.integers(2_000, 9_000), min_size=corners, max_size=corners))
        east = draw(st.integers(-2_000_000, 2_000_000)) + number * 50_000
        north = draw(st.integers(0, 1_000_000))
        turns = np.arange(corners) * 2 * np.pi / corners

        rays = np.array(radii)[:, None] * np.column_stack([np.cos(turns), np.sin(turns)])
        centre = np.array([EAST * 100 + east, NORTH * 100 + north])
        outer, hole = (np.floor(centre + share * rays + 0.5) / 100 for share in (1.0, 0.3))
        parts.append(Polygon(outer, [hole] if draw(st.booleans()) else []))
    shape = MultiPolygon(parts)
    if not shape.is_valid:
        return site(MultiPolygon(parts[:1]))
    return site(shape)


@pytest.mark.parametrize("file_format", list(ENDINGS))
@WITH_FILES
@given(shape=sites())
def test_there_and_back_is_the_same_to_the_millimetre(
    tmp_path_factory: pytest.TempPathFactory, file_format: str, shape: SiteShape
) -> None:
    found = again(tmp_path_factory.mktemp("site"), shape, file_format)

    assert same(shape, found)
    assert found.area_m2 == pytest.approx(shape.area_m2, abs=1e-6)


@pytest.mark.parametrize("file_format", ["geojson", "shp"])
def test_attributes_come_back(tmp_path: Path, file_format: str) -> None:
    shape = site(MultiPolygon([shapely.box(EAST, NORTH, EAST + 150, NORTH + 100)]))

    assert again(tmp_path, shape, file_format).attributes == SAID


def test_the_txt_declares_what_was_declared(tmp_path: Path) -> None:
    parts = [shapely.box(EAST + x, NORTH, EAST + x + 70, NORTH + 100) for x in (0, 100, 200)]
    shape = site(MultiPolygon(parts))

    found = again(tmp_path, shape, "txt")

    assert found.attributes.declared_m2 == pytest.approx(14_200.37, abs=1e-6)
    assert (found.attributes.fid, found.attributes.name, found.attributes.use) == ("001", "示范 地块", "0601")
    assert found.repairs == ()


def test_the_txt_is_written_strictly() -> None:
    hole = [(EAST + 40, NORTH + 70), (EAST + 40, NORTH + 50), (EAST + 80, NORTH + 50), (EAST + 80, NORTH + 70)]
    outline = [(EAST, NORTH + 100), (EAST + 150, NORTH + 100), (EAST + 150, NORTH), (EAST, NORTH)]
    shape = site(MultiPolygon([Polygon(outline, [hole])]), Attributes(fid="001", name="示范地块", use="0601"))

    lines = write(shape, "txt", FRAME, made_on=DAY, made_by="示范测绘院").decode().split("\r\n")

    assert lines[:12] == [
        "[属性描述]", "格式版本号=1.01版本", "数据产生单位=示范测绘院", "数据产生日期=2026-03-18",
        "坐标系=2000国家大地坐标系", "几度分带=3", "投影类型=高斯克吕格", "计量单位=米",
        "带号=38", "精度=0.001", "转换参数=,,,,,,", "[地块坐标]",
    ]  # fmt: skip
    assert lines[12] == "8,1.4200,001,示范地块,面,,,0601,@"
    assert (lines[13], lines[17]) == ("J1,1,2465100.000,38440000.000", "J5,2,2465070.000,38440040.000")
    assert lines[21:] == [""]


def test_gdal_reads_our_shapefile(tmp_path: Path) -> None:
    hole = [(EAST + 40, NORTH + 70), (EAST + 40, NORTH + 50), (EAST + 80, NORTH + 50)]
    shape = site(MultiPolygon([Polygon(shapely.box(EAST, NORTH, EAST + 150, NORTH + 100).exterior, [hole])]))
    with zipfile.ZipFile(io.BytesIO(write(shape, "shp", FRAME, made_on=DAY))) as packed:
        packed.extractall(tmp_path)

    meta, _fids, geometry, fields = pyogrio.raw.read(tmp_path / "site.shp")

    assert meta["crs"] == "EPSG:4526"
    assert shapely.from_wkb(geometry[0]).equals(shape.geometry)
    said = dict(zip(meta["fields"], [column[0] for column in fields], strict=True))
    assert (said["MC"], said["RJL"], said["GLXM"]) == ("示范, 地块", 2.35, "P-2;P-3")
