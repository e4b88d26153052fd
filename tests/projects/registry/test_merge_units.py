"""Merging units: one code under the lowest of them, all of them remembered."""

import pytest

from portal.core.errors import InvalidInput, NotAllowed
from projects.registry import operations as registry
from projects.registry import queries
from projects.registry.operations import Part
from projects.registry.states import UNIT_TRANSITIONS, UnitState
from tests.cast import as_actor


@pytest.fixture
def parcels(project, owner_actor, at):
    return registry.split_unit(
        project_id=project.pk,
        unit_id=None,
        parts=[Part("东地块"), Part("中地块"), Part("西地块")],
        actor=owner_actor,
        at=at,
    )


@pytest.fixture
def merge(project, owner_actor, at):
    def run(*units, name="地下车库", actor=None, **more):
        return registry.merge_units(
            project_id=project.pk,
            unit_ids=[unit.pk for unit in units],
            name=name,
            actor=actor or owner_actor,
            at=at,
            **more,
        )

    return run


def test_the_code_stands_under_the_lowest_and_names_all(merge, parcels, said):
    _first, second, third = parcels

    unit = merge(third, second, external_code="GD-88")

    assert unit.code == f"{second.code}01"
    assert unit.prev_eng_code == [second.code, third.code]
    assert unit.predecessors == (second.code, third.code)
    assert (unit.level, unit.parent_id, unit.name, unit.external_code) == (2, second.pk, "地下车库", "GD-88")
    assert said("registry.unit.merged")[0] == {
        "from": "active", "to": "closed", "into": unit.code, "merged": [second.code, third.code],
    }  # fmt: skip
    assert said("registry.unit.issued")[0]["merged"] == [second.code, third.code]
    for one in (second, third):
        one.refresh_from_db()
        assert one.state == UnitState.CLOSED


def test_earlier_results_are_looked_up_on_all_of_them(merge, parcels, project, owner_actor, at):
    first, second, _third = parcels
    unit = merge(first, second)
    section = registry.ensure_unit(project_id=project.pk, level=3, line_id=second.pk, actor=owner_actor, at=at)

    assert [found.code for found in queries.unit_path(section)] == [
        section.code, unit.code, first.code, second.code,
    ]  # fmt: skip


def test_the_line_of_each_leads_to_the_merged_unit(merge, parcels, project, owner_actor, at):
    first, second, third = parcels
    unit = merge(first, second)

    for line in (first, second, unit):
        assert registry.ensure_unit(project_id=project.pk, level=2, line_id=line.pk, actor=owner_actor, at=at) == unit
    other = registry.ensure_unit(project_id=project.pk, level=2, line_id=third.pk, actor=owner_actor, at=at)
    assert other.code == f"{third.code}01"


def test_what_was_merged_is_neither_merged_again_nor_divided(merge, parcels, project, owner_actor, at):
    first, second, third = parcels
    unit = merge(first, second)

    with pytest.raises(registry.AlreadyDivided):
        merge(second, third)
    with pytest.raises(registry.AlreadyDivided):
        registry.split_unit(
            project_id=project.pk, unit_id=second.pk, parts=[Part("甲"), Part("乙")], actor=owner_actor, at=at
        )
    sections = registry.split_unit(
        project_id=project.pk, unit_id=unit.pk, parts=[Part("甲"), Part("乙")], actor=owner_actor, at=at
    )
    assert [section.code for section in sections] == [f"{unit.code}01", f"{unit.code}02"]


def test_refuses_what_cannot_be_merged(merge, parcels, project, owner_actor, at):
    first, second, third = parcels
    with pytest.raises(InvalidInput):
        merge(first)
    with pytest.raises(InvalidInput):
        merge(first, first)
    with pytest.raises(InvalidInput):
        merge(first, second, name=" ")
    below = registry.issue_unit(project_id=project.pk, level=2, parent_id=third.pk, actor=owner_actor, at=at)
    with pytest.raises(InvalidInput):
        merge(first, below)
    with pytest.raises(registry.AlreadyDivided):
        merge(first, third)
    deep = [
        registry.ensure_unit(project_id=project.pk, level=3, line_id=one.pk, actor=owner_actor, at=at)
        for one in (first, second)
    ]
    with pytest.raises(registry.LowestLevel):
        merge(*deep)
    registry.void_unit(project_id=project.pk, unit_id=below.pk, reason="", actor=owner_actor, at=at)
    with pytest.raises(registry.NoParentUnit):
        merge(deep[0], below)


def test_outsiders_merge_nothing(merge, parcels, other_applicant, agent, leader, planning_handler, clerk):
    first, second, _third = parcels
    for person in (other_applicant, agent, leader, planning_handler):
        with pytest.raises(NotAllowed):
            merge(first, second, actor=as_actor(person))

    assert merge(first, second, actor=as_actor(clerk)).is_merged


def test_a_unit_is_given_up_or_closed_once():
    assert set(UNIT_TRANSITIONS) == set(UnitState)
    assert UNIT_TRANSITIONS[UnitState.ACTIVE] == {UnitState.CLOSED, UnitState.VOID}
    assert not UNIT_TRANSITIONS[UnitState.CLOSED]
    assert not UNIT_TRANSITIONS[UnitState.VOID]
