"""How long stages and whole projects took, as the table of the dashboard shows it."""

from django.utils.translation import gettext as _

from approvals.supervision.queries import Board
from portal.ui import words as ui


def ways(board: Board) -> list[tuple[str, str, str, str]]:
    """Return what ended in the period: of each stage C7, of whole projects C8; name, number, middle, nine in ten."""
    rows = [
        (
            board.words.stages.get(stage.stage, stage.stage),
            ui.number(stage.number),
            ui.number(stage.median, 1),
            ui.number(stage.p90, 1),
        )
        for stage in board.ways.stages
    ]
    whole = board.ways
    if whole.projects:
        rows.append(
            (_("全流程（C8）"), ui.number(whole.projects), ui.number(whole.median, 1), ui.number(whole.longest))
        )
    return rows
