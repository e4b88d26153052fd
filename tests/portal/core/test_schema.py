"""The description of the machine interface: what it says is what the endpoints answer."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from portal.accounts.models import User


@pytest.fixture
def schema(client: Client, db: None) -> dict[str, Any]:
    described: dict[str, Any] = client.get("/api/v1/schema").json()
    return described


def answers(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (f"{method} {address}", status, answer)
        for address, methods in schema["paths"].items()
        for method, operation in methods.items()
        for status, answer in operation["responses"].items()
    ]


def test_every_refusal_is_described_as_a_problem(schema: dict[str, Any]) -> None:
    refusals = [(name, status, answer) for name, status, answer in answers(schema) if status >= "400"]
    assert refusals
    assert [
        (name, status) for name, status, answer in refusals if "application/problem+json" not in answer["content"]
    ] == []


def test_every_endpoint_says_that_it_asks_for_a_token_and_hides_what_is_not_yours(schema: dict[str, Any]) -> None:
    told = answers(schema)
    for status in ("400", "401", "403", "404", "422"):
        assert {name for name, _status, _answer in told} == {name for name, given, _answer in told if given == status}


def test_a_problem_has_the_members_it_is_described_with(
    client: Client, pack: object, applicant: User, schema: dict[str, Any]
) -> None:
    headers = {"Authorization": f"Token {Token.objects.create(user=applicant).key}"}
    described = schema["components"]["schemas"]["Problem"]
    for answer in (
        client.get("/api/v1/projects"),
        client.get("/api/v1/projects/x", headers=headers),
        client.post("/api/v1/projects", {}, content_type="application/json", headers=headers),
    ):
        assert answer["Content-Type"].startswith("application/problem+json")
        assert set(described["required"]) <= set(answer.json()) <= set(described["properties"])


def test_the_list_of_projects_is_described_as_a_page(
    client: Client, pack: object, applicant: User, schema: dict[str, Any]
) -> None:
    headers = {"Authorization": f"Token {Token.objects.create(user=applicant).key}"}
    content = schema["paths"]["/api/v1/projects"]["get"]["responses"]["200"]["content"]["application/json"]
    described = schema["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
    assert set(client.get("/api/v1/projects", headers=headers).json()) == set(described["properties"])
