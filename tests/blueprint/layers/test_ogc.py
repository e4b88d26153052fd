"""The blueprint for GIS clients, by itself and read by GDAL from a running server."""

import json
import subprocess
from typing import Any

import pytest
from django.test import Client
from pyproj import Transformer
from rest_framework.authtoken.models import Token
from shapely.geometry import shape

from blueprint.layers import collections
from portal.accounts.models import User
from tests.factories.blueprint import CORNER, a_box, an_edition, feature

PUBLIC, STAFF, MASKED = "L05.01.04", "L06.02.05", "L06.02.04"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def near(place: tuple[float, float]) -> tuple[float, float]:
    """Return a place in metres from the corner in degrees."""
    return Transformer.from_crs(4526, 4490, always_xy=True).transform(CORNER[0] + place[0], CORNER[1] + place[1])


def box_of(west: float, south: float, east: float, north: float) -> str:
    return ",".join(f"{number:.9f}" for number in (*near((west, south)), *near((east, north))))


@pytest.fixture
def blocks(pack: object) -> None:
    an_edition(PUBLIC, [feature(a_box(0, 0, 50, 50), "OLD")], name="2023")
    an_edition(PUBLIC, [feature(a_box(i * 100, 0, i * 100 + 90, 90), f"B{i}", use="0701", far=2.5) for i in range(5)])
    an_edition(STAFF, [feature(a_box(0, 0, 10, 10), "pipe")])
    an_edition(MASKED, [feature(a_box(0, 0, 10, 10), "secret")])


@pytest.mark.django_db
class TestService:
    def test_leads_from_the_landing_page_to_the_features(self, client: Client, blocks: None) -> None:
        landing = client.get("/ogc/").json()
        links = {link["rel"]: link["href"] for link in landing["links"]}
        assert {"self", "service-desc", "conformance", "data"} <= set(links)
        assert client.get(links["service-desc"]).status_code == 200
        assert any("core" in name for name in client.get(links["conformance"]).json()["conformsTo"])
        (collection,) = client.get(links["data"]).json()["collections"]
        items = {link["rel"]: link["href"] for link in collection["links"]}["items"]

        answer = client.get(items)

        assert answer["Content-Type"] == "application/geo+json"
        assert answer["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
        assert [row["properties"]["fid"] for row in answer.json()["features"]] == ["B0", "B1", "B2", "B3", "B4"]
        first = shape(answer.json()["features"][0]["geometry"])
        assert first.bounds[:2] == pytest.approx(near((0, 0)), abs=1e-5)

    def test_gives_pages_that_follow_each_other(self, client: Client, blocks: None) -> None:
        seen, address = [], f"/ogc/collections/{PUBLIC}/items?limit=2"
        while address:
            page = client.get(address).json()
            assert page["numberMatched"] == 5
            seen += [row["properties"]["fid"] for row in page["features"]]
            address = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")

        assert seen == ["B0", "B1", "B2", "B3", "B4"]

    @pytest.mark.parametrize(("most", "pages"), [(1, 5), (300, 2), (10_000, 1)])
    def test_a_page_of_large_shapes_ends_early_and_the_next_goes_on(
        self, client: Client, blocks: None, monkeypatch: pytest.MonkeyPatch, most: int, pages: int
    ) -> None:
        monkeypatch.setattr(collections, "MOST_BYTES", most)
        seen, sizes, address = [], [], f"/ogc/collections/{PUBLIC}/items?bbox=-180,-90,180,90"
        while address:
            page = client.get(address).json()
            sizes.append(page["numberReturned"])
            seen += [row["properties"]["fid"] for row in page["features"]]
            address = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")

        assert seen == ["B0", "B1", "B2", "B3", "B4"]
        assert len(sizes) == pages, sizes

    def test_keeps_to_the_box(self, client: Client, blocks: None) -> None:
        found = client.get(f"/ogc/collections/{PUBLIC}/items", {"bbox": box_of(110, 10, 220, 20)}).json()
        world = client.get(f"/ogc/collections/{PUBLIC}/items", {"bbox": "-180,-90,180,90"}).json()
        elsewhere = client.get(f"/ogc/collections/{PUBLIC}/items", {"bbox": "10,10,11,11"}).json()

        assert [row["properties"]["fid"] for row in found["features"]] == ["B1", "B2"]
        assert len(world["features"]) == 5
        assert elsewhere["features"] == []

    def test_speaks_the_plane_of_the_city_north_first(self, client: Client, blocks: None) -> None:
        found = client.get(f"/ogc/collections/{PUBLIC}/items", {"crs": f"{EPSG}4526", "limit": 1})
        corners = found.json()["features"][0]["geometry"]["coordinates"][0][0]

        assert found["Content-Crs"] == f"<{EPSG}4526>"
        assert [CORNER[1], CORNER[0]] in corners

    def test_shows_an_edition_by_its_name(self, client: Client, blocks: None) -> None:
        found = client.get(f"/ogc/collections/{PUBLIC}/items", {"edition": "2023"}).json()
        assert [row["properties"]["fid"] for row in found["features"]] == ["OLD"]

    def test_shows_one_feature(self, client: Client, blocks: None) -> None:
        first = client.get(f"/ogc/collections/{PUBLIC}/items").json()["features"][0]
        assert client.get(f"/ogc/collections/{PUBLIC}/items/{first['id']}").json()["properties"]["fid"] == "B0"
        assert client.get(f"/ogc/collections/{PUBLIC}/items/999999999").status_code == 404

    @pytest.mark.parametrize(
        "query",
        [
            {"limit": "0"},
            {"limit": "x"},
            {"bbox": "1,2,3"},
            {"bbox": "5,5,1,1"},
            {"bbox": "nan,0,1,1"},
            {"crs": "EPSG:4526"},
            {"bbox-crs": "moon"},
            {"after": "-1"},
        ],
    )
    def test_says_what_cannot_be_read(self, client: Client, blocks: None, query: dict[str, str]) -> None:
        answer = client.get(f"/ogc/collections/{PUBLIC}/items", query)
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"

    def test_the_outsider_finds_public_layers_only(
        self, client: Client, blocks: None, outsider: User, planning_handler: User
    ) -> None:
        def codes(**headers: str) -> set[str]:
            found = client.get("/ogc/collections", headers=headers).json()["collections"]
            return {collection["id"] for collection in found}

        assert codes() == {PUBLIC}
        token = Token.objects.create(user=outsider).key
        assert codes(Authorization=f"Token {token}") == {PUBLIC}
        token = Token.objects.create(user=planning_handler).key
        assert codes(Authorization=f"Token {token}") == {PUBLIC, STAFF}
        client.force_login(planning_handler)
        assert codes() == {PUBLIC, STAFF}
        client.logout()
        for code in (STAFF, MASKED):
            for address in (f"/ogc/collections/{code}", f"/ogc/collections/{code}/items"):
                assert client.get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_gdal_reads_layers_boxes_and_pages(blocks: None, live_server: Any, planning_handler: User) -> None:
    token = Token.objects.create(user=planning_handler).key

    def ogr(*command: str, **environment: str) -> str:
        ran = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            env={"PATH": "/usr/bin:/bin", **environment},
        )
        return ran.stdout

    source = f"OAPIF:{live_server.url}/ogc/"
    assert PUBLIC in ogr("ogrinfo", source)
    assert STAFF not in ogr("ogrinfo", source)
    assert STAFF in ogr("ogrinfo", source, GDAL_HTTP_HEADERS=f"Authorization: Token {token}")
    assert "Feature Count: 5" in ogr("ogrinfo", "-so", "-oo", "PAGE_SIZE=2", source, PUBLIC)
    west, south, east, north = box_of(110, 10, 220, 20).split(",")
    read = ogr("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", source, PUBLIC, "-spat", west, south, east, north)
    assert {row["properties"]["fid"] for row in json.loads(read)["features"]} == {"B1", "B2"}
