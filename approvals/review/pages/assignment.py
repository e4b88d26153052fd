"""分派: the open tasks of a department with who has them, for whoever distributes its work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from approvals.deadlines import queries as deadlines
from approvals.deadlines.queries import LightWords
from approvals.review import policies
from approvals.review.models import ReviewTask
from approvals.review.queries import workload
from portal.accounts import queries as accounts
from portal.accounts.models import Delegation, User
from portal.core import calendars, clock, paging
from portal.core.actor import Actor

PAGE_SIZE = 50
#: values of the filter besides the id of a person
EVERYBODY, NOBODY = "", "none"


@dataclass(frozen=True, slots=True)
class Holder:
    """A person of the department and how much he has in hand."""

    user: User
    number: int
    substitute: str
    """Who stands in for him today; empty while he is there."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody to whom a task can be given."""

    user_id: int
    label: str


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One open task: where its clock stands, who has it, who could."""

    task: ReviewTask
    light: LightWords
    due_on: date | None
    is_provisional: bool
    waited: int
    """Working days since it arrived."""
    is_neglected: bool
    """Nobody has taken it for as long as the pack has the lead told of it."""
    substitute: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class AssignmentPage:
    """One page of the open tasks."""

    rows: tuple[AssignmentRow, ...]
    holders: tuple[Holder, ...]
    total: int
    unclaimed: int
    who: str
    next: str
    previous: str


def assignment_page(actor: Actor, *, who: str, at: datetime, cursor: str = "", size: int = PAGE_SIZE) -> AssignmentPage:
    """Read a page of what the actor distributes, the next due first; six statements whatever the size.

    :param who: only the tasks of this person (his id), of nobody ("none"), or all ("")
    """
    departments = actor.departments_for("task.assign")
    today = clock.day_of(at)
    people = accounts.doers(departments, acts=policies.ACT_OF_STEP.values(), at=at)
    away = accounts.substitutes_of(departments, today=today)
    load = workload.load_of(departments)
    page = paging.page(
        ReviewTask.objects.open()
        .filter(department_id__in=departments)
        .held_by(who)
        .select_related(
            "case__project", "case__service_item", "case__timer", "case__application__unit", "assignee", "department"
        ),
        by=("due_on", "id"),
        cursor=cursor,
        size=size,
    )
    reader = _Reader(today, people, away, load, workload.spoken_in({task.case_id for task in page.items}))
    return AssignmentPage(
        rows=tuple(reader.row(task) for task in page.items),
        holders=_holders(people, away, load),
        total=sum(load.values()),
        unclaimed=load.get(None, 0),
        who=who,
        next=page.next,
        previous=page.previous,
    )


@dataclass(frozen=True)
class _Reader:
    """What the rows of one page share."""

    today: date
    people: dict[tuple[str, str], list[User]]
    away: dict[tuple[int, str], Delegation]
    load: workload.Load
    spoken: workload.Spoken

    def row(self, task: ReviewTask) -> AssignmentRow:
        timer = task.case.timer
        arrived = clock.day_of(task.opened_at)
        waited = calendars.current(task.case.project.region).workdays_between(arrived, self.today)
        limit = workload.unclaimed_after()
        away = self.away.get((task.assignee_id or 0, task.department_id))
        return AssignmentRow(
            task=task,
            light=deadlines.light_words(timer, self.today),
            due_on=deadlines.promised_due_on(timer, self.today),
            is_provisional=timer.provisional or timer.is_paused,
            waited=waited,
            is_neglected=task.assignee_id is None and limit is not None and waited >= limit,
            substitute=away.substitute.name if away else "",
            choices=tuple(self._choices(task)),
        )

    def _choices(self, task: ReviewTask) -> Sequence[Choice]:
        """Offer who may do the step, did no other step of the case, and does not have it already."""
        spoken = self.spoken.get(task.case_id, {})
        able = self.people.get((task.department_id, policies.act_of(task.step)), [])
        return [
            Choice(person.pk, self._label(person, task.department_id))
            for person in able
            if person.pk != task.assignee_id and not (spoken.get(person.pk, frozenset()) - {task.step})
        ]

    def _label(self, person: User, department: str) -> str:
        number = self.load.get(person.pk, 0)
        if (person.pk, department) in self.away:
            return _("%(name)s（不在岗，手上 %(n)s 件）") % {"name": person.name, "n": number}
        return _("%(name)s（手上 %(n)s 件）") % {"name": person.name, "n": number}


def _holders(
    people: dict[tuple[str, str], list[User]], away: dict[tuple[int, str], Delegation], load: workload.Load
) -> tuple[Holder, ...]:
    """List everybody who can do a step, the most loaded first."""
    known = {person.pk: person for group in people.values() for person in group}
    absent = {person: row.substitute.name for (person, _department), row in away.items()}
    rows = [Holder(person, load.get(pk, 0), absent.get(pk, "")) for pk, person in known.items()]
    return tuple(sorted(rows, key=lambda row: (-row.number, row.user.name, row.user.pk)))
