"""Describe the day-by-day ledger behind a date, for ``components/_ledger.html``.

Runs of like days are one row; :attr:`LedgerRow.counted` is how many days of the run count, ``None`` when the run is a
pause whose length is ``paused``. ``total`` is the running total after the row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class LedgerRow:
    """Hold one run of like days."""

    first: date
    last: date
    situation: str
    counted: int = 0
    paused: int = 0
    total: int | None = None


@dataclass(frozen=True)
class OtherCalibre:
    """Name another way to count: ``法定 6 / 20``."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Ledger:
    """Explain one due date: rows in order, what remains, the documents that stopped the clock, other calibres."""

    due_on: date | None
    calibre: str
    intro: str
    rows: tuple[LedgerRow, ...]
    provisional: bool = False
    remaining_first: date | None = None
    remaining_days: int | None = None
    limit_days: int | None = None
    basis: tuple[str, ...] = ()
    others: tuple[OtherCalibre, ...] = ()
