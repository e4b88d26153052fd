"""Whatever is divided, merged and given up in whatever order: codes stay good, unique and what they were."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.errors import DomainError
from projects.registry import codes, queries
from projects.registry import operations as registry
from projects.registry.models import Project, Unit
from projects.registry.operations import Part
from projects.registry.states import UnitState
from tests.cast import as_actor
from tests.factories.projects import a_project
from tests.projects.registry.test_register_at_once import at_once

_ACTS = st.tuples(
    st.sampled_from(["split", "merge", "void", "issue", "ensure"]),
    st.lists(st.integers(0, 30), min_size=1, max_size=4),
    st.integers(2, 4),
)


def _act(project: Project, act: tuple[str, list[int], int], actor, at) -> None:
    verb, picks, count = act
    units = queries.units(project.pk)
    chosen = [units[pick % len(units)] for pick in picks] if units else []
    common = {"project_id": project.pk, "actor": actor, "at": at}
    if verb == "split":
        unit_id = chosen[0].pk if chosen and picks[0] % 5 else None
        registry.split_unit(unit_id=unit_id, parts=[Part(f"第 {number} 部分") for number in range(count)], **common)
    elif verb == "merge":
        registry.merge_units(unit_ids=[unit.pk for unit in chosen], name="合建", **common)
    elif verb == "void" and chosen:
        registry.void_unit(unit_id=chosen[0].pk, reason="不建了", **common)
    elif verb == "issue":
        parent = chosen[0] if chosen and picks[0] % 5 else None
        registry.issue_unit(level=parent.level + 1 if parent else 1, parent_id=parent and parent.pk, **common)
    elif verb == "ensure":
        registry.ensure_unit(level=count - 1, line_id=chosen[0].pk if chosen else None, **common)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(acts=st.lists(_ACTS, max_size=14))
def test_codes_stay_good_unique_and_what_they_were(acts, enterprise, applicant, at):
    actor = as_actor(applicant)
    project = a_project(owner=enterprise, actor=actor, at=at)
    known: dict[int, str] = {}
    for act in acts:
        with contextlib.suppress(DomainError):
            _act(project, act, actor, at)
        units = {unit.pk: unit for unit in queries.units(project.pk)}
        assert {pk: units[pk].code for pk in known} == known, "codes never change, units are never deleted"
        known = {pk: unit.code for pk, unit in units.items()}
    by_code = {unit.code: unit for unit in Unit.objects.filter(project=project)}
    assert len(by_code) == len(known)
    for code, unit in by_code.items():
        parsed = codes.parse_engineering_code(code)
        assert parsed.level == unit.level
        assert parsed.parent == (unit.parent.code if unit.parent else project.code)
        assert all(by_code[before].level == unit.level - 1 for before in unit.predecessors)
        if unit.prev_eng_code:
            assert unit.parent is not None
            assert unit.parent.code == min(unit.prev_eng_code)
        if unit.state == UnitState.CLOSED:
            assert any(code in other.predecessors for other in by_code.values())


@pytest.mark.django_db(transaction=True)
def test_dividing_the_same_unit_from_many_threads_divides_it_once(applicant, enterprise, at):
    actor = as_actor(applicant)
    project = a_project(owner=enterprise, actor=actor, at=at)
    unit = registry.ensure_unit(project_id=project.pk, level=1, actor=actor, at=at)

    def work(number: int) -> list[str] | None:
        try:
            parts = [Part(f"{number} 甲"), Part(f"{number} 乙")]
            found = registry.split_unit(project_id=project.pk, unit_id=unit.pk, parts=parts, actor=actor, at=at)
        except registry.AlreadyDivided:
            return None
        return [one.code for one in found]

    done = [codes_ for codes_ in at_once(work, 10) if codes_]

    assert done == [[f"{unit.code}01", f"{unit.code}02"]]
    assert Unit.objects.filter(project=project).count() == 3


@pytest.mark.django_db(transaction=True)
def test_merging_and_dividing_at_once_leaves_one_of_them(applicant, enterprise, at):
    actor = as_actor(applicant)
    project = a_project(owner=enterprise, actor=actor, at=at)
    first, second = registry.split_unit(
        project_id=project.pk, unit_id=None, parts=[Part("东"), Part("西")], actor=actor, at=at
    )

    def work(number: int) -> bool:
        try:
            if number % 2:
                registry.merge_units(
                    project_id=project.pk, unit_ids=[first.pk, second.pk], name="合建", actor=actor, at=at
                )
            else:
                parts = [Part("甲"), Part("乙")]
                registry.split_unit(project_id=project.pk, unit_id=second.pk, parts=parts, actor=actor, at=at)
        except registry.AlreadyDivided:
            return False
        return True

    assert sum(at_once(work, 8, workers=8)) == 1
    below = Unit.objects.filter(project=project, level=2)
    assert below.count() in (1, 2)
    assert all(second.code in unit.predecessors for unit in below)
