"""A batch before it is queued and after: which tasks, which were left out, what became of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from approvals.deadlines import queries as deadlines
from approvals.deadlines.queries import LightWords
from approvals.review import batching
from approvals.review.batching import LeftOut
from approvals.review.models import BatchAct, BatchEntry, ReviewTask
from approvals.review.states import BatchKind, EntryState
from portal.core.actor import Actor
from portal.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One task that would be done."""

    task: ReviewTask
    light: LightWords

    @property
    def key(self) -> str:
        """Return what the form sends: the task, and the version of the case the reader has seen."""
        return f"{self.task.pk}:{self.task.case.version}"


@dataclass(frozen=True, slots=True)
class BatchPreview:
    """Exactly what would be done, and what would not."""

    kind: BatchKind
    lines: tuple[PreviewLine, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def asks_opinion(self) -> bool:
        return self.kind == BatchKind.PASS

    @property
    def outcomes(self) -> Mapping[str, int]:
        """Return how many go where, for 通过 only."""
        return batching.steps_after(line.task for line in self.lines) if self.asks_opinion else {}


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch and its entries."""

    batch: BatchAct
    entries: tuple[BatchEntry, ...]

    @property
    def total(self) -> int:
        return len(self.entries)

    @property
    def waiting(self) -> int:
        return self._number(EntryState.QUEUED)

    @property
    def done(self) -> int:
        return self._number(EntryState.DONE)

    @property
    def failed(self) -> tuple[BatchEntry, ...]:
        return tuple(entry for entry in self.entries if entry.state == EntryState.FAILED)

    @property
    def others(self) -> tuple[BatchEntry, ...]:
        return tuple(entry for entry in self.entries if entry.state != EntryState.FAILED)

    def _number(self, state: EntryState) -> int:
        return sum(entry.state == state for entry in self.entries)


def batch_preview(actor: Actor, *, kind: BatchKind, task_ids: Collection[int], today: date) -> BatchPreview:
    """Sort chosen tasks for the page that shows them before anything is queued; three statements."""
    found = batching.sort_out(actor, kind=kind, task_ids=task_ids)
    return BatchPreview(
        kind=kind,
        lines=tuple(PreviewLine(task, deadlines.light_words(task.case.timer, today)) for task in found.taken),
        left_out=found.left_out,
    )


def batch_page(batch_id: int, actor: Actor) -> BatchPage:
    """Read a batch of the actor; two statements.

    :raises NotFound: there is none, or it is somebody else's
    """
    batch = BatchAct.objects.filter(pk=batch_id, person_id=actor.user_id).first()
    if batch is None:
        raise NotFound
    entries = batch.entries.select_related("task__case__project", "task__case__service_item").order_by("pk")
    return BatchPage(batch, tuple(entries))
