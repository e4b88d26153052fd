"""How long stages and whole projects took, as the table of the dashboard shows it."""

from django.utils.translation import gettext as _

from approvals.supervision.queries import Board
from portal.ui import words as ui


def ways(board: Board) -> list[tuple[str, str, str, str]]:
    """Return what ended in the period, C7 of each stage and C8 of whole projects: name, number, middle, end."""
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
        # of the few whole projects of a period the longest one says more
        longest = _("最长 %(days)s") % {"days": ui.number(whole.longest)}
        rows.append((_("全流程（C8）"), ui.number(whole.projects), ui.number(whole.median, 1), longest))
    return rows
