"""The page of a run: findings in words, totals of what passes too, what was skipped, the map, who may see it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from blueprint.checks.models import CheckRun, Finding
from blueprint.checks.states import RunState
from blueprint.layers.models import Edition
from blueprint.reports import meanings, pages
from blueprint.siting.models import Site, SiteVersion
from portal.accounts.models import User
from portal.citypack.models import PackVersion
from portal.core.actor import Actor
from tests.blueprint.reports.conftest import a_finding, a_run, a_version, filled

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("测试")


def page_of(client: Client, user: User, run: CheckRun, query: str = "") -> str:
    client.force_login(user)
    answer = client.get(reverse("reports:run", args=[run.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_findings_say_what_where_how_much_and_who_resolves_them(client: Client, applicant: User, run: CheckRun) -> None:
    html = page_of(client, applicant, run)

    assert "永久基本农田 JN1" in html
    assert "3,000.0\xa0m²" in html
    assert "占 5.00%" in html
    assert "申报 2.35，规划 2.31" in html
    assert "不得擅自占用" in html
    assert "080403 中小学用地" in html
    assert "相差 0.83%" in html
    assert "5 条不通过" not in html
    assert "3 条不通过" in html


def test_layers_that_pass_and_checks_that_were_skipped_are_listed(
    client: Client, applicant: User, run: CheckRun
) -> None:
    page = pages.run_page(run, SYSTEM)

    assert [(row.layer, row.light) for row in page.totals] == [
        ("永久基本农田", "late"),
        ("蓝线", "ok"),
        ("国家安全控制区(脱敏)", "due"),
    ]
    assert page.passed == 1
    assert [row.reason for row in page.skipped] == ["这个图层还没有发布的数据", "没有申报这项用途或指标"]
    by_name = {row.name: row.light for row in page.checks}
    assert by_name["红线重叠与重复供地"] == "ok"
    assert by_name["三区三线合规性检查"] == "late"
    html = page_of(client, applicant, run)
    assert "蓝线" in html
    assert "这个图层还没有发布的数据" in html


def test_a_masked_layer_says_only_that_it_must_be_asked(client: Client, applicant: User, run: CheckRun) -> None:
    html = page_of(client, applicant, run)

    assert "需征询" in html
    assert "SECRET" not in html
    page = pages.run_page(run, SYSTEM)
    masked = next(row for row in page.findings if row.layer.startswith("国家安全"))
    assert (masked.area, masked.share, masked.sentences, masked.has_shape) == ("", "", (), False)
    drawn = page.atlas.overview()
    assert "国家安全" not in "".join(row.words for row in drawn.legend)


def test_list_and_map_name_the_same_things(client: Client, applicant: User, run: CheckRun) -> None:
    html = page_of(client, applicant, run)

    assert 'data-map-list="check-map"' in html
    for key in ("F1", "F2", "F3"):
        assert f'data-map-feature="{key}"' in html
    assert 'data-map-feature="F6"' not in html
    assert 'data-map-feature="P001"' in html
    assert '"id": "F1"' in html
    picture = client.get(reverse("reports:picture", args=[run.pk]))
    assert picture["Content-Type"] == "image/svg+xml"
    assert 'data-mark="1"' in picture.content.decode()


def test_outsiders_get_nothing(
    client: Client, other_applicant: User, fire_reviewer: User, run: CheckRun, idea: Site
) -> None:
    for user in (other_applicant, fire_reviewer):
        client.force_login(user)
        for name in ("run", "picture", "state", "paper"):
            assert client.get(reverse(f"reports:{name}", args=[run.pk])).status_code == 404
        assert client.post(reverse("reports:order", args=[run.pk])).status_code == 404
        code = run.version.site.project.code
        assert client.get(reverse("reports:panel", args=[code])).status_code == 404
    client.logout()
    assert client.get(reverse("reports:run", args=[run.pk])).status_code == 302


def test_a_department_sees_the_run_of_its_own_idea(
    client: Client,
    planning_handler: User,
    applicant: User,
    idea: Site,
    city: dict[str, Edition],
    pack: PackVersion,
    at: datetime,
) -> None:
    run = a_run(a_version(idea, at=at), city, pack, at=at)

    assert "湾区学校" in page_of(client, planning_handler, run)
    client.force_login(applicant)
    assert client.get(reverse("reports:run", args=[run.pk])).status_code == 404


def test_an_earlier_run_is_laid_beside_it(
    client: Client,
    applicant: User,
    site: Site,
    version: SiteVersion,
    city: dict[str, Edition],
    pack: PackVersion,
    at: datetime,
) -> None:
    old = filled(a_run(version, city, pack, at=at), city)
    moved = a_version(site, at=at + timedelta(days=1), number=2, west=420.0)
    new = a_run(moved, city, pack, at=at + timedelta(days=1))
    a_finding(new, 1, check_code="chk_3lines", layer_id="L04.01.02", feature="JN1", overlap_m2=2000.0, share=0.04)
    a_finding(new, 2, check_code="chk_red", layer_id="L13.03.04", feature="CR1", overlap_m2=9.0, share=0.0002)
    CheckRun.objects.filter(pk=old.pk).update(
        editions=[{**row, "edition": "2025"} if row["layer"] == "L04.01.02" else row for row in old.editions]
    )

    page = pages.run_page(new, SYSTEM, against=old.pk)

    assert page.comparison is not None
    assert page.comparison.changes == {1: "少 1,000.0\xa0m²", 2: "新出现"}
    assert "用途" not in "".join(page.comparison.editions)
    assert page.comparison.editions == ("永久基本农田 2025 → 2026",)
    assert len(page.comparison.gone) == 6
    assert "第 1 版 → 第 2 版" in page.comparison.area
    html = page_of(client, applicant, new, f"?with={old.pk}")
    assert "不再出现" in html
    assert page_of(client, applicant, new, "?with=x9") != html


def test_the_run_of_another_site_is_no_comparison(
    run: CheckRun, idea: Site, city: dict[str, Edition], pack: PackVersion, at: datetime
) -> None:
    other = a_run(a_version(idea, at=at), city, pack, at=at)
    assert pages.run_page(run, SYSTEM, against=other.pk).comparison is None


def test_a_run_that_failed_says_why(
    client: Client, applicant: User, version: SiteVersion, city: dict[str, Edition], pack: PackVersion, at: datetime
) -> None:
    run = a_run(version, city, pack, at=at, state=RunState.FAILED, error="图层正在更新，请稍后再核查。", result={})
    page = page_of(client, applicant, run)
    assert "图层正在更新，请稍后再核查。" in page
    assert pages.run_page(run, SYSTEM).verdict == "未能完成"
    assert reverse("reports:repeat", args=[run.pk]) in page


def test_the_panel_shows_the_last_run(
    client: Client,
    applicant: User,
    run: CheckRun,
    site: Site,
    city: dict[str, Edition],
    pack: PackVersion,
    at: datetime,
) -> None:
    client.force_login(applicant)
    address = reverse("reports:panel", args=[run.version.site.project.code])
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert reverse("reports:run", args=[run.pk]) in fragment
    newer = a_run(a_version(site, at=at, number=2), city, pack, at=at + timedelta(hours=1))
    assert reverse("reports:run", args=[newer.pk]) in client.get(address).content.decode()


def test_the_panel_of_a_project_without_a_site(client: Client, applicant: User, project: object) -> None:
    client.force_login(applicant)
    answer = client.get(reverse("reports:panel", args=[project.code]))  # type: ignore[attr-defined]
    assert "还没有红线核查的结果" in answer.content.decode()


@pytest.mark.parametrize("many", [3, 30])
def test_page_needs_a_fixed_number_of_queries(
    many: int,
    client: Client,
    applicant: User,
    run: CheckRun,
    city: dict[str, Edition],
    max_queries: Callable[[str], AbstractContextManager[None]],
) -> None:
    for number in range(100, 100 + many):
        a_finding(run, number, check_code="chk_red", layer_id="L13.03.04", feature=str(number), overlap_m2=1.0, share=0)
    meanings.words(run.pack_version_id)
    client.force_login(applicant)
    client.get("/")
    with max_queries("reports.run"):
        assert client.get(reverse("reports:run", args=[run.pk])).status_code == 200


def test_every_finding_a_check_can_have_has_a_meaning(pack: PackVersion) -> None:
    words = meanings.read(pack.documents)
    assert words.report is not None
    for code in words.checks:
        said = words.meaning_of(Finding(check_code=code, severity="stop"))
        assert said.says, code
        assert said.by, code


def test_a_repeat_is_a_run_of_its_own_beside_the_old_one(client: Client, applicant: User, run: CheckRun) -> None:
    client.force_login(applicant)
    answer = client.post(reverse("reports:repeat", args=[run.pk]))

    new = CheckRun.objects.exclude(pk=run.pk).get()
    assert (new.version_id, new.state) == (run.version_id, RunState.DONE)
    assert answer["Location"] == reverse("reports:run", args=[new.pk]) + f"?with={run.pk}"
    assert client.get(answer["Location"]).status_code == 200


def test_an_outsider_repeats_nothing(client: Client, other_applicant: User, run: CheckRun) -> None:
    client.force_login(other_applicant)
    assert client.post(reverse("reports:repeat", args=[run.pk])).status_code == 404
    assert CheckRun.objects.count() == 1
