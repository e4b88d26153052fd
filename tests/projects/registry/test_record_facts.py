"""Recording facts: sources, read-only values, the flow that follows them."""

import pytest

from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import OutboxMessage
from projects.registry import operations as registry
from projects.registry import queries
from projects.registry.models import Project
from projects.registry.operations.locks import ProjectIsOver
from tests.cast import as_actor

FACTS = {"total_invest_wan": 1800, "tree_count": "3"}


@pytest.fixture
def record(project, owner_actor, at):
    def run(values, source="applicant", actor=None, **more):
        return registry.record_facts(
            project_id=project.pk, values=values, source=source, actor=actor or owner_actor, at=at, **more
        )

    return run


def test_records_values_with_source_audit_and_news(record, project, said):
    assert set(record(FACTS, note="申请表")) == set(FACTS)

    fact = queries.facts(project)["tree_count"]
    assert (fact.value, fact.source, fact.source_note) == (3, "applicant", "申请表")
    data, payload = said("registry.facts.recorded")
    assert data["values"] == {"total_invest_wan": 1800, "tree_count": 3}
    assert payload == {"id": project.pk, "fields": ["total_invest_wan", "tree_count"]}


def test_says_nothing_when_nothing_changed(record):
    record(FACTS)
    before = OutboxMessage.objects.count()

    assert record({"total_invest_wan": "1,800"}) == ()

    assert OutboxMessage.objects.count() == before


def test_keeps_what_was_before_in_the_audit_and_clears_an_empty_value(record, project, said):
    record(FACTS)
    record({"tree_count": ""})

    assert "tree_count" not in queries.facts(project)
    data, _payload = said("registry.facts.recorded")
    assert data["before"] == {"tree_count": 3}
    assert data["values"] == {"tree_count": None}


def test_records_answers_to_conditions(record, project):
    record({"declare.tree": "是", "declare.forest": False})
    record({"map.forest": True}, source="map", note="林地图层")

    values = queries.fact_values(project.pk)
    assert (values["declare.tree"], values["declare.forest"], values["map.forest"]) == (True, False, True)


@pytest.mark.parametrize(
    "values",
    [{"tree_count": 1.5}, {"nothing": 1}, {"declare.nothing": True}, {"declare.gov": True}, {"redline": "{}"}],
)
def test_refuses_what_is_no_value_of_a_field(record, values):
    with pytest.raises(InvalidInput) as refused:
        record(values)

    assert set(refused.value.fields) == set(values)


def test_what_an_office_delivered_is_read_only_for_the_applicant(record, project):
    with pytest.raises(InvalidInput) as refused:
        record({"owner_name": "别的单位", "tree_count": 1})

    assert set(refused.value.fields) == {"owner_name"}
    assert "电子证照" in refused.value.fields["owner_name"]
    assert "tree_count" not in queries.fact_values(project.pk), "one wrong value takes the others with it"
    assert record({"owner_name": queries.fact_values(project.pk)["owner_name"]}) == ()


def test_an_office_replaces_what_was_declared(record, project, planning_approver):
    record({"low_risk": True, "far": 2.5})

    record({"far": 2.0}, source="prior_result", note="规划条件")

    assert queries.facts(project)["far"].source == "prior_result"
    with pytest.raises(InvalidInput):
        record({"far": 2.5})


@pytest.mark.parametrize("field", ["project_code", "project_name", "site_region"])
def test_the_identity_of_a_project_is_not_a_fact_to_change(record, field):
    with pytest.raises(InvalidInput) as refused:
        record({field: "449902"})

    assert set(refused.value.fields) == {field}


def test_a_changed_fact_changes_the_flow_before_anything_was_applied_for(record, project, said):
    record({"floor_area_m2": 12000})

    project.refresh_from_db()
    assert project.flow == project.computed_flow == "soc_general"
    assert said("registry.flow.changed")[0] == {
        "from": "soc_small", "to": "soc_general", "reason": project.flow_reason,
    }  # fmt: skip


def test_a_changed_fact_refreshes_the_reason_of_the_same_flow(record, project):
    record({"floor_area_m2": 8000})

    project.refresh_from_db()
    assert "8,000 平方米" in project.flow_reason


def test_refuses_to_turn_the_flow_once_an_engineering_code_was_issued(record, project, owner_actor, at):
    registry.ensure_unit(project_id=project.pk, level=1, actor=owner_actor, at=at)

    with pytest.raises(registry.FlowWouldChange):
        record({"floor_area_m2": 12000})

    project.refresh_from_db()
    assert project.flow == "soc_small"
    assert queries.fact_values(project.pk)["floor_area_m2"] == 7200


def test_leaves_a_flow_alone_that_the_window_has_set(record, project, clerk, at):
    registry.override_flow(project_id=project.pk, flow="soc_general", reason="含危险品库", actor=as_actor(clerk), at=at)

    record({"land_mode": "transfer_with_scheme"})

    project.refresh_from_db()
    assert (project.flow, project.computed_flow) == ("soc_general", "soc_scheme")


def test_does_not_clear_a_fact_that_decides_on_the_flow(record):
    with pytest.raises(InvalidInput) as refused:
        record({"floor_area_m2": None})

    assert set(refused.value.fields) == {"floor_area_m2"}


def test_refuses_outsiders(record, project, other_applicant, agent, planning_handler, leader, outsider):
    for person in (other_applicant, agent, planning_handler, leader, outsider):
        with pytest.raises(NotAllowed):
            record(FACTS, actor=as_actor(person))
    with pytest.raises(NotAllowed):
        record({"far": 2}, source="prior_result", actor=as_actor(other_applicant))
    assert "tree_count" not in queries.fact_values(project.pk)


def test_lets_an_agent_with_a_mandate_and_the_window_record(record, project, agent, clerk, owner_actor, at):
    registry.give_mandate(project_id=project.pk, user_id=agent.pk, actor=owner_actor, at=at)

    assert record({"tree_count": 1}, actor=as_actor(agent))
    assert record({"tree_count": 2}, actor=as_actor(clerk))


def test_refuses_when_the_project_is_over_or_unknown(record, project, owner_actor, at):
    registry.withdraw(project_id=project.pk, reason="不建了", actor=owner_actor, at=at)

    with pytest.raises(ProjectIsOver):
        record(FACTS)
    with pytest.raises(queries.NoProject):
        registry.record_facts(project_id=0, values=FACTS, source="applicant", actor=owner_actor, at=at)


def test_shows_facts_in_the_order_of_the_form_in_words(project):
    rows = queries.fact_rows(Project.objects.get(pk=project.pk))

    texts = {row.field.id: row.text for row in rows}
    assert texts["floor_area_m2"] == "7,200 平方米"
    assert texts["low_risk"] == "是"
    assert texts["land_mode"] == "出让"
    assert [row.field.sort for row in rows] == sorted(row.field.sort for row in rows)
