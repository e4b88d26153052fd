"""The machine interface of applications: the shapes of the contract, the same rules as the pages."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from approvals.applications import queries
from approvals.applications.models import Application
from portal.accounts.models import Enterprise, User
from portal.core import clock
from tests.cast import as_actor
from tests.factories import applications as make
from tests.factories.projects import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(at: datetime) -> object:
    with clock.frozen(at):
        yield


@pytest.fixture
def draft(enterprise: Enterprise, applicant: User, at: datetime) -> Application:
    return make.a_draft(owner=enterprise, actor=as_actor(applicant), at=at)


def machine(user: User) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
    return client


def address(application: Application, what: str = "") -> str:
    return f"/api/v1/applications/{application.pk}" + (f"/{what}" if what else "")


def test_the_form_has_the_keys_of_the_contract(draft: Application, applicant: User) -> None:
    answer = machine(applicant).get(address(draft, "form"))

    fields = answer.json()["fields"]
    assert set(fields[0]) == {
        "id",
        "label",
        "type",
        "unit",
        "required",
        "options",
        "columns",
        "value",
        "source",
        "read_only",
        "needed_by",
        "problem",
        "version",
    }
    by_id = {field["id"]: field for field in fields}
    assert by_id["owner_uscc"]["source"] == "e_cert"
    assert by_id["owner_uscc"]["read_only"]
    assert by_id["contact"]["source"] is None
    assert by_id["contact"]["problem"]
    assert {"value": "social", "label": "社会投资"} in by_id["fund_source"]["options"]


def test_patching_answers_the_whole_form(draft: Application, applicant: User) -> None:
    client = machine(applicant)

    answer = client.patch(address(draft, "form"), {"contact": "李明", "contact_mobile": "1"}, format="json")

    assert answer.status_code == 200
    by_id = {field["id"]: field for field in answer.json()["fields"]}
    assert (by_id["contact"]["value"], by_id["contact"]["source"], by_id["contact"]["problem"]) == (
        "李明",
        "applicant",
        None,
    )
    assert by_id["contact_mobile"]["value"] is None
    assert "手机号" in by_id["contact_mobile"]["problem"]
    refusal = client.patch(address(draft, "form"), {"nothing_like_it": 1}, format="json")
    assert refusal.status_code == 422
    assert refusal.headers["Content-Type"] == "application/problem+json"
    assert client.patch(address(draft, "form"), [1], format="json").status_code == 422


def test_materials_are_brought_and_reused(draft: Application, applicant: User) -> None:
    client = machine(applicant)
    slots = client.get(address(draft, "materials")).json()["slots"]
    assert {"id", "name", "required", "filled", "reusable"} <= set(slots[0])
    first, second = [slot for slot in slots if slot["required"]][:2]

    answer = client.post(address(draft, "materials"), {"slot": first["id"], "file": pdf()}, format="multipart")

    filled = {slot["id"]: slot for slot in answer.json()["slots"]}
    assert filled[first["id"]]["filled"]
    document = filled[first["id"]]["files"][0]["document"]
    again = client.post(address(draft, "materials"), {"slot": second["id"], "reuse": document}, format="json")
    assert {slot["id"]: slot for slot in again.json()["slots"]}[second["id"]]["filled"]


@pytest.mark.parametrize(
    "file",
    [SimpleUploadedFile("空.pdf", b""), SimpleUploadedFile("a.exe", b"MZ"), SimpleUploadedFile("a.pdf", b"hello")],
)
def test_a_wrong_file_is_a_problem_with_its_sentence(
    draft: Application, applicant: User, file: SimpleUploadedFile
) -> None:
    file.seek(0)
    slot = make.first_slot(draft)

    answer = machine(applicant).post(address(draft, "materials"), {"slot": slot.pk, "file": file}, format="multipart")

    assert answer.status_code == 422
    assert answer.json()["code"] == "file_refused"
    assert answer.json()["title"]


@pytest.mark.parametrize("slot", ["0", "99999999999999999999", "m_nothing", "x' OR 1=1"])
def test_a_slot_that_is_not_there(draft: Application, applicant: User, slot: str) -> None:
    answer = machine(applicant).post(address(draft, "materials"), {"slot": slot, "file": pdf()}, format="multipart")

    assert answer.status_code == 404


def test_goes_all_the_way_to_the_correction_and_back(
    draft: Application, applicant: User, clerk: User, at: datetime
) -> None:
    owner, window = machine(applicant), machine(clerk)
    incomplete = owner.post(address(draft, "submit"))
    assert incomplete.status_code == 422
    assert incomplete.json()["code"] == "incomplete"
    assert "contact" in incomplete.json()["fields"]
    make.fill_in(draft, actor=as_actor(applicant), at=at)
    make.bring_materials(draft, actor=as_actor(applicant), at=at)

    submitted = owner.post(address(draft, "submit"))

    assert (submitted.status_code, submitted.json()["state"]) == (200, "submitted")
    again = owner.post(address(draft, "submit"))
    assert (again.status_code, again.json()["code"]) == (409, "state")
    slot = make.first_slot(draft)
    corrected = window.post(
        address(draft, "correct"), {"reason": "缺签章", "missing": [slot.pk, "site_address"]}, format="json"
    )
    assert (corrected.status_code, corrected.json()["state"]) == (200, "correcting")
    assert {point["field"] or point["slot"] for point in corrected.json()["corrections"]} == {slot.pk, "site_address"}
    assert owner.post(address(draft, "submit")).json()["code"] == "unmended"
    owner.patch(address(draft, "form"), {"site_address": "云岭三路 12 号"}, format="json")
    owner.post(address(draft, "materials"), {"slot": slot.pk, "file": pdf(note="新")}, format="multipart")
    assert owner.post(address(draft, "submit")).json()["state"] == "submitted"
    second = window.post(address(draft, "correct"), {"missing": [slot.pk]}, format="json")
    assert (second.status_code, second.json()["code"]) == (409, "second_correction")
    refused = window.post(address(draft, "refuse"), {"reason": "仍不符"}, format="json")
    assert (refused.status_code, refused.json()["state"]) == (200, "rejected")


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("get", "", None),
        ("get", "form", None),
        ("patch", "form", {"contact": "x"}),
        ("get", "materials", None),
        ("post", "materials", {"slot": "m_auth", "reuse": 1}),
        ("post", "submit", None),
        ("post", "correct", {"reason": "x"}),
        ("post", "refuse", {"reason": "x"}),
    ],
)
@pytest.mark.parametrize("who", ["other_applicant", "planning_handler", "outsider"])
def test_there_is_nothing_for_an_outsider(
    draft: Application, who: str, method: str, what: str, body: Any, request: pytest.FixtureRequest
) -> None:
    answer = getattr(machine(request.getfixturevalue(who)), method)(address(draft, what), body, format="json")

    assert answer.status_code == 404
    assert draft.project.name not in answer.content.decode()


@pytest.mark.parametrize("what", ["correct", "refuse"])
def test_the_window_learns_that_a_draft_is_a_draft(draft: Application, clerk: User, what: str) -> None:
    answer = machine(clerk).post(address(draft, what), {"reason": "x", "missing": ["contact"]}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "state")


def test_a_department_sees_its_part_after_acceptance(
    enterprise: Enterprise, applicant: User, clerk: User, planning_handler: User, fire_reviewer: User, at: datetime
) -> None:
    application = make.handed_in(owner=enterprise, actor=as_actor(applicant), at=at)
    assert machine(planning_handler).get(address(application, "form")).status_code == 404

    accepted = machine(clerk).post(address(application, "accept"))

    assert accepted.status_code == 200
    everything = {field["id"] for field in machine(clerk).get(address(application, "form")).json()["fields"]}
    part = {field["id"] for field in machine(planning_handler).get(address(application, "form")).json()["fields"]}
    assert part
    assert part <= everything
    assert machine(fire_reviewer).get(address(application)).status_code == 404
    slots = machine(planning_handler).get(address(application, "materials")).json()["slots"]
    own = {
        item.service_item.code
        for item in queries.find(application.pk, actor=as_actor(clerk)).items.all()
        if item.service_item.department == "zrzy"
    }
    assert slots
    assert all(own & set(slot["items"]) for slot in slots)


def test_nobody_without_a_token(draft: Application) -> None:
    assert APIClient().get(address(draft)).status_code == 401
