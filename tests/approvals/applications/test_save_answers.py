"""Filling in the form."""

from datetime import datetime
from typing import Any

import pytest

from approvals.applications import operations as applications
from approvals.applications import queries
from approvals.applications.models import Application
from approvals.applications.operations.drafting import AlreadyOpen, UnknownFields
from portal.accounts.models import Enterprise, User
from portal.core.errors import NotFound
from projects.registry import operations as registry
from projects.registry import queries as registry_queries
from tests.cast import as_actor
from tests.factories import applications as make
from tests.factories.projects import GENERAL
from tests.factories.review import a_running_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(enterprise: Enterprise, applicant: User, at: datetime) -> Application:
    return make.a_draft(owner=enterprise, actor=as_actor(applicant), at=at)


def save(draft: Application, user: User, at: datetime, **values: Any) -> queries.FormState:
    return applications.save_answers(application_id=draft.pk, values=values, actor=as_actor(user), at=at)


def test_known_values_come_with_their_source(draft: Application, enterprise: Enterprise) -> None:
    filled = queries.form_of(draft).filled

    assert (filled["owner_uscc"].value, filled["owner_uscc"].source) == (enterprise.uscc, "e_cert")
    assert filled["owner_uscc"].read_only
    assert filled["project_code"].read_only
    assert filled["eng_code"].value == draft.unit.code  # type: ignore[union-attr]
    assert filled["fund_source"].source == "registry"
    assert not filled["fund_source"].read_only
    assert (filled["contact"].value, filled["contact"].source) == (None, "")


def test_keeps_what_can_be_taken_and_what_was_typed(draft: Application, applicant: User, at: datetime) -> None:
    save(draft, applicant, at, contact_mobile="12000001111")

    state = save(draft, applicant, at, contact_mobile="12x", contact="李明")

    assert state.values["contact"] == "李明"
    assert state.values["contact_mobile"] == "12000001111"  # nothing wrong is read as an answer
    assert state.filled["contact_mobile"].typed == "12x"  # and nothing typed is lost
    assert "contact_mobile" in state.problems
    assert "contact_mobile" not in save(draft, applicant, at, contact_mobile="12000002222").problems


@pytest.mark.parametrize("odd", ["a\x00b", "a\ud800b", "a\x01b", "长" * 2001])
def test_odd_characters_and_endless_texts_are_told_at_the_field(
    draft: Application, applicant: User, at: datetime, odd: str
) -> None:
    state = save(draft, applicant, at, site_address=odd, contact="𠮷野😀")

    assert len(state.filled["site_address"].typed) == len(odd)
    assert "site_address" in state.problems
    assert "审批流程" not in state.problems["site_address"]
    assert state.values["contact"] == "𠮷野😀"


def test_odd_characters_deep_inside_are_told_too(draft: Application, applicant: User, at: datetime) -> None:
    state = save(draft, applicant, at, redline={"ty\x00pe": ["\ud800"]}, site_lonlat=["\x00", "1"])

    assert {"redline", "site_lonlat"} <= set(state.problems)


def test_an_answer_becomes_the_applicants_own(draft: Application, applicant: User, at: datetime) -> None:
    state = save(draft, applicant, at, total_invest_wan="1,800")

    assert state.filled["total_invest_wan"].value == 1800
    assert state.filled["total_invest_wan"].source == "applicant"
    assert registry_queries.fact_values(draft.project_id)["total_invest_wan"] == 1800


def test_what_an_authority_delivered_stays(
    draft: Application, applicant: User, enterprise: Enterprise, at: datetime
) -> None:
    state = save(draft, applicant, at, owner_uscc="91449902MA9A00010F")

    assert state.values["owner_uscc"] == enterprise.uscc


def test_a_value_can_be_cleared(draft: Application, applicant: User, at: datetime) -> None:
    save(draft, applicant, at, contact="李明")

    assert "contact" in save(draft, applicant, at, contact="").problems


def test_an_unknown_field_saves_nothing(draft: Application, applicant: User, at: datetime) -> None:
    with pytest.raises(UnknownFields) as refusal:
        save(draft, applicant, at, contact="李明", nothing_like_it="x")

    assert set(refusal.value.fields) == {"nothing_like_it"}
    assert "contact" not in queries.form_of(draft).values


def test_what_would_change_the_flow_is_kept_as_typed(draft: Application, applicant: User, at: datetime) -> None:
    state = save(draft, applicant, at, floor_area_m2=90000, contact="李明")

    assert state.values["floor_area_m2"] == 7200
    assert "审批流程" in state.problems["floor_area_m2"]
    assert state.values["contact"] == "李明"
    assert "floor_area_m2" not in save(draft, applicant, at, floor_area_m2=7200).problems


def test_a_declared_answer_is_a_fact_and_brings_items_and_slots(
    enterprise: Enterprise, applicant: User, at: datetime
) -> None:
    actor = as_actor(applicant)
    project = a_running_project(owner=enterprise, actor=actor, at=at, facts=GENERAL)
    unit = registry.ensure_unit(project_id=project.pk, level=2, actor=actor, at=at)
    draft = applications.create(
        project_id=project.pk, unit_id=unit.pk, stage="S2", item_ids=["S2-02"], actor=actor, at=at
    )
    before = queries.form_of(draft)
    question = next(field for field in before.spec.fields.values() if field.is_question)
    assert question.required
    assert question.id in before.problems

    state = save(draft, applicant, at, **{question.id: "是"})

    assert registry_queries.fact_values(project.pk)[question.id] is True
    assert set(question.decides) <= set(state.spec.items)
    assert draft.slots.filter(items__overlap=list(question.decides)).exists()


def test_one_open_application_per_stage(draft: Application, applicant: User, at: datetime) -> None:
    with pytest.raises(AlreadyOpen):
        applications.create(
            project_id=draft.project_id,
            unit_id=draft.unit_id,
            stage=draft.stage,
            item_ids=list(queries.item_ids(draft)),
            actor=as_actor(applicant),
            at=at,
        )


def test_an_outsider_answers_nothing(draft: Application, other_applicant: User, at: datetime) -> None:
    with pytest.raises(NotFound):
        save(draft, other_applicant, at, contact="李明")


def test_a_mandated_agent_fills_in(draft: Application, applicant: User, agent: User, at: datetime) -> None:
    registry.give_mandate(project_id=draft.project_id, user_id=agent.pk, actor=as_actor(applicant), at=at)

    assert save(draft, agent, at, contact="李明").values["contact"] == "李明"
