"""Describe one field of a form as the screen needs it, for ``components/_field.html``.

The names of the inputs follow from the id: ``id`` for simple types; ``id_from``/``id_to`` for a date range;
``id_lon``/``id_lat`` for a coordinate; ``id-ROW-COLUMN`` and ``id-count`` for a table, rows counted from 0.
A read-only field is shown and can be copied; it is sent too, and whoever cleans the form ignores it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Source(StrEnum):
    """Say where a value comes from; each has its coloured square."""

    REGISTRY = "reg"
    CERTIFICATE = "cert"
    PRIOR = "prior"
    MAP = "map"
    SYSTEM = "sys"
    APPLICANT = "me"


@dataclass(frozen=True)
class Option:
    """Offer one choice of an enumeration."""

    value: str
    label: str


@dataclass(frozen=True)
class Column:
    """Hold one column of a table field; ``options`` makes it a choice, ``numeric`` aligns it to the right."""

    id: str
    label: str
    unit: str = ""
    numeric: bool = False
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Cell:
    """Hold one cell of a table field, ready for its input."""

    name: str
    label: str
    value: str
    column: Column


@dataclass(frozen=True)
class FieldView:
    """Hold one field: ``type`` is a type of the pack's form, ``value`` its raw value (None when empty).

    ``value`` is a str or number, a bool, a pair of ISO dates (daterange), a pair lon/lat (lonlat), a list of dicts by
    column id (table), or the words that describe a boundary (geometry). ``link`` and ``link_label`` lead to the map
    or to the place where a wrong value can be corrected. ``version`` marks the value the writer begins from and is sent
    back as ``id-version``. ``spare_rows`` empty rows are offered below a table.
    """

    id: str
    label: str
    type: str
    value: Any = None
    source: str = Source.APPLICANT
    source_label: str = ""
    unit: str = ""
    required: bool = True
    read_only: bool = False
    hint: str = ""
    error: str = ""
    warning: str = ""
    options: Sequence[Option] = ()
    columns: Sequence[Column] = ()
    spare_rows: int = 1
    long: bool = False
    autosave_url: str = ""
    version: str = ""
    link: str = ""
    link_label: str = ""

    @property
    def wide(self) -> bool:
        """Tell whether the field takes the whole width of its section."""
        return self.long or self.type in ("table", "geometry")

    @property
    def grouped(self) -> bool:
        """Tell whether several inputs answer one question, which then needs a legend instead of a label."""
        return self.type in ("bool", "daterange", "lonlat", "table")

    @property
    def shown(self) -> str:
        """Return the value as the text of an input."""
        return "" if self.value is None else str(self.value)

    @property
    def pair(self) -> tuple[str, str]:
        """Return both values of a range or a coordinate."""
        first, second = self.value or (None, None)
        return ("" if first is None else str(first), "" if second is None else str(second))

    @property
    def choice(self) -> str:
        """Return the label of the chosen option, or the raw value when it is not among them."""
        return next((option.label for option in self.options if option.value == self.shown), self.shown)

    @property
    def described_by(self) -> str:
        """Return the ids of hint, error and warning for ``aria-describedby``."""
        parts = (("hint", self.hint), ("error", self.error), ("warning", self.warning))
        return " ".join(f"{self.id}-{name}" for name, words in parts if words)

    @property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """Return the rows of a table field, filled ones first, then empty ones to write in."""
        filled: list[Mapping[str, Any]] = list(self.value or [])
        spare: list[Mapping[str, Any]] = [] if self.read_only else [{} for _ in range(self.spare_rows)]
        return tuple(
            tuple(
                Cell(
                    name=f"{self.id}-{number}-{column.id}",
                    label=f"{column.label} {number + 1}",
                    value="" if row.get(column.id) is None else str(row[column.id]),
                    column=column,
                )
                for column in self.columns
            )
            for number, row in enumerate([*filled, *spare])
        )
