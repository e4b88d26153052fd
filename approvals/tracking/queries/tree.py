"""The units of a project as a tree: what each came from, where it stands, what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from approvals.review.lines import WHOLE
from approvals.tracking.queries.board import MOST_LEVELS, Board, StageLine
from portal.ui.lights import Light
from projects.registry.models import Unit
from projects.registry.states import UnitState


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit; `stage` is where its own line stands, None once it was divided or merged."""

    unit: Unit
    merged_from: tuple[Unit, ...]
    stage: StageLine | None
    light: Light
    words: str
    can_be_divided: bool
    """It is the last of its line and not of the lowest level; what was applied for is asked by the operation."""

    @property
    def depth(self) -> int:
        return int(self.unit.level)


def tree(board: Board) -> tuple[UnitRow, ...]:
    """List the units in the order of their codes, those given up last of their siblings as they come."""
    ends = set(board.lines.ends(MOST_LEVELS))
    by_code = {unit.code: unit for unit in board.units}
    return tuple(_row(unit, board, is_end=unit.code in ends, by_code=by_code) for unit in board.units)


def to_merge(board: Board) -> tuple[UnitRow, ...]:
    """List the units that could be merged with another of their level."""
    rows = [row for row in tree(board) if row.can_be_divided]
    levels = [row.depth for row in rows]
    return tuple(row for row in rows if levels.count(row.depth) > 1)


def _row(unit: Unit, board: Board, *, is_end: bool, by_code: dict[str, Unit]) -> UnitRow:
    stage = _where(unit, board) if is_end else None
    light, words = Light.OFF, str(unit.get_state_display())
    if stage is not None:
        light, words = (
            stage.light or Light.WAIT,
            _("%(stage)s，%(state)s")
            % {
                "stage": stage.name,
                "state": stage.words or stage.state_words,
            },
        )
    elif is_end and unit.is_live:
        light, words = Light.DONE, _("已办完")
    below = board.lines.below(unit.code)
    return UnitRow(
        unit=unit,
        merged_from=tuple(by_code[code] for code in unit.prev_eng_code),
        stage=stage,
        light=light,
        words=words,
        # one undivided unit below may be given up for several
        can_be_divided=unit.state == UnitState.ACTIVE
        and unit.level < MOST_LEVELS
        and all(by_code[code].state == UnitState.ACTIVE for code in below),
    )


def _where(unit: Unit, board: Board) -> StageLine | None:
    """Return the first stage of a line that is not done."""
    if not board.project.is_running:
        return None
    return next((stage for stage in board.of_line(unit.code or WHOLE) if not stage.is_done), None)
