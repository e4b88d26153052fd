"""Flow types, packages and joint work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from projects.catalogue.definitions.conditions import Clause, ConditionDef
from projects.catalogue.definitions.items import ItemDef


@dataclass(frozen=True, slots=True)
class FlowStageDef:
    """One stage as a flow runs it. `limit_days` are working days; 0 = no limit of its own."""

    stage: str
    name: str
    lead: str
    limit_days: int
    items: tuple[str, ...]
    release: str
    """at_once: each decision is sent when made; together: with the last of the stage, refusals at once."""
    milestones: str
    """all: every applicable milestone item concludes the stage; any: one of them does."""


@dataclass(frozen=True, slots=True)
class LimitVariant:
    """Another limit of one stage when a clause holds."""

    stage: str
    when: Clause
    limit_days: int


@dataclass(frozen=True, slots=True)
class FlowDef:
    """A flow type: which items in which stage, with which limits (working days)."""

    id: str
    name: str
    hint: str
    """A few words for the public on which projects it is for."""
    national_flow_type: int
    priority: int
    condition: ConditionDef
    stages: Mapping[str, FlowStageDef]
    parallel: tuple[str, ...]
    promised_override: Mapping[str, int]
    limit_variants: tuple[LimitVariant, ...]
    total_limit_days: int

    @property
    def items(self) -> tuple[str, ...]:
        """List all items of the flow: the main line by stage, then the parallel ones."""
        main = tuple(item for stage in self.stages.values() for item in stage.items)
        return (*main, *self.parallel)

    def promised_days(self, item: ItemDef) -> int:
        """Give the promised limit of an item in this flow, never below one day (unit of the item)."""
        return max(1, self.promised_override.get(item.id, item.promised_days))


@dataclass(frozen=True, slots=True)
class PackageDef:
    """A package of the alternative profile: a base flow with items taken out or put in."""

    id: str
    name: str
    base: str
    condition: ConditionDef
    remove: tuple[str, ...]
    add: tuple[str, ...]
    total_limit_days: int


class JointForm(StrEnum):
    """How a kind of joint work is done: by a question that each answers for himself, or by a meeting or visit."""

    OPINION = "opinion"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class JointResult:
    """Something a session has to bring about beside its conclusion."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class JointDef:
    """One kind of joint work: who takes part, in how many working days, and what silence means."""

    id: str
    name: str
    form: JointForm
    document: str
    number_word: str
    """How the number of the document names the kind, after the word of the department."""
    lead: str
    participants: tuple[str, ...]
    items: tuple[str, ...]
    days: int
    opinion_days: int
    silence: str
    """agree: no answer in time counts as agreement; remind: it does not."""
    rounds: int
    """Re-checks after mending, at most."""
    special_procedure: str | None
    results: tuple[JointResult, ...] = ()
