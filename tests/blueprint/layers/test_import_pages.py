"""Bringing an edition in through the browser: upload, progress, report, draft, publication - and who may."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from blueprint.layers import operations
from blueprint.layers.models import Edition, Feature, ImportJob, Layer
from blueprint.layers.operations import jobs
from blueprint.layers.states import EditionState, JobState
from blueprint.layers.tasks import run_imports
from portal.core import clock
from portal.core.models import AuditEvent
from tests.blueprint.geometry.files import SITE, box, collection, feature, polygon, write_json
from tests.cast import PASSWORD, Person, as_actor
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
LAYER = "L04.01.02"
PAGE = "/layers/imports/"


@pytest.fixture
def keeper(person: Person) -> Any:
    return person("keeper", "lead", department="zrzy", name="图守成")


@pytest.fixture
def other(person: Person) -> Any:
    """Keeps layers too, but others."""
    return person("other-keeper", "lead", department="cgzf")


def client_of(user: Any) -> Client:
    client = Client()
    assert client.login(username=user.username, password=PASSWORD)
    return client


def upload(folder: Path, *features: Any, name: str = "红线.geojson") -> SimpleUploadedFile:
    content = write_json(folder, collection(*(features or [feature(polygon(SITE), MC="甲")])))
    return SimpleUploadedFile(name, content.read_bytes())


def a_job(keeper: Any, folder: Path, *features: Any, name: str = "2026", layer: str = LAYER) -> ImportJob:
    return operations.ask_import(
        layer=layer, name=name, source="", crs=None, upload=upload(folder, *features), actor=as_actor(keeper), at=NOON
    )


def test_from_upload_to_publication(keeper: Any, tmp_path: Path) -> None:
    client = client_of(keeper)
    values = {"layer": LAYER, "name": "2026", "source": "滨自然资〔2026〕1号", "crs": "", "file": upload(tmp_path)}

    asked = client.post(PAGE, values)
    job = ImportJob.objects.get()
    assert (asked.status_code, asked["Location"]) == (302, f"{PAGE}{job.pk}/")
    assert "等待导入" in client.get(asked["Location"]).content.decode()

    assert run_imports() == 1
    job.refresh_from_db()
    assert (job.state, job.report["features"], job.refusal) == (JobState.DONE, 1, "")
    shown = client.get(f"{PAGE}{job.pk}/").content.decode()
    assert f"/layers/editions/{job.edition_id}/" in shown
    assert Edition.objects.current().count() == 0

    draft = client.get(f"/layers/editions/{job.edition_id}/").content.decode()
    assert "甲" in draft
    assert "<path" in draft
    assert "发布后即为现行版" in draft
    assert client.post(f"/layers/editions/{job.edition_id}/publish/").status_code == 302
    current = Edition.objects.current().get()
    assert (current.state, current.source, current.imported_by) == ("published", "滨自然资〔2026〕1号", "图守成")
    actions = list(AuditEvent.objects.filter(stream="blueprint").order_by("number").values_list("action", flat=True))
    assert actions == [
        "layers.import.asked",
        "layers.import.begun",
        "layers.edition.imported",
        "layers.import.ended",
        "layers.edition.published",
    ]


def test_every_rejection_is_shown_and_nothing_is_stored(keeper: Any, tmp_path: Path) -> None:
    bow_tie = feature(polygon(((0, 0), (100, 100), (100, 0), (0, 100))))
    job = a_job(keeper, tmp_path, feature(polygon(SITE)), bow_tie, feature(None))

    assert run_imports() == 1

    job.refresh_from_db()
    shown = client_of(keeper).get(f"{PAGE}{job.pk}/").content.decode()
    assert job.state == JobState.FAILED
    assert "2 个图形不合格" in shown
    assert "边界自相交，修复会改变面积" in shown
    assert "不是面状图形" in shown
    assert not Edition.objects.exists()
    assert not Feature.objects.exists()


def test_a_file_that_cannot_be_used_says_what_to_do(keeper: Any, tmp_path: Path) -> None:
    job = a_job(keeper, tmp_path, feature(polygon(SITE, north=3_465_000)))

    run_imports()

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "坐标不在本市范围内" in client_of(keeper).get(f"{PAGE}{job.pk}/").content.decode()


def test_what_is_wrong_is_said_at_its_field(keeper: Any, tmp_path: Path) -> None:
    client = client_of(keeper)
    operations.import_edition(
        path=write_json(tmp_path, collection(feature(polygon(SITE)))), layer=LAYER, name="2026",
        actor=as_actor(keeper), at=NOON,
    )  # fmt: skip

    for changed, words in (
        ({}, "这个图层已有同名版本"),
        ({"name": " "}, "import-name-error"),
        ({"layer": "L06.01.02"}, "import-layer-error"),
        ({"name": "2027", "file": SimpleUploadedFile("a.geojson", b"<kml/>")}, "内容却不是"),
        ({"name": "2027", "file": SimpleUploadedFile("a.exe", b"MZ")}, "不收"),
        ({"name": "2027", "file": ""}, "import-file-error"),
    ):
        values = {"layer": LAYER, "name": "2026", "source": "", "crs": "", "file": upload(tmp_path), **changed}
        answer = client.post(PAGE, values)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_progress_is_told_until_the_import_has_ended(keeper: Any, tmp_path: Path) -> None:
    job = a_job(keeper, tmp_path)
    client = client_of(keeper)
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.RUNNING, read_count=8000, alive_at=NOON)

    assert "已读 8000 个图形" in client.get(f"{PAGE}{job.pk}/state/").content.decode()

    ImportJob.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
    run_imports()
    ended = client.get(f"{PAGE}{job.pk}/state/")
    assert (ended.status_code, ended["HX-Refresh"]) == (204, "true")


def test_an_import_whose_worker_is_gone_is_taken_up_at_once(keeper: Any, tmp_path: Path) -> None:
    lost, tried, alive = (a_job(keeper, tmp_path, name=name) for name in ("a", "b", "c"))
    ImportJob.objects.update(state=JobState.RUNNING, attempts=1, alive_at=clock.now())
    ImportJob.objects.filter(pk=tried.pk).update(attempts=3)

    with closing(connection.copy()) as other, other.cursor() as worker:
        worker.execute("SELECT pg_advisory_lock(%s, %s)", [jobs.LOCK, alive.pk])
        assert run_imports() == 1

    states = {job.name: job.state for job in ImportJob.objects.all()}
    assert states == {"a": JobState.DONE, "b": JobState.FAILED, "c": JobState.RUNNING}
    assert "中断" in ImportJob.objects.get(pk=tried.pk).refusal
    assert lost.pk


@pytest.mark.parametrize("fault", [MemoryError, ValueError, shapely.GEOSException])
def test_a_fault_of_ours_is_told_at_once_and_lets_the_next_one_pass(
    keeper: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    first, second = (a_job(keeper, tmp_path, name=name) for name in ("a", "b"))
    whole = jobs.import_edition

    def import_or_break(**given: Any) -> Any:
        if given["name"] == "a":
            raise fault
        return whole(**given)

    monkeypatch.setattr(jobs, "import_edition", import_or_break)

    assert run_imports() == 2

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (JobState.FAILED, JobState.DONE)
    assert "没有完成" in client_of(keeper).get(f"{PAGE}{first.pk}/").content.decode()
    assert AuditEvent.objects.filter(action="layers.import.ended").count() == 2


def test_only_keepers_see_the_pages_and_only_of_their_layers(
    keeper: Any, other: Any, person: Person, tmp_path: Path
) -> None:
    job = a_job(keeper, tmp_path)
    run_imports()
    job.refresh_from_db()
    edition = f"/layers/editions/{job.edition_id}/"
    handler = client_of(person("handler-x", "handler", department="zrzy"))
    stranger = client_of(other)

    assert [handler.get(path).status_code for path in (PAGE, f"{PAGE}{job.pk}/", edition)] == [403, 404, 404]
    assert stranger.get(PAGE).status_code == 200
    assert "红线.geojson" not in stranger.get(PAGE).content.decode()
    assert [stranger.get(path).status_code for path in (f"{PAGE}{job.pk}/", f"{PAGE}{job.pk}/state/", edition)] == [
        404
    ] * 3
    for client in (handler, stranger):
        assert client.post(f"{edition}publish/").status_code == 404
    assert stranger.post(PAGE, {"layer": LAYER, "name": "x", "file": upload(tmp_path)}).status_code == 422
    assert Client().get(PAGE).status_code == 302
    assert Edition.objects.get().state == EditionState.DRAFT


def test_who_lost_the_role_meanwhile_brings_nothing_in(keeper: Any, tmp_path: Path) -> None:
    job = a_job(keeper, tmp_path)
    keeper.memberships.all().delete()

    run_imports()

    job.refresh_from_db()
    assert (job.state, Edition.objects.count()) == (JobState.FAILED, 0)


def test_masked_layers_are_drawn_for_nobody(keeper: Any, person: Person, tmp_path: Path) -> None:
    masked = Layer.objects.filter(is_masked=True).first()
    assert masked
    owner = person("masked-keeper", "lead", department=masked.keeper)
    job = a_job(owner, tmp_path, feature(polygon(SITE), MC="秘密"), layer=masked.code)
    run_imports()
    job.refresh_from_db()

    shown = client_of(owner).get(f"/layers/editions/{job.edition_id}/").content.decode()

    assert "脱敏图层不显示图形" in shown
    assert "秘密" not in shown


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_takes_a_fixed_number_of_queries(keeper: Any, tmp_path: Path, count: int, max_queries: Any) -> None:
    for number in range(count):
        a_job(keeper, tmp_path, feature(polygon(box(0, 0, 9, number + 1))), name=f"{number:03d}")
    run_imports()
    client = client_of(keeper)

    with max_queries("layer_imports"):
        assert client.get(PAGE).status_code == 200
