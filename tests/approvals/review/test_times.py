"""How long a stage and the whole way took: counted over the cases, shown day by day, kept when the stage ends."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.test import Client

from approvals.applications.models import Application
from approvals.deadlines import operations as deadlines
from approvals.review import operations as review
from approvals.review.models import StageRun
from approvals.review.queries import times
from approvals.review.states import StageState
from portal.accounts.models import User
from portal.core import clock
from portal.core.actor import Actor
from portal.core.models import OutboxMessage
from projects.registry.models import Project
from tests.factories import review as factory

DAY = timedelta(days=1)


def run_of(application: Application) -> StageRun:
    return StageRun.objects.select_related("project", "unit", "timer").get(
        project=application.project, stage=application.stage
    )


def test_it_counts_while_one_case_goes_on(application: Application, at: datetime) -> None:
    # Tuesday to Friday: three working days, one of the cases paused all the time
    first = application.cases.order_by("pk")[0]
    handler = factory.member(first.department_id, "handler")
    if application.cases.count() > 1:
        review.place_hold(
            case_id=first.pk, reason="专家评审", clock="special", kind="expert", expected_days=5, actor=handler, at=at
        )
    told = times.stage_time(run_of(application), as_of=clock.day_of(at + 3 * DAY)).told

    assert told.started_on == clock.day_of(at)
    assert told.used == 3


def test_days_on_which_everything_stands_still_are_left_out(application: Application, at: datetime) -> None:
    for case in application.cases.all():
        review.place_hold(
            case_id=case.pk,
            reason="专家评审",
            clock="special",
            kind="expert",
            expected_days=5,
            actor=factory.member(case.department_id, "handler"),
            at=at + DAY,
        )
    told = times.stage_time(run_of(application), as_of=clock.day_of(at + 6 * DAY)).told

    # the day the pauses begin is still the departments'
    assert told.used == 1
    assert [day.counts for day in told.days[:3]] == [True, False, False]


def test_a_concluded_stage_keeps_its_days(
    application: Application, at: datetime, drained: Callable[[datetime], int]
) -> None:
    ended = at + 2 * DAY
    for case in application.cases.order_by("pk"):
        factory.finish(case, at=ended)
    drained(ended)

    run = run_of(application)
    assert run.state == StageState.CONCLUDED
    assert run.timer is not None
    assert run.timer.stage_days == 2
    assert times.stage_time(run, as_of=clock.day_of(at + 30 * DAY)).told.used == 2


def test_what_is_written_down_late_is_counted_in_a_concluded_stage(
    application: Application, at: datetime, drained: Callable[[datetime], int]
) -> None:
    ended = at + 3 * DAY
    for case in application.cases.order_by("pk"):
        factory.finish(case, at=ended)
    drained(ended)
    assert run_of(application).timer.stage_days == 3  # type: ignore[union-attr]

    # it turns out later that all of them had waited for an expert for two days
    later = ended + 7 * DAY
    for case in application.cases.order_by("pk"):
        for name, day in (("special_started", 0), ("special_ended", 2)):
            deadlines.record(
                timer_id=case.timer_id,
                type=name,
                kind="expert",
                happened_at=at + day * DAY,
                actor=factory.member(case.department_id, "handler"),
                at=later,
            )
    drained(later)

    assert run_of(application).timer.stage_days == 1  # type: ignore[union-attr]


def test_what_happens_in_time_asks_for_no_recount(application: Application, at: datetime) -> None:
    for case in application.cases.order_by("pk"):
        factory.finish(case, at=at + DAY)

    assert not OutboxMessage.objects.filter(topic="deadlines.timer.backdated").exists()


def test_the_whole_way_leaves_out_what_passes_between_stages(
    project: Project, application: Application, owner_actor: Actor, clerk_actor: Actor, at: datetime
) -> None:
    for case in application.cases.order_by("pk"):
        factory.finish(case, at=at + DAY)
    later = at + 14 * DAY
    factory.accepted(project=project, stage="S2", applicant=owner_actor, clerk=clerk_actor, at=later)

    told = times.project_time(project, as_of=clock.day_of(later + DAY))

    assert [(time.run.stage, time.told.used) for time in told.stages] == [("S1", 1), ("S2", 1)]
    assert told.way.used == 2


def test_the_page_shows_every_day_in_runs_of_like_ones(
    client: Client, application: Application, applicant: User, project: Project, at: datetime
) -> None:
    client.force_login(applicant)
    with clock.frozen(at + 9 * DAY):
        page = client.get(f"/review/projects/{project.pk}/time")

    assert page.status_code == 200
    text = page.content.decode()
    assert "全流程审批用时" in text
    (stage,) = page.context["page"].stages
    # from a Wednesday to the Thursday after next: the week's rest, the weekend, the days since
    assert [(run.days, run.counts, run.total) for run in stage.days] == [(3, True, 3), (2, False, 3), (4, True, 7)]
    assert [day for run in stage.days for day in (run.first, run.last)] == [
        clock.day_of(at + days * DAY) for days in (1, 3, 4, 5, 6, 9)
    ]
    assert stage.told.used == stage.days[-1].total
    assert text.count("在办，计入阶段用时") == 2
