"""How a list says what it was narrowed to: its title, and a chip for what the form above it does not show."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from approvals.deadlines.states import Light
from approvals.supervision.presenting import monday_end, pause_name
from approvals.supervision.queries import CaseFilters, Words
from approvals.supervision.states import Period, Shown
from portal.ui import words as ui

#: lists of what has ended: with the days it took instead of the day it is due
OVER = (Shown.DECIDED, Shown.GRANTED, Shown.REJECTED, Shown.CLOSED)


@dataclass(frozen=True, slots=True)
class Chip:
    """One narrowing that is kept by hidden inputs, with the address without it."""

    words: str
    name: str
    values: tuple[str, ...]
    url: str


def title(filters: CaseFilters) -> str:
    """Name a list of cases by what matters most in it."""
    if filters.states is Shown.RUNNING and filters.light == Light.RED:
        return _("超期件")
    if filters.states is Shown.ALL:
        return _("办件")
    return str(filters.states.label)


def chips(filters: CaseFilters, *, words: Words, request: HttpRequest) -> list[Chip]:
    """Return what the form of the list has no field for."""
    found: list[tuple[str, str]] = []
    if filters.due_on:
        found.append(("due_on", _("%(day)s到期") % {"day": ui.day(filters.due_on)}))
    if filters.pause:
        found.append(("pause", _("停：%(reason)s") % {"reason": pause_name(filters.pause)}))
    if filters.opened:
        found.append(("opened", _("%(period)s新开") % {"period": Period(filters.opened).label}))
    if filters.ended:
        found.append(("ended", _("%(period)s结束") % {"period": Period(filters.ended).label}))
    if filters.week:
        span = ui.span(filters.week, monday_end(filters.week))
        found.append(("week", _("%(days)s结束") % {"days": span}))
    if filters.backdated:
        found.append(("backdated", _("有补录")))
    if len(filters.departments) > 1:
        found.append(("department", _("、").join(words.department(code) for code in filters.departments)))
    return [Chip(label, name, tuple(request.GET.getlist(name)), _without(request.GET, name)) for name, label in found]


def _without(query: QueryDict, name: str) -> str:
    left = query.copy()
    left.pop(name, None)
    left.pop("cursor", None)
    return f"?{left.urlencode()}"
