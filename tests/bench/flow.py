"""One start, ten parallel one-step reviews, one conclusion: eleven transactions with audit, clocks and outbox."""

from collections.abc import Iterator
from functools import partial

from approvals.applications.models import Application, ApplicationItem, MaterialSlot
from approvals.deadlines.models import Timer, TimerEvent
from approvals.review import operations as review
from approvals.review.models import ReviewTask, StageRun
from approvals.review.states import TASK_OPEN, Conclusion, StageState
from portal.core import audit, clock, outbox
from portal.core.actor import Actor
from portal.core.models import AuditEvent, AuditHead, OutboxMessage, Sequence
from projects.registry.models import Project, ProjectFact, Unit
from tests.bench import city, data
from tests.bench.measure import Measurement, Taken, cpu_and_wall, statements
from tests.bench.plain_flow import PlainFlow

WARM, N, ROUNDS = 3, 40, 5
#: more than any table of one project has rows
STEP = 10_000


def handed_in(n: int) -> list[int]:
    """Make n projects with an application at the window, copies of one; returns the ids of the applications."""
    data.empty(Project, Timer, OutboxMessage, AuditHead, AuditEvent, Sequence)
    city.load_pack()
    template = city.an_application(city.yesterday())
    project = template.project
    code = project.audit_stream

    def change(values: dict[str, object], k: int) -> None:
        city.changed(values, k, STEP, "project_id", "application_id", "timer_id", "unit_id", "parent_id")
        for column in ("code", "number"):
            if values.get(column):
                values[column] = str(values[column]).replace(code, f"{code[:-6]}{k:06d}")
        if "submitted_at" in values:
            values["number"] = f"B{k:08d}"

    timers = Timer.objects.filter(pk=template.clock_id)
    tables = {
        Project: [project],
        ProjectFact: project.facts.all(),
        Unit: project.units.order_by("pk"),
        StageRun: project.stage_runs.order_by("pk"),
        Timer: timers,
        TimerEvent: TimerEvent.objects.filter(timer__in=timers),
        Application: [template],
        ApplicationItem: template.items.all(),
        MaterialSlot: template.slots.all(),
    }
    with data.unchecked():
        for model, rows in tables.items():
            data.copy(model, data.clones(rows, step=STEP, change=change, n=n))
    data.settle_statistics(*tables)
    return [template.pk + k * STEP for k in range(1, n + 1)]


def flow(application_id: int, *, clerk: Actor, handlers: dict[str, Actor]) -> None:
    """Take one application from acceptance to the conclusion of its stage."""
    review.accept(application_id=application_id, actor=clerk, at=clock.now())
    tasks = ReviewTask.objects.filter(case__application_id=application_id, state__in=TASK_OPEN)
    for task_id, department in list(tasks.order_by("pk").values_list("pk", "department_id")):
        review.complete_task(
            task_id=task_id,
            conclusion=Conclusion.GRANT,
            opinion="符合规定条件，材料齐全。",
            actor=handlers[department],
            at=clock.now(),
        )


def _one_of(ids: list[int], clerk: Actor, handlers: dict[str, Actor], k: int) -> None:
    flow(ids[k], clerk=clerk, handlers=handlers)


def check(ids: list[int]) -> None:
    """Refuse to report a speed of what was not done."""
    done = Application.objects.filter(pk__in=ids, state="completed")
    if done.count() != len(ids):
        raise SystemExit(f"{len(ids) - done.count()} of {len(ids)} flows are not concluded")
    for application in done.select_related("project"):
        run = StageRun.objects.get(project=application.project, stage=application.stage)
        if run.state != StageState.CONCLUDED or audit.verify(application.project.audit_stream):
            raise SystemExit(f"{application.number}: {run.state}, or its chain is broken")


def run() -> Iterator[Measurement]:
    """Measure flows per second in one process, with the workers asleep."""
    ids = handed_in(2 * (WARM + N))
    clerk, handlers = city.clerk(), city.handlers()
    with outbox.hushed():
        for application_id in ids[: WARM - 1]:
            flow(application_id, clerk=clerk, handlers=handlers)
        with statements() as seen:
            flow(ids[WARM - 1], clerk=clerk, handlers=handlers)
        plain = PlainFlow(done=ids[WARM - 1], step=STEP)
        plain.measure(places=range(N + 1, N + 1 + WARM))
        measured, floor = Taken(0, 0), Taken(0, 0)
        # turn about, in rounds, so that what else the machine does meets both alike
        for part in range(ROUNDS):
            size = N // ROUNDS
            first = WARM + part * size
            mine = ids[first : first + size]
            measured += cpu_and_wall(partial(_one_of, mine, clerk, handlers), n=size)
            floor += plain.measure(places=range(N + 1 + first, N + 1 + first + size))
    check(ids[: WARM + N])
    yield Measurement(
        "flow",
        "flows_per_s",
        N / measured.wall,
        "1/s",
        N,
        floor=N / floor.wall,
        sql=len(seen) - 1,
        note=(
            f"{city.ITEMS} items, {city.ITEMS + 1} transactions; the python process used "
            f"{measured.cpu / N * 1000:.0f} ms CPU of {measured.wall / N * 1000:.0f} ms per flow"
        ),
    )
