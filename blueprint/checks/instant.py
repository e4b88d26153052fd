"""Check a boundary at once, as a file gives it, and keep nothing: for the command, and for whoever is still drawing."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import shapely
from django.db import connection
from django.utils.translation import gettext as _

from blueprint.checks import engine, loading
from blueprint.checks.definitions import Definitions
from blueprint.checks.ground import Plot
from blueprint.checks.results import SiteResult
from blueprint.geometry import reading
from blueprint.geometry.frame import Frame
from blueprint.geometry.shapes import FileUnusable, SiteShape

#: from so many files on, two are checked at a time: while one waits for the database, the other is computed
MANY = 16


def check(shape: SiteShape, definitions: Definitions) -> SiteResult:
    """Check a boundary that was read; what it declares is what its file says."""
    plot = Plot(shape.geometry, shape.attributes)
    return engine.examine(loading.ground(plot, definitions), definitions)


def answer(path: Path, *, frame: Frame, definitions: Definitions, crs: str | None = None) -> dict[str, Any]:
    """Return what is to be printed of a file: the result, or `{file, error: {code, message}}` if it was refused."""
    begin = time.perf_counter()
    try:
        shape = reading.read_site(path, frame=frame, crs=crs)
        result = check(shape, definitions)
    except FileUnusable as refused:
        return _refused(path, refused.code, str(refused))
    except shapely.GEOSException:
        return _refused(
            path,
            "geometry",
            _("图形计算没有完成。请检查红线是否有重复的点或过窄的缺口，修正后重新上传；仍不行请联系平台管理员。"),
        )
    said = result.as_json()
    return {
        "file": path.name,
        "area_m2": said.pop("area_m2"),
        "crs": f"EPSG:{frame.work_crs}",
        "source_crs": shape.source_crs,
        "repairs": [dict(repair) for repair in shape.repairs],
        **said,
        "timing_ms": round((time.perf_counter() - begin) * 1000, 1),
    }


def answers(
    paths: Sequence[Path], *, frame: Frame, definitions: Definitions, crs: str | None = None
) -> list[dict[str, Any]]:
    """Check several files, in the order given."""

    def one(path: Path) -> dict[str, Any]:
        return answer(path, frame=frame, definitions=definitions, crs=crs)

    if len(paths) < MANY:
        return [one(path) for path in paths]
    with ThreadPoolExecutor(max_workers=2) as pool:
        found = list(pool.map(one, paths))
        list(pool.map(lambda _number: connection.close(), range(2)))
    return found


def look(drawn: bytes, *, frame: Frame, definitions: Definitions) -> dict[str, Any]:
    """Check a boundary that somebody has drawn, in GeoJSON, as if it were a file.

    Of masked layers nothing is said: whoever may try as often as he likes would feel his way along their edge. They
    are told of a boundary that is used, which stays on record.
    """
    with tempfile.TemporaryDirectory(prefix="look-") as room:
        path = Path(room) / "drawn.geojson"
        path.write_bytes(drawn)
        said = answer(path, frame=frame, definitions=definitions)
    for part in ("totals", "findings", "skipped"):
        if part in said:
            said[part] = [row for row in said[part] if row["layer"] not in definitions.masked]
    return said


def _refused(path: Path, code: str, message: str) -> dict[str, Any]:
    return {"file": path.name, "error": {"code": code, "message": message}}
