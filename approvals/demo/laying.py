"""The layers of the drawn ground, imported once like any others."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from blueprint.ground.drawing import Drawing, Sheet
from blueprint.layers import operations as layers
from blueprint.layers.models import Edition
from portal.core.actor import Actor

Progress = Callable[[int, int], None]
AHEAD = 3
"""So many sheets are drawn before they are wanted; a large one has eight megabytes."""
SURVEYORS = "测绘院（示范数据）"


def lay(drawing: Drawing, *, at: datetime, tell: Progress) -> int:
    """Import every edition of the drawing that is not there yet, and return how many were written.

    Each edition is one transaction, so an interrupted run goes on with what is missing.

    :param tell: called with (written, wanted) after each
    """
    known = set(Edition.objects.values_list("layer", "name"))
    sheets = drawing.sheets()
    missing = [sheet for sheet in sheets if (sheet.layer, sheet.edition) not in known]
    there = len(sheets) - len(missing)
    tell(there, len(sheets))
    for place, (sheet, content) in enumerate(_drawn(drawing, missing), start=1):
        with tempfile.TemporaryDirectory(prefix="ground-") as folder:
            path = Path(folder) / f"{sheet.layer}.geojson"
            path.write_bytes(content)
            layers.import_edition(
                path=path,
                layer=sheet.layer,
                name=sheet.edition,
                source=sheet.source,
                actor=Actor.system(SURVEYORS),
                at=at,
            )
        tell(there + place, len(sheets))
    return len(missing)


def _drawn(drawing: Drawing, sheets: Sequence[Sheet]) -> Iterator[tuple[Sheet, bytes]]:
    """Draw each sheet while the one before is imported: the pen and the database use a processor each."""
    with ThreadPoolExecutor(max_workers=1) as pen:
        ahead = deque(pen.submit(drawing.geojson, sheet.theme) for sheet in sheets[:AHEAD])
        for place, sheet in enumerate(sheets):
            content = ahead.popleft().result()
            if place + AHEAD < len(sheets):
                ahead.append(pen.submit(drawing.geojson, sheets[place + AHEAD].theme))
            yield sheet, content
