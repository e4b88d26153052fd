"""The rules of the checks, one module each: ground and definition in, findings out (blueprint contract, 3 and 4). Pure.

Each has a function `judge(check, ground, definitions)` and says in `NEEDS` which roles and tolerances the pack must
give it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from blueprint.checks.definitions import Check, Definitions
from blueprint.checks.ground import Ground
from blueprint.checks.results import Outcome
from blueprint.checks.rules import (
    control,
    indicators,
    line_difference,
    red_lines,
    three_lines,
    topology,
    two_plans,
    use,
)
from blueprint.checks.rules.needs import Needs

Judge = Callable[[Check, Ground, Definitions], Outcome]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule and what it needs of the pack."""

    judge: Judge
    needs: Needs


#: check of the pack -> its rule, in the order in which findings are listed
RULES: Mapping[str, Rule] = {
    "chk_3lines": Rule(three_lines.judge, three_lines.NEEDS),
    "chk_use": Rule(use.judge, use.NEEDS),
    "chk_indic": Rule(indicators.judge, indicators.NEEDS),
    "chk_two_plan": Rule(two_plans.judge, two_plans.NEEDS),
    "chk_line_diff": Rule(line_difference.judge, line_difference.NEEDS),
    "chk_control": Rule(control.judge, control.NEEDS),
    "chk_red": Rule(red_lines.judge, red_lines.NEEDS),
    "chk_topo": Rule(topology.judge, topology.NEEDS),
}
