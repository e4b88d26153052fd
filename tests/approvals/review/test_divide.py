"""Dividing and merging the units of a project: one run of each stage for each unit, and what stands in the way."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review import queries
from approvals.review.models import Case, StageRun
from approvals.review.states import Conclusion, StageState
from portal.core import audit
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from projects.registry import operations as registry
from projects.registry.models import Project, Unit
from projects.registry.operations import Part
from projects.registry.states import ProjectState, UnitState
from tests.cast import as_actor
from tests.factories import review as factory

Divide = Callable[..., list[Unit]]
Carry = Callable[..., Application]


@pytest.fixture
def divide(project: Project, owner_actor: Actor, at: datetime) -> Divide:
    def run(unit: Unit | None, *names: str, actor: Actor | None = None) -> list[Unit]:
        return review.divide(
            project_id=project.pk,
            unit_id=unit and unit.pk,
            parts=[Part(name) for name in names or ("东区", "西区")],
            actor=actor or owner_actor,
            at=at,
        )

    return run


@pytest.fixture
def carry(project: Project, owner_actor: Actor, clerk_actor: Actor, at: datetime) -> Carry:
    """Return a maker of accepted applications of a unit, all of whose cases are granted unless they are to wait."""

    def run(stage: str, unit: Unit | None = None, *, finish: bool = True) -> Application:
        filed = factory.accepted(
            project=project, stage=stage, applicant=owner_actor, clerk=clerk_actor, at=at, unit=unit
        )
        while finish and filed.cases.running().exists():
            for case in filed.cases.running().order_by("pk"):
                factory.finish(case, at=at)
        filed.refresh_from_db()
        return filed

    return run


def present(project: Project) -> dict[tuple[str, str], str]:
    """Return (stage, path of the unit) -> state of the runs that go on."""
    return {
        (run.stage, run.unit.path if run.unit else ""): run.state
        for run in StageRun.objects.present().filter(project=project).select_related("unit")
    }


def test_each_part_of_the_project_has_every_stage(divide: Divide, project: Project) -> None:
    divide(None, "一期", "二期")

    assert present(project) == {
        ("S0", ""): StageState.OPEN,
        **{("S1", path): StageState.OPEN for path in ("01", "02")},
        **{(stage, path): StageState.WAITING for stage in ("S2", "S3", "S4") for path in ("01", "02")},
    }
    assert StageRun.objects.filter(project=project, state=StageState.DIVIDED).count() == 4
    assert OutboxMessage.objects.filter(topic="review.stage.divided").count() == 4
    laid_out = AuditEvent.objects.filter(action="review.stages.laid_out").latest("id").data
    assert laid_out["units"] == [f"{project.code}-01", f"{project.code}-02"]
    assert audit.verify(project.audit_stream) is None


def test_dividing_below_a_concluded_stage_opens_the_next_for_each_part(
    divide: Divide, carry: Carry, project: Project
) -> None:
    carry("S1")

    divide(Unit.objects.get(project=project), "厂房", "宿舍", "食堂")

    found = present(project)
    assert found[("S1", "01")] == StageState.CONCLUDED
    assert {path: state for (stage, path), state in found.items() if stage == "S2"} == {
        "0101": StageState.OPEN, "0102": StageState.OPEN, "0103": StageState.OPEN,
    }  # fmt: skip
    assert found[("S3", "0102")] == found[("S4", "0102")] == StageState.WAITING


def test_each_part_goes_its_own_way_to_the_end_of_the_project(divide: Divide, carry: Carry, project: Project) -> None:
    carry("S1")
    first, second = divide(Unit.objects.get(project=project))

    carry("S2", first)
    assert present(project)[("S3", "0101")] == StageState.OPEN
    assert present(project)[("S2", "0102")] == StageState.OPEN
    assert present(project)[("S3", "0102")] == StageState.WAITING
    carry("S3", first)
    assert Unit.objects.filter(code=f"{first.code}01").exists()
    carry("S4", first)
    project.refresh_from_db()
    assert project.state == ProjectState.REGISTERED
    for stage in ("S2", "S3", "S4"):
        carry(stage, second)

    project.refresh_from_db()
    assert project.state == ProjectState.CLOSED
    assert {run for (stage, _path), run in present(project).items() if stage != "S0"} == {StageState.CONCLUDED}


def test_the_same_item_is_granted_once_for_each_part(divide: Divide, carry: Carry, project: Project) -> None:
    first, second = divide(None)
    one = carry("S1", first)

    other = carry("S1", second)

    assert set(other.items.values_list("service_item__code")) == set(one.items.values_list("service_item__code"))
    case = Case.objects.filter(application=carry("S2", second, finish=False)).first()
    assert case is not None
    results = queries.lineage_results(project, items=["S1-07"], unit=second.code)
    assert [decision.case.application_id for decision in results] == [other.pk]


def test_merged_units_wait_for_each_other(
    divide: Divide, carry: Carry, project: Project, owner_actor: Actor, at: datetime
) -> None:
    first, second, third = divide(None, "东", "中", "西")

    both = review.merge(
        project_id=project.pk, unit_ids=[second.pk, first.pk], name="地下车库", actor=owner_actor, at=at
    )

    assert both.prev_eng_code == [first.code, second.code]
    assert {path for stage, path in present(project) if stage == "S2"} == {"0101", "03"}
    carry("S1", first)
    assert present(project)[("S2", "0101")] == StageState.WAITING
    carry("S1", third)
    assert present(project)[("S2", "03")] == StageState.OPEN
    carry("S1", second)
    assert present(project)[("S2", "0101")] == StageState.OPEN
    results = queries.lineage_results(project, items=["S1-07"], unit=both.code)
    assert {decision.case.application.unit_id for decision in results} == {first.pk, second.pk}
    assert carry("S2", both).unit == both
    assert present(project)[("S3", "0101")] == StageState.OPEN


def test_sections_of_two_buildings_are_merged_too(
    divide: Divide, carry: Carry, project: Project, owner_actor: Actor, at: datetime
) -> None:
    carry("S1")
    first, second = divide(Unit.objects.get(project=project))

    review.merge(project_id=project.pk, unit_ids=[first.pk, second.pk], name="桩基", actor=owner_actor, at=at)

    assert {path for stage, path in present(project) if stage in ("S3", "S4")} == {"010101"}
    carry("S2", first)
    assert present(project)[("S3", "010101")] == StageState.WAITING
    carry("S2", second)
    assert present(project)[("S3", "010101")] == StageState.OPEN


def test_one_must_say_for_which_unit(divide: Divide, project: Project, owner_actor: Actor, at: datetime) -> None:
    first, second = divide(None)

    with pytest.raises(registry.SeveralUnits):
        review.open_application(project_id=project.pk, stage="S1", actor=owner_actor, at=at)
    filed = review.open_application(project_id=project.pk, stage="S1", unit_id=second.pk, actor=owner_actor, at=at)
    assert filed.unit == second
    with pytest.raises(review.StageNotOpen):
        review.open_application(project_id=project.pk, stage="S2", unit_id=first.pk, actor=owner_actor, at=at)


def test_what_is_parallel_is_applied_for_as_a_whole_or_for_one_unit(
    divide: Divide, project: Project, owner_actor: Actor, at: datetime
) -> None:
    first, second = divide(None)

    def apply(unit: Unit | None) -> Application:
        return review.open_application(
            project_id=project.pk, stage="P", item_ids=["S2-12"], unit_id=unit and unit.pk, actor=owner_actor, at=at
        )

    assert apply(first).unit == first
    assert apply(second).unit == second
    with pytest.raises(InvalidInput):
        apply(first)
    with pytest.raises(InvalidInput):
        apply(None)


def test_for_the_whole_project_belongs_to_no_unit(
    divide: Divide, project: Project, owner_actor: Actor, at: datetime
) -> None:
    divide(None)

    filed = review.open_application(project_id=project.pk, stage="P", item_ids=["S2-12"], actor=owner_actor, at=at)

    assert filed.unit is None


def test_refuses_while_the_whole_is_applied_for_and_says_what_stands_in_the_way(
    divide: Divide, project: Project, owner_actor: Actor, at: datetime
) -> None:
    draft = review.open_application(project_id=project.pk, stage="S1", actor=owner_actor, at=at)
    before = AuditEvent.objects.count()

    with pytest.raises(review.DivisionBlocked) as caught:
        divide(None)

    assert f"{project.code}-01 已有一份在办的申报（草稿，草稿）" in str(caught.value)
    assert caught.value.fields == {"application": draft.pk}
    assert AuditEvent.objects.count() == before
    review.withdraw(application_id=draft.pk, reason="改为分期", actor=owner_actor, at=at)
    assert [unit.path for unit in divide(None)] == ["02", "03"]
    assert Unit.objects.get(code=f"{project.code}-01").state == UnitState.VOID
    assert {path for stage, path in present(project) if stage == "S1"} == {"02", "03"}


@pytest.mark.parametrize("conclusion", [Conclusion.GRANT, Conclusion.REJECT])
def test_what_was_granted_as_a_whole_is_not_divided_but_what_was_refused_is(
    divide: Divide, carry: Carry, project: Project, at: datetime, conclusion: Conclusion
) -> None:
    filed = carry("S1", finish=False)
    for case in filed.cases.order_by("pk"):
        factory.finish(case, at=at, conclusion=conclusion, opinion="按规定")

    if conclusion == Conclusion.GRANT:
        with pytest.raises(review.DivisionBlocked) as caught:
            divide(None)
        assert "已按整体办结" in str(caught.value)
    else:
        divide(None)
        assert {path: state for (stage, path), state in present(project).items() if stage == "S1"} == {
            "02": StageState.OPEN, "03": StageState.OPEN,
        }  # fmt: skip


def test_refuses_what_was_divided_and_an_application_of_a_merged_line(
    divide: Divide, project: Project, owner_actor: Actor, at: datetime
) -> None:
    first, second = divide(None)
    with pytest.raises(registry.AlreadyDivided):
        divide(None)
    section = registry.ensure_unit(project_id=project.pk, level=2, line_id=first.pk, actor=owner_actor, at=at)
    Application.objects.create(
        project=project, unit=section, stage="P", pack_version=project.pack_version, is_parallel=True,
        created_at=at, changed_at=at,
    )  # fmt: skip

    with pytest.raises(review.DivisionBlocked):
        review.merge(project_id=project.pk, unit_ids=[first.pk, second.pk], name="合", actor=owner_actor, at=at)


def test_only_the_owner_and_the_window_divide_and_merge(
    divide: Divide,
    project: Project,
    clerk_actor: Actor,
    at: datetime,
    request: pytest.FixtureRequest,
) -> None:
    for who in ("other_applicant", "agent", "planning_handler", "planning_lead", "leader", "outsider"):
        stranger = as_actor(request.getfixturevalue(who))
        with pytest.raises(NotAllowed):
            divide(None, actor=stranger)
        with pytest.raises(NotAllowed):
            review.merge(project_id=project.pk, unit_ids=[1, 2], name="合", actor=stranger, at=at)

    assert len(divide(None, actor=clerk_actor)) == 2


def test_a_unit_given_up_or_of_another_project_cannot_be_applied_for(
    divide: Divide, project: Project, owner_actor: Actor, at: datetime
) -> None:
    first = registry.ensure_unit(project_id=project.pk, level=1, actor=owner_actor, at=at)
    divide(None)

    for unit_id in (first.pk, 10**9):
        with pytest.raises(InvalidInput):
            review.open_application(project_id=project.pk, stage="S1", unit_id=unit_id, actor=owner_actor, at=at)


def test_a_stage_whose_cases_ended_without_its_milestone_stops_its_clock(
    application: Application, project: Project, owner_actor: Actor, at: datetime
) -> None:
    later = at + timedelta(days=1)

    review.withdraw(application_id=application.pk, reason="改期", actor=owner_actor, at=later)

    run = factory.run_of(project, "S1")
    assert run.state == StageState.OPEN
    assert run.timer is not None
    assert run.timer.is_stopped
