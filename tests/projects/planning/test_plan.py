"""The plan of a registered project."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from projects.planning import queries
from projects.planning.forecast import Actual, Reality
from projects.registry import operations as registry
from tests.cast import as_actor
from tests.factories.projects import GENERAL, GOV_BUILDING, GOV_LINEAR, SMALL, a_project


def test_lays_out_stages_items_dates_and_departments(project, at):
    plan = queries.plan(project, at=at)

    assert [stage.id for stage in plan.stages] == ["S0", "S1", "S2", "S3", "S4", "P"]
    row = plan.row("S2-02")
    assert row.planned.applies
    assert (row.department_name, row.planned.limit_days) == ("滨海市自然资源局", 5)
    assert row.dates.start == plan.row("S1-07").dates.finish
    assert plan.row("nothing") is None
    first = plan.stages[1]
    assert first.dates.opens == at.date()
    assert first.limit_days == 2
    assert plan.stages[-1].dates is None


def test_every_item_is_in_out_or_open_and_only_what_is_out_has_no_dates(project, at):
    plan = queries.plan(project, at=at)

    for stage in plan.stages:
        assert len(stage.included) + len(stage.undetermined) + len(stage.excluded) == len(stage.rows)
        assert stage.is_needed
    assert all((row.dates is None) == (row.planned.applies is False) for row in plan.rows)
    assert "declare.tender" in plan.unknown
    assert len(plan.unknown) == len(set(plan.unknown))


@pytest.mark.parametrize("facts", [SMALL, GENERAL, GOV_BUILDING, GOV_LINEAR])
def test_every_flow_of_the_city_gets_from_registration_to_completion(facts, enterprise, applicant, at):
    project = a_project(owner=enterprise, actor=as_actor(applicant), at=at, facts=facts)

    plan = queries.plan(project, at=at)

    stages = [stage for stage in plan.stages if stage.dates and not stage.stage.is_advisory]
    assert all(before.dates.finish == after.dates.opens for before, after in pairwise(stages))
    assert plan.forecast.finish == stages[-1].dates.finish
    assert at.date() < plan.forecast.finish < at.date() + timedelta(days=200)
    assert any(row.dates and row.dates.critical for row in plan.rows)


def test_the_small_flow_keeps_the_promise_of_its_total_once_all_is_answered(project, at, applicant):
    registry.record_facts(
        project_id=project.pk,
        values={"fire_kind": "0", "declare.tender": False, "land_new_m2": 0},
        source="applicant",
        actor=as_actor(applicant),
        at=at,
    )

    plan = queries.plan(project, at=at)

    assert not plan.row("S3-03").dates.tentative
    assert sum(stage.limit_days for stage in plan.stages) == plan.flow.total_limit_days == 20
    for stage in plan.stages:
        if stage.dates and stage.dates.due:
            assert stage.dates.finish <= stage.dates.due


def test_reality_moves_what_follows(project, at):
    finished = date(2026, 6, 1)

    plan = queries.plan(project, at=at, states=Reality(items={"S1-07": Actual(at.date(), finished_on=finished)}))

    assert plan.row("S1-07").dates.is_actual
    assert plan.row("S2-02").dates.start == finished


def test_dates_beyond_the_published_holidays_are_provisional(project, at):
    assert not queries.plan(project, at=at).is_provisional
    assert queries.plan(project, at=at + timedelta(days=250)).is_provisional


def test_takes_one_query_for_the_facts_and_none_when_they_are_given(project, at, settings, django_assert_num_queries):
    settings.CALENDAR_RECHECK_SECONDS = 60
    queries.plan(project, at=at)  # the calendar and the definitions are held per process

    with django_assert_num_queries(1):
        plan = queries.plan(project, at=at)
    with django_assert_num_queries(0):
        assert queries.plan(project, at=at, facts=SMALL).flow is plan.flow
