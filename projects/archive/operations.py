"""The verbs of the archive: file, grant, withdraw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import audit, files, outbox, rows
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.models import StoredBlob
from portal.core.unit import operation
from projects.archive import policies
from projects.archive.models import Document, DocumentGrant, DocumentSource
from projects.catalogue import queries as catalogue_queries
from projects.registry import queries as registry
from projects.registry.models import Project, Unit

MAX_NAME = 200


class InUse(Conflict):
    """Departments are reading the document, so it cannot vanish; a newer version may stand beside it."""

    code = "document_in_use"
    message = gettext_lazy("审批部门正在使用这份材料，不能撤回。如需更换，请上传新版本。")


class AlreadyWithdrawn(Conflict):
    """The document was withdrawn before."""

    code = "document_withdrawn"
    message = gettext_lazy("这份材料已经撤回。")


def add_document(
    *,
    project_id: int,
    material: str,
    title: str,
    source: str,
    actor: Actor,
    at: datetime,
    upload: files.Upload | None = None,
    blob: StoredBlob | None = None,
    file_name: str = "",
    unit_id: int | None = None,
    produced_by: str = "",
    number: str = "",
    attributes: Mapping[str, Any] | None = None,
    valid_until: date | None = None,
) -> Document:
    """File a new version of a material of a project, from an upload or from a content that is already kept.

    The same content again is the same version, so that a double click files once.
    :param material: id of the pack; what the system makes itself may have an id of its own
    :param attributes: what later items may read without opening the file
    :param valid_until: the last day of its term
    :raises NotAllowed: the actor may not file documents of this source here
    :raises FileRefused: the upload breaks the material's rules on formats and size
    :raises InvalidInput: unknown material or unit
    :raises NoProject: there is no such project
    """
    project = _project(project_id)
    policies.require(policies.can_add(actor, project, source))
    content, name = _take_in(project, material, source, upload=upload, blob=blob, at=at)
    with operation():
        _lock(project_id)
        unit = _unit(project, unit_id)
        line = Document.objects.filter(project=project, material=material, unit=unit)
        newest = line.order_by("-version").first()
        if newest and newest.blob_id == content.pk and newest.number == number and not newest.is_withdrawn:
            return newest
        document = Document.objects.create(
            project=project,
            unit=unit,
            material=material,
            title=title[:MAX_NAME],
            source=source,
            produced_by=produced_by,
            number=number,
            version=(line.aggregate(last=Max("version"))["last"] or 0) + 1,
            blob=content,
            file_name=_file_name(file_name or name, title, content),
            attributes=dict(attributes or {}),
            supplied_by_id=actor.user_id,
            supplied_at=at,
            valid_until=valid_until,
        )
        _tell("archive.document.added", document, actor, at, material=material, version=document.version)
        return document


def grant(*, document_id: int, department_id: str, reason: str, at: datetime) -> None:
    """Let a department read a document because a case or a consultation needs it; harmless when it already may.

    Called by review, push and certificates inside their own operations, which have asked their policies.
    :raises NotFound: there is no such document
    """
    with operation():
        if not Document.objects.filter(pk=document_id).exists():
            raise NotFound
        grant_all([(document_id, department_id, reason)], at=at)


def grant_all(grants: Iterable[tuple[int, str, str]], *, at: datetime) -> None:
    """Let departments read documents, as (document, department, reason); what is granted already is left alone."""
    reasons = {(document_id, department_id): reason for document_id, department_id, reason in grants}
    if not reasons:
        return
    with operation():
        actor = Actor.system("archive")
        added = rows.insert_new(
            [
                DocumentGrant(document_id=document_id, department_id=department_id, reason=reason[:200], granted_at=at)
                for (document_id, department_id), reason in sorted(reasons.items())
            ],
            unique=("document", "department"),
        )
        documents = Document.objects.select_related("project").in_bulk({row.document_id for row in added})
        for row in added:
            reason = reasons[row.document_id, row.department_id]
            told = {"department": row.department_id, "reason": reason}
            _tell("archive.document.granted", documents[row.document_id], actor, at, **told)


def withdraw(*, document_id: int, reason: str, actor: Actor, at: datetime) -> Document:
    """Take a document back: it stays, marked, and may be used for nothing new.

    :raises NotFound: there is no such document, or the actor may not know of it
    :raises NotAllowed: it is not the actor's side that brought it
    :raises InUse: the applicant's side wants back what a department is reading
    :raises AlreadyWithdrawn: it was withdrawn before
    """
    with operation():
        document = Document.objects.select_for_update(of=("self",), no_key=True).filter(pk=document_id).first()
        if document is None or not policies.can_read(actor, document):
            raise NotFound
        policies.require(policies.can_withdraw(actor, document))
        if document.is_withdrawn:
            raise AlreadyWithdrawn
        if document.is_from_applicant and document.grants.exists():
            raise InUse
        document.withdrawn_at = at
        document.save(update_fields=["withdrawn_at"])
        _tell("archive.document.withdrawn", document, actor, at, reason=reason)
        return document


def _project(project_id: int) -> Project:
    found = Project.objects.filter(pk=project_id).first()
    if found is None:
        raise registry.NoProject
    return found


def _take_in(
    project: Project,
    material: str,
    source: str,
    *,
    upload: files.Upload | None,
    blob: StoredBlob | None,
    at: datetime,
) -> tuple[StoredBlob, str]:
    """Check the material and keep the content; returns it with the name it came under."""
    definition = catalogue_queries.catalogue(project.pack_version_id).materials.get(material)
    if definition is None and (source != DocumentSource.SYSTEM or upload is not None):
        raise InvalidInput(fields={"material": _("没有这种材料。请从材料清单里选择。")})
    if blob is not None:
        return blob, ""
    if upload is None or definition is None:
        raise ValueError("a document comes from an upload or from a blob")
    # Kept before the lock: taking in 200 MB must not hold up others who work on the project.
    return files.store(upload, formats=definition.formats, max_bytes=definition.max_bytes, at=at), upload.name or ""


def _unit(project: Project, unit_id: int | None) -> Unit | None:
    if unit_id is None:
        return None
    found = project.units.filter(pk=unit_id).first()
    if found is None:
        raise InvalidInput(fields={"unit": _("这个工程代码不属于本项目。请重新选择。")})
    return found


def _lock(project_id: int) -> None:
    """Lock the project, whose documents are numbered one after another."""
    Project.objects.select_for_update(of=("self",), no_key=True).get(pk=project_id)


def _file_name(given: str, title: str, blob: StoredBlob) -> str:
    """Return a bare name that fits the column and keeps its suffix; browsers may send whole paths."""
    name = PurePath(given.replace("\\", "/")).name or f"{title}.{blob.format}"
    name = "".join(character for character in name if character.isprintable())
    if len(name) <= MAX_NAME:
        return name
    suffix = PurePath(name).suffix[:12]
    return name[: MAX_NAME - len(suffix)] + suffix


def _tell(topic: str, document: Document, actor: Actor, at: datetime, **data: Any) -> None:
    audit.record(
        stream=document.project.audit_stream,
        action=topic,
        actor=actor,
        at=at,
        subject=document,
        data={"title": document.title, "sha256": document.blob_id, **data},
    )
    outbox.emit(topic, at=at, id=document.pk, project=document.project_id)
