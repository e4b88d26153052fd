"""The clock's ledger: every day since the receipt, whose it was, what it counted for, and why. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from approvals.deadlines.arithmetic import Explanation, Span
from approvals.deadlines.states import COUNTED, Calibre, Holder, SpecialKind, Unit
from portal.core.workdays import ONE_DAY


@dataclass(frozen=True, slots=True)
class Row:
    """One calendar day.

    :param counts: the calibres (of C1, C2, C9) the day counts for
    """

    date: date
    working: bool
    holder: Holder
    counts: frozenset[Calibre]
    why: str


@dataclass(frozen=True, slots=True)
class Run:
    """Successive days of which the same is to be said; rest days that interrupt nothing are taken along.

    :param counted: days that count for the calibre
    :param total: the running total after the run
    """

    first: date
    last: date
    days: int
    counted: int
    total: int
    holder: Holder
    why: str
    working: bool


def rows(told: Explanation) -> Iterator[Row]:
    """Yield one row per calendar day of (received_on, last]."""
    terms = told.terms
    everything = frozenset(COUNTED)
    nothing: frozenset[Calibre] = frozenset()
    language = get_language() or ""
    for span in told.spans:
        day = max(span.start, told.received_on) + ONE_DAY
        holder = _holder(span)
        open_for = frozenset(calibre for calibre in everything if not span.stops(calibre, terms))
        while day <= span.end:
            working = terms.calendar.is_workday(day)
            accepted = told.accepted_on is not None and day > told.accepted_on
            counts = open_for if accepted and (working or terms.unit is Unit.CALENDAR) else nothing
            why = _why(language, accepted, working, terms.unit, span.specials, span.correction, open_for)
            yield Row(day, working, holder, counts, why)
            day += ONE_DAY


def runs(told: Explanation, calibre: Calibre) -> list[Run]:
    """Draw the ledger of C1, C2 or C9 together: successive days of one kind are one run."""
    drawn: list[Run] = []
    total = 0
    for row in rows(told):
        counted = int(calibre in row.counts)
        total += counted
        before = drawn[-1] if drawn else None
        if before is not None and (before.holder, before.why) == (row.holder, row.why):
            drawn[-1] = Run(
                first=before.first,
                last=row.date,
                days=before.days + 1,
                counted=before.counted + counted,
                total=total,
                holder=row.holder,
                why=row.why,
                working=row.working,
            )
        else:
            drawn.append(Run(row.date, row.date, 1, counted, total, row.holder, row.why, row.working))
    return drawn


def _holder(span: Span) -> Holder:
    if span.specials:
        return Holder.THIRD
    return Holder.APPLICANT if span.correction else Holder.DEPT


@lru_cache(maxsize=1024)
def _why(
    language: str,
    accepted: bool,
    working: bool,
    unit: Unit,
    specials: tuple[str, ...],
    correction: bool,
    open_for: frozenset[Calibre],
) -> str:
    """Say in the active language why a day counts or not; the sentence depends on nothing else."""
    if specials:
        kinds = _("、").join(str(SpecialKind(kind).label) for kind in dict.fromkeys(specials))
        return _("%(kinds)s期间，不计入时限（行政许可法第45条）") % {"kinds": kinds}
    if not accepted:
        return _("等申请人补正，尚未受理，不计入时限") if correction else _("尚未受理，不计入时限")
    if not working and unit is Unit.WORKING:
        return _("休息日，不计入时限（行政许可法第82条）")
    if correction:
        return _correction(open_for)
    if not working:
        return _("休息日，按日历日计入时限")
    return _("部门办理，计入时限")


def _correction(open_for: frozenset[Calibre]) -> str:
    if Calibre.C2 not in open_for and Calibre.C9 not in open_for:
        return _("等申请人补正：计入法定时限，不计入承诺时限和国标用时")
    if Calibre.C2 not in open_for:
        return _("等申请人补正：计入法定时限和国标用时，不计入承诺时限")
    if Calibre.C9 not in open_for:
        return _("等申请人补正：计入法定时限和承诺时限，不计入国标用时")
    return _("等申请人补正，照常计入时限")
