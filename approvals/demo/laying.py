"""The layers of the drawn ground, imported once like any others."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from blueprint.ground.drawing import Drawing
from blueprint.layers import operations as layers
from blueprint.layers.models import Edition
from portal.core.actor import Actor

Progress = Callable[[int, int], None]
SURVEYORS = "测绘院（示范数据）"


def lay(drawing: Drawing, *, at: datetime, tell: Progress) -> int:
    """Import every edition of the drawing that is not there yet, and return how many were written.

    Each edition is one transaction, so an interrupted run goes on with what is missing.

    :param tell: called with (written, wanted) after each
    """
    known = set(Edition.objects.values_list("layer", "name"))
    sheets = drawing.sheets()
    written = 0
    for place, sheet in enumerate(sheets, start=1):
        if (sheet.layer, sheet.edition) not in known:
            with tempfile.TemporaryDirectory(prefix="ground-") as folder:
                path = Path(folder) / f"{sheet.layer}.geojson"
                path.write_bytes(drawing.geojson(sheet.theme))
                layers.import_edition(
                    path=path,
                    layer=sheet.layer,
                    name=sheet.edition,
                    source=sheet.source,
                    actor=Actor.system(SURVEYORS),
                    at=at,
                )
            written += 1
        tell(place, len(sheets))
    return written
