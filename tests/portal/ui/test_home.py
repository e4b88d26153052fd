"""Whose work begins where: the work place of his role, not of an act he happens to share."""

import pytest

from portal.core import nav
from portal.core.actor import Actor, Grant
from portal.ui import home


@pytest.fixture(autouse=True)
def _menus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nav, "_items", {})
    nav.register(nav.NavItem("department", "待办", "review:inbox", 10, act="case.view"))
    nav.register(nav.NavItem("department", "消息", "notices:inbox", 5))
    nav.register(nav.NavItem("applicant", "我的项目", "tracking:projects", 10, act="case.view"))
    nav.register(nav.NavItem("public", "办事指南", "catalogue:guides", 10))


def actor(*layouts: str, act: str = "case.view") -> Actor:
    return Actor(1, "某人", grants=frozenset({Grant(act, "own")}), layouts=frozenset(layouts))


def test_the_first_entry_with_an_act_is_where_work_begins() -> None:
    assert home.first_page(actor("department")) == "review:inbox"


def test_an_act_shared_with_staff_opens_no_staff_work_place() -> None:
    applicant = actor("applicant")
    assert home.first_page(applicant) == "tracking:projects"
    assert home.first_page(applicant, "department") is None
    assert nav.items_for(applicant, "department") == []


def test_who_works_in_two_places_starts_in_the_department_and_may_ask_for_the_other() -> None:
    both = actor("applicant", "department")
    assert nav.home_layouts(both) == ["department", "applicant"]
    assert home.first_page(both, "applicant") == "tracking:projects"


def test_a_visitor_has_only_the_public_menu() -> None:
    visitor = Actor.anonymous()
    assert home.first_page(visitor) is None
    assert [item.url_name for item in nav.items_for(visitor, "public")] == ["catalogue:guides"]


def test_without_the_act_the_work_place_is_empty() -> None:
    assert home.first_page(actor("department", act="something.else")) is None
