"""界址点 txt: the worked example of the contract, and every variant that is read tolerantly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyproj import Transformer

from blueprint.geometry.reading import read_site
from blueprint.geometry.shapes import FileUnusable, SiteShape
from tests.blueprint.geometry.files import FRAME

EXAMPLE = """[属性描述]
格式版本号=1.01版本
数据产生单位=示范测绘有限公司
数据产生日期=2026-03-18
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=38
精度=0.001
转换参数=,,,,,,
[地块坐标]
8,1.4200,001,示范地块,面,,工业用地,0601,@
J1,1,2462105.213,38412310.457
J2,1,2462105.213,38412460.457
J3,1,2462005.213,38412460.457
J4,1,2462005.213,38412310.457
J5,2,2462075.213,38412350.457
J6,2,2462055.213,38412350.457
J7,2,2462055.213,38412390.457
J8,2,2462075.213,38412390.457
"""
PARCEL = "8,1.4200,001,示范地块,面,,工业用地,0601,@"


def save(folder: Path, text: str | bytes) -> Path:
    path = folder / "site.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, text: str | bytes, **options: Any) -> SiteShape:
    return read_site(save(folder, text), frame=FRAME, **options)


def refused(folder: Path, text: str | bytes, **options: Any) -> str:
    with pytest.raises(FileUnusable) as refusal:
        read_site(save(folder, text), frame=FRAME, **options)
    return refusal.value.code


def codes(shape: SiteShape) -> list[str]:
    return [repair["code"] for repair in shape.repairs]


def without_prefix(text: str) -> str:
    return text.replace(",384", ",4")


def test_worked_example_one(tmp_path: Path) -> None:
    shape = read(tmp_path, EXAMPLE)

    assert shape.area_m2 == pytest.approx(14_200.00, abs=0.001)
    assert shape.attributes.declared_m2 == 14_200
    assert (shape.source_crs, shape.repairs) == ("EPSG:4526", ())
    assert (shape.attributes.fid, shape.attributes.name, shape.attributes.use) == ("001", "示范地块", "0601")


@pytest.mark.parametrize(
    "changed",
    [
        lambda text: text.encode("gb18030"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\n", "\n\n  \n"),
        lambda text: text.replace(",", "，"),
        lambda text: text.replace(",1.4200,", ",1.4200公顷,"),
        lambda text: text.replace(PARCEL, "@,8,1.4200,001,示范地块,面,,工业用地,0601"),
        lambda text: text.replace(PARCEL, "8,1.4200,001,@,示范地块,面,,工业用地,0601"),
        lambda text: text.replace(PARCEL, "8,1.4200,001,示范地块,面,,工业用地,0601@"),
        lambda text: text.replace(PARCEL, "1.4200,001,示范地块,面,,工业用地,0601,@"),
        lambda text: text.replace("几度分带=3", "几度分带=3度带"),
        lambda text: text.replace("J5", "J1").replace("J6", "J2"),
        lambda text: text.replace("J5,", "J1,1,2462105.213,38412310.457\nJ5,"),
        lambda text: text.replace("8,1.42", "9,1.42").replace("J5,", "J1,1,2462105.213,38412310.457\nJ5,"),
        lambda text: text + "J5,2,2462075.213,38412350.457\n",
        lambda text: text.replace("带号=38\n", ""),
        lambda text: text.rstrip("\n"),
    ],
)
def test_variants_read_the_same_without_a_repair(tmp_path: Path, changed: Callable[[str], str | bytes]) -> None:
    shape = read(tmp_path, changed(EXAMPLE))

    assert shape.area_m2 == pytest.approx(14_200.00, abs=0.001)
    assert (shape.attributes.declared_m2, shape.attributes.use) == (14_200, "0601")
    assert shape.repairs == ()


def test_the_use_is_the_eighth_field_and_nothing_else(tmp_path: Path) -> None:
    assert read(tmp_path, EXAMPLE.replace(",0601,@", ",,@")).attributes.use is None


def test_a_wrong_count_is_said(tmp_path: Path) -> None:
    assert codes(read(tmp_path, EXAMPLE.replace("8,1.42", "7,1.42"))) == ["count_mismatch"]


def test_the_zone_of_the_coordinate_wins(tmp_path: Path) -> None:
    shape = read(tmp_path, EXAMPLE.replace("带号=38", "带号=39"))

    assert (codes(shape), shape.source_crs) == (["zone_conflict"], "EPSG:4526")
    assert shape.area_m2 == pytest.approx(14_200.00, abs=0.001)


def test_without_prefix_the_header_names_the_zone(tmp_path: Path) -> None:
    shape = read(tmp_path, without_prefix(EXAMPLE))

    assert (codes(shape), shape.source_crs) == ([], "EPSG:4547")
    assert shape.geometry.bounds[0] == 38_412_310.46


def test_without_prefix_and_header_it_is_the_citys_zone(tmp_path: Path) -> None:
    shape = read(tmp_path, without_prefix(EXAMPLE).replace("带号=38\n", ""))

    assert (codes(shape), shape.source_crs) == (["zone_assumed"], "EPSG:4547")
    assert shape.area_m2 == pytest.approx(14_200.00, abs=0.001)


def test_another_zone_is_projected(tmp_path: Path) -> None:
    there = Transformer.from_crs(4526, 4527, always_xy=True)
    text = EXAMPLE.replace("带号=38", "带号=39")
    for line in EXAMPLE.splitlines():
        if line.startswith("J"):
            name, circle, x, y = line.split(",")
            east, north = there.transform(float(y), float(x))
            text = text.replace(line, f"{name},{circle},{north:.4f},{east:.4f}")

    shape = read(tmp_path, text)

    assert (codes(shape), shape.source_crs) == ([], "EPSG:4527")
    assert shape.area_m2 == pytest.approx(14_200.00, abs=0.5)


def test_prefixed_and_bare_points_may_stand_beside_each_other(tmp_path: Path) -> None:
    shape = read(tmp_path, EXAMPLE.replace("J3,1,2462005.213,384", "J3,1,2462005.213,4"))

    assert (codes(shape), shape.area_m2) == ([], pytest.approx(14_200.00, abs=0.001))


def test_degrees_are_read_and_said(tmp_path: Path) -> None:
    there = Transformer.from_crs(4526, 4490, always_xy=True)
    text = EXAMPLE
    for line in EXAMPLE.splitlines():
        if line.startswith("J"):
            name, circle, x, y = line.split(",")
            lon, lat = there.transform(float(y), float(x))
            text = text.replace(line, f"{name},{circle},{lat:.9f},{lon:.9f}")
    swapped = "\n".join(
        ",".join([*line.split(",")[:2], *line.split(",")[:1:-1]]) if line.startswith("J") else line
        for line in text.splitlines()
    )

    shape = read(tmp_path, text)

    assert (codes(shape), shape.source_crs) == (["degrees"], "EPSG:4490")
    assert shape.area_m2 == pytest.approx(14_200.00, abs=2.0)
    assert refused(tmp_path, swapped) == "axes_swapped"


def test_exchanged_columns_are_refused(tmp_path: Path) -> None:
    swapped = "\n".join(
        ",".join([*line.split(",")[:2], *line.split(",")[:1:-1]]) if line.startswith("J") else line
        for line in EXAMPLE.splitlines()
    )

    assert refused(tmp_path, swapped) == "axes_swapped"
    assert refused(tmp_path, without_prefix(swapped)) == "axes_swapped"
    assert refused(tmp_path, swapped, crs=4526) == "axes_swapped"


@pytest.mark.parametrize("prefix", ["39", "20", "99"])
def test_a_wrong_zone_lies_outside(tmp_path: Path, prefix: str) -> None:
    assert refused(tmp_path, EXAMPLE.replace(",384", f",{prefix}4")) == "crs_outside"


def test_several_parcels_are_one_site_with_the_sum_of_their_areas(tmp_path: Path) -> None:
    second = """4,1.0,002,二号,面,,商业,0901,@
J1,1,2462105.213,38412460.457
J2,1,2462105.213,38412560.457
J3,1,2462005.213,38412560.457
J4,1,2462005.213,38412460.457
"""
    shape = read(tmp_path, EXAMPLE + second)

    assert shape.area_m2 == pytest.approx(24_200.00, abs=0.001)
    assert (shape.attributes.declared_m2, shape.attributes.use, shape.repairs) == (24_200, "0601", ())


def test_more_points_of_a_closed_circle_start_a_new_ring(tmp_path: Path) -> None:
    more = """J1,1,2462105.213,38412310.457
J9,1,2462305.213,38412310.457
J10,1,2462305.213,38412410.457
J11,1,2462205.213,38412410.457
J12,1,2462205.213,38412310.457
J9,1,2462305.213,38412310.457
J13,2,2462295.213,38412320.457
J14,2,2462295.213,38412330.457
J15,2,2462285.213,38412330.457
J16,2,2462285.213,38412320.457
"""
    closed = "J8,2,2462075.213,38412390.457\nJ5,2,2462075.213,38412350.457\n"
    text = EXAMPLE.replace("8,1.42", "16,2.41").replace("J8,2,2462075.213,38412390.457\n", closed) + more

    shape = read(tmp_path, text)

    assert shape.area_m2 == pytest.approx(14_200 + 10_000 - 100, abs=0.001)
    assert shape.repairs == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n", "empty_file"),
        (EXAMPLE.split("J1")[0], "empty_file"),
        (EXAMPLE.replace("=2000国家", "=1980西安"), "crs_unsupported"),
        (EXAMPLE.replace("几度分带=3", "几度分带=6"), "crs_unsupported"),
        (EXAMPLE.replace("J3,1,2462005.213,38412460.457", "J3,1,2462005.213"), "unreadable"),
        (EXAMPLE.replace("J3,1,2462005.213", "J3,1,NaN"), "unreadable"),
        (EXAMPLE.replace("J3,1,2462005.213", "J3,1,1e999"), "unreadable"),
        (EXAMPLE.replace("J3,1,", "J3,一,"), "unreadable"),
        (b"\xff\xfe\x00\x01\x02 @ \x80\x80", "unreadable"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "unreadable"),
        ("just some words\n", "unreadable"),
        (EXAMPLE.replace(",面,", ",线,"), "no_polygon"),
        (EXAMPLE.split("J3")[0], "collapsed"),
    ],
)
def test_refuses_with_the_codes_of_the_contract(tmp_path: Path, text: str | bytes, code: str) -> None:
    assert refused(tmp_path, text) == code


def test_the_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnusable) as refusal:
        read(tmp_path, EXAMPLE.replace("J3,1,", "J3;1;"))

    assert "第 16 行" in str(refusal.value)
