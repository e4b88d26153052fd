"""Imports from the browser: asked for in a request, done by a worker, and followed by whoever waits.

Whoever imports holds a lock of the database session for that import. It ends with the session, so a job that is still
called running while its lock is free was left by a worker that is no more, and is taken up at once.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import shapely
from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from blueprint.layers import policies
from blueprint.layers.models import Edition, ImportJob, Layer
from blueprint.layers.operations.importing import (
    EditionExists,
    FeaturesRejected,
    LayerUnknown,
    import_edition,
)
from blueprint.layers.states import JobState
from portal.accounts.models import User
from portal.core import actor as actors
from portal.core import audit, clock, files, outbox
from portal.core.actor import Actor
from portal.core.errors import FAULTS, DomainError
from portal.core.models import StoredBlob
from portal.core.transitions import move
from portal.core.unit import operation

logger = logging.getLogger(__name__)

ASKED = "layers.import.asked"
BEGUN = "layers.import.begun"
ENDED = "layers.import.ended"
REQUEUED = "layers.import.requeued"
#: what layers are uploaded as; the ending of the kept file
FORMATS = frozenset({"geojson", "zip", "gpkg", "dxf"})
#: any number that no other advisory locks of the portal have; beside it stands the number of the job
LOCK = 7_203_116
MOST_ATTEMPTS = 3


def ask_import(
    *,
    layer: str,
    name: str,
    source: str,
    crs: int | None,
    upload: files.Upload,
    actor: Actor,
    at: datetime,
) -> ImportJob:
    """Keep an uploaded file and queue its import as a draft.

    :raises LayerUnknown: the pack lists no such layer
    :raises NotAllowed: the actor does not keep this layer
    :raises EditionExists: there is an edition of this name
    :raises FileRefused: empty, too large, or not what its name says
    """
    target = Layer.objects.listed().filter(code=layer).first()
    if target is None:
        raise LayerUnknown
    policies.require(policies.can_import(actor, target))
    if Edition.objects.filter(layer=target, name=name).exists():
        raise EditionExists
    blob = files.store(upload, formats=FORMATS, max_bytes=settings.MAX_UPLOAD_BYTES, at=at)
    with operation():
        job = ImportJob.objects.create(
            layer=target,
            name=name,
            source=source,
            crs=crs,
            file_name=(upload.name or "")[-200:],
            blob=blob,
            person_id=actor.user_id or 0,
            person_name=actor.name,
            asked_at=at,
        )
        data = {"layer": layer, "edition": name, "sha256": blob.sha256}
        audit.record(stream=job.audit_stream, action=ASKED, actor=actor, at=at, subject=job, data=data)
        outbox.emit(ASKED, at=at, id=job.pk)
        return job


def run_imports(*, at: datetime) -> int:
    """Do the imports that wait, one after the other, and return how many ended; first take up what was left lying."""
    ended = 0
    with translation.override(settings.LANGUAGE_CODE):
        _requeue(at)
        while job := _begin(at):
            try:
                _run(job)
            finally:
                _unlock(job.pk)
            ended += 1
    return ended


def _requeue(at: datetime) -> None:
    """Put imports whose worker is gone back into the queue; those that were tried often enough fail."""
    for job_id in ImportJob.objects.running().order_by("pk").values_list("pk", flat=True):
        if not _lock(job_id):
            continue
        try:
            _take_up(job_id, at)
        finally:
            _unlock(job_id)


def _take_up(job_id: int, at: datetime) -> None:
    with operation():
        # locked: it may have ended since it was listed
        job = ImportJob.objects.running().select_for_update(of=("self",)).filter(pk=job_id).first()
        if job is None:
            return
        if job.attempts >= MOST_ATTEMPTS:
            job.refusal = _("导入几次都中断了。请稍后重新上传；若仍不行，请联系系统管理员。")
            _end(job, JobState.FAILED, at)
        else:
            move(job, to=JobState.QUEUED, actor=Actor.system("layers.import"), at=at, topic=REQUEUED)


def _begin(at: datetime) -> ImportJob | None:
    """Take the oldest import that waits, and its lock before anybody sees it running."""
    with operation():
        waiting = ImportJob.objects.queued().select_for_update(of=("self",), skip_locked=True)
        job = waiting.select_related("blob").order_by("asked_at", "pk").first()
        if job is None or not _lock(job.pk):
            return None
        job.attempts += 1
        job.alive_at = at
        job.read_count = 0
        fields = ["attempts", "alive_at", "read_count"]
        return move(job, to=JobState.RUNNING, actor=Actor.system("layers.import"), at=at, topic=BEGUN, fields=fields)


def _lock(job_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, job_id])
        return bool(cursor.fetchone()[0])


def _unlock(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, job_id])


def _run(job: ImportJob) -> None:
    # as he is now: who lost the role since brings nothing in
    actor = actors.for_user(User.objects.get(pk=job.person_id))
    try:
        imported = _import(job, job.blob, actor)
    except FeaturesRejected as refusal:
        _close(job, JobState.FAILED, report=dict(refusal.report), refusal=str(refusal))
    except DomainError as refusal:
        _close(job, JobState.FAILED, refusal=str(refusal))
    except (*FAULTS, shapely.GEOSException):
        # else it would look like one whose worker is gone, and be tried again and again while somebody waits
        logger.exception("import %s was not completed", job.pk)
        _close(job, JobState.FAILED, refusal=_("导入没有完成，原因已记入系统日志。请联系系统管理员后重新上传。"))
    else:
        _close(job, JobState.DONE, report=imported.report, edition=imported.edition)


def _import(job: ImportJob, blob: StoredBlob, actor: Actor) -> Any:
    with tempfile.TemporaryDirectory(prefix="import-") as room, _telling(job.pk) as progress:
        # the reader asks the ending, which content named by its digest has not
        path = Path(room) / f"layer.{blob.format}"
        path.symlink_to(files.path_of(blob.sha256).absolute())
        return import_edition(
            path=path,
            layer=job.layer_id,
            name=job.name,
            source=job.source,
            crs=job.crs,
            actor=actor,
            at=clock.now(),
            publish_at_once=False,
            progress=progress,
        )


@contextmanager
def _telling(job_id: int) -> Iterator[Callable[[int], None]]:
    """Give what writes the progress down beside the transaction of the import, where others can see it."""
    beside = connection.copy()

    def tell(count: int) -> None:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE layers_importjob SET read_count = %s, alive_at = %s WHERE id = %s",
                [count, clock.now(), job_id],
            )

    with closing(beside):
        yield tell


def _close(
    job: ImportJob,
    state: JobState,
    *,
    report: dict[str, Any] | None = None,
    refusal: str = "",
    edition: Edition | None = None,
) -> None:
    with operation():
        locked = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
        locked.report = report or {}
        locked.refusal = refusal
        locked.edition = edition
        _end(locked, state, clock.now())


def _end(job: ImportJob, state: JobState, at: datetime) -> None:
    job.ended_at = at
    move(
        job,
        to=state,
        actor=Actor.system("layers.import"),
        at=at,
        topic=ENDED,
        data={"layer": job.layer_id, "edition": job.name, "features": job.report.get("features", 0)},
        fields=["report", "refusal", "edition", "ended_at"],
    )
