"""What people bring as a boundary: read the same in every format, refused with words at the field, never lost."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from blueprint.geometry import degrees
from blueprint.layers import frames
from blueprint.siting import boundaries
from blueprint.siting.models import Site, SiteDraft, SiteVersion
from portal.core import files
from portal.core.models import StoredBlob
from tests.factories import blueprint

pytestmark = pytest.mark.django_db

EAST, NORTH = 38_440_000, 2_465_000
POINTS = (
    "点号 圈号 X Y\nJ1 1 2465200 38440000\nJ2,1,2465200,38440300\nJ3\t1\t2465000\t38440300\nJ4 1 2465000 38440000\n"
)
TXT = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
计量单位=米
带号=38
[地块坐标]
4,6.0500,1,地块,面,,工业用地,1001,@
J1,1,2465200,38440000
J2,1,2465200,38440300
J3,1,2465000,38440300
J4,1,2465000,38440000
"""


def drawn(shape=None):
    shape = shape or blueprint.a_box(0, 0, 300, 200)
    return json.dumps(degrees.geojson(shape, frames.frame().work_crs))


def address(project, name="bring"):
    return reverse(f"siting:{name}", args=[project.code])


def bring(client, project, **sent):
    return client.post(address(project), sent)


def a_file(content, name):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def owner(client, applicant):
    client.force_login(applicant)
    return client


@pytest.mark.parametrize("who", ["other_applicant", "agent", "planning_handler"])
def test_is_not_there_for_who_may_not_see_the_project(client, request, project, who):
    client.force_login(request.getfixturevalue(who))
    assert bring(client, project, way="draw", drawn=drawn()).status_code == 404
    assert client.get(address(project, "site")).status_code == 404
    assert not SiteDraft.objects.exists()


def test_refuses_who_may_only_look(client, leader, project):
    client.force_login(leader)
    assert client.get(address(project, "site")).status_code == 200
    assert bring(client, project, way="draw", drawn=drawn()).status_code == 403
    assert not Site.objects.exists()


def test_shows_what_was_drawn_before_it_is_used(owner, project):
    answer = bring(owner, project, way="draw", drawn=drawn())
    assert answer.url == address(project, "site")
    page = owner.get(answer.url).content.decode()
    assert "用这条红线" in page
    assert "60,000.00" in page
    assert not SiteVersion.objects.exists()


def test_uses_it_once(owner, project):
    bring(owner, project, way="draw", drawn=drawn())
    seen = {"draft": SiteDraft.objects.get().mark}
    owner.post(address(project, "use"), {"note": "按出让合同", **seen})
    again = owner.post(address(project, "use"), seen, follow=True)
    assert SiteVersion.objects.get().note == "按出让合同"
    assert not SiteDraft.objects.exists()
    assert "没有待确认的红线" in again.content.decode()
    assert "第 1 版" in again.content.decode()


def test_discards_it(owner, project):
    bring(owner, project, way="draw", drawn=drawn())
    owner.post(address(project, "discard"))
    assert not SiteDraft.objects.exists()
    assert not SiteVersion.objects.exists()


def test_discards_a_draft_whose_file_a_version_shares(owner, project):
    bring(owner, project, way="upload", file=a_file(TXT, "红线.txt"))
    owner.post(address(project, "use"), {"draft": SiteDraft.objects.get().mark})
    bring(owner, project, way="upload", file=a_file(TXT, "同一个文件.txt"))
    owner.post(address(project, "discard"))
    assert not SiteDraft.objects.exists()
    with files.open_blob(SiteVersion.objects.get().blob.sha256) as kept:
        assert kept.read() == TXT.encode()


def test_reads_a_table_of_points_in_any_hand(owner, project):
    bring(owner, project, way="points", points=POINTS, declared_m2="60,500")
    draft = SiteDraft.objects.get()
    assert draft.area_m2 == pytest.approx(60_000)
    assert draft.declared_m2 == pytest.approx(60_500)
    page = owner.get(address(project, "site")).content.decode()
    assert "申报多 500.00" in page
    assert "0.83%" in page


def test_reads_holes_and_parcels_of_a_table():
    hole = "2 2465150 38440100\n2 2465100 38440100\n2 2465100 38440200\n2 2465150 38440200\n"
    outer = "1 2465200 38440000\n1 2465200 38440300\n1 2465000 38440300\n1 2465000 38440000\n"
    second = "2465300 38440400\n2465300 38440500\n2465200 38440500\n2465200 38440400"
    found = boundaries.from_points(outer + hole + "\n" + second, frame=frames.frame())
    assert found.shape.area_m2 == pytest.approx(60_000 - 5_000 + 10_000)
    assert len(found.shape.geometry.geoms) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("J1 1 2465200 38440000\nJ2 x 1 2 3 4 5", "第 2 行"),
        ("1 2465200 38440000\nJ2 abc 2465200 38440300", "第 2 行的圈号"),
        ("1 2465200 38440000\n1 2465200 东", "第 2 行"),
        ("J1 1 2465200", "第 1 行看不懂"),
        ("   ", "还没有填界址点"),
    ],
)
def test_names_the_line_of_a_table_that_is_no_point(text, words):
    with pytest.raises(boundaries.BoundaryRefused) as fault:
        boundaries.from_points(text, frame=frames.frame())
    assert words in str(fault.value.fields["points"])


def test_keeps_the_uploaded_file(owner, project):
    bring(owner, project, way="upload", file=a_file(TXT, "红线.txt"))
    draft = SiteDraft.objects.get()
    assert (draft.file_name, draft.declared_m2, draft.blob.size_bytes) == ("红线.txt", 60_500, len(TXT.encode()))
    owner.post(address(project, "use"), {"draft": SiteDraft.objects.get().mark})
    assert SiteVersion.objects.get().blob == draft.blob


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"", "没有任何图形"),
        ("a.dwg", b"AC1032", "不收 .dwg"),
        ("a.geojson", b"{", "文件无法读取"),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18, "zip"),
        ("a.txt", TXT.replace("2465", "2765").encode(), "不在本市范围内"),
        ("a.geojson", json.dumps({"type": "Point", "coordinates": [113.5, 22.3]}).encode(), "没有面状图形"),
        (
            "a.geojson",
            b'{"type":"Polygon","coordinates":[[[22.2,113.5],[22.3,113.5],[22.3,113.6],[22.2,113.5]]]}',
            "颠倒",
        ),
    ],
)
def test_says_at_the_field_what_to_do_and_keeps_nothing(owner, project, file_store, name, content, words):
    answer = bring(owner, project, way="upload", file=a_file(content, name), points=POINTS, drawn=drawn())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'aria-describedby="file-hint file-error"' in page
    # what was typed and drawn is still there
    assert "2465200,38440300" in page
    assert "coordinates" in page
    assert not SiteDraft.objects.exists()
    assert not Site.objects.exists()
    assert not StoredBlob.objects.exists()
    assert not [path for path in file_store.rglob("*") if path.is_file()]


def test_asks_for_a_simpler_boundary():
    many = [[113.5 + step / 1e6, 22.3] for step in range(21_000)] + [[113.521, 22.31], [113.5, 22.31], [113.5, 22.3]]
    with pytest.raises(boundaries.BoundaryRefused) as fault:
        boundaries.from_geojson(json.dumps({"type": "Polygon", "coordinates": [many]}), frame=frames.frame())
    assert "请在制图软件里简化" in str(fault.value.message)


def test_says_that_nothing_was_drawn_or_chosen(owner, project):
    assert "还没有画红线" in bring(owner, project, way="draw").content.decode()
    assert "还没有选文件" in bring(owner, project, way="upload").content.decode()


def test_a_typed_table_comes_back_for_another_try(owner, project):
    bring(owner, project, way="points", points=POINTS)
    page = owner.get(address(project, "site"), {"edit": "1"}).content.decode()
    assert "J2,1,2465200,38440300" in page


def test_a_project_that_is_over_takes_no_boundary(owner, project, applicant, owner_actor, at):
    from projects.registry import operations as registry

    registry.withdraw(project_id=project.pk, reason="不建了", actor=owner_actor, at=at)
    answer = bring(owner, project, way="draw", drawn=drawn())
    assert answer.status_code == 409
    assert "已办结或已撤回" in answer.content.decode()
    assert "看画的红线" not in owner.get(address(project, "site")).content.decode()


def test_what_unpacks_to_much_more_is_not_read_while_somebody_waits(owner, project):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("a.dbf", "w") as member:
        for _step in range(201):
            member.write(bytes(1 << 20))
    answer = bring(owner, project, way="upload", file=a_file(content.getvalue(), "site.zip"))
    assert answer.status_code == 422
    assert "201" in answer.content.decode()
    assert "200" in answer.content.decode()
    assert not SiteDraft.objects.exists()


def test_a_boundary_replaced_in_another_tab_is_shown_before_it_is_used(owner, project):
    bring(owner, project, way="draw", drawn=drawn())
    seen = {"draft": SiteDraft.objects.get().mark}
    bring(owner, project, way="draw", drawn=drawn(blueprint.a_box(0, 0, 200, 200)))

    for stale in (seen, {}):
        refused = owner.post(address(project, "use"), stale)
        assert refused.status_code == 409
        assert "别的页面" in refused.content.decode()
        assert SiteDraft.objects.get().mark in refused.content.decode()
    assert not SiteVersion.objects.exists()

    owner.post(address(project, "use"), {"draft": SiteDraft.objects.get().mark})
    assert SiteVersion.objects.get().area_m2 == pytest.approx(40_000, abs=1)
