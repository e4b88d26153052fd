"""The inbox: a reviewer's open tasks with their lights, and what the neighbours do. A fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery

from approvals.applications.models import Application
from approvals.deadlines import queries as deadlines
from approvals.deadlines.columns import TimerColumns, paths
from approvals.deadlines.queries import LightWords
from approvals.deadlines.states import Light
from approvals.review.models import Opinion, ReviewTask
from approvals.review.queries.lanes import lanes_of, used_of
from approvals.review.states import Step, TaskState
from portal.core import counting, paging
from portal.core.actor import Actor
from portal.core.prepared import NUMBER, Prepared, Statement
from portal.ui.lanes import Lane
from portal.ui.lights import Light as Shape
from projects.catalogue.models import ServiceItem
from projects.registry.models import Project

PAGE_SIZE = 50
#: how many tasks the counts look at; a department with more is told of at least so many
MOST_READ = 10_000
SORTS = {"due": ("due_on", "id"), "newest": ("-id",), "oldest": ("id",)}
#: what a row is made of, besides the columns of its clock
SHOWN = (
    *("id", "case_id", "department_id", "step", "state", "assignee_id", "due_on"),
    *("case__stage_run_id", "case__timer_id", "case__timer__provisional"),
    *("project_name", "project_code", "unit_code", "item_name", "spoken"),
)
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

    task_id: int
    case_id: int
    step: str
    is_waiting: bool
    is_held: bool
    """There is nothing to do before the clock goes on."""
    project: str
    code: str
    """Of the unit, else of the project."""
    item: str
    timer_id: int
    light: LightWords
    due_on: date | None
    is_provisional: bool
    used: int
    limit: int
    lanes: tuple[Lane, ...]
    lanes_done: int
    is_taken: bool
    is_mine: bool
    may_do: bool
    on_behalf_of: str = ""
    """The absent colleague who has it and for whom the reader stands in."""

    def __getitem__(self, name: str) -> Any:
        # a template asks for a key before it asks for an attribute, and a page of rows asks two thousand times
        return getattr(self, name)

    @property
    def can_claim(self) -> bool:
        return self.is_waiting and self.may_do

    @property
    def progress(self) -> str:
        """Return how many of the other lanes are done."""
        return f"{self.lanes_done} / {len(self.lanes)}"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks there are by light, and who has them."""

    total: int
    by_light: Mapping[str, int]
    mine: int
    pool: int
    is_cut: bool = False
    """There are more tasks than were looked at, so every number says: at least."""

    @property
    def absent(self) -> int:
        """Return how many are in the hands of colleagues for whom the reader stands in."""
        return self.total - self.mine - self.pool

    @property
    def shown(self) -> dict[str, str]:
        """Return all numbers in words, by the names they are filtered by."""
        numbers = {"all": self.total, "mine": self.mine, "pool": self.pool, "absent": self.absent, **self.by_light}
        return {name: counting.words(number, at_least=self.is_cut) for name, number in numbers.items()}


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of the inbox."""

    rows: tuple[Row, ...]
    counts: Counts
    next: str
    previous: str


def tasks(actor: Actor, filters: Filters, *, today: date) -> QuerySet[ReviewTask]:
    """Return the actor's open tasks under filters, each with its `light`."""
    found = ReviewTask.objects.inbox_of(actor).with_light(today)
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


def inbox(actor: Actor, filters: Filters, *, today: date, cursor: str = "", size: int = PAGE_SIZE) -> Inbox:
    """Return a page of the inbox: tasks, their neighbours' lanes, counts; three statements whatever the size."""
    everything = Filters(stage=filters.stage, item=filters.item, region=filters.region)
    order = SORTS.get(filters.sort, SORTS["due"])
    page: paging.Page[Any]
    if cursor or actor.user_id is None:
        page = paging.page(_listed(actor, filters, today=today), by=order, cursor=cursor, size=size)
    else:
        found = _first(_who_may_the_same(actor), filters, today, size)(actor.user_id)
        page = paging.first(found, by=order, size=size)
    lanes = lanes_of({found.case__stage_run_id for found in page.items if found.case__stage_run_id}, today=today)
    # many rows of a page have the same clock: each is told once
    told = lru_cache(maxsize=None)(lambda *columns: _told(TimerColumns(*columns), today))
    return Inbox(
        rows=tuple(_row(found, lanes, told(*found[len(SHOWN) :]), actor=actor) for found in page.items),
        counts=_counts(_counted(_who_may_the_same(actor), everything, today)(actor.user_id or 0), actor),
        next=page.next,
        previous=page.previous,
    )


def _listed(actor: Actor, filters: Filters, *, today: date) -> QuerySet[ReviewTask, Any]:
    found = tasks(actor, filters, today=today).annotate(**_beside(actor))
    return found.values_list(*SHOWN, *paths("case__timer__"), named=True)


def _who_may_the_same(actor: Actor) -> Actor:
    """Return the colleague nobody is, who may do with the tasks of the city what this one may."""
    return Actor(user_id=NUMBER, name="", grants=actor.grants, stands_in=actor.stands_in)


@lru_cache(maxsize=256)
def _first(actor: Actor, filters: Filters, today: date, size: int) -> Prepared[Any]:
    """Return the statement for the first page, put together once for all colleagues who may do the same."""
    order = SORTS.get(filters.sort, SORTS["due"])
    return Prepared(lambda user_id: _listed(actor.like(user_id), filters, today=today).order_by(*order)[: size + 1])


def neighbours(
    actor: Actor, filters: Filters, task: ReviewTask, *, today: date
) -> tuple[ReviewTask | None, ReviewTask | None]:
    """Return the tasks before and after one in the inbox by due date; two statements."""
    listed = tasks(actor, filters, today=today).exclude(case_id=task.case_id)
    same = Q(due_on=task.due_on)
    after = listed.filter(Q(due_on__gt=task.due_on) | same & Q(id__gt=task.pk)).order_by("due_on", "id").first()
    before = listed.filter(Q(due_on__lt=task.due_on) | same & Q(id__lt=task.pk)).order_by("-due_on", "-id").first()
    return before, after


def own_steps(actor: Actor, case_ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
    """Return case -> the steps on which the actor has spoken; he may do no other step of it."""
    found: dict[int, set[str]] = defaultdict(set)
    wanted = list(case_ids)
    if wanted:
        for case_id, step in _said_by(actor).filter(case_id__in=wanted).values_list("case_id", "step"):
            found[case_id].add(step)
    return {case_id: frozenset(steps) for case_id, steps in found.items()}


def _said_by(actor: Actor) -> QuerySet[Opinion]:
    return Opinion.objects.filter(Q(author_id=actor.user_id) | Q(on_behalf_of_id=actor.user_id))


def _beside(actor: Actor) -> dict[str, Any]:
    """Return what a row shows besides its task, asked for each row shown: eight tables joined take long to plan."""

    def of_case(rows: QuerySet[Any], key: str, *columns: str) -> list[Subquery]:
        return [Subquery(rows.filter(pk=OuterRef(f"case__{key}")).values(column)) for column in columns]

    name, code = of_case(Project.objects.all(), "project_id", "name", "code")
    (unit,) = of_case(Application.objects.all(), "application_id", "unit__code")
    (item,) = of_case(ServiceItem.objects.all(), "service_item_id", "name")
    spoken = ArraySubquery(_said_by(actor).filter(case_id=OuterRef("case_id")).values("step"))
    return {"project_name": name, "project_code": code, "unit_code": unit, "item_name": item, "spoken": spoken}


@dataclass(frozen=True, slots=True)
class _Told:
    """What a row says of its clock."""

    light: LightWords
    used: int
    limit: int
    due_on: date | None
    is_paused: bool


def _told(timer: TimerColumns, today: date) -> _Told:
    light, due_on = deadlines.light_words(timer, today), deadlines.promised_due_on(timer, today)
    return _Told(light, *used_of(timer, today), due_on, timer.is_paused)


def _row(found: Any, lanes: Mapping[int, tuple[Lane, ...]], told: _Told, *, actor: Actor) -> Row:
    absent = actor.standing_in_for(found.assignee_id, department=found.department_id)
    others = [lane for lane in lanes.get(found.case__stage_run_id, ()) if lane.item != found.item_name]
    return Row(
        task_id=found.id,
        case_id=found.case_id,
        step=str(Step(found.step).label),
        is_waiting=found.state == TaskState.WAITING,
        is_held=told.light.shape is Shape.HOLD,
        project=found.project_name,
        code=found.unit_code or found.project_code,
        item=found.item_name,
        timer_id=found.case__timer_id,
        light=told.light,
        due_on=told.due_on,
        is_provisional=found.case__timer__provisional or told.is_paused,
        used=told.used,
        limit=told.limit,
        lanes=tuple(others),
        lanes_done=sum(lane.light in ("done", "no") for lane in others),
        is_taken=found.assignee_id is not None,
        is_mine=found.assignee_id == actor.user_id,
        may_do=not (set(found.spoken) - {found.step}),
        on_behalf_of=absent.name if absent else "",
    )


@lru_cache(maxsize=256)
def _counted(actor: Actor, filters: Filters, today: date) -> Statement:
    """Return the statement that counts by light and by holder; it looks at no more than MOST_READ tasks."""
    return Statement(
        lambda user_id: counting.grouped_sql(
            tasks(actor.like(user_id), filters, today=today),
            ("light", "state", "assignee_id"),
            most=MOST_READ + 1,
        )
    )


def _counts(found: Iterable[tuple[Any, ...]], actor: Actor) -> Counts:
    """Add up what was counted by light, state and holder."""
    total, by_light, mine, pool = 0, dict.fromkeys(Light.values, 0), 0, 0
    for light, state, assignee_id, number in found:
        total += number
        by_light[light] += number
        mine += number if assignee_id is not None and assignee_id == actor.user_id else 0
        pool += number if state == TaskState.WAITING else 0
    return Counts(total=total, by_light=by_light, mine=mine, pool=pool, is_cut=total > MOST_READ)
