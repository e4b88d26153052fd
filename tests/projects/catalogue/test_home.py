"""The public home page: flows as lines with their real days, stages, coming holidays."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from portal.citypack.models import PackVersion
from projects.catalogue import queries

pytestmark = pytest.mark.django_db


def test_flows_reach_the_days_of_the_pack(pack: PackVersion) -> None:
    home = queries.home(pack.pk, today=date(2026, 4, 14))
    catalogue = queries.catalogue(pack.pk)

    assert [line.total for line in home.flows] == sorted(flow.total_limit_days for flow in catalogue.flows.values())
    assert home.flows[0].stops == (2, 7, 12, 20)
    assert [line.is_public_money for line in home.flows] == [False, False, False, True, True]


def test_stages_name_their_lead_and_their_milestone_first(pack: PackVersion) -> None:
    home = queries.home(pack.pk, today=date(2026, 4, 14))

    assert [column.count for column in home.stages] == [10, 7, 7, 11]
    assert [column.examples[0].id for column in home.stages] == ["S1-07", "S2-02", "S3-03", "S4-10"]
    assert home.stages[0].lead == "滨海市自然资源局"
    assert home.parallel_count == 54


def test_coming_holidays_are_told_as_spans(pack: PackVersion) -> None:
    notes = queries.home(pack.pk, today=date(2026, 4, 14)).calendar

    assert (notes[0].first, notes[0].last, notes[0].is_worked) == (date(2026, 5, 1), date(2026, 5, 5), False)
    assert (notes[1].first, notes[1].last, notes[1].is_worked) == (date(2026, 5, 9), date(2026, 5, 9), True)


def test_page_shows_counts_lines_and_stages(client: Client, pack: PackVersion) -> None:
    shown = client.get(reverse("catalogue:home")).content.decode()

    assert "32 个部门、92 个事项" in shown
    assert "社会投资小型类" in shown
    assert reverse("catalogue:guide", args=["S1-07"]) in shown
    assert reverse("catalogue:home") == "/"


def test_page_needs_few_queries(
    client: Client, pack: PackVersion, max_queries: Callable[[str], AbstractContextManager[None]]
) -> None:
    client.get(reverse("catalogue:home"))

    with max_queries("catalogue.home"):
        client.get(reverse("catalogue:home"))
