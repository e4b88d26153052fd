"""Expressions that the numbers and the lists behind them share, so that both mean the same."""

from typing import Any

from django.db.models import Aggregate, Case, CharField, F, FilteredRelation, FloatField, Q, Value, When

from approvals.deadlines.standing import CORRECTION
from approvals.review.states import TASK_OPEN
from approvals.supervision.states import Stuck


class Percentile(Aggregate):
    """The value below which a share of the rows lies, between two rows in proportion (PERCENTILE_CONT)."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()
    allow_distinct = False

    def __init__(self, expression: str, share: float, **extra: Any) -> None:
        super().__init__(expression, share=float(share), **extra)


def open_task() -> FilteredRelation:
    """Return the relation from a case to the one step that somebody has to do now."""
    return FilteredRelation("tasks", condition=Q(tasks__state__in=TASK_OPEN))


def stuck() -> Case:
    """Return the expression of where a case stands; the query needs `open_task` under that name."""
    return Case(
        When(timer__paused_by=CORRECTION, then=Value(Stuck.CORRECTION.value)),
        When(~Q(timer__paused_by=""), then=Value(Stuck.SPECIAL.value)),
        default=F("open_task__step"),
        output_field=CharField(),
    )
