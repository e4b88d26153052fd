"""Filling material slots: upload, reuse, take out. A file once given is never lost, only taken out of a slot."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from approvals.applications import policies, queries
from approvals.applications.models import Application, MaterialSlot, SlotFile
from approvals.applications.operations import mending
from approvals.applications.operations.locking import lock
from approvals.applications.queries.materials import reusable_documents
from approvals.applications.slots import PlannedSlot
from approvals.applications.states import Verdict
from portal.core import audit, clock, files
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.transitions import TransitionRefused
from portal.core.unit import operation
from projects.archive import operations as archive
from projects.archive.models import Document, DocumentSource


def attach(
    *,
    application_id: int,
    material: str,
    actor: Actor,
    at: datetime,
    upload: files.Upload | None = None,
    document_id: int | None = None,
    replace: bool = False,
) -> SlotFile:
    """Put a file into a slot: a new upload, or a document the project has already.

    :param replace: take out what lies in the slot; mending a slot the clerk found wrong always does
    :raises FileRefused: the upload is empty, too large, or not what its name says; nothing is left behind
    :raises NotFound: no such slot, or no such document of this project
    :raises NotToMend: while correcting, the notice has not opened the slot
    :raises TransitionRefused: the application is not open to changes
    """
    if (upload is None) == (document_id is None):
        raise InvalidInput(fields={"file": _("请选择一个文件，或选用项目已有的材料。")})
    application = Application.objects.select_related("project__owner").filter(pk=application_id).first()
    if application is None:
        raise NotFound
    # Asked before the content is taken, so that an outsider cannot fill the store; and again under the lock.
    _require_edit(application, actor)
    definition = queries.catalogue_of(application).materials.get(material)
    if definition is None:
        raise NotFound
    blob = None
    if upload is not None:
        blob = files.store(upload, formats=definition.formats, max_bytes=definition.max_bytes, at=at)
    with operation():
        application = lock(application_id)
        _require_edit(application, actor)
        slot = _slot(application, material, actor=actor, at=at)
        current = list(slot.files.filter(removed_at=None).select_related("document"))
        if blob is not None:
            same = next((file for file in current if file.document.blob_id == blob.pk), None)
            if same is not None:
                return same  # a second click, or the same file again
            document = archive.add_document(
                project_id=application.project_id,
                unit_id=application.unit_id,
                material=material,
                title=slot.name,
                blob=blob,
                file_name=(upload.name if upload else "") or slot.name,
                source=_source(definition.source),
                actor=actor,
                at=at,
            )
        else:
            document = _document(application, document_id or 0)
            same = next((file for file in current if file.document_id == document.pk), None)
            if same is not None:
                return same
        if replace or mending.was_found_bad(slot):
            _take_out(current, at)
        added = SlotFile.objects.create(
            slot=slot,
            document=document,
            is_reused=blob is None,
            attached_at=at,
            attached_by_id=actor.user_id,
        )
        _changed(application, slot, at=at)
        _record(application, slot, "attached", actor, at, document=document.pk, reused=blob is None)
        return added


def detach(*, application_id: int, slot_file_id: int, actor: Actor, at: datetime) -> MaterialSlot:
    """Take a file out of its slot; the document stays in the project's archive.

    :raises NotFound: no such file in a slot of this application
    """
    with operation():
        application = lock(application_id)
        _require_edit(application, actor)
        file = (
            SlotFile.objects.select_related("slot")
            .filter(pk=slot_file_id, slot__application=application, removed_at=None)
            .first()
        )
        if file is None:
            raise NotFound
        slot = _slot(application, file.slot.material, actor=actor, at=at)
        _take_out([file], at)
        _changed(application, slot, at=at, mended=False)
        _record(application, slot, "detached", actor, at, document=file.document_id)
        return slot


def sync_slots(application: Application, *, planned: Iterable[PlannedSlot], actor: Actor, at: datetime) -> None:
    """Make the slots what the items need: new ones come with what the project has, needless empty ones go."""
    rows = {row.material: row for row in application.slots.all()}
    wanted = {slot.material: slot for slot in planned}
    for material, row in rows.items():
        slot = wanted.get(material)
        if slot is not None:
            row.items, row.is_required, row.sort = list(slot.items), slot.is_required, slot.sort
            row.save(update_fields=["items", "is_required", "sort"])
        elif row.files.exists() or row.verdict != Verdict.UNCHECKED:
            row.items, row.is_required = [], False
            row.save(update_fields=["items", "is_required"])
        else:
            row.delete()
    MaterialSlot.objects.bulk_create(
        MaterialSlot(
            application=application,
            material=slot.material,
            name=slot.name,
            is_required=slot.is_required,
            sort=slot.sort,
            items=list(slot.items),
        )
        for material, slot in wanted.items()
        if material not in rows
    )
    fill_from_archive(application, actor=actor, at=at)


def fill_from_archive(application: Application, *, actor: Actor, at: datetime) -> None:
    """Put what the project has already into slots that were never filled (一套材料，不重复提交)."""
    empty = {slot.material: slot for slot in application.slots.filter(files__isnull=True)}
    if not empty:
        return
    best: dict[str, Document] = {}
    for document in reusable_documents(application, list(empty), today=clock.day_of(at)):
        best.setdefault(document.material, document)
    SlotFile.objects.bulk_create(
        SlotFile(
            slot=empty[material],
            document=document,
            is_reused=True,
            attached_at=at,
            attached_by_id=actor.user_id,
        )
        for material, document in best.items()
    )


def _require_edit(application: Application, actor: Actor) -> None:
    policies.require_view(actor, application)
    if not application.is_editable:
        raise TransitionRefused(fields={"state": application.state})
    policies.require(policies.can_edit(actor, application))


def _slot(application: Application, material: str, *, actor: Actor, at: datetime) -> MaterialSlot:
    slot = application.slots.filter(material=material).first()
    if slot is None:
        raise NotFound
    mending.require_open_slot(application, slot)
    return slot


def _document(application: Application, document_id: int) -> Document:
    document = Document.objects.filter(pk=document_id, project=application.project_id, withdrawn_at=None).first()
    if document is None:
        raise NotFound
    return document


def _take_out(current: Iterable[SlotFile], at: datetime) -> None:
    for file in current:
        file.removed_at = at
        file.save(update_fields=["removed_at"])


def _changed(application: Application, slot: MaterialSlot, *, at: datetime, mended: bool = True) -> None:
    """What the clerk found is about the old content; the new one is unchecked."""
    if mended:
        mending.tick_slot(application, slot, at)
    else:
        mending.untick_slot(application, slot)
    application.changed_at = at
    application.save(update_fields=["changed_at"])


def _source(material_source: str) -> str:
    return DocumentSource.THIRD_PARTY if material_source == "third_party" else DocumentSource.APPLICANT


def _record(
    application: Application, slot: MaterialSlot, verb: str, actor: Actor, at: datetime, **data: object
) -> None:
    audit.record(
        stream=application.audit_stream,
        action=f"applications.material.{verb}",
        actor=actor,
        at=at,
        subject=application,
        data={"material": slot.material, **data},
    )
