"""The units of a project as a tree: what each came from, where it stands, what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from approvals.review.states import StageState
from approvals.tracking.queries.board import MOST_LEVELS, Board
from portal.ui.lights import Light
from projects.registry.models import Unit
from projects.registry.states import UnitState


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit, with where the stages stand that it has itself."""

    unit: Unit
    merged_from: tuple[Unit, ...]
    light: Light
    words: str
    can_be_divided: bool
    """It is the last of its line and not of the lowest level; what was applied for is asked by the operation."""

    @property
    def depth(self) -> int:
        return int(self.unit.level)


def tree(board: Board) -> tuple[UnitRow, ...]:
    """List the units in the order of their codes; those of one line if it alone is shown."""
    by_code = {unit.code: unit for unit in board.units}
    return tuple(
        _row(unit, board, by_code=by_code)
        for unit in board.units
        if not board.line or board.lines.related(unit.code, board.line.code)
    )


def to_merge(board: Board) -> tuple[UnitRow, ...]:
    """List the units that could be merged with another of their level."""
    rows = [row for row in tree(board) if row.can_be_divided]
    levels = [row.depth for row in rows]
    return tuple(row for row in rows if levels.count(row.depth) > 1)


def _row(unit: Unit, board: Board, *, by_code: dict[str, Unit]) -> UnitRow:
    light, words = _where(unit, board)
    below = board.lines.below(unit.code)
    return UnitRow(
        unit=unit,
        merged_from=tuple(by_code[code] for code in unit.prev_eng_code),
        light=light,
        words=words,
        # one undivided unit below may be given up for several
        can_be_divided=unit.state == UnitState.ACTIVE
        and unit.level < MOST_LEVELS
        and len(below) < 2
        and all(by_code[code].state == UnitState.ACTIVE for code in below),
    )


def _where(unit: Unit, board: Board) -> tuple[Light, str]:
    """Say how far the stages are that this very unit has."""
    own = [stage for stage in board.main_stages if stage.unit_code == unit.code] if unit.is_live else []
    if not own:
        return Light.OFF, str(unit.get_state_display())
    stage = next((stage for stage in own if not stage.is_done), None)
    if stage is None:
        return Light.DONE, _("%(stage)s，%(state)s") % {"stage": own[-1].name, "state": own[-1].state_words}
    light = stage.light if stage.state == StageState.IN_REVIEW and stage.light else Light.WAIT
    told = stage.words if stage.state == StageState.IN_REVIEW and stage.words else stage.state_words
    return light, _("%(stage)s，%(state)s") % {"stage": stage.name, "state": told}
