"""Importing an edition: all or nothing, once, with the report of the contract."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import DatabaseError, transaction

from blueprint.geometry.shapes import FileUnusable
from blueprint.layers import copying, operations
from blueprint.layers.models import Edition, Feature
from blueprint.layers.operations import EditionExists, FeaturesRejected, LayerUnknown
from blueprint.layers.states import EditionState
from portal.core.actor import Actor
from portal.core.errors import NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from tests.blueprint.geometry.files import (
    SITE,
    at,
    box,
    collection,
    feature,
    polygon,
    write_dxf,
    write_json,
    write_ogr,
    zipped,
)
from tests.cast import Person, as_actor
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("tests")
LAYER = "L04.01.02"


def bring(path: Path, name: str = "2026", layer: str = LAYER, actor: Actor = SYSTEM, **options: Any) -> Any:
    return operations.import_edition(path=path, layer=layer, name=name, actor=actor, at=NOON, **options)


def nothing_is_left() -> bool:
    return not Edition.objects.exists() and not Feature.objects.exists()


@pytest.fixture
def two(tmp_path: Path, pack: object) -> Path:
    return write_json(
        tmp_path,
        collection(
            feature(polygon(SITE, box(10, 10, 20, 20)), BSM="甲1", MC="一号", YDDM="0701", RJL=2.5, LDL="30",
                    JZGD=60, MJ=59_900, XMDM="P-1", GLXM=["P-2", "P-3"]),
            feature(polygon(box(300, 0, 400, 100))),
        ),
    )  # fmt: skip


def test_stores_what_the_file_says(two: Path) -> None:
    imported = bring(two)

    assert imported.report == {
        "layer": LAYER, "edition": "2026", "features": 2, "repaired": 0, "duplicates": 0, "rejected": [],
        "area_km2": 0.0699, "source_crs": "EPSG:4526", "repairs": [],
    }  # fmt: skip
    first, second = Feature.objects.order_by("index")
    assert (first.fid, first.name, first.use, first.far, first.density, first.green) == (
        "甲1",
        "一号",
        "0701",
        2.5,
        None,
        30,
    )
    assert (first.height, first.declared_m2, first.project_code, first.related_codes) == (
        60,
        59_900,
        "P-1",
        ["P-2", "P-3"],
    )
    assert (second.fid, second.name, second.far, second.related_codes) == ("1", "", None, [])
    assert (first.area_m2, first.geom.area, first.geom.geom_type, first.geom.srid) == (
        59_900,
        59_900,
        "MultiPolygon",
        None,
    )
    edition = Edition.objects.get()
    assert (edition.state, edition.feature_count, edition.area_km2, edition.work_crs) == ("published", 2, 0.0699, 4526)
    assert (edition.imported_by, edition.published_at, edition.source_crs) == ("tests", NOON, "EPSG:4526")


def test_tells_audit_and_outbox(two: Path) -> None:
    edition = bring(two).edition

    event = AuditEvent.objects.get(stream="blueprint")
    assert (event.action, event.data["features"]) == ("layers.edition.published", 2)
    assert OutboxMessage.objects.filter(topic="layers.edition.published", payload__id=edition.pk).count() == 1


def test_a_repeat_gives_the_first_report_and_writes_nothing(two: Path) -> None:
    first = bring(two)

    again = bring(two)

    assert again.report == {**first.report, "unchanged": True}
    assert (
        Edition.objects.count(),
        Feature.objects.count(),
        AuditEvent.objects.filter(stream="blueprint").count(),
    ) == (1, 2, 1)


def test_other_bytes_for_an_edition_are_refused(two: Path) -> None:
    bring(two)
    two.write_bytes(two.read_bytes() + b"\n")

    with pytest.raises(EditionExists):
        bring(two)

    assert bring(two, "2027").report["features"] == 2


def test_unknown_layers_are_refused(two: Path) -> None:
    for code in ("L99.01.01", "L04", "L04.01", ""):
        with pytest.raises(LayerUnknown):
            bring(two, layer=code)
    assert nothing_is_left()


def test_one_bad_feature_keeps_all_out_and_all_bad_ones_are_named(tmp_path: Path, pack: object) -> None:
    bow_tie = polygon(((0, 0), (100, 100), (100, 0), (0, 100)))
    far = polygon(SITE, north=2_965_000)
    content = collection(
        feature(polygon(SITE)), feature(bow_tie), feature({"type": "Point", "coordinates": [0, 0]}), feature(None),
        feature(polygon(SITE)), feature(polygon(box(0, 0, 0.05, 0.05))), feature(far), feature(polygon(SITE), MC="x"),
        feature({"type": "Polygon", "coordinates": [[[1, "a"]]]}),
    )  # fmt: skip

    with pytest.raises(FeaturesRejected) as refusal:
        bring(write_json(tmp_path, content))

    assert refusal.value.report == {
        "layer": LAYER, "edition": "2026", "features": 0, "repaired": 0, "duplicates": 0, "area_km2": 0,
        "rejected": [
            {"index": 1, "reason": "self_intersection"}, {"index": 2, "reason": "no_polygon"},
            {"index": 3, "reason": "no_polygon"}, {"index": 5, "reason": "collapsed"},
            {"index": 6, "reason": "crs_outside"}, {"index": 8, "reason": "unreadable"},
        ],
        "source_crs": "EPSG:4526", "repairs": [],
    }  # fmt: skip
    assert nothing_is_left()


def test_when_half_of_the_rings_are_outside_the_file_is(tmp_path: Path, pack: object) -> None:
    far = polygon(SITE, north=2_965_000)

    with pytest.raises(FileUnusable) as refusal:
        bring(write_json(tmp_path, collection(feature(polygon(SITE)), feature(far))))

    assert refusal.value.code == "crs_outside"
    assert nothing_is_left()


def test_exchanged_columns_of_a_whole_layer_are_said(tmp_path: Path, pack: object) -> None:
    turned = {"type": "Polygon", "coordinates": [[[y, x] for x, y in at(SITE)]]}

    with pytest.raises(FileUnusable) as refusal:
        bring(write_json(tmp_path, collection(feature(turned), feature(turned, MC="b"))))

    assert refusal.value.code == "axes_swapped"


def test_repairs_are_counted_and_stored(tmp_path: Path, pack: object) -> None:
    crossing = ((0, 0), (146, 0), (154, -4), (146, -4), (154, 0), (300, 0), (300, 200), (0, 200))

    imported = bring(
        write_json(tmp_path, collection(feature(polygon(crossing)), feature(polygon(box(400, 0, 500, 9)))))
    )

    assert (imported.report["features"], imported.report["repaired"]) == (2, 1)
    assert Feature.objects.get(index=0).area_m2 == pytest.approx(60_016, abs=0.005)
    assert imported.report["area_km2"] == pytest.approx(0.060916, abs=1e-9)
    assert Feature.objects.get(index=0).geom.valid


def test_equal_features_are_stored_once(tmp_path: Path, pack: object) -> None:
    """Equal is the shape, wherever its rings begin and turn, and every attribute; the first one stays."""
    ring = at(SITE)
    turned = {"type": "Polygon", "coordinates": [[*ring[2:-1], *ring[:3]][::-1]]}
    content = collection(
        feature(polygon(SITE), MC="a"), feature(polygon(SITE), MC="a"), feature(turned, MC="a"),
        feature(polygon(SITE), MC="b"), feature(polygon(SITE), MC="a", BSM="1"),
        feature(polygon(box(0, 0, 300, 201)), MC="a"), feature(polygon(SITE, box(1, 1, 2, 2)), MC="a"),
    )  # fmt: skip

    report = bring(write_json(tmp_path, content)).report

    assert (report["features"], report["duplicates"]) == (5, 2)
    assert list(Feature.objects.order_by("index").values_list("index", flat=True)) == [0, 3, 4, 5, 6]


def test_every_format_gives_the_same_features(tmp_path: Path, pack: object) -> None:
    rings = (SITE, box(300, 0, 400, 100))
    shapes = [shapely.Polygon(at(ring)) for ring in rings]
    paths = {
        "a": write_json(tmp_path, collection(*[feature(polygon(ring)) for ring in rings])),
        "b": zipped(write_ogr(tmp_path / "site.shp", shapes)),
        "c": write_ogr(tmp_path / "site.gpkg", shapes),
        "d": write_dxf(tmp_path / "site.dxf", *[{"points": ring} for ring in rings]),
    }

    reports = {name: bring(path, name).report for name, path in paths.items()}

    assert {report["area_km2"] for report in reports.values()} == {0.07}
    assert {report["features"] for report in reports.values()} == {2}
    assert [repair["code"] for repair in reports["d"]["repairs"]] == ["crs_assumed"]


def test_long_and_odd_words_are_kept(tmp_path: Path, pack: object) -> None:
    path = tmp_path / "odd.json"
    content = collection(feature(polygon(SITE), fid=12345678901234567890, MC="长" * 5000, YDDM="a\x00b\ud800c"))
    path.write_text(json.dumps(content))

    bring(path)

    stored = Feature.objects.get()
    assert (stored.fid, len(stored.name), stored.use) == ("12345678901234567890", 5000, "abc")


def test_more_features_than_a_batch_are_stored_in_order(tmp_path: Path, pack: object) -> None:
    boxes = [
        feature(polygon(box(x % 100 * 10, x // 100 * 10, x % 100 * 10 + 9, x // 100 * 10 + 9))) for x in range(9000)
    ]
    told: list[int] = []

    report = bring(write_json(tmp_path, collection(*boxes, *boxes[:10])), progress=told.append).report

    assert (report["features"], report["duplicates"], report["area_km2"]) == (9000, 10, 0.729)
    assert list(Feature.objects.order_by("pk").values_list("index", flat=True)) == list(range(9000))
    assert told == [4000, 8000, 9010]


def test_a_fault_of_the_database_leaves_nothing_behind(
    tmp_path: Path, pack: object, monkeypatch: pytest.MonkeyPatch
) -> None:

    whole = copying._row
    monkeypatch.setattr(copying, "_row", lambda *row: whole(*row)[:-1])
    boxes = [feature(polygon(box(x * 10, 0, x * 10 + 9, 9))) for x in range(4100)]

    with pytest.raises(DatabaseError), transaction.atomic():
        bring(write_json(tmp_path, collection(*boxes)))

    assert nothing_is_left()


def test_a_fault_of_the_file_at_its_end_leaves_nothing_behind(two: Path) -> None:
    two.write_bytes(two.read_bytes()[:-3])

    with pytest.raises(FileUnusable), transaction.atomic():
        bring(two)

    assert nothing_is_left()


def test_a_draft_waits_until_it_is_published(two: Path) -> None:
    edition = bring(two, publish_at_once=False).edition

    assert (edition.state, Edition.objects.published().count()) == (EditionState.DRAFT, 0)
    operations.publish_edition(edition_id=edition.pk, actor=SYSTEM, at=NOON)
    assert Edition.objects.current().get().published_at == NOON
    with pytest.raises(TransitionRefused):
        operations.publish_edition(edition_id=edition.pk, actor=SYSTEM, at=NOON)


def test_only_the_keeper_of_a_layer_imports_and_publishes(two: Path, person: Person) -> None:
    keeper = as_actor(person("keeper", "lead", department="zrzy"))
    outsiders = [
        as_actor(person("other-lead", "lead", department="zj")),
        as_actor(person("handler", "handler", department="zrzy")),
        as_actor(person("admin", "city_admin", department="zsj")),
        Actor.anonymous(),
    ]
    for outsider in outsiders:
        with pytest.raises(NotAllowed):
            bring(two, actor=outsider, publish_at_once=False)
    edition = bring(two, actor=keeper, publish_at_once=False).edition
    for outsider in outsiders:
        with pytest.raises(NotAllowed):
            operations.publish_edition(edition_id=edition.pk, actor=outsider, at=NOON)
    assert operations.publish_edition(edition_id=edition.pk, actor=keeper, at=NOON).state == EditionState.PUBLISHED


def test_the_database_keeps_published_editions_as_they_are(two: Path) -> None:
    edition = bring(two).edition
    elsewhere = GEOSGeometry(shapely.to_wkt(shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])))

    for change in (
        lambda: Feature.objects.update(geom=elsewhere),
        lambda: Feature.objects.all().delete(),
        lambda: Edition.objects.filter(pk=edition.pk).update(state=EditionState.DRAFT, published_at=None),
        lambda: Edition.objects.filter(pk=edition.pk).update(name="2020"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    draft = bring(two, "draft", publish_at_once=False).edition
    assert Feature.objects.filter(edition=draft).delete()[0] == 2
