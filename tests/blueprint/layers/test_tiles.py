"""Vector tiles: what is in them, for whom, and that an unchanged one is not sent twice. Decoded by GDAL."""

import math
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pyogrio import list_layers, raw
from pyproj import Transformer
from shapely import from_wkb

from blueprint.layers import tiles
from blueprint.layers.models import Edition
from blueprint.layers.states import EditionState
from portal.accounts.models import User
from tests.factories.blueprint import CORNER, a_box, a_shape, an_edition, feature

pytestmark = pytest.mark.django_db

PUBLIC, STAFF, MASKED = "L05.01.04", "L06.02.05", "L06.02.04"
CRS = 4526


def address(east: float, north: float, z: int) -> tuple[int, int, int]:
    """Return the tile in which a place lies, in metres from the corner of the factories."""
    lon, lat = Transformer.from_crs(CRS, 4326, always_xy=True).transform(CORNER[0] + east, CORNER[1] + north)
    n = 2**z
    return z, int((lon + 180) / 360 * n), int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)


def url(edition: Edition, place: tuple[int, int, int]) -> str:
    return reverse("layers:tile", args=[edition.pk, *place])


def decoded(content: bytes, place: tuple[int, int, int], folder: Path, layer: str) -> list[tuple[dict[str, Any], Any]]:
    """Return attributes and shape (Web Mercator) of everything in a layer of the tile."""
    path = folder / f"{place[2]}.mvt"
    path.write_bytes(content)
    where = {"X": str(place[1]), "Y": str(place[2]), "Z": str(place[0])}
    if layer not in {name for name, _ in list_layers(path)}:
        return []
    meta, _, shapes, columns = raw.read(path, layer=layer, **where)
    rows = zip(*columns, strict=True) if len(columns) else ([] for _ in shapes)
    return [
        (dict(zip(meta["fields"], row, strict=True)), from_wkb(shape)) for row, shape in zip(rows, shapes, strict=True)
    ]


def fetched(client: Client, edition: Edition, place: tuple[int, int, int]) -> bytes:
    answer = client.get(url(edition, place))
    assert answer.status_code == 200
    return answer.content


@pytest.fixture
def blocks(pack: object) -> Edition:
    return an_edition(
        PUBLIC,
        [
            feature(a_box(0, 0, 180, 200), "A", name="学府里", use="0701", far=2.5, height=60),
            feature(a_box(180, 0, 290, 200), "B", use="0804"),
        ],
    )


def test_holds_the_shapes_of_the_edition_where_they_lie(client: Client, blocks: Edition, tmp_path: Path) -> None:
    place = address(90, 100, 16)
    found = {
        attributes["fid"]: (attributes, shape)
        for attributes, shape in decoded(fetched(client, blocks, place), place, tmp_path, "features")
    }

    attributes, shape = found["A"]
    assert set(found) == {"A", "B"}
    assert {name: attributes[name] for name in ("name", "use", "far", "height")} == {
        "name": "学府里",
        "use": "0701",
        "far": 2.5,
        "height": 60,
    }
    back = Transformer.from_crs(3857, CRS, always_xy=True)
    corners = [back.transform(x, y) for x, y in shape.exterior.coords]
    # a tile of zoom 16 is 611 m in 4096 steps
    assert min(math.dist(corner, CORNER) for corner in corners) < 0.2


def test_writes_each_name_once_though_its_shape_lies_in_many_tiles(
    client: Client, pack: object, tmp_path: Path
) -> None:
    edition = an_edition(PUBLIC, [feature(a_box(0, 0, 1500, 1500), "A", name="长街")])
    names, shapes = 0, 0
    z, x, y = address(750, 750, 15)
    for place in ((z, x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
        content = client.get(url(edition, place)).content
        if content:
            shapes += len(decoded(content, place, tmp_path, "features"))
            names += len(decoded(content, place, tmp_path, "labels"))

    assert shapes > 1
    assert names == 1


def test_far_away_shapes_lose_what_nobody_sees(client: Client, pack: object, tmp_path: Path) -> None:
    wavy = [(i * 10.0, 1000 + 3 * (i % 2)) for i in range(300)]
    edition = an_edition(PUBLIC, [feature(a_shape((0, 0), *wavy, (2990, 0)), "A"), feature(a_box(5, 5, 15, 15), "dot")])
    near, far = address(1500, 500, 15), address(1500, 500, 9)

    (_, shape), *rest = decoded(fetched(client, edition, far), far, tmp_path, "features")

    assert rest == [], "a box of ten metres is not drawn on zoom 9"
    assert len(shape.exterior.coords if shape.geom_type == "Polygon" else shape.geoms[0].exterior.coords) < 20
    assert len(fetched(client, edition, near)) > len(fetched(client, edition, far))


def test_a_shape_of_many_corners_is_cut_but_whole_inside(client: Client, pack: object, tmp_path: Path) -> None:
    circle = [(5000 * math.cos(i / 500 * math.pi), 5000 * math.sin(i / 500 * math.pi)) for i in range(1000)]
    edition = an_edition(PUBLIC, [feature(a_shape(*circle), "round")])
    place = address(0, 0, 15)

    [(_, shape)] = decoded(fetched(client, edition, place), place, tmp_path, "features")

    side = 2 * math.pi * 6378137 / 2**15
    assert shape.area >= side**2, "the middle of the circle fills the tile"


def test_nothing_there_is_said_without_content(client: Client, blocks: Edition) -> None:
    answer = client.get(url(blocks, address(30_000, 0, 16)))
    assert (answer.status_code, answer.content) == (204, b"")


def test_an_unchanged_tile_is_not_sent_again(client: Client, blocks: Edition) -> None:
    first = client.get(url(blocks, address(90, 100, 16)))
    again = client.get(url(blocks, address(90, 100, 16)), headers={"If-None-Match": first["ETag"]})
    other = an_edition(PUBLIC, [feature(a_box(0, 0, 10, 10))], name="2027")

    assert first["Cache-Control"] == "public, max-age=3600, must-revalidate"
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(url(other, address(5, 5, 16)))["ETag"] != first["ETag"]


def test_a_tile_is_cut_once(client: Client, blocks: Edition, django_assert_num_queries: Any) -> None:
    cache.clear()
    place = address(90, 100, 16)
    first = fetched(client, blocks, place)

    with django_assert_num_queries(0):
        assert tiles.tile(blocks, *place) == first


def test_the_outsider_gets_no_tile_of_a_staff_layer(client: Client, outsider: User, planning_handler: User) -> None:
    edition = an_edition(STAFF, [feature(a_box(0, 0, 100, 100))])
    place = address(50, 50, 16)

    assert client.get(url(edition, place)).status_code == 404
    client.force_login(outsider)
    assert client.get(url(edition, place)).status_code == 404
    client.force_login(planning_handler)
    answer = client.get(url(edition, place))
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("private")
    assert "Cookie" in answer["Vary"]
    client.logout()
    known = client.get(url(edition, place), headers={"If-None-Match": answer["ETag"]})
    assert known.status_code == 404, "who knows the mark is not let in by it"


@pytest.mark.parametrize("code", [PUBLIC, MASKED])
def test_drafts_and_masked_layers_have_no_tiles_for_anybody(client: Client, planning_handler: User, code: str) -> None:
    state = EditionState.PUBLISHED if code == MASKED else EditionState.DRAFT
    edition = an_edition(code, [feature(a_box(0, 0, 100, 100))], state=state)
    client.force_login(planning_handler)

    assert client.get(url(edition, address(50, 50, 16))).status_code == 404


@pytest.mark.parametrize("place", [(5, 0, 0), (19, 0, 0), (10, 1024, 0), (10, 0, 1024)])
def test_there_are_no_tiles_outside_the_world(client: Client, blocks: Edition, place: tuple[int, int, int]) -> None:
    assert client.get(url(blocks, place)).status_code == 404
