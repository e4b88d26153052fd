"""What is typed to divide or merge units: rows of names, with what is wrong at each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.ui.fields import FieldView
from projects.registry.operations import Part

#: rows shown at first, and added at a time
ROWS = 4
#: no form is longer, whatever is sent
MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """The two fields of one part."""

    number: int
    name: FieldView
    external_code: FieldView


@dataclass(frozen=True, slots=True)
class Division:
    """Parts as they were typed; blank rows count for nothing."""

    typed: tuple[Part, ...] = ()
    shown: int = ROWS
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def typed_in(cls, given: QueryDict) -> Division:
        """Take the rows of the form, and how many there are to be."""
        names, codes = given.getlist("name")[:MOST_ROWS], given.getlist("external_code")[:MOST_ROWS]
        codes += [""] * (len(names) - len(codes))
        typed = tuple(Part(name.strip(), code.strip()) for name, code in zip(names, codes, strict=False))
        more = ROWS if "more" in given else 0
        return cls(typed, min(max(len(typed) + more, ROWS), MOST_ROWS))

    @property
    def places(self) -> tuple[int, ...]:
        """Return the rows in which something was typed."""
        return tuple(place for place, part in enumerate(self.typed) if part.name or part.external_code)

    @property
    def parts(self) -> list[Part]:
        return [self.typed[place] for place in self.places]

    def with_problems(self, problems: Mapping[str, object]) -> Division:
        """Put what the operation found wrong, told by the number of the part, at the row of the form."""
        found: dict[str, str] = {}
        for key, words in problems.items():
            head, number, part = (*key.split("."), "", "")[:3]
            place = f"{part}-{self.places[int(number)]}" if head == "parts" and number.isdigit() else key
            found[place] = str(words)
        return Division(self.typed, self.shown, found)

    @property
    def rows(self) -> tuple[Row, ...]:
        filled = self.typed + (Part(""),) * (self.shown - len(self.typed))
        return tuple(
            Row(
                place + 1,
                self._field("name", place, _("名称"), part.name, required=place < 2),
                self._field("external_code", place, _("外部工程代码"), part.external_code, required=False),
            )
            for place, part in enumerate(filled)
        )

    @property
    def error_pairs(self) -> list[tuple[str, str]]:
        """Return where and what is wrong, for the summary on top."""
        return [("name-0" if key == "parts" else key, words) for key, words in self.problems.items()]

    def _field(self, name: str, place: int, label: str, value: str, *, required: bool) -> FieldView:
        key = f"{name}-{place}"
        error = self.problems.get(key, self.problems.get("parts", "") if key == "name-0" else "")
        return FieldView(id=key, label=label, type="text", value=value, required=required, error=error)
