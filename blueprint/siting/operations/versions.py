"""Enter a boundary as the next version of a site."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from blueprint.geometry.shapes import Attributes
from blueprint.geometry.stored import geos_of
from blueprint.layers import frames
from blueprint.siting import policies
from blueprint.siting.boundaries import FORMATS, MAX_BYTES, Boundary
from blueprint.siting.models import Outline, Site, SiteVersion
from blueprint.siting.operations import facts
from portal.core import audit, files, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed
from portal.core.models import StoredBlob
from portal.core.unit import operation
from projects.registry.operations import locks

MAX_NOTE = 200


class SameBoundary(Conflict):
    """The boundary is the current one already."""

    code = "same_boundary"
    message = _("这条红线与现行版次完全相同，没有再存一版。如需更正，请先改动图形或申报面积。")


def enter_version(*, project_id: int, boundary: Boundary, actor: Actor, at: datetime, note: str = "") -> SiteVersion:
    """Make a boundary the current one of a project, and write down what it says of the project.

    :raises NotAllowed: the actor is neither a party nor the window
    :raises ProjectIsOver: the project was closed or withdrawn
    :raises SameBoundary: nothing is different
    :raises FlowWouldChange: what the boundary says would change the flow of a project that has begun to apply
    """
    with operation():
        site = open_site(project_id, actor, at)
        columns = {**columns_of(boundary), "blob": kept(boundary, at)}
        version = add_version(site=site, columns=columns, actor=actor, at=at, note=note)
        facts.write_down(version, actor=actor, at=at)
        return version


def open_site(project_id: int, actor: Actor, at: datetime) -> Site:
    """Lock the project and its site, which begins with the first boundary; called inside an operation.

    :raises NotAllowed: the actor may not bring a boundary
    :raises ProjectIsOver: the project was closed or withdrawn
    """
    project = locks.lock_open(project_id)
    if not policies.can_enter(actor, project):
        raise NotAllowed
    found = Site.objects.select_for_update(of=("self",), no_key=True).filter(project=project).first()
    if found is None:
        # the lock on the project lets nobody else begin it meanwhile
        found = Site.objects.create(project=project, opened_at=at)
    found.project = project
    return found


def add_version(*, site: Site, columns: dict[str, Any], actor: Actor, at: datetime, note: str = "") -> SiteVersion:
    """Number and keep the next version of a locked site; called inside an operation that has asked its policy.

    :param columns: the columns of an `Outline`, as `columns_of` gives them, with the blob
    :raises SameBoundary: nothing is different from the current version
    """
    current = site.versions.newest_first().first()
    version = SiteVersion(
        site=site,
        number=current.number + 1 if current else 1,
        note=note.strip()[:MAX_NOTE],
        entered_at=at,
        entered_by=actor.name,
        **columns,
    )
    if current is not None and _is_same(version, current):
        raise SameBoundary(fields={"number": current.number})
    version.save(force_insert=True)
    topic = "siting.version.entered"
    audit.record(
        stream=site.audit_stream,
        action=topic,
        actor=actor,
        at=at,
        subject=version,
        data={
            "number": version.number,
            "origin": version.origin,
            "area_m2": round(version.area_m2, 2),
            "declared_m2": version.declared_m2,
            "source_crs": version.source_crs,
            "repairs": [repair["code"] for repair in version.repairs],
            "file": version.file_name,
            "sha256": version.blob.sha256 if version.blob else None,
            "note": version.note,
        },
    )
    outbox.emit(topic, at=at, id=version.pk, site=site.pk, project=site.project_id, number=version.number)
    return version


def columns_of(boundary: Boundary) -> dict[str, Any]:
    """Return a boundary as the columns of an outline, all but the kept file."""
    shape = boundary.shape
    return {
        "origin": boundary.origin,
        "work_crs": frames.frame().work_crs,
        "source_crs": shape.source_crs,
        "geom": geos_of(shape.geometry),
        "area_m2": shape.area_m2,
        "declared_m2": shape.attributes.declared_m2,
        "attributes": _plain(shape.attributes),
        "repairs": [dict(repair) for repair in shape.repairs],
        "file_name": boundary.file_name,
    }


def kept(boundary: Boundary, at: datetime) -> StoredBlob | None:
    """Keep the uploaded file in the private store; None for what was drawn or typed."""
    if boundary.upload is None:
        return None
    return files.store(boundary.upload, formats=FORMATS, max_bytes=MAX_BYTES, at=at)


def columns_again(outline: Outline) -> dict[str, Any]:
    """Return the columns of one outline for another."""
    return {field.name: getattr(outline, field.name) for field in Outline._meta.fields}


def _plain(attributes: Attributes) -> dict[str, Any]:
    """Keep only what was declared."""
    return {
        key: list(value) if isinstance(value, tuple) else value for key, value in attributes._asdict().items() if value
    }


def _is_same(version: SiteVersion, current: SiteVersion) -> bool:
    return (
        version.work_crs == current.work_crs
        and version.geom.equals_exact(current.geom)
        and version.declared_m2 == current.declared_m2
        and version.attributes == current.attributes
    )
