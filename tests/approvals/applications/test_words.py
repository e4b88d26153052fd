"""What is only read stands there in words, not in codes."""

from datetime import datetime

import pytest

from approvals.applications import operations as applications
from approvals.applications import presenting, queries
from approvals.applications.models import Application
from portal.accounts.models import Enterprise, User
from tests.cast import as_actor
from tests.factories import applications as make
from tests.factories.projects import GOV_BUILDING
from tests.factories.review import a_running_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(enterprise: Enterprise, applicant: User, at: datetime) -> Application:
    actor = as_actor(applicant)
    project = a_running_project(owner=enterprise, actor=actor, at=at, facts=GOV_BUILDING)
    return make.fill_in(make.a_draft(owner=enterprise, actor=actor, at=at, project=project), actor=actor, at=at)


def test_choices_and_regions_are_read_as_words(draft: Application) -> None:
    state = queries.form_of(draft)
    text = {line.id: line.text for line in presenting.lines(state)}

    assert text["site_region"] == state.spec.catalogue.regions[draft.project.region]
    assert text["fund_source"] == state.spec.fields["fund_source"].options[state.values["fund_source"]]
    for field, filled in state.filled.items():
        if filled.field.type == "enum" and not filled.is_empty:
            assert text[field] in filled.field.options.values()


def test_a_region_that_is_only_read_stands_there_by_its_name(draft: Application) -> None:
    state = queries.form_of(draft)

    view = presenting.field_view(state, state.filled["site_region"])

    assert view.read_only
    assert view.shown == state.spec.catalogue.regions[draft.project.region]


def test_a_table_is_read_row_by_row(draft: Application, applicant: User, at: datetime) -> None:
    state = queries.form_of(draft)
    field = next(field for field in state.spec.fields.values() if field.type == "table")
    row = make.answer_for(field)[0]
    state = applications.save_answers(
        application_id=draft.pk, values={field.id: [row] * 25}, actor=as_actor(applicant), at=at
    )

    text = presenting.value_words(state, state.filled[field.id])

    assert text.startswith("1. ")
    assert text.endswith("；另有 5 行")
    for column in field.definition.columns:
        if column.id in row:
            assert f"{column.label}：" in text


def test_the_year_of_the_industry_code_is_the_edition_it_is_judged_by(draft: Application) -> None:
    filled = queries.form_of(draft).filled["industry_year"]

    assert (filled.value, filled.source, filled.read_only) == ("2017", "system", True)
