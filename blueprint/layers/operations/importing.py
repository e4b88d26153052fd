"""Import a file as an edition: everything or nothing, once, however large the file is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from blueprint.geometry import faults, reading
from blueprint.geometry.fingerprints import Seen, fingerprints
from blueprint.geometry.reading import LayerReading
from blueprint.layers import copying, frames, policies
from blueprint.layers.models import Edition, Layer
from blueprint.layers.operations.publishing import publish
from blueprint.layers.states import EditionState
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.transitions import move
from portal.core.unit import attempt, operation

IMPORTED = "layers.edition.imported"
SQUARE_KILOMETRE = 1e6
LONGEST_NAME = 40
#: bytes of the file read at once for its digest
CHUNK = 1 << 20
Progress = Callable[[int], None]


class LayerUnknown(NotFound):
    """The pack lists no such layer."""

    code = "layer_unknown"
    message = _("图层目录里没有这个图层。请核对图层编号（形如 L04.01.02）后再试。")


class EditionExists(Conflict):
    """There is an edition of this name with other content; editions are never changed."""

    code = "edition_exists"
    message = _("这个图层已有同名版本，内容不同。已有的版本不能修改，请换一个版本名再导入。")


class EditionNameRefused(InvalidInput):
    """The name of an edition is empty or too long."""

    code = "edition_name"
    message = _("请给出版本名，不超过 40 个字，例如 2026 或 2026-03。")


class FeaturesRejected(InvalidInput):
    """Some features cannot be stored, so none is; the report lists them all."""

    code = "features_rejected"
    message = _("有图形不合格，整个文件没有导入。请按清单改正后重新导入。")

    def __init__(self, report: Mapping[str, Any]) -> None:
        self.report = report
        super().__init__()


@dataclass(frozen=True, slots=True)
class Imported:
    """An edition with the report of its import; unchanged when the same file was imported before."""

    edition: Edition
    report: dict[str, Any]
    unchanged: bool = False


def import_edition(
    *,
    path: Path,
    layer: str,
    name: str,
    actor: Actor,
    at: datetime,
    publish_at_once: bool = True,
    crs: int | str | None = None,
    encoding: str | None = None,
    source: str = "",
    progress: Progress | None = None,
) -> Imported:
    """Import a file as an edition of a layer.

    The same bytes for the same layer and edition change nothing and give the first report again. Two imports of one
    edition at once give one: the second waits for the first and then finds it.

    :param publish_at_once: else the edition is a draft until somebody publishes it
    :param crs: what the coordinates are in, whatever the file says
    :param progress: called with the number of features read so far
    :raises LayerUnknown: the pack lists no such layer
    :raises NotAllowed: the actor does not keep this layer
    :raises EditionExists: the edition has other content
    :raises FileUnusable: the file as a whole cannot be used
    :raises FeaturesRejected: some of its features cannot
    """
    target = Layer.objects.listed().filter(code=layer).first()
    if target is None:
        raise LayerUnknown
    policies.require(policies.can_import(actor, target))
    if publish_at_once:
        policies.require(policies.can_publish(actor, target))
    if not name.strip() or len(name) > LONGEST_NAME:
        raise EditionNameRefused
    digest = _digest(path)
    known = _known(target, name, digest)
    if known:
        return known
    frame = frames.frame()
    with reading.read_layer(path, frame=frame, crs=crs, encoding=encoding) as read, operation():
        edition = Edition(
            layer=target,
            name=name,
            source=source,
            work_crs=frame.work_crs,
            sha256=digest,
            imported_at=at,
            imported_by=actor.name,
        )
        try:
            with attempt():
                edition.save(force_insert=True)
        except IntegrityError:
            # somebody else was storing the same edition; now he is done
            known = _known(target, name, digest)
            if known:
                return known
            raise
        report = _store(edition, read, progress)
        edition.report = report
        edition.feature_count, edition.area_km2 = report["features"], report["area_km2"]
        edition.source_crs = read.source_crs
        edition.save(update_fields=["report", "feature_count", "area_km2", "source_crs"])
        _announce(edition, publish_at_once, actor, at)
        return Imported(edition, report)


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file.

    :raises FileUnusable: unreadable
    """
    mark = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                mark.update(chunk)
    except OSError as error:
        raise faults.unreadable(_("文件打不开。")) from error
    return mark.hexdigest()


def _known(layer: Layer, name: str, digest: str) -> Imported | None:
    """Return the edition of this name if it is the same.

    :raises EditionExists: it is another
    """
    edition = Edition.objects.filter(layer=layer, name=name).first()
    if edition is None:
        return None
    if edition.sha256 != digest:
        raise EditionExists
    return Imported(edition, {**edition.report, "unchanged": True}, unchanged=True)


def _store(edition: Edition, read: LayerReading, progress: Progress | None) -> dict[str, Any]:
    """Send the features as they are read, and return the report.

    :raises FeaturesRejected: some cannot be stored; what was sent is undone with the operation
    """
    seen = Seen()
    stored = duplicates = 0
    area = 0.0
    with copying.sender(edition.pk) as sender:
        for batch in read.batches():
            if not read.rejected and len(batch):
                fresh = batch.only(seen.new(fingerprints(batch.outlines, batch.attributes)))
                duplicates += len(batch) - len(fresh)
                stored += len(fresh)
                area += float(fresh.area.sum())
                sender.put(fresh)
            if progress:
                progress(read.read)
        if read.rejected:
            raise FeaturesRejected(_report(edition, read, features=0, duplicates=0, area=0.0))
    return _report(edition, read, features=stored, duplicates=duplicates, area=area)


def _report(edition: Edition, read: LayerReading, *, features: int, duplicates: int, area: float) -> dict[str, Any]:
    rejected = [{"index": row.index, "reason": row.reason} for row in read.rejected]
    return {
        "layer": edition.layer_id,
        "edition": edition.name,
        "features": features,
        "repaired": 0 if rejected else read.repaired,
        "duplicates": duplicates,
        "rejected": rejected,
        "area_km2": round(area / SQUARE_KILOMETRE, 6),
        "source_crs": read.source_crs,
        "repairs": [] if rejected else read.repairs(),
    }


def _announce(edition: Edition, publish_at_once: bool, actor: Actor, at: datetime) -> None:
    if publish_at_once:
        publish(edition, actor=actor, at=at)
        return
    move(
        edition,
        to=EditionState.DRAFT,
        actor=actor,
        at=at,
        topic=IMPORTED,
        data={"layer": edition.layer_id, "edition": edition.name, "features": edition.feature_count},
    )
