"""What planners do on the one blueprint in the demo of a city, as plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from blueprint.ground.strips import Side

DOCUMENT = "demo"


@dataclass(frozen=True, slots=True)
class Handed:
    """The largest patch that a department has to settle is given to it."""

    to: str
    text: str
    answer: str = ""
    """Empty while the department owes it."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A whole-city run: two plans over each other, or two editions of a line."""

    kind: str
    layer: str = ""
    """The line whose editions are compared; empty for two plans."""
    handed: tuple[Handed, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A condition of a department, with a strip of the lot where it has a place."""

    text: str
    side: Side | None = None
    width_m: float = 10.0
    met: str = ""
    """How it is met; empty while it is open."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a department says of an idea, so many working days after it was asked."""

    by: str
    position: str
    text: str = ""
    after: int = 1
    conditions: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Notion:
    """An idea of a department, put before others; days are working days before today."""

    title: str
    summary: str
    by: str
    region: str
    use: str
    area_m2: float
    ago: int
    to: tuple[str, ...] = ()
    """Empty while it is before nobody."""
    asked_after: int = 1
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Plans:
    """Everything the planners of a city do in its demo."""

    by: str = ""
    """The department that asks for runs and reports."""
    runs: tuple[Overlay, ...] = ()
    reports: tuple[str, ...] = ()
    """Projects whose check is handed out on paper."""
    ideas: tuple[Notion, ...] = ()


def read(documents: Mapping[str, Mapping[str, Any]]) -> Plans:
    """Read what a checked pack tells of the planners."""
    told = documents[DOCUMENT].get("blueprint")
    if told is None:
        return Plans()
    return Plans(
        by=told["by"],
        runs=tuple(
            Overlay(row["kind"], row.get("layer", ""), tuple(Handed(**each) for each in row.get("handed", ())))
            for row in told.get("runs", ())
        ),
        reports=tuple(told.get("reports", ())),
        ideas=tuple(_notion(row) for row in told.get("ideas", ())),
    )


def _notion(row: Mapping[str, Any]) -> Notion:
    return Notion(
        **{
            **row,
            "area_m2": float(row["area_m2"]),
            "to": tuple(row.get("to", ())),
            "answers": tuple(_answer(each) for each in row.get("answers", ())),
        }
    )


def _answer(row: Mapping[str, Any]) -> Answer:
    return Answer(**{**row, "conditions": tuple(_term(each) for each in row.get("conditions", ()))})


def _term(row: Mapping[str, Any]) -> Term:
    return Term(**{**row, "side": Side(row["side"]) if "side" in row else None})
