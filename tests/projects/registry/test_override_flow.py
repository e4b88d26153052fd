"""The window sets another flow, with a reason."""

import pytest

from portal.core.errors import InvalidInput, NotAllowed
from projects.registry import operations as registry
from projects.registry.operations.locks import ProjectIsOver
from tests.cast import as_actor


@pytest.fixture
def override(project, clerk, at):
    def run(**changes):
        call = {"flow": "soc_general", "reason": "含危险品库", "actor": as_actor(clerk), **changes}
        return registry.override_flow(project_id=project.pk, at=at, **call)

    return run


def test_keeps_the_computed_flow_and_the_reason(override, project, said):
    override()

    project.refresh_from_db()
    assert (project.flow, project.computed_flow, project.override_reason) == ("soc_general", "soc_small", "含危险品库")
    assert project.is_overridden
    assert "含危险品库" in project.flow_reason
    assert "小型类" in project.flow_reason
    data, payload = said("registry.flow.overridden")
    assert (data["from"], data["to"], data["reason"]) == ("soc_small", "soc_general", "含危险品库")
    assert payload == {"id": project.pk}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [({"reason": "  "}, {"reason"}), ({"flow": "nothing"}, {"flow"}), ({"flow": "", "reason": ""}, {"flow", "reason"})],
)
def test_needs_a_known_flow_and_a_reason(override, project, changes, fields):
    with pytest.raises(InvalidInput) as refused:
        override(**changes)

    assert set(refused.value.fields) == fields
    project.refresh_from_db()
    assert project.flow == "soc_small"


def test_refuses_the_flow_it_has_and_a_second_click(override):
    with pytest.raises(registry.SameFlow):
        override(flow="soc_small")
    override()
    with pytest.raises(registry.SameFlow):
        override()


def test_refuses_everyone_but_the_window(override, applicant, agent, planning_handler, planning_lead, leader, outsider):
    for person in (applicant, agent, planning_handler, planning_lead, leader, outsider):
        with pytest.raises(NotAllowed):
            override(actor=as_actor(person))


def test_refuses_when_the_project_is_over(override, project, owner_actor, at):
    registry.withdraw(project_id=project.pk, reason="不建了", actor=owner_actor, at=at)

    with pytest.raises(ProjectIsOver):
        override()
