"""The clock's ledger: every day since the receipt, whose it was, what it counted for, and why. Pure."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from approvals.deadlines.arithmetic import Explanation, Span
from approvals.deadlines.states import COUNTED, Calibre, Holder, SpecialKind, Unit
from portal.core.workdays import ONE_DAY


class Row(NamedTuple):
    """One calendar day.

    :param counts: the calibres (of C1, C2, C9) the day counts for
    """

    date: date
    working: bool
    holder: Holder
    counts: frozenset[Calibre]
    why: str


def rows(told: Explanation) -> Iterator[Row]:
    """Yield one row per calendar day of (received_on, last]."""
    terms, works = told.terms, told.terms.calendar.is_workday
    every_day = terms.unit is Unit.CALENDAR
    # Before acceptance no day counts; `max` stands for "never accepted".
    accepted_on = told.accepted_on or date.max
    nothing: frozenset[Calibre] = frozenset()
    language = get_language() or ""
    for span in told.spans:
        holder = _holder(span)
        open_for = frozenset(calibre for calibre in COUNTED if not span.stops(calibre, terms))
        # Within a span the sentence depends on two things only.
        said: dict[tuple[bool, bool], str] = {}
        day = max(span.start, told.received_on) + ONE_DAY
        while day <= span.end:
            working, accepted = works(day), day > accepted_on
            why = said.get((working, accepted))
            if why is None:
                why = said[working, accepted] = _why(
                    language, span.specials, span.correction, accepted, working, terms.unit, open_for
                )
            yield Row(day, working, holder, open_for if accepted and (working or every_day) else nothing, why)
            day += ONE_DAY


def _holder(span: Span) -> Holder:
    if span.specials:
        return Holder.THIRD
    return Holder.APPLICANT if span.correction else Holder.DEPT


@lru_cache(maxsize=1024)
def _why(
    language: str,
    specials: tuple[str, ...],
    correction: bool,
    accepted: bool,
    working: bool,
    unit: Unit,
    open_for: frozenset[Calibre],
) -> str:
    """Say in the active language why a day counts or not. Kept, for translating costs more than all the counting."""
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
