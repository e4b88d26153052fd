"""Engineering codes: the undivided path, divisions, and who may have them issued."""

import pytest

from portal.core.errors import InvalidInput, NotAllowed
from projects.registry import codes, queries
from projects.registry import operations as registry
from projects.registry.models import Project, Unit
from projects.registry.operations.units import NoCodeYet
from projects.registry.states import ProjectState, UnitState
from tests.cast import as_actor


@pytest.fixture
def issue(project, owner_actor, at):
    def run(level, parent=None, actor=None, **more):
        return registry.issue_unit(
            project_id=project.pk,
            level=level,
            parent_id=parent and parent.pk,
            actor=actor or owner_actor,
            at=at,
            **more,
        )

    return run


@pytest.fixture
def ensure(project, owner_actor, at):
    def run(level, actor=None):
        return registry.ensure_unit(project_id=project.pk, level=level, actor=actor or owner_actor, at=at)

    return run


def test_issues_the_path_of_an_undivided_project(ensure, project):
    unit = ensure(3)

    assert unit.code == f"{project.code}-010101"
    assert [found.code for found in queries.unit_path(unit)] == [
        f"{project.code}-010101", f"{project.code}-0101", f"{project.code}-01",
    ]  # fmt: skip
    assert codes.parse_engineering_code(unit.code).level == 3
    assert ensure(3) == unit
    assert ensure(1).code == f"{project.code}-01"
    assert Unit.objects.count() == 3


def test_numbers_units_under_their_parent_and_tells_of_each(issue, project, said):
    first, second = issue(1, name="一期"), issue(1, name="二期")

    child = issue(2, second)

    assert [first.code[-3:], second.code[-3:], child.code[-5:]] == ["-01", "-02", "-0201"]
    assert child.name == project.name
    data, payload = said("registry.unit.issued")
    assert data == {"code": child.code, "level": 2, "name": child.name}
    assert payload == {"id": child.pk, "project": project.pk}


def test_goes_on_with_letters_after_99_and_never_gives_a_code_twice(issue, project, at):
    Unit.objects.create(project=project, code=f"{project.code}-99", level=1, name="x", issued_at=at)

    lettered = issue(1)
    Unit.objects.filter(pk=lettered.pk).update(state=UnitState.VOID)

    assert lettered.code.endswith("-A0")
    assert issue(1).code.endswith("-A1")


def test_refuses_when_all_codes_of_a_level_were_issued(issue, project, at):
    Unit.objects.create(project=project, code=f"{project.code}-ZZ", level=1, name="x", issued_at=at)

    with pytest.raises(codes.PairsExhausted):
        issue(1)


def test_asks_which_unit_when_the_project_is_divided(issue, ensure):
    first = issue(1)
    assert ensure(1) == first
    issue(1)

    with pytest.raises(registry.SeveralUnits):
        ensure(1)
    with pytest.raises(registry.SeveralUnits):
        ensure(2)


def test_refuses_wrong_levels_and_parents(issue, project):
    first = issue(1)
    second = issue(2, first)

    for level in (0, 4):
        with pytest.raises(InvalidInput):
            issue(level, second)
    with pytest.raises(InvalidInput):
        issue(1, first)
    for level, parent in ((2, None), (2, second), (3, first)):
        with pytest.raises(registry.NoParentUnit):
            issue(level, parent)
    Unit.objects.filter(pk=first.pk).update(state=UnitState.CLOSED)
    with pytest.raises(registry.NoParentUnit):
        issue(2, first)


def test_refuses_a_project_without_a_code(ensure, project):
    Project.objects.filter(pk=project.pk).update(state=ProjectState.PROPOSED, code=None)

    with pytest.raises(NoCodeYet):
        ensure(1)


def test_refuses_outsiders_and_lets_the_window_issue(
    ensure, issue, other_applicant, agent, leader, planning_handler, outsider, clerk
):
    for person in (other_applicant, agent, leader, planning_handler, outsider):
        with pytest.raises(NotAllowed):
            issue(1, actor=as_actor(person))
        with pytest.raises(NotAllowed):
            ensure(2, actor=as_actor(person))
    assert not Unit.objects.exists()

    assert ensure(2, actor=as_actor(clerk)).level == 2
