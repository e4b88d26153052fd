"""The materials of an application: each slot with its files and what could be reused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from approvals.applications.models import Application, CorrectionPoint, MaterialSlot, SlotFile
from approvals.applications.queries import mending
from approvals.applications.queries.forms import catalogue_of
from approvals.applications.states import VERDICTS_BAD, Verdict
from projects.archive import queries as archive
from projects.archive.models import Document
from projects.catalogue.definitions import MaterialDef
from projects.registry import queries as registry


@dataclass(frozen=True)
class SlotState:
    """One needed material with what lies in it."""

    slot: MaterialSlot
    material: MaterialDef
    files: tuple[SlotFile, ...]
    reusable: tuple[Document, ...]
    point: CorrectionPoint | None = None
    may_edit: bool = False

    @property
    def is_filled(self) -> bool:
        """Tell whether something lies in it."""
        return bool(self.files)

    @property
    def is_missing(self) -> bool:
        """Tell whether it stands in the way of handing in."""
        return self.slot.is_required and not self.files

    @property
    def missing_words(self) -> str:
        """Say what to do about a missing material."""
        return _("请提供%(name)s") % {"name": self.slot.name}

    @property
    def is_needed(self) -> bool:
        """Tell whether an item still uses it."""
        return bool(self.slot.items)

    @property
    def is_brought_by_city(self) -> bool:
        """Tell whether the applicant need not hand it in: fetched, shared or made by the city."""
        return not self.material.from_applicant

    @property
    def is_to_mend(self) -> bool:
        """Tell whether the notice asks for it and it was not touched since."""
        return self.point is not None and self.point.mended_at is None

    @property
    def is_bad(self) -> bool:
        """Tell whether the clerk found it missing or wrong."""
        return self.slot.verdict in VERDICTS_BAD

    @property
    def is_checked(self) -> bool:
        """Tell whether the clerk has looked at it."""
        return self.slot.verdict != Verdict.UNCHECKED

    @property
    def first(self) -> SlotFile | None:
        """Return the file shown first."""
        return self.files[0] if self.files else None


@dataclass(frozen=True)
class MaterialsState:
    """All materials of an application."""

    slots: tuple[SlotState, ...]

    @property
    def missing(self) -> tuple[SlotState, ...]:
        """List what stands in the way of handing in."""
        return tuple(slot for slot in self.slots if slot.is_missing)

    @property
    def needed(self) -> tuple[SlotState, ...]:
        """List what the items use; a slot kept only for a file already given is left out."""
        return tuple(slot for slot in self.slots if slot.is_needed)

    @property
    def bad(self) -> tuple[SlotState, ...]:
        """List what the clerk found missing or wrong."""
        return tuple(slot for slot in self.slots if slot.is_bad)

    @property
    def unchecked(self) -> tuple[SlotState, ...]:
        """List what the clerk has not looked at."""
        return tuple(slot for slot in self.needed if not slot.is_checked)

    @property
    def complete(self) -> int:
        """Count what the clerk found complete."""
        return sum(slot.slot.verdict == Verdict.COMPLETE for slot in self.needed)

    @property
    def from_city(self) -> int:
        """Count what the city has already and nobody hands in."""
        return sum(slot.is_brought_by_city and slot.is_filled for slot in self.needed)

    @property
    def handed_in(self) -> int:
        """Count what the applicant has handed in."""
        return sum(not slot.is_brought_by_city and slot.is_filled for slot in self.needed)


def materials_of(application: Application, *, today: date, may_edit: bool = False) -> MaterialsState:
    """Read the slots of an application with their files and what the project could reuse.

    :param may_edit: the actor may change materials; while correcting only what the notice has opened (`mending`)
    """
    catalogue = catalogue_of(application)
    rows = slots_with_files(application)
    points = {
        point.slot_id: point for point in CorrectionPoint.objects.filter(notice__application=application, slot__in=rows)
    }
    offers = reusable_documents(application, [row.material for row in rows], today=today)
    contents = {row.pk: tuple(row.files.all()) for row in rows}
    scope = mending.scope_of(application)
    states = []
    for row in rows:
        files = contents[row.pk]
        held = {file.document_id for file in files}
        point = points.get(row.pk)
        open_now = may_edit and application.is_editable
        if scope is not None:
            open_now = open_now and scope.opens_slot(row, files)
        states.append(
            SlotState(
                slot=row,
                material=catalogue.materials[row.material],
                files=files,
                reusable=tuple(doc for doc in offers if doc.material == row.material and doc.pk not in held),
                point=point,
                may_edit=open_now,
            )
        )
    return MaterialsState(tuple(states))


def slots_with_files(application: Application) -> list[MaterialSlot]:
    """Read the slots in order, each with nothing but the files that lie in it now."""
    files = SlotFile.objects.filter(removed_at=None).select_related("document__blob").order_by("attached_at", "pk")
    return list(application.slots.prefetch_related(Prefetch("files", files)).order_by("sort", "pk"))


def reusable_documents(application: Application, materials: Sequence[str], *, today: date) -> list[Document]:
    """List what the project has that may fill these slots, the best of each material first."""
    catalogue = catalogue_of(application)
    found = archive.reusable(
        application.project_id,
        [catalogue.materials[material] for material in materials],
        on=today,
        units=[unit.pk for unit in registry.unit_path(application.unit)] if application.unit else (),
    )
    return [document for documents in found.values() for document in documents]
