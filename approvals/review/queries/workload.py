"""Who has what in a department: the reads of the page 分派."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count

from approvals.review.models import Opinion, ReviewTask
from portal.citypack import queries as citypack

#: person -> number of tasks, None for those nobody has
Load = Mapping[int | None, int]
#: case -> person -> steps he has spoken on
Spoken = Mapping[int, Mapping[int, frozenset[str]]]
#: the event of reminders.yaml that counts from a task's arrival in the pool
ARRIVED = "task_arrived"


def load_of(departments: Iterable[str]) -> Load:
    """Return person -> how many open tasks of the departments he has; None for those nobody has; one statement."""
    rows = ReviewTask.objects.open().filter(department_id__in=list(departments)).order_by()
    return dict(rows.values_list("assignee_id").annotate(number=Count("id")))


def spoken_in(case_ids: Iterable[int]) -> Spoken:
    """Return case -> person -> the steps on which he has spoken, himself or through a substitute; one statement."""
    found: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = Opinion.objects.filter(case_id__in=list(case_ids))
    for case_id, step, *people in rows.values_list("case_id", "step", "author_id", "on_behalf_of_id"):
        for person in people:
            if person is not None:
                found[case_id][person].add(step)
    return {
        case_id: {person: frozenset(steps) for person, steps in people.items()} for case_id, people in found.items()
    }


def unclaimed_after() -> int | None:
    """Return after how many working days in the pool the pack has the lead told of a task; None for never."""
    rules = citypack.document(citypack.current_id(), "reminders")["reminders"]
    days = [day for rule in rules if rule["event"] == ARRIVED for day in rule["after"]]
    return min(days, default=None)
