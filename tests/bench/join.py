"""Twenty-five stages, one after the other, whose ten last tasks are completed in the same moment by ten threads."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from approvals.review import operations as review
from approvals.review.models import Case, ReviewTask, StageRun
from approvals.review.states import TASK_OPEN, Conclusion, StageState
from portal.core import audit, clock, outbox
from portal.core.actor import Actor
from portal.core.models import OutboxMessage
from tests.bench import city
from tests.bench.flow import handed_in
from tests.bench.measure import Measurement

STAGES = 25


class Workers:
    """Ten threads with a connection each, which live through all stages as those of a server do."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=city.ITEMS)

    def finish_together(self, tasks: list[tuple[int, Actor]]) -> tuple[float, list[BaseException]]:
        """Complete all tasks at once, a thread for each; returns the seconds to the last, and what failed."""
        barrier = threading.Barrier(len(tasks) + 1)
        running = [self._pool.submit(_complete, barrier, task_id, actor) for task_id, actor in tasks]
        barrier.wait()
        begin = time.perf_counter()
        failed = [error for error in (each.exception() for each in running) if error is not None]
        return time.perf_counter() - begin, failed

    def close(self) -> None:
        """Close the connections, each in the thread it belongs to."""
        barrier = threading.Barrier(city.ITEMS)
        for each in [self._pool.submit(_leave, barrier) for _ in range(city.ITEMS)]:
            each.result()
        self._pool.shutdown()


def _complete(barrier: threading.Barrier, task_id: int, actor: Actor) -> None:
    connection.ensure_connection()
    # whoever waits here keeps his thread, so that each task has one of its own
    barrier.wait()
    with outbox.hushed():
        review.complete_task(task_id=task_id, conclusion=Conclusion.GRANT, opinion="同意", actor=actor, at=clock.now())


def _leave(barrier: threading.Barrier) -> None:
    barrier.wait()
    connection.close()


def is_right(application_id: int) -> bool:
    """Tell whether a stage is concluded, told once, closed behind itself, and its chain holds."""
    cases = Case.objects.filter(application_id=application_id)
    run = StageRun.objects.select_related("project").get(pk=cases.values_list("stage_run", flat=True).distinct().get())
    told = OutboxMessage.objects.filter(topic="review.stage.concluded", payload__id=run.pk).count()
    still_open = ReviewTask.objects.filter(case__application_id=application_id, state__in=TASK_OPEN).exists()
    holds = audit.verify(run.project.audit_stream) is None
    return run.state == StageState.CONCLUDED and told == 1 and not still_open and holds


def run() -> Iterator[Measurement]:
    """Measure how many stages come out right, and how long one takes."""
    ids = handed_in(STAGES)
    clerk, handlers = city.clerk(), city.handlers()
    workers = Workers()
    took, cpu, right = 0.0, 0.0, 0
    for application_id in ids:
        with outbox.hushed():
            review.accept(application_id=application_id, actor=clerk, at=clock.now())
        tasks = ReviewTask.objects.filter(case__application_id=application_id, state__in=TASK_OPEN).order_by("pk")
        work = [(pk, handlers[department]) for pk, department in tasks.values_list("pk", "department_id")]
        before = time.process_time()
        seconds, failed = workers.finish_together(work)
        took, cpu = took + seconds, cpu + time.process_time() - before
        right += not failed and is_right(application_id)
    workers.close()
    note = (
        f"{city.ITEMS} threads of one process, each with a connection of its own; "
        f"{cpu / STAGES * 1000:.0f} ms CPU of the process per join"
    )
    yield Measurement("join", "right", right, "of 25", STAGES, note=note)
    yield Measurement("join", "seconds_per_join", took / STAGES, "s", STAGES, note=note)
