"""Public guides: every item can be found and read without a login."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse

from portal.citypack.models import PackVersion
from projects.catalogue import queries

pytestmark = pytest.mark.django_db

Measure = Callable[[str], AbstractContextManager[None]]


def page(client: Client, name: str, *args: str, query: str = "") -> str:
    answer = client.get(reverse(name, args=args), {"q": query} if query else {})
    assert answer.status_code == 200
    return answer.content.decode()


def found(pack: PackVersion, text: str) -> set[str]:
    listed = queries.guide_list(pack.pk, text=text)
    return {row.item.id for group in listed.groups for row in group.rows}


def test_lists_every_item_by_stage(client: Client, pack: PackVersion) -> None:
    listed = queries.guide_list(pack.pk)
    shown = page(client, "catalogue:guides")

    assert listed.found == listed.total == len(queries.catalogue(pack.pk).items)
    assert [group.stage.id for group in listed.groups] == ["S0", "S1", "S2", "S3", "S4", "P"]
    for group in listed.groups:
        for row in group.rows:
            assert reverse("catalogue:guide", args=[row.item.id]) in shown


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("划拨", {"S1-06"}),
        ("s1-07", {"S1-07"}),
        ("划拨决定书", {"S1-06"}),
        ("国家安全局", {"S1-25"}),
        ("国有 划拨", {"S1-06"}),
        ("国有 林地", set()),
        ("没有这个词", set()),
    ],
)
def test_searches_names_numbers_results_and_departments(pack: PackVersion, text: str, wanted: set[str]) -> None:
    assert found(pack, text) == wanted


def test_search_without_a_hit_shows_the_way_back(client: Client, pack: PackVersion) -> None:
    shown = page(client, "catalogue:guides", query="没有这个词")

    assert "没有找到事项" in shown
    assert "看全部事项" in shown


@pytest.mark.parametrize("text", ["%", "_", "<script>", "\\", "'", "　", "啊" * 500])
def test_search_bears_any_input(client: Client, pack: PackVersion, text: str) -> None:
    assert "<script>" + "</" not in page(client, "catalogue:guides", query=text)


def test_guide_answers_who_when_what_and_how_much(client: Client, pack: PackVersion) -> None:
    shown = page(client, "catalogue:guide", "S1-07")

    for words in ("滨海市自然资源局", "5 工作日", "20 工作日", "建设用地规划许可证", "不收费", "城乡规划法第37、38条"):
        assert words in shown


def test_guide_names_the_fee(client: Client, pack: PackVersion) -> None:
    assert "城市基础设施配套费，按建筑面积和本地标准收取" in page(client, "catalogue:guide", "S3-08")


def test_guide_says_same_day_and_calendar_days(client: Client, pack: PackVersion) -> None:
    assert "即办，当天" in page(client, "catalogue:guide", "S1-04")
    assert "60 日历日" in page(client, "catalogue:guide", "S1-11")


def test_guide_puts_first_what_need_not_be_brought(client: Client, pack: PackVersion) -> None:
    shown = page(client, "catalogue:guide", "S1-02")
    guide = queries.guide(pack.pk, "S1-02")

    assert shown.index("不用您交") < shown.index("请您准备")
    assert {material.source for material, _origin in guide.not_asked} <= {"e_cert", "prior_result", "system"}
    assert {material.source for material, _tolerable in guide.asked} <= {"applicant", "third_party"}
    assert len(guide.asked) + len(guide.not_asked) == len(guide.item.materials)


def test_guide_links_what_comes_before_and_after(client: Client, pack: PackVersion) -> None:
    shown = page(client, "catalogue:guide", "S3-03")

    for other in ("S2-02", "S3-01", "S4-01"):
        assert reverse("catalogue:guide", args=[other]) in shown


def test_guide_names_the_version_it_stands_on(client: Client, pack: PackVersion) -> None:
    assert f"城市配置第 {pack.number} 版" in page(client, "catalogue:guide", "S1-07")


def test_every_guide_can_be_read(client: Client, pack: PackVersion) -> None:
    for item in queries.catalogue(pack.pk).items:
        page(client, "catalogue:guide", item)


@pytest.mark.parametrize("item", ["S9-99", "x", "S1-07 ", "..", "<b>"])
def test_unknown_item_is_not_found(client: Client, pack: PackVersion, item: str) -> None:
    assert client.get(reverse("catalogue:guide", args=[item])).status_code == 404


def test_pages_need_few_queries(client: Client, pack: PackVersion, max_queries: Measure) -> None:
    page(client, "catalogue:guides")
    with max_queries("catalogue.guides"):
        page(client, "catalogue:guides")
    with max_queries("catalogue.guides.search"):
        page(client, "catalogue:guides", query="许可")
    with max_queries("catalogue.guide"):
        page(client, "catalogue:guide", "S1-07")


def test_nothing_can_be_sent_to_the_pages(client: Client, pack: PackVersion) -> None:
    assert client.post(reverse("catalogue:guides")).status_code == 405
