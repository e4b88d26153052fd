"""The inbox: a reviewer's open tasks with their lights, and what the neighbours do. A fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from approvals.deadlines import queries as deadlines
from approvals.deadlines.models import Timer
from approvals.deadlines.queries import LightWords
from approvals.deadlines.querysets import light_on
from approvals.deadlines.states import Light
from approvals.review.models import Case, ReviewTask
from approvals.review.states import TaskState
from portal.core import paging
from portal.core.actor import Actor
from portal.ui.lanes import Lane, in_order

PAGE_SIZE = 50
#: where a clock without a due date stands in the order: behind all others
FAR = date(9999, 12, 31)
SORTS = {"due": ("due", "id"), "newest": ("-id",), "oldest": ("id",)}
WHO = ("all", "mine", "pool", "absent")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list was narrowed to; empty = all."""

    light: str = ""
    stage: str = ""
    item: str = ""
    region: str = ""
    who: str = "all"
    sort: str = "due"


@dataclass(frozen=True, slots=True)
class Row:
    """One task as the list shows it."""

    task: ReviewTask
    light: LightWords
    due_on: date | None
    is_provisional: bool
    used: int
    limit: int
    lanes: tuple[Lane, ...]
    lanes_done: int
    is_mine: bool
    may_do: bool
    on_behalf_of: str = ""
    """The absent colleague who has it and for whom the reader stands in."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks there are by light, and who has them."""

    total: int
    by_light: Mapping[str, int]
    mine: int
    pool: int

    @property
    def absent(self) -> int:
        """Return how many are in the hands of colleagues for whom the reader stands in."""
        return self.total - self.mine - self.pool


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of the inbox."""

    rows: tuple[Row, ...]
    counts: Counts
    next: str
    previous: str


def tasks(actor: Actor, filters: Filters, *, today: date) -> QuerySet[ReviewTask]:
    """Return the actor's open tasks under filters, each with `due` and `light`."""
    found = by_due(ReviewTask.objects.inbox_of(actor)).annotate(light=light_on(today, "case__timer__"))
    if filters.stage:
        found = found.filter(case__application__stage=filters.stage)
    if filters.item:
        found = found.filter(case__service_item__code=filters.item)
    if filters.region:
        found = found.filter(case__project__region=filters.region)
    if filters.who == "mine":
        found = found.filter(assignee_id=actor.user_id)
    elif filters.who == "pool":
        found = found.filter(state=TaskState.WAITING)
    elif filters.who == "absent":
        found = found.exclude(assignee=None).exclude(assignee_id=actor.user_id)
    return found.filter(light=filters.light) if filters.light else found


def by_due(rows: QuerySet[ReviewTask]) -> QuerySet[ReviewTask]:
    """Give each task `due`, the promised day to order by."""
    return rows.annotate(due=Coalesce("case__timer__promised_due_on", Value(FAR), output_field=DateField()))


def inbox(actor: Actor, filters: Filters, *, today: date, cursor: str = "", size: int = PAGE_SIZE) -> Inbox:
    """Return a page of the inbox: tasks, their neighbours' lanes, counts; four statements whatever the size."""
    everything = Filters(stage=filters.stage, item=filters.item, region=filters.region)
    page = paging.page(
        tasks(actor, filters, today=today).select_related(
            "case__project",
            "case__service_item",
            "case__timer",
            "case__application__unit",
            "assignee",
        ),
        by=SORTS.get(filters.sort, SORTS["due"]),
        cursor=cursor,
        size=size,
    )
    lanes = lanes_of({task.case.stage_run_id for task in page.items if task.case.stage_run_id}, today=today)
    done = own_steps(actor, (task.case_id for task in page.items))
    return Inbox(
        rows=tuple(_row(task, lanes, done, actor=actor, today=today) for task in page.items),
        counts=_counts(tasks(actor, everything, today=today), actor),
        next=page.next,
        previous=page.previous,
    )


def neighbours(
    actor: Actor, filters: Filters, task: ReviewTask, *, today: date
) -> tuple[ReviewTask | None, ReviewTask | None]:
    """Return the tasks before and after one in the inbox by due date; two statements."""
    due = task.case.timer.promised_due_on or FAR
    listed: Any = tasks(actor, filters, today=today).exclude(case_id=task.case_id)
    # built by name, because `due` is an annotation
    same = Q(**dict[str, Any](due=due))
    after = listed.filter(Q(**dict[str, Any](due__gt=due)) | same & Q(id__gt=task.pk)).order_by("due", "id").first()
    before = listed.filter(Q(**dict[str, Any](due__lt=due)) | same & Q(id__lt=task.pk)).order_by("-due", "-id").first()
    return before, after


def own_steps(actor: Actor, case_ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
    """Return case -> the steps on which the actor has spoken; he may do no other step of it."""
    found: dict[int, set[str]] = defaultdict(set)
    wanted = list(case_ids)
    if wanted:
        own = Q(opinions__author_id=actor.user_id) | Q(opinions__on_behalf_of_id=actor.user_id)
        spoken = Case.objects.filter(own, pk__in=wanted)
        for case_id, step in spoken.values_list("pk", "opinions__step"):
            found[case_id].add(step)
    return {case_id: frozenset(steps) for case_id, steps in found.items()}


def lanes_of(run_ids: Iterable[int], *, today: date) -> Mapping[int, tuple[Lane, ...]]:
    """Return stage run -> one lane per case of it, in the order of the screens; one statement."""
    found: dict[int, list[tuple[int, Lane]]] = defaultdict(list)
    wanted = set(run_ids)
    if not wanted:
        return {}
    cases = (
        Case.objects.filter(stage_run_id__in=wanted)
        .select_related("department", "timer", "service_item", "stage_run")
        .order_by("pk")
    )
    for case in cases:
        if case.stage_run is not None:
            found[case.stage_run_id].append((case.pk, lane_of(case, today=today)))  # type: ignore[index]
    return {run: in_order(lane for _pk, lane in lanes) for run, lanes in found.items()}


def lane_of(case: Case, *, today: date, url: str = "") -> Lane:
    """Return a case as a lane; its department, timer, item and run must have been loaded."""
    light = deadlines.light_words(case.timer, today)
    used, limit = used_of(case.timer, today)
    return Lane(
        department=case.department.short,
        item=case.service_item.name,
        light=light.shape,
        words=light.words,
        used=used,
        limit=limit,
        lead=case.stage_run is not None and case.stage_run.lead_id == case.department_id,
        url=url,
    )


def used_of(timer: Timer, today: date) -> tuple[int, int]:
    """Return days used and the limit of C2 from the dates stored at the last event; no statement."""
    limit = timer.promised_days
    if timer.is_blue(today) or timer.promised_due_on is None:
        return 0, limit
    # what stands still cannot become later; what was late already stays as late as it was
    end = timer.ended_on or (timer.paused_on if timer.is_paused else None) or today
    if end > timer.promised_due_on:
        return limit + deadlines.terms_of(timer).count(timer.promised_due_on, end), limit
    return max(0, limit - deadlines.days_left(timer, end)), limit


def _row(
    task: ReviewTask,
    lanes: Mapping[int, tuple[Lane, ...]],
    done: Mapping[int, frozenset[str]],
    *,
    actor: Actor,
    today: date,
) -> Row:
    timer = task.case.timer
    light = deadlines.light_words(timer, today)
    used, limit = used_of(timer, today)
    absent = actor.standing_in_for(task.assignee_id, department=task.department_id)
    others = [lane for lane in lanes.get(task.case.stage_run_id or 0, ()) if lane.item != task.case.service_item.name]
    return Row(
        task=task,
        light=light,
        due_on=deadlines.promised_due_on(timer, today),
        is_provisional=timer.provisional or timer.is_paused,
        used=used,
        limit=limit,
        lanes=tuple(others),
        lanes_done=sum(lane.light in ("done", "no") for lane in others),
        is_mine=task.assignee_id == actor.user_id,
        may_do=not (done.get(task.case_id, frozenset()) - {task.step}),
        on_behalf_of=absent.name if absent else "",
    )


def _counts(found: QuerySet[ReviewTask], actor: Actor) -> Counts:
    """Count by light and by holder in one statement."""
    numbers = found.aggregate(
        total=Count("id"),
        mine=Count("id", filter=Q(assignee_id=actor.user_id)),
        pool=Count("id", filter=Q(state=TaskState.WAITING)),
        **{f"light_{light.value}": Count("id", filter=Q(light=light.value)) for light in Light},
    )
    return Counts(
        total=numbers["total"],
        by_light={light.value: numbers[f"light_{light.value}"] for light in Light},
        mine=numbers["mine"],
        pool=numbers["pool"],
    )
