"""While correcting, only what the one notice has opened may be changed, by page and by machine."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from approvals.applications import operations as applications
from approvals.applications import queries
from approvals.applications.models import Application
from approvals.applications.operations import NotToMend
from approvals.applications.operations.pointing import Point
from portal.accounts.models import Enterprise, User
from portal.core import clock
from projects.registry import operations as registry
from tests.cast import as_actor
from tests.factories import applications as make
from tests.factories.projects import GENERAL, pdf
from tests.factories.review import a_running_project

pytestmark = pytest.mark.django_db

NAMED, CLOSED = "site_address", "contact"


@pytest.fixture
def later(at: datetime) -> datetime:
    return at + timedelta(hours=2)


@pytest.fixture
def correcting(enterprise: Enterprise, applicant: User, clerk: User, at: datetime) -> Application:
    """An application whose notice names one field."""
    application = make.handed_in(owner=enterprise, actor=as_actor(applicant), at=at)
    applications.request_correction(
        application_id=application.pk, points=[Point(NAMED, "门牌号不对")], actor=as_actor(clerk), at=at
    )
    return queries.find(application.pk, actor=as_actor(applicant))


def save(application: Application, user: User, at: datetime, **values: object) -> queries.FormState:
    return applications.save_answers(application_id=application.pk, values=values, actor=as_actor(user), at=at)


def test_the_named_field_can_be_mended_and_mended_again(
    correcting: Application, applicant: User, later: datetime
) -> None:
    save(correcting, applicant, later, **{NAMED: "云岭三路 12 号"})
    state = save(correcting, applicant, later, **{NAMED: "云岭三路 14 号"})

    assert state.values[NAMED] == "云岭三路 14 号"


def test_another_field_is_refused_at_itself_and_nothing_is_saved(
    correcting: Application, applicant: User, later: datetime
) -> None:
    with pytest.raises(NotToMend) as refusal:
        save(correcting, applicant, later, **{NAMED: "云岭三路 12 号", CLOSED: "王芳"})

    assert set(refusal.value.fields) == {CLOSED}
    assert "不在补正范围内" in refusal.value.fields[CLOSED]
    values = queries.form_of(queries.find(correcting.pk, actor=as_actor(applicant))).values
    assert values[CLOSED] == "李明"
    assert values[NAMED] != "云岭三路 12 号"


@pytest.mark.parametrize("wrong", ["", "x" * 3000])
def test_a_closed_field_can_be_neither_emptied_nor_spoilt(
    correcting: Application, applicant: User, later: datetime, wrong: str
) -> None:
    with pytest.raises(NotToMend):
        save(correcting, applicant, later, **{CLOSED: wrong})


def test_sending_a_closed_field_unchanged_is_no_change(
    correcting: Application, applicant: User, later: datetime
) -> None:
    state = save(correcting, applicant, later, **{NAMED: "云岭三路 12 号", CLOSED: " 李明 "})

    assert state.values[NAMED] == "云岭三路 12 号"


def test_the_machine_gets_the_same_refusal(correcting: Application, applicant: User, later: datetime) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=applicant)[0].key}")

    with clock.frozen(later):
        answer = client.patch(
            f"/api/v1/applications/{correcting.pk}/form", {NAMED: "云岭三路 12 号", CLOSED: "王芳"}, format="json"
        )

    assert (answer.status_code, answer.headers["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["code"] == "not_to_mend"
    assert "不在补正范围内" in answer.json()["fields"][CLOSED]
    assert not correcting.answers.filter(value="王芳").exists()


def test_an_old_page_keeps_what_was_typed_before_the_eyes(
    correcting: Application, applicant: User, later: datetime
) -> None:
    client = Client()
    client.force_login(applicant)

    with clock.frozen(later):
        answer = client.post(
            reverse("applications:save", args=[correcting.pk]),
            {"section": "section-form_common", NAMED: "云岭三路 12 号", CLOSED: "王芳<b>"},
        )
        alone = client.post(
            reverse("applications:save", args=[correcting.pk]),
            {"field": CLOSED, CLOSED: "王芳<b>"},
            headers={"X-Requested-With": "autosave"},
        )

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "不在补正范围内" in text
    assert "王芳&lt;b&gt;" in text
    assert "云岭三路 12 号" in text  # what could be kept was
    assert (alone.status_code, alone.json()["code"]) == (409, "not_to_mend")
    assert CLOSED in alone.json()["fields"]
    values = queries.form_of(queries.find(correcting.pk, actor=as_actor(applicant))).values
    assert (values[NAMED], values[CLOSED]) == ("云岭三路 12 号", "李明")


def test_what_an_answer_makes_necessary_is_open_until_it_is_handed_in(
    enterprise: Enterprise, applicant: User, clerk: User, at: datetime, later: datetime
) -> None:
    actor = as_actor(applicant)
    project = a_running_project(owner=enterprise, actor=actor, at=at, facts=GENERAL)
    unit = registry.ensure_unit(project_id=project.pk, level=2, actor=actor, at=at)
    draft = applications.create(
        project_id=project.pk, unit_id=unit.pk, stage="S2", item_ids=["S2-02"], actor=actor, at=at
    )
    draft = make.bring_materials(make.fill_in(draft, actor=actor, at=at), actor=actor, at=at)
    applications.submit(application_id=draft.pk, actor=actor, at=at)
    before = queries.form_of(queries.find(draft.pk, actor=actor))
    slots = set(draft.slots.filter(is_required=True).values_list("pk", flat=True))
    question = next(field.id for field in before.spec.fields.values() if field.is_question)
    needed = next(
        field
        for field in before.spec.fields.values()
        if field.required and field.definition.stage == "S2" and not field.decides and field.type == "decimal"
    )
    applications.request_correction(
        application_id=draft.pk, points=[Point(question, "与现场不符")], actor=as_actor(clerk), at=at
    )
    draft.answers.filter(field=needed.id).delete()  # as if the answer had asked for it

    state = save(draft, applicant, later, **{question: True})

    assert state.may_edit(needed.id)
    answered = save(draft, applicant, later, **{needed.id: 12})
    assert needed.id not in answered.problems
    assert answered.may_edit(needed.id)  # a slip in it can still be put right
    assert not answered.may_edit(CLOSED)
    slot = draft.slots.filter(is_required=True).exclude(pk__in=slots).first()
    assert slot is not None
    for note in ("一", "二"):
        applications.attach(
            application_id=draft.pk,
            material=slot.material,
            upload=pdf(note=note),
            actor=actor,
            at=later,
            replace=True,
        )
    assert slot.files.filter(removed_at=None).count() == 1
