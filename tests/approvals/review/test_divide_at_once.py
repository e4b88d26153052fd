"""Real threads: a division and whatever else happens in the same moment leave one truth."""

from datetime import datetime

import pytest

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review.models import StageRun
from approvals.review.states import StageState
from portal.core import audit
from portal.core.actor import Actor
from projects.registry import operations as registry
from projects.registry.models import Project, Unit
from projects.registry.operations import Part
from tests.approvals.review.test_concurrency import grant, refusals, together
from tests.factories import review as factory

pytestmark = pytest.mark.django_db(transaction=True)

PARTS = [Part("东区"), Part("西区")]


def states(project: Project, stage: str) -> list[str]:
    runs = StageRun.objects.present().filter(project=project, stage=stage)
    return list(runs.order_by("unit__code").values_list("state", flat=True))


def test_dividing_from_ten_threads_divides_once(project: Project, owner_actor: Actor, at: datetime) -> None:
    results = together(
        *[lambda: review.divide(project_id=project.pk, unit_id=None, parts=PARTS, actor=owner_actor, at=at)] * 10
    )

    assert {type(error) for error in refusals(results)} == {registry.AlreadyDivided}
    assert len(refusals(results)) == 9
    assert states(project, "S1") == [StageState.OPEN, StageState.OPEN]
    assert audit.verify(project.audit_stream) is None


def test_the_milestone_granted_while_dividing_opens_the_next_stage_of_every_part(
    application: Application, project: Project, owner_actor: Actor, at: datetime
) -> None:
    task = factory.up_to_decision(factory.case_of(application, "S1-07"), at=at)
    unit = Unit.objects.get(project=project)

    results = together(
        grant(task, at),
        lambda: review.divide(project_id=project.pk, unit_id=unit.pk, parts=PARTS, actor=owner_actor, at=at),
    )

    assert refusals(results) == []
    assert states(project, "S1") == [StageState.CONCLUDED]
    assert states(project, "S2") == [StageState.OPEN, StageState.OPEN]


def test_an_application_begun_while_dividing_is_for_a_part_or_stops_the_division(
    project: Project, owner_actor: Actor, at: datetime
) -> None:
    results = together(
        lambda: review.open_application(project_id=project.pk, stage="S1", actor=owner_actor, at=at),
        lambda: review.divide(project_id=project.pk, unit_id=None, parts=PARTS, actor=owner_actor, at=at),
    )

    refused = refusals(results)
    assert len(refused) == 1
    assert type(refused[0]) in (registry.SeveralUnits, review.DivisionBlocked)
    begun = Application.objects.filter(project=project).count()
    assert len(states(project, "S1")) == (1 if begun else 2)


def test_giving_up_the_project_while_deciding_leaves_nothing_running(
    application: Application, project: Project, owner_actor: Actor, at: datetime
) -> None:
    task = factory.open_task(factory.case_of(application, "S1-04"))

    results = together(
        grant(task, at),
        lambda: review.withdraw_project(project_id=project.pk, reason="不建了", actor=owner_actor, at=at),
    )

    assert len(refusals(results)) <= 1
    project.refresh_from_db()
    assert project.state == "withdrawn"
    assert not application.cases.running().exists()
    assert set(states(project, "S1")) == {StageState.CLOSED}
