"""What began and ended in a period, and how long decisions took.

C2 (the promised limit's own count) is told for items whose limit is counted in working days; those with a limit in
calendar days would not compare. C6, the span from the first hand-in to the decision, is told beside it in calendar
days: never one without the other (domain.md 7).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Count, Q
from django.db.models.functions import TruncWeek

from approvals.deadlines.states import Unit
from approvals.review.states import CaseState, Outcome
from approvals.supervision.queries.scope import Scope
from approvals.supervision.querysets import Percentile
from approvals.supervision.states import Period, moments, monday_of, sunday_of
from portal.core.clock import SHANGHAI

#: weeks of the course, the present one included
WEEKS = 12


@dataclass(frozen=True, slots=True)
class Pace:
    """How long decisions took: C2 in working days, C6 in calendar days; None where nothing was decided."""

    mean: float | None
    median: float | None
    p90: float | None
    span_mean: float | None
    span_median: float | None
    span_p90: float | None


@dataclass(frozen=True, slots=True)
class Ended:
    """What began and ended in a period.

    :param late: decisions that came after the promised day
    :param backdated: decisions whose clock has an event that was written down on a later day (补录)
    """

    opened: int
    granted: int
    rejected: int
    closed: int
    late: int
    backdated: int
    pace: Pace

    @property
    def decided(self) -> int:
        return self.granted + self.rejected

    @property
    def in_time_percent(self) -> float | None:
        """Return the share of decisions made in time."""
        return round(100 * (1 - self.late / self.decided), 1) if self.decided else None


@dataclass(frozen=True, slots=True)
class Week:
    """The decisions of one week."""

    monday: date
    decided: int
    pace: Pace


_IN_WORKDAYS = Q(timer__unit=Unit.WORKING)
_MEASURES: dict[str, Any] = {
    "mean": Avg("timer__used_days", filter=_IN_WORKDAYS),
    "median": Percentile("timer__used_days", 0.5, filter=_IN_WORKDAYS),
    "p90": Percentile("timer__used_days", 0.9, filter=_IN_WORKDAYS),
    "span_mean": Avg("timer__span_days"),
    "span_median": Percentile("timer__span_days", 0.5),
    "span_p90": Percentile("timer__span_days", 0.9),
}


def ended(scope: Scope, period: Period, *, today: date) -> Ended:
    """Count what began and ended in a period; two statements."""
    start, end = moments(period.first_day(today), today)
    in_time = {"closed_at__gte": start, "closed_at__lt": end}
    touched = scope.cases().filter(Q(opened_at__gte=start, opened_at__lt=end) | Q(**in_time))
    moved = touched.aggregate(
        opened=Count("pk", filter=Q(opened_at__gte=start, opened_at__lt=end)),
        closed=Count("pk", filter=Q(state=CaseState.CLOSED, **in_time)),
    )
    decided = (
        scope.cases()
        .filter(state=CaseState.DECIDED, **in_time)
        .aggregate(
            granted=Count("pk", filter=Q(decision__outcome=Outcome.GRANTED)),
            rejected=Count("pk", filter=Q(decision__outcome=Outcome.REJECTED)),
            late=Count("pk", filter=Q(timer__red_on__isnull=False)),
            backdated=Count("pk", filter=Q(timer__is_backdated=True)),
            **_MEASURES,
        )
    )
    return Ended(
        opened=moved["opened"],
        closed=moved["closed"],
        granted=decided["granted"],
        rejected=decided["rejected"],
        late=decided["late"],
        backdated=decided["backdated"],
        pace=_pace(decided),
    )


def weeks(scope: Scope, *, today: date) -> tuple[Week, ...]:
    """Return the last weeks in order, also those in which nothing was decided; one statement."""
    mondays = [monday_of(today) - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    start, end = moments(mondays[0], sunday_of(today))
    rows = scope.cases().filter(state=CaseState.DECIDED, closed_at__gte=start, closed_at__lt=end)
    found: dict[date, Any] = {
        row["week"].date(): row
        for row in rows.annotate(week=TruncWeek("closed_at", tzinfo=SHANGHAI))
        .order_by()
        .values("week")
        .annotate(decided=Count("pk"), **_MEASURES)
    }
    nothing = dict.fromkeys(_MEASURES)
    return tuple(
        Week(monday, found[monday]["decided"] if monday in found else 0, _pace(found.get(monday, nothing)))
        for monday in mondays
    )


def _pace(row: Mapping[str, Any]) -> Pace:
    return Pace(**{name: None if row[name] is None else round(float(row[name]), 1) for name in _MEASURES})
