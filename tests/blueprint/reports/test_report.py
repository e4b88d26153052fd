"""The paper: ordered once, numbered, printed with maps and figures, filed, verified by its code."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from blueprint.checks.models import CheckRun
from blueprint.checks.states import RunState
from blueprint.layers.models import Edition
from blueprint.reports import operations as reports
from blueprint.reports.models import Report
from blueprint.siting.models import Site
from portal.accounts.models import User
from portal.citypack.models import PackVersion
from portal.core import clock, files
from portal.core.errors import NotAllowed, NotFound
from portal.core.models import AuditEvent
from projects.archive.models import Document
from tests.blueprint.reports.conftest import a_run, a_version
from tests.cast import PLANNING, as_actor

pytestmark = pytest.mark.django_db

Drain = Callable[[datetime], int]


def text_of(report: Report) -> str:
    assert report.blob is not None
    with files.open_blob(report.blob.sha256) as content:
        return "".join(page.extract_text() for page in PdfReader(content).pages)


def test_it_is_numbered_at_once_printed_and_filed(run: CheckRun, applicant: User, at: datetime, drained: Drain) -> None:
    report = reports.order_report(run_id=run.pk, actor=as_actor(applicant), at=at)
    assert (report.number, report.state) == ("滨资规蓝核〔2026〕0001号", "preparing")

    drained(at)

    report.refresh_from_db()
    assert report.is_issued
    document = Document.objects.get(pk=report.document_id)
    assert (document.number, document.blob_id, document.project_id) == (
        report.number,
        report.blob_id,
        run.version.site.project_id,
    )
    assert document.grants.filter(department_id=PLANNING).exists()
    actions = AuditEvent.objects.filter(stream=report.audit_stream).values_list("action", flat=True)
    assert {"reports.report.ordered", "reports.report.issued"} <= set(actions)


def test_it_says_figures_editions_corners_and_owners(
    run: CheckRun, applicant: User, at: datetime, drained: Drain
) -> None:
    report = reports.order_report(run_id=run.pk, actor=as_actor(applicant), at=at)
    drained(at)
    report.refresh_from_db()

    words = "".join(text_of(report).split())
    for expected in (
        report.number,
        report.verify_code,
        "3,000.0",
        "永久基本农田JN1",
        "P001",
        "资规",
        "2465400.00",
        "38440600.00",
        "J4",
        "没有申报这项用途或指标",
        "2026",
        "需征询",
    ):
        assert expected in words, expected
    assert "SECRET" not in words


def test_ordering_twice_gives_one_paper(run: CheckRun, applicant: User, at: datetime, drained: Drain) -> None:
    actor = as_actor(applicant)
    first = reports.order_report(run_id=run.pk, actor=actor, at=at)
    drained(at)
    again = reports.order_report(run_id=run.pk, actor=actor, at=at)
    before = Report.objects.get(pk=first.pk).blob_id

    assert again.pk == first.pk
    assert reports.print_report(report_id=first.pk, at=at).blob_id == before
    assert Report.objects.count() == 1


def test_outsiders_and_unfinished_runs_get_none(
    run: CheckRun,
    other_applicant: User,
    fire_reviewer: User,
    applicant: User,
    city: dict[str, Edition],
    pack: PackVersion,
    at: datetime,
) -> None:
    for user in (other_applicant, fire_reviewer):
        with pytest.raises(NotFound):
            reports.order_report(run_id=run.pk, actor=as_actor(user), at=at)
    failed = a_run(run.version, city, pack, at=at, state=RunState.FAILED, error="没有完成")
    with pytest.raises(NotAllowed):
        reports.order_report(run_id=failed.pk, actor=as_actor(applicant), at=at)
    with pytest.raises(NotFound):
        reports.order_report(run_id=0, actor=as_actor(applicant), at=at)
    assert not Report.objects.exists()


def test_an_idea_has_a_report_but_no_archive(
    idea: Site,
    planning_handler: User,
    city: dict[str, Edition],
    pack: PackVersion,
    at: datetime,
    drained: Drain,
) -> None:
    run = a_run(a_version(idea, at=at), city, pack, at=at)
    report = reports.order_report(run_id=run.pk, actor=as_actor(planning_handler), at=at)
    drained(at)

    report.refresh_from_db()
    assert report.is_issued
    assert report.document_id is None
    assert "湾区学校" in text_of(report)
    assert "测绘院" in text_of(report)
    # who entered the boundary is for those who have the paper, not for whoever knows its code
    assert "测绘院" not in str(report.content)


def test_the_code_is_verified_like_other_papers(
    client: Client, run: CheckRun, applicant: User, at: datetime, drained: Drain
) -> None:
    report = reports.order_report(run_id=run.pk, actor=as_actor(applicant), at=at)
    address = reverse("certificates:verify", args=[report.verify_code])
    assert client.get(address).status_code == 404
    drained(at)

    answer = client.get(address)

    assert answer.status_code == 200
    html = answer.content.decode()
    assert report.number in html
    assert "3 条不通过" in html
    assert "申大路" not in html
    report.refresh_from_db()
    assert report.blob is not None
    with files.open_blob(report.blob.sha256) as original:
        same = client.post(address, {"file": original})
    assert "一致" in same.content.decode()


def test_page_orders_and_hands_it_out(
    client: Client, run: CheckRun, applicant: User, at: datetime, drained: Drain
) -> None:
    client.force_login(applicant)
    answer = client.post(reverse("reports:order", args=[run.pk]))
    assert answer["Location"] == reverse("reports:run", args=[run.pk])
    assert "正在出具" in client.get(answer["Location"]).content.decode()
    assert client.get(reverse("reports:paper", args=[run.pk])).status_code == 404
    drained(clock.now())

    state = client.get(reverse("reports:state", args=[run.pk]), headers={"HX-Request": "true"})
    assert reverse("reports:paper", args=[run.pk]) in state.content.decode()
    paper = client.get(reverse("reports:paper", args=[run.pk]))
    assert paper["Content-Type"] == "application/pdf"
    assert b"".join(paper).startswith(b"%PDF")  # type: ignore[arg-type]
