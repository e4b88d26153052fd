"""What may be changed while an application is being corrected: one rule for page, machine interface and operation.

A notice opens what it names. It also opens what an answer to it has made necessary: a required field that has become
empty or wrong, a required material that is missing, and both again until they are handed in, so that a slip in them
can be put right. Everything else stays as the window has seen it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from approvals.applications.models import Answer, Application, CorrectionPoint, MaterialSlot, SlotFile
from approvals.applications.states import NoticeKind


@dataclass(frozen=True, slots=True)
class Scope:
    """What the one notice has opened."""

    told_at: datetime
    fields: frozenset[str]
    """Ids of the fields it names."""
    slots: frozenset[int]
    """Ids of the slots it names."""

    def opens_field(self, field: str, row: Answer | None) -> bool:
        """Tell whether the notice names a field, or it was answered since: only what was open could be.

        A field that stands in the way of handing in is open as well; the form knows that (`FormState.may_edit`).
        """
        return field in self.fields or (row is not None and row.changed_at > self.told_at)

    def opens_slot(self, slot: MaterialSlot, files: Iterable[SlotFile]) -> bool:
        """Tell whether the notice names a slot, or it is needed and holds nothing that the window has seen.

        :param files: what lies in the slot now
        """
        if slot.pk in self.slots:
            return True
        return slot.is_required and all(file.attached_at > self.told_at for file in files)


def scope_of(application: Application) -> Scope | None:
    """Read what may be changed; None when the application is not being corrected."""
    if not application.is_correcting:
        return None
    notice = application.notices.get(kind=NoticeKind.CORRECTION)
    points = list(CorrectionPoint.objects.filter(notice=notice).values_list("field", "slot_id"))
    return Scope(
        told_at=notice.issued_at,
        fields=frozenset(field for field, _slot in points if field),
        slots=frozenset(slot for _field, slot in points if slot is not None),
    )
