"""Dividing a unit: new codes below it, the unit closed for others, everything wrong said at once."""

import pytest

from portal.core import audit
from portal.core.errors import InvalidInput, NotAllowed
from projects.registry import operations as registry
from projects.registry import queries
from projects.registry.models import Project, Unit
from projects.registry.operations import Part
from projects.registry.operations.units import NoCodeYet
from projects.registry.states import ProjectState, UnitState
from tests.cast import as_actor


@pytest.fixture
def split(project, owner_actor, at):
    def run(unit, *names, actor=None, parts=None):
        return registry.split_unit(
            project_id=project.pk,
            unit_id=unit and unit.pk,
            parts=parts if parts is not None else [Part(name) for name in names],
            actor=actor or owner_actor,
            at=at,
        )

    return run


@pytest.fixture
def unit(project, owner_actor, at):
    return registry.ensure_unit(project_id=project.pk, level=1, actor=owner_actor, at=at)


def test_divides_a_unit_into_units_of_the_next_level(split, unit, project, said):
    children = split(unit, "厂房", "宿舍", "食堂")

    unit.refresh_from_db()
    assert [child.code for child in children] == [f"{unit.code}0{number}" for number in (1, 2, 3)]
    assert [child.name for child in children] == ["厂房", "宿舍", "食堂"]
    assert {child.parent_id for child in children} == {unit.pk}
    assert {child.state for child in children} == {UnitState.ACTIVE}
    assert (unit.state, unit.is_live) == (UnitState.CLOSED, True)
    data, payload = said("registry.unit.split")
    assert data == {"from": "active", "to": "closed", "into": [child.code for child in children]}
    assert payload == {"id": unit.pk}
    assert said("registry.unit.issued")[0]["name"] == "食堂"
    assert audit.verify(project.audit_stream) is None


def test_divides_the_project_into_units_of_level_1(split, project, said):
    first, second = split(None, "一期", "二期")

    assert [first.code, second.code] == [f"{project.code}-01", f"{project.code}-02"]
    assert first.predecessors == ()
    assert said("registry.project.split") == ({"into": [first.code, second.code]}, {"id": project.pk})


def test_keeps_the_number_of_another_system_as_given(split, unit, said):
    first, second = split(unit, parts=[Part("A 座", "GD-2026-0001/甲"), Part("B 座")])

    assert (first.external_code, second.external_code) == ("GD-2026-0001/甲", "")
    assert first.code == f"{unit.code}01"


def test_a_divided_unit_has_no_others_under_it(split, unit, project, owner_actor, at):
    child, _other = split(unit, "厂房", "宿舍")

    with pytest.raises(registry.AlreadyDivided):
        split(unit, "再分", "又分")
    with pytest.raises(registry.NoParentUnit):
        registry.issue_unit(project_id=project.pk, level=2, parent_id=unit.pk, actor=owner_actor, at=at)
    with pytest.raises(registry.SeveralUnits):
        registry.ensure_unit(project_id=project.pk, level=2, actor=owner_actor, at=at)
    with pytest.raises(registry.AlreadyDivided):
        split(None, "一期", "二期")
    assert registry.ensure_unit(project_id=project.pk, level=1, actor=owner_actor, at=at) == unit
    assert registry.ensure_unit(project_id=project.pk, level=3, actor=owner_actor, at=at, line_id=child.pk).code == (
        f"{child.code}01"
    )


def test_a_unit_with_one_below_it_is_not_divided_until_that_is_given_up(split, unit, project, owner_actor, at, said):
    whole = registry.ensure_unit(project_id=project.pk, level=2, actor=owner_actor, at=at)
    with pytest.raises(registry.AlreadyDivided):
        split(unit, "厂房", "宿舍")

    registry.void_unit(project_id=project.pk, unit_id=whole.pk, reason="改为分开报", actor=owner_actor, at=at)
    children = split(unit, "厂房", "宿舍")

    assert said("registry.unit.voided")[0] == {"from": "active", "to": "void", "reason": "改为分开报"}
    assert [child.code[-2:] for child in children] == ["02", "03"], "a code given up is not given again"
    with pytest.raises(registry.NoParentUnit):
        split(whole, "东段", "西段")
    with pytest.raises(registry.NoParentUnit):
        registry.void_unit(project_id=project.pk, unit_id=whole.pk, reason="", actor=owner_actor, at=at)


def test_level_3_is_the_lowest(split, project, owner_actor, at):
    deepest = registry.ensure_unit(project_id=project.pk, level=3, actor=owner_actor, at=at)

    with pytest.raises(registry.LowestLevel):
        split(deepest, "甲", "乙")


def test_says_everything_wrong_with_the_parts_at_once(split, unit):
    with pytest.raises(InvalidInput) as caught:
        split(unit, parts=[Part(" "), Part("甲", "x" * 41), Part("乙"), Part("乙"), Part("丙" * 201)])

    assert set(caught.value.fields) == {
        "parts.0.name", "parts.1.external_code", "parts.2.name", "parts.3.name", "parts.4.name",
    }  # fmt: skip
    for names in ([], ["只有一个"], [f"第 {number} 个" for number in range(100)]):
        with pytest.raises(InvalidInput) as caught:
            split(unit, *names)
        assert "parts" in caught.value.fields
    assert not unit.children.exists()


def test_refuses_another_projects_unit_and_a_project_without_code_or_over(
    split, unit, project, enterprise, owner_actor, at
):
    stranger = Unit.objects.create(
        project=Project.objects.create(
            **{**Project.objects.filter(pk=project.pk).values().get(), "id": None, "code": "2601-449902-04-01-314155"}
        ),
        code="2601-449902-04-01-314155-01",
        level=1,
        name="别人的",
        issued_at=at,
    )
    with pytest.raises(registry.NoParentUnit):
        split(stranger, "甲", "乙")

    Project.objects.filter(pk=project.pk).update(state=ProjectState.PROPOSED, code=None)
    with pytest.raises(NoCodeYet):
        split(unit, "甲", "乙")
    Project.objects.filter(pk=project.pk).update(state=ProjectState.WITHDRAWN)
    with pytest.raises(registry.ProjectIsOver):
        split(unit, "甲", "乙")


def test_the_owner_and_the_window_divide_and_nobody_else(
    split, unit, project, clerk, other_applicant, agent, leader, planning_handler, planning_lead, owner_actor, at
):
    registry.give_mandate(project_id=project.pk, user_id=agent.pk, actor=owner_actor, at=at)
    for person in (other_applicant, agent, leader, planning_handler, planning_lead):
        with pytest.raises(NotAllowed):
            split(unit, "甲", "乙", actor=as_actor(person))
        with pytest.raises(NotAllowed):
            registry.void_unit(project_id=project.pk, unit_id=unit.pk, reason="", actor=as_actor(person), at=at)

    assert len(split(unit, "甲", "乙", actor=as_actor(clerk))) == 2


def test_a_path_leads_back_over_the_divided_unit(split, unit, project, owner_actor, at):
    child, _other = split(unit, "厂房", "宿舍")
    section = registry.issue_unit(project_id=project.pk, level=3, parent_id=child.pk, actor=owner_actor, at=at)

    assert [found.pk for found in queries.unit_path(section)] == [section.pk, child.pk, unit.pk]
