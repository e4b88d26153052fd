"""The pages of a site: who sees them, what they say, how many statements they cost."""

from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from blueprint.geometry.stored import shape_of
from blueprint.layers import frames
from blueprint.layers.models import Layer
from blueprint.layers.states import Audience
from blueprint.siting import boundaries, queries
from blueprint.siting import operations as siting
from projects.registry import operations as registry
from projects.registry import queries as projects
from projects.registry.states import FactSource
from tests.blueprint.siting.conftest import a_boundary
from tests.factories import blueprint

pytestmark = pytest.mark.django_db

FIRST = blueprint.a_box(0, 0, 300, 200)
SECOND = blueprint.several(blueprint.a_box(10, 0, 310, 200), blueprint.a_box(400, 0, 500, 100))


def enter(project, actor, at, shape=FIRST, **more):
    return siting.enter_version(project_id=project.pk, boundary=a_boundary(shape, **more), actor=actor, at=at)


def page_of(client, name, *args, **query):
    return client.get(reverse(f"siting:{name}", args=args), query)


ADDRESSES = [
    ("site", ()),
    ("panel", ()),
    ("picture", ()),
    ("versions", ()),
    ("points", (1,)),
    ("export", (1, "txt")),
]


@pytest.mark.parametrize(("name", "args"), ADDRESSES)
@pytest.mark.parametrize("who", ["other_applicant", "agent", "fire_reviewer"])
def test_is_not_there_for_who_has_nothing_to_do_with_it(client, request, project, owner_actor, at, name, args, who):
    enter(project, owner_actor, at)
    client.force_login(request.getfixturevalue(who))
    assert page_of(client, name, project.code, *args).status_code == 404


@pytest.mark.parametrize(("name", "args"), ADDRESSES)
@pytest.mark.parametrize("who", ["applicant", "clerk", "leader"])
def test_is_there_for_the_owner_the_window_and_the_leader(client, request, project, owner_actor, at, name, args, who):
    enter(project, owner_actor, at)
    client.force_login(request.getfixturevalue(who))
    assert page_of(client, name, project.code, *args).status_code == 200


def test_a_department_with_a_case_sees_it(client, planning_handler, project, owner_actor, at):
    enter(project, owner_actor, at)
    registry.grant_access(project_id=project.pk, department_id="zrzy", reason="办件", at=at)
    client.force_login(planning_handler)
    page = page_of(client, "site", project.code).content.decode()
    assert "60,000.00" in page
    assert "换一条红线" not in page


def test_asks_the_owner_for_a_boundary_and_tells_others_there_is_none(client, applicant, leader, project):
    client.force_login(applicant)
    assert "看画的红线" in page_of(client, "site", project.code).content.decode()
    client.force_login(leader)
    assert "还没有红线" in page_of(client, "site", project.code).content.decode()
    assert page_of(client, "picture", project.code).status_code == 404


def test_puts_declared_and_computed_area_side_by_side(client, applicant, project, owner_actor, at):
    enter(project, owner_actor, at, declared_m2=60_500)
    client.force_login(applicant)
    page = page_of(client, "site", project.code).content.decode()
    assert "60,500.00" in page
    assert "申报多 500.00" in page
    assert "审查时会被问到" in page


def test_preview_tells_what_would_change_and_keeps_silent_of_masked_ground(client, applicant, general, at, owner_actor):
    blueprint.an_edition("L06.02.02", [blueprint.feature(blueprint.a_box(0, 0, 50, 50), "M1")])
    blueprint.an_edition("L06.02.04", [blueprint.feature(blueprint.a_box(0, 0, 50, 50), "N1")])
    draft = siting.propose(project_id=general.pk, boundary=a_boundary(FIRST), actor=owner_actor, at=at)
    client.force_login(applicant)
    page = page_of(client, "site", general.code).content.decode()
    assert "避免危害气象探测环境审批" in page
    assert "确定要办" in page
    assert "6,000 平方米" in page
    assert "涉及国家安全事项的建设项目审批" not in page
    assert "用这条红线后再告知：位于国家安全控制区。" in page
    siting.use_draft(project_id=general.pk, mark=draft.mark, actor=owner_actor, at=at)
    assert projects.facts(general)["map.natsec"].value is True


def test_preview_does_not_even_tell_whether_masked_ground_has_data(general, at, owner_actor):
    draft = siting.propose(project_id=general.pk, boundary=a_boundary(FIRST), actor=owner_actor, at=at)
    found = queries.preview(general, draft)
    assert found.told_later == "位于国家安全控制区"
    assert found.undetermined
    assert "国家安全" not in found.undetermined


def test_preview_refuses_what_would_change_the_flow_of_running_applications(
    client, applicant, project, at, owner_actor, monkeypatch
):
    from projects.registry import flows

    monkeypatch.setattr(flows, "reads", lambda catalogue: frozenset({"land_area_m2"}))
    monkeypatch.setattr(
        flows, "choose", lambda catalogue, facts: flows.Choice(catalogue.flows["soc_general"], "", (), ())
    )
    registry.issue_unit(project_id=project.pk, level=1, actor=owner_actor, at=at)
    draft = siting.propose(project_id=project.pk, boundary=a_boundary(FIRST), actor=owner_actor, at=at)
    client.force_login(applicant)
    page = page_of(client, "site", project.code).content.decode()
    assert "先办流程更正" in page
    assert "用这条红线</button>" not in page
    answer = client.post(reverse("siting:use", args=[project.code]), {"draft": draft.mark})
    assert answer.status_code == 409
    assert "审批流程就要变" in answer.content.decode()
    assert projects.facts(project)["land_area_m2"].source != FactSource.MAP


def test_tells_of_new_editions_and_recounts_when_asked(client, applicant, project, owner_actor, at):
    blueprint.an_edition("L06.02.02", [], name="2025")
    enter(project, owner_actor, at)
    blueprint.an_edition("L06.02.02", [blueprint.feature(blueprint.a_box(0, 0, 50, 50), "M1")], name="2026")
    client.force_login(applicant)
    assert "2025 → 2026" in page_of(client, "site", project.code).content.decode()
    assert "可以重新核对" in page_of(client, "panel", project.code).content.decode()
    answer = client.post(reverse("siting:recompute", args=[project.code]), follow=True)
    page = answer.content.decode()
    assert "1 项信息有变化" in page
    assert "2025 → 2026" not in page


def test_compares_two_versions(client, applicant, project, owner_actor, at):
    enter(project, owner_actor, at)
    enter(project, owner_actor, at, SECOND)
    client.force_login(applicant)
    page = page_of(client, "versions", project.code).content.decode()
    assert "12,000.00" in page
    assert "2,000.00" in page
    assert "70,000.00" in page
    back = page_of(client, "versions", project.code, before="2", after="1").content.decode()
    assert "第 2 版到第 1 版" in back


def test_lists_the_corner_points_in_metres_and_degrees(client, applicant, project, owner_actor, at):
    enter(project, owner_actor, at, SECOND)
    client.force_login(applicant)
    page = page_of(client, "points", project.code, 1).content.decode()
    assert "38440010.000" in page
    assert "113.4" in page
    assert "8 个界址点" in page
    assert page_of(client, "points", project.code, 2).status_code == 404


def test_corner_points_have_the_numbers_and_metres_of_the_txt(client, applicant, project, owner_actor, at):
    holed = blueprint.a_shape((0, 0), (300, 0), (290, 200), (0, 210), holes=[[(20, 20), (60, 20), (60, 70), (20, 70)]])
    enter(project, owner_actor, at, blueprint.several(holed, blueprint.a_box(400.1234, 0, 500, 100)))
    client.force_login(applicant)
    table = page_of(client, "points", project.code, 1).context["points"]
    text = page_of(client, "export", project.code, 1, "txt").content.decode()
    written = [line.split(",") for line in text.splitlines() if line.startswith("J")]
    shown = [[row.name, str(row.circle), row.north_words, row.east_words] for row in table]
    assert shown == written
    assert [row.name for row in table] == [f"J{n}" for n in (*range(1, 9), *range(1, 5))]


def test_drawing_begins_on_the_region_it_was_registered_in_and_may_leave_it(client, applicant, project):
    elsewhere = blueprint.feature(blueprint.a_box(5000, 0, 9000, 4000), "449902")
    # a region is known by its number or by its name
    own = blueprint.feature(blueprint.a_box(0, 0, 4000, 3000), "X1", name="云岭区")
    blueprint.an_edition("L01.02.02", [elsewhere, own])
    client.force_login(applicant)
    shown = page_of(client, "site", project.code).context["map"]
    (west, south), (east, north) = shown["bounds"]
    assert (east - west, north - south) == pytest.approx((0.0389, 0.0271), abs=0.0005)
    assert west == pytest.approx(113.4178, abs=0.0001)
    assert shown["limits"] == [[113.0, 22.0], [115.0, 23.0]]


def test_drawing_begins_on_the_city_where_no_layer_knows_the_region(client, applicant, project):
    client.force_login(applicant)
    assert page_of(client, "site", project.code).context["map"]["bounds"] == [[113.0, 22.0], [115.0, 23.0]]


@pytest.mark.parametrize("name", ["site", "versions"])
@pytest.mark.parametrize("who", ["applicant", "clerk"])
def test_ground_under_a_boundary_is_what_the_reader_may_see(client, request, project, owner_actor, at, name, who):
    for_all, for_staff = "L01.03.06", "L02.01.01"
    for layer in (for_all, for_staff):
        blueprint.an_edition(layer, [blueprint.feature(FIRST)])
    Layer.objects.filter(code=for_staff).update(is_shown=True, audience=Audience.STAFF)
    enter(project, owner_actor, at)
    enter(project, owner_actor, at, SECOND)
    client.force_login(request.getfixturevalue(who))
    tiles = [tile["code"] for tile in page_of(client, name, project.code).context["map"]["tiles"]]
    assert tiles == ([for_all] if who == "applicant" else [for_all, for_staff])


def test_draws_a_picture_that_stands_alone(client, applicant, project, owner_actor, at):
    enter(project, owner_actor, at)
    client.force_login(applicant)
    answer = page_of(client, "picture", project.code)
    assert answer["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(answer.content).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("count", [3, 30])
def test_costs_the_same_for_any_number_of_versions(client, applicant, project, owner_actor, at, max_queries, count):
    for step in range(count):
        enter(project, owner_actor, at, blueprint.a_box(0, 0, 300 + step, 200))
    client.force_login(applicant)
    with max_queries("siting_versions"):
        page_of(client, "versions", project.code)
    with max_queries("siting_site"):
        page_of(client, "site", project.code)


def test_a_boundary_elsewhere_than_registered_is_told(client, applicant, project, owner_actor, at):
    blueprint.an_edition("L01.02.02", [blueprint.feature(blueprint.a_box(-100, -100, 900, 300), "449902")])
    enter(project, owner_actor, at)
    client.force_login(applicant)
    assert "红线主要在海湾区，项目登记的建设地点是云岭区" in page_of(client, "site", project.code).content.decode()


@pytest.mark.parametrize(
    ("file_format", "name"), [("geojson", "a.geojson"), ("shp", "a.zip"), ("dxf", "a.dxf"), ("txt", "a.txt")]
)
def test_gives_a_version_out_so_that_it_reads_back_the_same(
    client, applicant, project, owner_actor, at, file_format, name
):
    shape = blueprint.a_shape((0, 0), (300, 0), (300, 200), (0, 200), holes=[[(20, 20), (60, 20), (60, 70), (20, 70)]])
    version = enter(project, owner_actor, at, shape, declared_m2=58_000)
    client.force_login(applicant)
    answer = page_of(client, "export", project.code, 1, file_format)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    again = boundaries.from_upload(SimpleUploadedFile(name, answer.content), frame=frames.frame())
    assert again.shape.geometry.symmetric_difference(shape_of(version.geom)).area < 0.05
    if file_format != "dxf":
        assert again.shape.attributes.declared_m2 == pytest.approx(58_000)


def test_knows_no_other_format(client, applicant, project, owner_actor, at):
    enter(project, owner_actor, at)
    client.force_login(applicant)
    assert page_of(client, "export", project.code, 1, "dwg").status_code == 404
