"""Which flow a project takes, and with which stage limits. Pure: catalogue and facts in, an answer with its reason out.

The flow is computed and never chosen by the applicant; the window may override it with a reason (domain.md 3.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from projects.catalogue import conditions
from projects.catalogue.conditions import Verdict
from projects.catalogue.definitions import Catalogue, FlowDef, PackageDef

Facts = Mapping[str, object]

#: the profile of a city pack whose flows are divided further into packages
PACKAGES_PROFILE = "nine_packages"


@dataclass(frozen=True, slots=True)
class Considered:
    """One flow with the answer to its condition."""

    flow: FlowDef
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Choice:
    """The flow of a project, the sentence why, and what was considered.

    `flow` is None when facts are missing that could still turn the choice, or when no flow fits.
    """

    flow: FlowDef | None
    reason: str
    missing: tuple[str, ...]
    """Field ids without which the choice stays open."""
    considered: tuple[Considered, ...]
    """All flows of the pack, the highest priority first."""


def choose(catalogue: Catalogue, facts: Facts) -> Choice:
    """Take the matching flow with the highest priority.

    A flow above the match whose answer is still open keeps the choice open: its missing facts are asked for.
    """
    ranked = sorted(catalogue.flows.values(), key=lambda flow: -flow.priority)
    considered = tuple(Considered(flow, conditions.judge(catalogue, flow.condition, facts)) for flow in ranked)
    missing: dict[str, None] = {}
    for candidate in considered:
        if candidate.verdict.value is None:
            missing.update(dict.fromkeys(candidate.verdict.unknown))
        elif candidate.verdict.value:
            if missing:
                break
            return Choice(candidate.flow, candidate.verdict.reason, (), considered)
    return Choice(None, "", tuple(missing), considered)


def reads(catalogue: Catalogue) -> frozenset[str]:
    """Name the fields that decide on the flow."""
    return frozenset(field for flow in catalogue.flows.values() for field in flow.condition.field_ids)


def sentence(choice: Choice) -> str:
    """Write the reason of a choice for people: 适用“社会投资一般类”：项目投资来源为社会投资."""
    if choice.flow is None:
        return ""
    return _("适用“%(flow)s”：%(reason)s") % {"flow": choice.flow.name, "reason": choice.reason}


def package(catalogue: Catalogue, flow: str, facts: Facts) -> PackageDef | None:
    """Give the package of a project where the city's profile has packages; of several the one with the least to do."""
    fitting = [
        candidate
        for candidate in packages_of(catalogue, flow)
        if conditions.judge(catalogue, candidate.condition, facts).value
    ]
    return min(fitting, key=lambda candidate: candidate.total_limit_days, default=None)


def packages_of(catalogue: Catalogue, flow: str) -> tuple[PackageDef, ...]:
    """List the packages a flow is divided into; none where the city's profile has none."""
    if catalogue.profile != PACKAGES_PROFILE:
        return ()
    return tuple(candidate for candidate in catalogue.packages.values() if candidate.base == flow)


def stage_limit(catalogue: Catalogue, flow: str, stage: str, facts: Facts) -> int:
    """Give the limit of a stage in working days, 0 = none of its own; a variant that holds replaces the flow's."""
    definition = catalogue.flows[flow]
    for variant in definition.limit_variants:
        if variant.stage == stage and conditions.holds(catalogue, variant.when, facts).value:
            return variant.limit_days
    return definition.stages[stage].limit_days if stage in definition.stages else 0
