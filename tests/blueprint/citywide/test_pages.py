"""The pages of whole-city runs: statistics, filters, exports, and the settling of a patch."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from blueprint.checks.models import CheckRun, Patch
from blueprint.citywide import operations as citywide
from blueprint.citywide.models import Settling
from portal.accounts.models import User
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.transitions import TransitionRefused
from portal.notices.models import Notice
from tests.cast import HOUSING, PLANNING, as_actor
from tests.factories.blueprint import a_box

pytestmark = pytest.mark.django_db


@pytest.fixture
def patch(done: CheckRun) -> Patch:
    return Patch.objects.get(run=done, kind="城有土无", use_a="01")


def test_statistics_by_kind_district_and_owner_lead_to_the_patches(
    client: Client, planning_handler: User, done: CheckRun
) -> None:
    client.force_login(planning_handler)
    html = client.get(reverse("citywide:run", args=[done.pk])).content.decode()

    for words in ("按类型", "按行政区", "按处置部门", "云岭区", "资规", "城有土无", "3.00 公顷"):
        assert words in html, words
    narrowed = client.get(reverse("citywide:run", args=[done.pk]), {"district": "449904", "kind": "城有土无"})
    assert {patch.district for patch, _row, _region in narrowed.context["rows"]} == {"449904"}
    assert (
        "没有符合条件的图斑"
        in client.get(reverse("citywide:run", args=[done.pk]), {"owner": "x'\"<", "cursor": "!"}).content.decode()
    )


def test_outsiders_see_nothing(client: Client, applicant: User, done: CheckRun, patch: Patch) -> None:
    client.force_login(applicant)
    assert client.get(reverse("citywide:runs")).status_code == 403
    for name, key in (("run", done.pk), ("progress", done.pk), ("patch", patch.pk)):
        assert client.get(reverse(f"citywide:{name}", args=[key])).status_code == 404
    assert client.get(reverse("citywide:export", args=[done.pk, "csv"])).status_code == 404
    assert client.post(reverse("citywide:assign", args=[patch.pk]), {"department": HOUSING}).status_code == 404
    assert not Settling.objects.exists()


def test_the_page_starts_a_run_and_shows_how_far_it_is(client: Client, planning_handler: User, city: object) -> None:
    client.force_login(planning_handler)
    answer = client.post(reverse("citywide:runs"), {"about": "difference:L06.01.03"})
    run = CheckRun.objects.get()
    assert answer["Location"] == reverse("citywide:run", args=[run.pk])
    html = client.get(answer["Location"]).content.decode()
    assert "排队等待计算" in html
    CheckRun.objects.filter(pk=run.pk).update(state="running", started_at=run.queued_at, steps_done=25, steps_total=100)
    state = client.get(reverse("citywide:progress", args=[run.pk])).content.decode()
    assert "25 / 100" in state
    assert client.post(reverse("citywide:runs"), {"about": "x"}).status_code == 422
    assert client.post(reverse("citywide:stop", args=[run.pk])).status_code == 302
    run.refresh_from_db()
    assert run.error_code == "stopped"


def test_patches_are_handed_out_as_table_and_shapes(client: Client, planning_handler: User, done: CheckRun) -> None:
    client.force_login(planning_handler)

    def file(file_format: str) -> bytes:
        answer = client.get(reverse("citywide:export", args=[done.pk, file_format]))
        assert answer.status_code == 200
        return bytes(answer.content)

    count = Patch.objects.filter(run=done).count()
    table = list(csv.reader(io.StringIO(file("csv").decode("utf-8-sig"))))
    assert table[0][:3] == ["编号", "类型", "图层"]
    assert len(table) == count + 1
    shapes = json.loads(file("geojson"))
    assert len(shapes["features"]) == count
    lon, lat = shapes["features"][0]["geometry"]["coordinates"][0][0][:2]
    assert 113 < lon < 115
    assert 22 < lat < 23
    book = load_workbook(io.BytesIO(file("xlsx")), read_only=True)
    lines = list(book.active.iter_rows(values_only=True))
    assert lines[0][:3] == ("编号", "类型", "图层")
    assert len(lines) == count + 1
    assert isinstance(lines[1][4], int | float)
    with zipfile.ZipFile(io.BytesIO(file("shp"))) as archive:
        assert {name.rsplit(".", 1)[1] for name in archive.namelist()} >= {"shp", "shx", "dbf", "prj"}
    assert client.get(reverse("citywide:export", args=[done.pk, "exe"])).status_code == 404


def test_a_use_from_a_file_is_no_formula_in_a_table(client: Client, planning_handler: User, patch: Patch) -> None:
    Patch.objects.filter(pk=patch.pk).update(use_a="=1+1", offset_m=-2.5)
    client.force_login(planning_handler)
    answer = client.get(reverse("citywide:export", args=[patch.run_id, "csv"]) + "?kind=城有土无")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ("'=1+1", "-2.5") in {(row[5], row[7]) for row in table}
    Patch.objects.filter(pk=patch.pk).update(use_b="\x0b=2")
    answer = client.get(reverse("citywide:export", args=[patch.run_id, "xlsx"]) + "?kind=城有土无")
    cells = next(row for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows() if row[5].value == "=1+1")
    assert [(cell.value, cell.data_type) for cell in (cells[5], cells[6])] == [("=1+1", "s"), ("=2", "s")]
    assert cells[7].value == -2.5


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "geojson", "shp"])
def test_no_patch_at_all_is_a_file_too(
    client: Client, planning_handler: User, done: CheckRun, file_format: str
) -> None:
    client.force_login(planning_handler)
    answer = client.get(reverse("citywide:export", args=[done.pk, file_format]) + "?owner=nobody")
    assert answer.status_code == 200
    assert answer.content


def test_a_patch_is_given_answered_and_resolved(
    patch: Patch, planning_handler: User, fire_reviewer: User, at: datetime, drained: Callable[[datetime], int]
) -> None:
    planner, other = as_actor(planning_handler), as_actor(fire_reviewer)
    with pytest.raises(NotAllowed):
        citywide.assign(patch_id=patch.pk, department_id=HOUSING, text="", actor=other, at=at)
    settling = citywide.assign(patch_id=patch.pk, department_id=HOUSING, text="请核对", actor=planner, at=at)
    assert citywide.assign(patch_id=patch.pk, department_id=HOUSING, text="", actor=planner, at=at).pk == settling.pk
    drained(at)
    assert Notice.objects.filter(kind="citywide.patch", department_id=HOUSING).count() == 1

    with pytest.raises(NotAllowed):
        citywide.answer(settling_id=settling.pk, text="不是我", actor=planner, at=at)
    with pytest.raises(InvalidInput):
        citywide.answer(settling_id=settling.pk, text=" ", actor=other, at=at)
    citywide.answer(settling_id=settling.pk, text="已改", actor=other, at=at)
    with pytest.raises(TransitionRefused):
        citywide.answer(settling_id=settling.pk, text="再改", actor=other, at=at)
    with pytest.raises(NotAllowed):
        citywide.resolve(settling_id=settling.pk, text="我说好了", actor=other, at=at)
    citywide.hand_back(settling_id=settling.pk, text="还差一块", actor=planner, at=at)
    citywide.answer(settling_id=settling.pk, text="都改了", actor=other, at=at)
    settling = citywide.resolve(settling_id=settling.pk, text="两规一致", actor=planner, at=at)

    assert settling.is_resolved
    assert [step.state for step in settling.steps.order_by("pk")] == [
        "open",
        "answered",
        "open",
        "answered",
        "resolved",
    ]


def test_the_page_of_a_patch_offers_what_may_be_done(
    client: Client, patch: Patch, planning_handler: User, fire_reviewer: User
) -> None:
    address = reverse("citywide:patch", args=[patch.pk])
    client.force_login(planning_handler)
    assert "交办" in client.get(address).content.decode()
    assert client.post(reverse("citywide:assign", args=[patch.pk]), {"department": "nobody"}).status_code == 422
    client.post(reverse("citywide:assign", args=[patch.pk]), {"department": HOUSING, "text": "请核对"})
    assert "等本部门处置" not in client.get(reverse("citywide:runs")).content.decode()
    client.force_login(fire_reviewer)
    assert "等本部门处置" in client.get(reverse("citywide:runs")).content.decode()
    assert client.post(reverse("citywide:settle", args=[patch.pk, "answer"]), {"text": "已改"}).status_code == 302
    assert client.post(reverse("citywide:settle", args=[patch.pk, "burn"]), {"text": "x"}).status_code == 404
    assert "已改" in client.get(address).content.decode()


@pytest.mark.parametrize("many", [3, 30])
def test_page_needs_a_fixed_number_of_queries(
    many: int,
    client: Client,
    planning_handler: User,
    done: CheckRun,
    max_queries: Callable[[str], AbstractContextManager[None]],
) -> None:
    Patch.objects.bulk_create(
        Patch(run=done, number=100 + n, check_code="chk_two_plan", kind="用途异", area_m2=5.0, owners=[PLANNING],
              geom=_square(n))
        for n in range(many)
    )  # fmt: skip
    client.force_login(planning_handler)
    client.get(reverse("citywide:run", args=[done.pk]))
    with max_queries("citywide.run"):
        assert client.get(reverse("citywide:run", args=[done.pk])).status_code == 200


def _square(n: int) -> object:
    from tests.factories.blueprint import geos

    return geos(a_box(n, 0, n + 1, 5).geoms[0])
