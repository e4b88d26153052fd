"""Projects of the demo lie on its ground: lots of their size, in the papers they hand in and in the form."""

from typing import Any

import pytest

from approvals.demo import ground, papers, story
from approvals.demo.papers import Parcel
from blueprint.geometry import reading
from blueprint.geometry.frame import Frame
from portal.citypack import queries as citypack
from tests.blueprint.ground.conftest import west

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def drawing() -> Any:
    return west()


@pytest.fixture
def lots(pack, drawing):
    documents = citypack.current().documents
    stories = [each for each in story.read(documents).stories if each.region == "449902"][:6]
    return stories, ground.lots(drawing, documents, stories)


def test_lots_have_the_size_of_the_facts(lots):
    stories, given = lots
    assert len(given) >= 4
    for each in stories:
        if each.name in given:
            assert given[each.name].area_m2 == pytest.approx(each.facts["land_area_m2"], rel=2e-3)


def test_the_boundary_file_is_the_lot_to_the_millimetre(lots, tmp_path):
    _stories, given = lots
    frame = Frame.from_city(citypack.current().documents["city"])
    for name, lot in given.items():
        path = tmp_path / "site.txt"
        path.write_bytes(papers.boundary(name, Parcel.of_lot(lot, use="0804")))
        site = reading.read_site(path, frame=frame)
        assert site.area_m2 == pytest.approx(lot.area_m2, abs=0.02)
        assert site.attributes.declared_m2 == pytest.approx(lot.area_m2, abs=0.02)
        assert (site.source_crs, site.attributes.use, site.repairs) == ("EPSG:4526", "0804", ())


def test_without_ground_a_rectangle_near_the_region(pack, tmp_path):
    documents = citypack.current().documents
    site = story.read(documents).sites["449904"]
    parcel = Parcel.near(site, east=100, north=-50, area_m2=6000.0)
    path = tmp_path / "site.txt"
    path.write_bytes(papers.boundary("仓储用房", parcel))
    read = reading.read_site(path, frame=Frame.from_city(documents["city"]))
    assert read.area_m2 == pytest.approx(6000, abs=1)
    assert parcel.outline["type"] == "Polygon"
    assert parcel.lonlat == pytest.approx(site.lonlat, abs=0.01)
