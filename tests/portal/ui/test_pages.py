"""Pages of the interface itself: style guide, help, home per role, error pages, language."""

import re
from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from portal.accounts.models import User
from portal.core import nav
from portal.ui import views
from tests.cast import as_actor

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["ui:styleguide", "ui:help", "ui:accessibility"])
def test_answers_everybody_with_one_heading(client: Client, pack: object, page: str) -> None:
    response = client.get(reverse(page))
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<main") == 1
    assert re.search(r"审批服务\s*</title>", html)


def test_names_the_city_of_the_pack(client: Client, pack: object) -> None:
    city = pack.documents["city"]["name"].partition("（")[0]  # type: ignore[attr-defined]
    assert f"{city}工程建设项目审批服务" in client.get(reverse("ui:help")).content.decode()


def test_a_policy_forbids_inline_script_and_style(client: Client, pack: object) -> None:
    policy = client.get(reverse("ui:styleguide"))["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_visitor_is_sent_to_the_public_home_page(client: Client, pack: object) -> None:
    assert client.get(reverse("ui:home"))["Location"] == "/"


def test_a_person_is_sent_to_the_first_page_of_his_work_place(client: Client, clerk: User) -> None:
    client.force_login(clerk)
    actor = as_actor(clerk)
    (layout, *_) = nav.home_layouts(actor)
    first = next(item for item in nav.items_for(actor, layout) if item.act)
    assert client.get(reverse("ui:home"))["Location"] == reverse(first.url_name)


def test_nobody_is_let_into_a_work_place_that_is_not_his(client: Client, applicant: User) -> None:
    client.force_login(applicant)
    response = client.get(reverse("ui:home_of", args=["leader"]))
    assert response.status_code == 404
    assert "没有找到" in response.content.decode()


def test_every_entry_of_every_menu_leads_somewhere() -> None:
    lost = []
    for item in nav._items.values():
        try:
            reverse(item.url_name)
        except NoReverseMatch:
            lost.append(item.url_name)
    assert lost == []


def test_an_unknown_address_is_answered_in_the_look_of_the_house(client: Client, pack: object) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "没有这一页" in response.content.decode()


def test_a_form_without_token_says_that_nothing_is_lost(pack: object) -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("set_language"), {"language": "en"})
    assert response.status_code == 403
    assert "没能提交" in response.content.decode()


def test_an_unexpected_fault_shows_its_number_without_asking_the_database(
    client: Client, django_assert_num_queries: Callable[[int], object]
) -> None:
    request = RequestFactory().get("/")
    request.request_id = "abc123"  # type: ignore[attr-defined]
    with django_assert_num_queries(0):
        response = views.server_error(request)
    assert response.status_code == 500
    assert "abc123" in response.content.decode()


def test_the_language_can_be_changed_and_leads_back(client: Client, pack: object) -> None:
    response = client.post(reverse("set_language"), {"language": "en", "next": reverse("ui:help")})
    assert response["Location"] == reverse("ui:help")
    assert '<html lang="en">' in client.get(reverse("ui:help")).content.decode()
