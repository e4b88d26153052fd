"""A boundary is checked while it is drawn; nothing is kept."""

import pytest
from django.test import Client
from django.urls import reverse

from blueprint.checks.models import CheckRun
from portal.accounts.models import User
from tests.factories.blueprint import a_box, an_edition, feature, geojson

pytestmark = pytest.mark.django_db

LOOK = "checks:look"


def drawn() -> bytes:
    return geojson(feature(a_box(0, 0, 300, 200), "P"))


def test_a_visitor_is_not_answered(pack: object, client: Client) -> None:
    answered = client.post(reverse(LOOK), drawn(), content_type="application/geo+json")

    assert answered.status_code in (302, 401, 403)


def test_says_what_the_command_says_and_keeps_nothing(pack: object, client: Client, applicant: User) -> None:
    an_edition("L04.01.02", [feature(a_box(288, -50, 400, 250), "JN1")])
    client.force_login(applicant)

    said = client.post(reverse(LOOK), drawn(), content_type="application/geo+json").json()

    assert said["area_m2"] == 60_000.0
    assert [(row["feature"], row["overlap_m2"]) for row in said["findings"]] == [("JN1", 2400.0)]
    assert not CheckRun.objects.exists()


@pytest.mark.parametrize(("body", "code"), [(b"", "empty_file"), (b"{", "unreadable"), (b"\xff\xff", "unreadable")])
def test_what_is_no_boundary_is_answered_with_what_to_do(
    pack: object, client: Client, applicant: User, body: bytes, code: str
) -> None:
    client.force_login(applicant)

    answered = client.post(reverse(LOOK), body, content_type="application/geo+json")

    assert (answered.status_code, answered.json()["error"]["code"]) == (422, code)


def test_is_not_asked_by_a_link(client: Client, pack: object, applicant: User) -> None:
    client.force_login(applicant)

    assert client.get(reverse(LOOK)).status_code == 405


def test_nobody_feels_his_way_along_masked_ground(pack: object, client: Client, applicant: User) -> None:
    an_edition("L06.02.02", [feature(a_box(0, 0, 50, 50), "M1")])
    an_edition("L06.02.04", [feature(a_box(0, 0, 50, 50), "N1")])
    client.force_login(applicant)

    said = client.post(reverse(LOOK), drawn(), content_type="application/geo+json").json()

    assert {row["layer"] for part in ("totals", "findings") for row in said[part]} == {"L06.02.02"}


def test_a_form_is_told_to_come_as_geojson(pack: object, applicant: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(applicant)
    token = browser.get(reverse("layers:map")).cookies
    secret = next(cookie.value for name, cookie in token.items() if name.endswith("csrf"))

    answered = browser.post(reverse(LOOK), {"boundary": "x", "csrfmiddlewaretoken": secret})

    assert answered.status_code == 422
    assert "GeoJSON" in answered.content.decode()
