"""The drawn ground is imported like any other layers, once; sites lie on it and the map finds what the story says."""

from dataclasses import replace
from typing import Any

import pytest

from approvals.demo import ground, laying, story
from approvals.demo import operations as demo
from approvals.demo.people import Cast
from approvals.demo.telling import Telling
from approvals.demo.times import Times
from blueprint.checks.models import CheckRun
from blueprint.layers.models import Edition, Feature
from blueprint.siting.models import SiteVersion
from portal.accounts.operations import NoDemo, ensure_demo_people
from portal.citypack.models import PackVersion
from portal.core import calendars, clock
from projects.registry import queries as registry
from projects.registry.models import Project
from tests.approvals.demo.conftest import NOW
from tests.blueprint.ground.conftest import document, west

pytestmark = pytest.mark.django_db

FEW = ("L01.02.02", "L04.01.02", "L04.01.03", "L05.01.04", "L09.01.01", "L09.01.02", "L13.03.04")


@pytest.fixture(scope="module")
def drawing() -> Any:
    return west(layers=[row for row in document("ground")["layers"] if row["layer"] in FEW])


@pytest.fixture
def laid(pack, drawing) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    laying.lay(drawing, at=NOW, tell=lambda *done: told.append(done))
    return told


def test_every_edition_is_published_whole(laid, drawing):
    assert laid[-1] == (len(drawing.sheets()), len(drawing.sheets()))
    assert set(Edition.objects.values_list("layer", flat=True)) == set(FEW)
    for sheet in drawing.sheets():
        edition = Edition.objects.get(layer=sheet.layer, name=sheet.edition)
        assert (edition.state, edition.source) == ("published", sheet.source)
        assert edition.report["rejected"] == []
        assert edition.feature_count == len(drawing.features(sheet.theme))
    assert Feature.objects.filter(edition__layer="L05.01.04", use="070102", far__gt=1).exists()


def test_a_second_time_nothing_is_imported_or_drawn(laid, drawing):
    again = west(layers=drawing.plan.document["layers"])
    assert laying.lay(again, at=NOW, tell=lambda *_done: None) == 0
    assert again._city is None


def test_refuses_outside_the_demo(pack, drawing, settings):
    settings.DEMO = False
    with pytest.raises(NoDemo):
        demo.lay_ground(drawing, at=NOW, tell=lambda *_done: None)
    assert not Edition.objects.exists()


def test_a_project_lies_on_its_lot_and_the_map_answers(laid, drawing):
    version = PackVersion.objects.current().get()
    ensure_demo_people(version=version, at=NOW)
    book = story.read(version.documents)
    low = [each for each in book.stories if each.region == "449902" and each.facts["plan_height_m"] < 12]
    clean = replace(next(each for each in low if not each.facts["is_linear"]), chapters=())
    lot = ground.lots(drawing, version.documents, [clean])[clean.name]
    with clock.frozen(NOW):
        Telling(clean, book=book, cast=Cast(), times=Times(calendars.current(), NOW), seed=1, lot=lot).tell()
    project = Project.objects.get(name=clean.name)
    site = SiteVersion.objects.get(site__project=project)
    assert site.area_m2 == pytest.approx(lot.area_m2, abs=0.05)
    facts = registry.fact_values(project.pk)
    assert facts["map.forest"] is False
    assert facts["land_basic_farm_m2"] == 0
    run = CheckRun.objects.get(version=site)
    assert run.state == "done"
    assert not run.findings.filter(severity="stop").exists()
