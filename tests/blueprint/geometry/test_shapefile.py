"""Zipped shapefiles: encodings, nesting, and archives that are no shapefile."""

import contextlib
import random
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import Transformer

from blueprint.geometry.reading import read_layer, read_site
from blueprint.geometry.shapes import Attributes, FileUnusable
from tests.blueprint.geometry.files import FRAME, SITE, Points, at, box, write_ogr, zipped


def shape(*rings: Points) -> shapely.Polygon:
    return shapely.Polygon(at(rings[0]), [at(ring) for ring in rings[1:]])


def shp(folder: Path, *shapes: Any, crs: str | None = "EPSG:4526", **options: Any) -> Path:
    return write_ogr(folder / "site.shp", shapes or [shape(SITE)], crs=crs, **options)


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(FileUnusable) as refusal:
        read_site(path, frame=FRAME, **options)
    return refusal.value.code


def attributes(path: Path, **options: Any) -> list[Attributes]:
    with read_layer(path, frame=FRAME, **options) as reading:
        return [each for batch in reading.batches() for each in batch.attributes]


@pytest.mark.parametrize("under", ["", "a/b/", "目录/"])
@pytest.mark.parametrize("crs", [4526, 4547, 4490, 4525])
def test_reads_what_gdal_wrote(tmp_path: Path, under: str, crs: int) -> None:
    there = Transformer.from_crs(4526, crs, always_xy=True)
    moved = shapely.transform(shape(SITE, box(10, 10, 20, 20)), there.transform, interleaved=False)
    path = zipped(shp(tmp_path, moved, crs=f"EPSG:{crs}"), under=under)

    found = read_site(path, frame=FRAME)

    assert found.area_m2 == pytest.approx(59_900, abs=0.05)
    assert (found.source_crs, found.repairs) == (f"EPSG:{crs}", ())


def test_without_prj_the_crs_is_assumed(tmp_path: Path) -> None:
    found = read_site(zipped(shp(tmp_path), without=[".prj"]), frame=FRAME)

    assert (found.source_crs, [repair["code"] for repair in found.repairs]) == ("EPSG:4526", ["crs_assumed"])


def test_a_foreign_prj_is_refused(tmp_path: Path) -> None:
    assert refused(zipped(shp(tmp_path, crs="EPSG:2362"))) == "crs_unsupported"


FIELDS = {"BSM": ["A1", "B2"], "MC": ["示范地块", "红线"], "RJL": [2.5, 3.0], "related_co": ["P-1;P-2", ""]}


@pytest.mark.parametrize(
    ("written", "without", "option"),
    [("UTF-8", [], None), ("UTF-8", [".cpg"], None), ("GBK", [], None), ("GBK", [".cpg"], None),
     ("GBK", [".cpg"], "gbk"), ("GBK", [".cpg"], "GB2312"), ("UTF-8", [".cpg"], "utf-8")],
)  # fmt: skip
def test_text_is_read_in_its_encoding(tmp_path: Path, written: str, without: list[str], option: str | None) -> None:
    path = shp(tmp_path, shape(SITE), shape(box(300, 0, 400, 100)), fields=FIELDS, encoding=written)

    first, second = attributes(zipped(path, without=without), encoding=option)

    assert (first.fid, first.name, first.far, first.related_codes) == ("A1", "示范地块", 2.5, ("P-1", "P-2"))
    assert (second.fid, second.name, second.related_codes) == ("B2", "红线", ())


def test_a_wrong_encoding_is_said(tmp_path: Path) -> None:
    path = zipped(shp(tmp_path, fields={"MC": ["示范地块"]}, encoding="GBK"))

    assert refused(path, encoding="utf-8") == "unreadable"


@pytest.mark.parametrize("seed", range(5))
def test_rings_nest_by_place_not_by_direction(tmp_path: Path, seed: int) -> None:
    """Four rings of one record, in any order and direction: an island in a hole, and a part beside."""
    rings = [SITE, box(50, 50, 250, 150), box(100, 80, 150, 120), box(400, 0, 500, 100)]
    chance = random.Random(seed)
    drawn = [list(at(ring))[:: chance.choice((1, -1))] for ring in rings]
    chance.shuffle(drawn)
    path = shp(tmp_path, shapely.MultiPolygon([shape(SITE), shape(box(400, 0, 500, 100))]))
    record = struct.pack("<i4dii4i", 5, 0, 0, 0, 0, 4, 20, 0, 5, 10, 15)
    record += b"".join(struct.pack("<2d", *point) for ring in drawn for point in ring)
    for ending, body in (
        (".shp", struct.pack(">ii", 1, len(record) // 2) + record),
        (".shx", struct.pack(">ii", 50, len(record) // 2)),
    ):
        head = bytearray(path.with_suffix(ending).read_bytes()[:100])
        struct.pack_into(">i", head, 24, (100 + len(body)) // 2)
        path.with_suffix(ending).write_bytes(bytes(head) + body)

    found = read_site(zipped(path), frame=FRAME)

    assert found.area_m2 == pytest.approx(60_000 - 20_000 + 2_000 + 10_000, abs=0.01)
    assert found.repairs == ()


def test_records_without_geometry_are_no_polygon(tmp_path: Path) -> None:
    with read_layer(zipped(shp(tmp_path, shape(SITE), None)), frame=FRAME) as reading:
        stored = sum(map(len, reading.batches()))

    assert (stored, [(row.index, row.reason) for row in reading.rejected]) == (1, [(1, "no_polygon")])


@pytest.mark.parametrize("missing", [".shx", ".dbf"])
def test_a_missing_companion_is_named(tmp_path: Path, missing: str) -> None:
    path = zipped(shp(tmp_path), without=[missing])

    with pytest.raises(FileUnusable) as refusal:
        read_site(path, frame=FRAME)

    assert (refusal.value.code, missing in str(refusal.value)) == ("unreadable", True)


def test_archives_that_are_no_shapefile_are_refused(tmp_path: Path) -> None:
    one = zipped(shp(tmp_path))
    two, none, bare, empty = (tmp_path / f"{name}.zip" for name in ("two", "none", "bare", "empty"))
    with zipfile.ZipFile(one) as first, zipfile.ZipFile(two, "w") as packed:
        for name in first.namelist():
            packed.writestr(name, first.read(name))
            packed.writestr(f"other/{name}", first.read(name))
    with zipfile.ZipFile(none, "w") as packed:
        packed.writestr("readme.txt", "words")
    zipfile.ZipFile(bare, "w").close()
    empty.write_bytes(b"")

    assert [refused(path) for path in (two, none, bare, empty)] == [
        "unreadable",
        "unreadable",
        "empty_file",
        "empty_file",
    ]


def test_shadow_files_of_other_systems_do_not_count(tmp_path: Path) -> None:
    path = zipped(shp(tmp_path))
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("__MACOSX/._site.shp", b"shadow")

    assert read_site(path, frame=FRAME).area_m2 == 60_000


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for ending in (".shp", ".shx", ".dbf"):
            with packed.open(f"site{ending}", "w", force_zip64=True) as member:
                for _megabyte in range(100):
                    member.write(bytes(1 << 20))

    with pytest.raises(FileUnusable) as refusal:
        read_site(path, frame=FRAME)

    assert (refusal.value.code, "过大" in str(refusal.value)) == ("unreadable", True)


@pytest.mark.parametrize("ending", [".shp", ".shx", ".dbf"])
@pytest.mark.parametrize("share", [0, 0.3, 0.9])
def test_truncated_members_are_refused(tmp_path: Path, ending: str, share: float) -> None:
    path = shp(tmp_path, shape(SITE), shape(box(300, 0, 400, 100)))
    part = path.with_suffix(ending)
    whole = part.read_bytes()
    part.write_bytes(whole[: int(len(whole) * share)])

    assert refused(zipped(path)) == "unreadable"


def test_a_truncated_zip_is_refused(tmp_path: Path) -> None:
    path = zipped(shp(tmp_path))
    whole = path.read_bytes()
    for length in range(1, len(whole), max(len(whole) // 40, 1)):
        path.write_bytes(whole[:length])
        assert refused(path) == "unreadable"


@pytest.mark.parametrize("seed", range(30))
def test_damage_never_breaks_the_reader(tmp_path: Path, seed: int) -> None:
    """Flip bytes anywhere: the file is read or refused, nothing else."""
    path = shp(tmp_path, shape(SITE, box(10, 10, 20, 20)), shape(box(300, 0, 400, 100)))
    chance = random.Random(seed)
    part = path.with_suffix(chance.choice([".shp", ".shx", ".dbf", ".prj"]))
    content = bytearray(part.read_bytes())
    for _byte in range(chance.randint(1, 8)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    part.write_bytes(bytes(content))

    with contextlib.suppress(FileUnusable):
        assert read_site(zipped(path), frame=FRAME).area_m2 > 0
