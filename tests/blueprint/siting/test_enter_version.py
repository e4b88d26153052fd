"""Enter a boundary: who may, what is kept, what it says of the project."""

import pytest

from blueprint.siting import operations as siting
from blueprint.siting.models import Derivation, Site, SiteVersion
from portal.core.errors import NotAllowed
from projects.registry import operations as registry
from projects.registry import queries as projects
from projects.registry.states import FactSource
from tests.blueprint.siting.conftest import a_boundary
from tests.cast import as_actor
from tests.factories import blueprint

pytestmark = pytest.mark.django_db

SITE = blueprint.a_box(0, 0, 300, 200)


def enter(project, actor, at, shape=SITE, **more):
    return siting.enter_version(project_id=project.pk, boundary=a_boundary(shape, **more), actor=actor, at=at)


@pytest.mark.parametrize("who", ["other_applicant", "agent", "planning_handler", "leader", "outsider"])
def test_refuses_who_may_not_fill_in_the_project(request, project, at, who):
    with pytest.raises(NotAllowed):
        enter(project, as_actor(request.getfixturevalue(who)), at)
    assert not Site.objects.exists()


@pytest.mark.parametrize("who", ["applicant", "clerk"])
def test_lets_the_owner_and_the_window(request, project, at, who):
    assert enter(project, as_actor(request.getfixturevalue(who)), at).number == 1


def test_lets_an_agent_with_a_mandate(project, owner_actor, agent, at):
    registry.give_mandate(project_id=project.pk, user_id=agent.pk, actor=owner_actor, at=at)
    assert enter(project, as_actor(agent), at).number == 1


def test_numbers_versions_and_tells_of_them(project, owner_actor, at, said):
    enter(project, owner_actor, at, declared_m2=60_500)
    second = enter(project, owner_actor, at, blueprint.a_box(0, 0, 310, 200))
    data, payload = said("siting.version.entered")
    assert (second.number, SiteVersion.objects.count(), Site.objects.count()) == (2, 2, 1)
    assert (data["number"], data["area_m2"], data["origin"]) == (2, 62_000, "drawn")
    assert payload == {"id": second.pk, "site": second.site_id, "project": project.pk, "number": 2}
    assert second.site.audit_stream == project.code


def test_refuses_the_boundary_that_is_current_already(project, owner_actor, at):
    enter(project, owner_actor, at)
    with pytest.raises(siting.SameBoundary):
        enter(project, owner_actor, at)
    assert SiteVersion.objects.count() == 1


def test_takes_the_same_line_with_another_declared_area(project, owner_actor, at):
    enter(project, owner_actor, at, declared_m2=60_000)
    assert enter(project, owner_actor, at, declared_m2=60_010).number == 2


def test_refuses_a_project_that_is_over(project, owner_actor, at):
    registry.withdraw(project_id=project.pk, reason="不建了", actor=owner_actor, at=at)
    with pytest.raises(registry.ProjectIsOver):
        enter(project, owner_actor, at)
    assert not SiteVersion.objects.exists()


def test_writes_down_area_point_and_line(project, owner_actor, at):
    enter(project, owner_actor, at)
    facts = projects.facts(project)
    assert facts["land_area_m2"].value == 60_000
    assert facts["land_area_m2"].source == FactSource.MAP
    assert facts["land_area_m2"].source_note == "红线第 1 版"
    assert facts["redline"].value["type"] == "MultiPolygon"
    lon, lat = facts["site_lonlat"].value
    assert 113 < lon < 115
    assert 22 < lat < 23


def test_what_no_layer_answers_stays_undetermined(project, owner_actor, at):
    enter(project, owner_actor, at)
    facts = projects.facts(project)
    assert "map.flood" not in facts
    assert "land_basic_farm_m2" not in facts


def test_answers_conditions_and_square_metres_from_the_layers(project, owner_actor, at):
    blueprint.an_edition("L04.01.02", [blueprint.feature(blueprint.a_box(288, -50, 400, 250), "JN1")])
    blueprint.an_edition("L10.01.01", [blueprint.feature(blueprint.a_box(-50, 0, 5, 200), "R1")])
    blueprint.an_edition("L06.02.02", [blueprint.feature(blueprint.a_box(900, 0, 950, 200), "M1")])
    enter(project, owner_actor, at)
    facts = projects.facts(project)
    assert facts["land_basic_farm_m2"].value == 2_400
    assert facts["land_basic_farm_m2"].source_note == "红线第 1 版；永久基本农田 2026"
    # hit in one of the two layers is enough
    assert facts["map.flood"].value is True
    assert facts["in_flood_zone"].value is True
    assert facts["map.metenv"].value is False


def test_says_no_only_when_every_layer_has_an_edition(project, owner_actor, at):
    far = [blueprint.feature(blueprint.a_box(900, 900, 950, 950), "R1")]
    blueprint.an_edition("L10.01.01", far)
    enter(project, owner_actor, at)
    assert "map.flood" not in projects.facts(project)
    blueprint.an_edition("L10.01.04", far)
    siting.recompute(project_id=project.pk, actor=owner_actor, at=at)
    assert projects.facts(project)["map.flood"].value is False


def test_a_sliver_is_no_overlap(project, owner_actor, at):
    blueprint.an_edition("L06.02.02", [blueprint.feature(blueprint.a_box(20, -80, 120, 0.3), "M1")])
    enter(project, owner_actor, at)
    assert projects.facts(project)["map.metenv"].value is False


def test_leaves_alone_what_was_declared_where_the_map_has_no_answer(project, owner_actor, at):
    registry.record_facts(
        project_id=project.pk, values={"land_farm_m2": 120}, source=FactSource.APPLICANT, actor=owner_actor, at=at
    )
    enter(project, owner_actor, at)
    fact = projects.facts(project)["land_farm_m2"]
    assert (fact.value, fact.source) == (120, FactSource.APPLICANT)


def test_clears_what_an_earlier_boundary_said_and_the_map_can_no_longer_tell(project, owner_actor, at):
    blueprint.an_edition("L06.02.02", [blueprint.feature(blueprint.a_box(0, 0, 50, 50), "M1")], name="2026")
    enter(project, owner_actor, at)
    assert projects.facts(project)["map.metenv"].value is True
    # the layer goes on in another plane, which says nothing of a boundary in this one
    blueprint.an_edition("L06.02.02", name="2027", work_crs=4525)
    siting.recompute(project_id=project.pk, actor=owner_actor, at=at)
    assert "map.metenv" not in projects.facts(project)


def test_a_new_edition_changes_nothing_until_somebody_asks(project, owner_actor, at, said):
    blueprint.an_edition("L06.02.02", [], name="2025")
    enter(project, owner_actor, at)
    blueprint.an_edition("L06.02.02", [blueprint.feature(blueprint.a_box(0, 0, 50, 50), "M1")], name="2026")
    assert projects.facts(project)["map.metenv"].value is False
    changed = siting.recompute(project_id=project.pk, actor=owner_actor, at=at)
    assert changed == ("map.metenv",)
    assert said("siting.facts.recomputed")[0]["changed"] == ["map.metenv"]
    assert [row.editions["L06.02.02"]["name"] for row in Derivation.objects.order_by("pk")] == ["2025", "2026"]


@pytest.mark.parametrize("who", ["other_applicant", "agent", "planning_handler"])
def test_recompute_refuses_the_outsider(request, project, owner_actor, at, who):
    enter(project, owner_actor, at)
    with pytest.raises(NotAllowed):
        siting.recompute(project_id=project.pk, actor=as_actor(request.getfixturevalue(who)), at=at)


def test_recompute_needs_a_boundary(project, owner_actor, at):
    with pytest.raises(siting.NoSite):
        siting.recompute(project_id=project.pk, actor=owner_actor, at=at)


def test_finds_the_region_that_holds_most_of_the_site(project, owner_actor, at):
    blueprint.an_edition(
        "L01.02.02",
        [
            blueprint.feature(blueprint.a_box(-100, -100, 225, 300), "449904"),
            blueprint.feature(blueprint.a_box(225, -100, 900, 300), "X", name="海湾区"),
        ],
    )
    version = enter(project, owner_actor, at)
    regions = version.derivations.get().regions
    assert [(row["code"], row["share"]) for row in regions] == [("449904", 0.75), ("449902", 0.25)]
