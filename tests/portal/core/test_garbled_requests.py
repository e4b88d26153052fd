"""Requests that nobody types: each is answered in the form of the caller, none breaks the portal."""

import json

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from approvals.tracking import api
from portal.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def headers(applicant: User) -> dict[str, str]:
    return {"Authorization": f"Token {Token.objects.create(user=applicant).key}"}


def problem(answer: object) -> dict[str, object]:
    assert answer["Content-Type"].startswith("application/problem+json")  # type: ignore[index]
    return json.loads(answer.content)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "address",
    ["projects/%00", "certificates/x%00y", "tasks?project=%00", "deliveries?project=a%00", "projects?x=%2500%00"],
)
def test_a_machine_is_told_that_an_address_is_garbled(client, pack, headers, address):
    answer = client.get(f"/api/v1/{address}", headers=headers)
    assert answer.status_code == 400
    assert problem(answer)["code"] == "bad_request"


@pytest.mark.parametrize("address", ["/x/%00", "/v/%00", "/archive/%00/", "/?q=%00", "/guides/%00/"])
def test_a_visitor_gets_the_page_of_a_broken_address(client, pack, address):
    answer = client.get(address)
    assert answer.status_code in (400, 404)
    assert "<main" in answer.content.decode()


def test_a_form_with_a_sign_that_cannot_be_kept_is_refused(client, pack):
    assert client.post("/accounts/login/", {"username": "a\0b", "password": "x"}).status_code == 400


def test_a_garbled_cookie_is_no_session(client, pack):
    client.cookies["sessionid"] = "a\0b"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("cursor", ["zzz", "cD1hYmM=", "cD0lMDA=", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk="])
@pytest.mark.parametrize("listing", ["projects", "tasks", "deliveries"])
def test_a_cursor_that_no_page_gave_out_finds_nothing(client, pack, headers, listing, cursor):
    answer = client.get(f"/api/v1/{listing}", {"cursor": cursor}, headers=headers)
    if answer.status_code == 200:  # a number that no row has
        assert answer.json()["results"] == []
    else:
        assert answer.status_code == 404
        assert problem(answer)["code"] == "not_found"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[" * 100_000,
        b'{"a":' * 5_000,
        b"[" * 17 + b"]" * 17,
        b'{"name":"a\\u0000b"}',
        b'{"facts":{"purpose":["a\\u0000b"]}}',
        b'{"facts":{"a\\u0000":1}}',
        b'{"facts":{"purpose":"\\ud800"}}',
        b"\xff\xfe",
        b'{"facts":{"floor_area_m2":NaN}}',
    ],
)
def test_a_body_that_cannot_be_read_or_kept_is_refused(client, pack, headers, body):
    answer = client.post("/api/v1/projects", body, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert problem(answer)["code"] == "parse_error"


def test_a_body_that_is_too_large_is_refused(client, pack, headers, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    body = b'{"name":"' + b"x" * 2_000 + b'"}'
    answer = client.post("/api/v1/projects", body, content_type="application/json", headers=headers)
    assert answer.status_code in (400, 413)
    problem(answer)


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/api/v1/applications/abc", "/api/"])
def test_an_unknown_address_of_the_api_is_a_problem_too(client, pack, headers, address):
    answer = client.get(address, headers=headers)
    assert answer.status_code == 404
    assert problem(answer)["code"] == "not_found"


def test_an_unexpected_error_is_a_problem_too(headers, pack, monkeypatch):
    monkeypatch.setattr(api.Project.objects, "visible_to", lambda actor: 1 / 0)
    answer = Client(raise_request_exception=False).get("/api/v1/projects", headers=headers)
    assert answer.status_code == 500
    assert problem(answer)["code"] == "server_error"


def test_the_schema_is_json_unless_yaml_is_asked_for(client, pack):
    assert client.get("/api/v1/schema").json()["openapi"].startswith("3.1")
    yaml = client.get("/api/v1/schema", headers={"Accept": "application/yaml"})
    assert yaml.content.startswith(b"openapi: 3.1")
