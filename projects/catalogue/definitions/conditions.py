"""Conditions of items, flows and packages."""

from __future__ import annotations

from dataclasses import dataclass

from projects.catalogue.definitions.words import DECLARE_PREFIX, MAP_PREFIX, ConditionKind


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison of a field with a value of the pack."""

    field: str
    op: str
    value: object


@dataclass(frozen=True, slots=True)
class ConditionDef:
    """A named condition: `all` of its clauses and `any` of its clauses must hold."""

    id: str
    label: str
    kind: ConditionKind
    all: tuple[Clause, ...] = ()
    any: tuple[Clause, ...] = ()
    intersects: tuple[str, ...] = ()

    @property
    def declare_field(self) -> str:
        """Name the yes/no field in which the applicant answers this condition."""
        return f"{DECLARE_PREFIX}{self.id}"

    @property
    def map_fact(self) -> str:
        """Name the fact in which the blueprint answers this condition."""
        return f"{MAP_PREFIX}{self.id}"

    @property
    def may_be_declared(self) -> bool:
        """Tell whether the applicant may have to answer this condition himself."""
        return self.kind in (ConditionKind.DECLARE, ConditionKind.MAP)

    @property
    def field_ids(self) -> tuple[str, ...]:
        """List the form fields this condition reads, each once, in the order of the pack."""
        return tuple(dict.fromkeys(clause.field for clause in (*self.all, *self.any)))
