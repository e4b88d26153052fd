"""What the clerk's pages read: one application under check, papers ready to hand out, where paper may be entered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from approvals.applications import presenting
from approvals.applications import queries as applications
from approvals.applications.models import Application, FieldRemark
from approvals.applications.states import ApplicationState, NoticeKind, Verdict
from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState
from approvals.review.models import StageRun
from approvals.review.states import StageState
from portal.core import calendars
from portal.core.actor import Actor
from portal.core.counting import Rows
from portal.core.files import INLINE_FORMATS
from projects.catalogue.definitions import PARALLEL_STAGE, Catalogue, ItemDef
from projects.registry import queries as registry
from projects.registry.models import Project, Unit

#: rows of a list; the search narrows it down
MAX_ROWS = 200
#: the menu says 99+ above this
MANY = 99


@dataclass(frozen=True)
class CheckRow:
    """One material in the check-list."""

    number: int
    state: applications.SlotState
    is_current: bool

    @property
    def verdict(self) -> str:
        """Return what the clerk has found."""
        return self.state.slot.verdict

    @property
    def is_complete(self) -> bool:
        """Tell whether it was found complete."""
        return self.verdict == Verdict.COMPLETE

    @property
    def is_missing(self) -> bool:
        """Tell whether it was found missing."""
        return self.verdict == Verdict.MISSING

    @property
    def is_wrong(self) -> bool:
        """Tell whether it was found wrong."""
        return self.verdict == Verdict.WRONG

    @property
    def shows_inline(self) -> bool:
        """Tell whether the browser can show the first file inside the page."""
        file = self.state.first
        return file is not None and file.document.blob.format in INLINE_FORMATS


@dataclass(frozen=True)
class Desk:
    """Everything the console shows of one application."""

    application: Application
    stage_name: str
    items: tuple[ItemDef, ...]
    light: applications.NoticeLight
    rows: tuple[CheckRow, ...]
    lines: tuple[presenting.Line, ...]
    remarks: Sequence[FieldRemark]
    correctable: tuple[tuple[str, str], ...]
    was_corrected: bool
    is_deemed: bool

    @property
    def current(self) -> CheckRow | None:
        """Return the material that lies in the viewer."""
        return next((row for row in self.rows if row.is_current), None)

    @property
    def complete(self) -> int:
        """Count what is complete."""
        return sum(row.is_complete for row in self.rows)

    @property
    def missing(self) -> int:
        """Count what is missing."""
        return sum(row.is_missing for row in self.rows)

    @property
    def wrong(self) -> int:
        """Count what is wrong."""
        return sum(row.is_wrong for row in self.rows)

    @property
    def unchecked(self) -> int:
        """Count what nobody has looked at."""
        return sum(not row.state.is_checked for row in self.rows)

    @property
    def problems(self) -> int:
        """Count what would stand in the notice."""
        return self.missing + self.wrong + len(self.remarks)

    @property
    def must_correct(self) -> bool:
        """Tell whether the next act is the one notice: problems, and none was sent before."""
        return bool(self.problems) and not self.was_corrected and not self.is_deemed


def desk(application: Application, *, today: date, slot_id: int | None = None) -> Desk:
    """Read one application for the check."""
    catalogue = applications.catalogue_of(application)
    materials = applications.materials_of(application, today=today)
    form = applications.form_of(application)
    remarks = list(application.field_remarks.all())
    needed = materials.needed
    chosen = next((slot for slot in needed if slot.slot.pk == slot_id), None) or _first_to_check(needed)
    due_on = application.notice_due_on or today
    was_corrected = application.notices.filter(kind=NoticeKind.CORRECTION).exists()
    return Desk(
        application=application,
        stage_name=applications.stage_name(application),
        items=tuple(catalogue.items[item] for item in applications.item_ids(application)),
        light=applications.notice_light(due_on, today=today, calendar=calendars.current(application.project.region)),
        rows=tuple(CheckRow(number, slot, is_current=slot is chosen) for number, slot in enumerate(needed, start=1)),
        lines=tuple(presenting.lines(form, remarks={remark.field: remark.remark for remark in remarks})),
        remarks=remarks,
        correctable=tuple(
            (field.id, field.label) for field in form.spec.fields.values() if not form.is_delivered(field.id)
        ),
        was_corrected=was_corrected,
        is_deemed=not was_corrected and today > due_on,
    )


def _first_to_check(slots: Sequence[applications.SlotState]) -> applications.SlotState | None:
    """Open what has a file and was not looked at; else the first material."""
    return next((slot for slot in slots if slot.is_filled and not slot.is_checked), slots[0] if slots else None)


@dataclass(frozen=True)
class Choice:
    """A stage for which paper can be entered now; beside the main line, with the items to choose from.

    `unit` is the one it is entered for where the project is divided.
    """

    stage: str
    name: str
    items: tuple[ItemDef, ...] = ()
    unit: Unit | None = None

    @property
    def key(self) -> str:
        """Return what names the choice in the form."""
        return f"{self.stage}/{self.unit.code}" if self.unit else self.stage

    @property
    def is_parallel(self) -> bool:
        """Tell whether items have to be chosen."""
        return self.stage == PARALLEL_STAGE


def choices(project: Project) -> list[Choice]:
    """List what a project can apply for now."""
    catalogue: Catalogue = registry.catalogue_of(project)
    flow = catalogue.flows[project.flow]
    runs = list(
        StageRun.objects.present().filter(project=project).select_related("unit").order_by("stage", "unit__code")
    )
    lines = Counter(run.stage for run in runs)
    found = [
        Choice(run.stage, catalogue.stages[run.stage].name, unit=run.unit if lines[run.stage] > 1 else None)
        for run in runs
        if run.state in (StageState.OPEN, StageState.IN_REVIEW)
    ]
    parallel = tuple(catalogue.items[item] for item in flow.parallel)
    if parallel:
        found.append(Choice(PARALLEL_STAGE, catalogue.stages[PARALLEL_STAGE].name, parallel))
    return found


def ready(text: str = "") -> QuerySet[Certificate]:
    """List the papers that wait to be handed out, oldest decision first."""
    rows = (
        Certificate.objects.filter(state=CertificateState.ISSUED)
        .select_related("project__owner", "decision__case__department", "document")
        .order_by("decided_on", "pk")
    )
    text = text.strip()
    if text:
        rows = rows.filter(
            Q(number__icontains=text)
            | Q(title__icontains=text)
            | Q(verify_code=text.upper())
            | Q(project__name__icontains=text)
            | Q(project__code__istartswith=text)
            | Q(project__owner__name__icontains=text)
            | Q(project__owner__uscc=text.upper())
        )
    return rows


def waiting(actor: Actor) -> Rows:
    """Return what the window must answer, for the number in the menu."""
    return (Application.objects.visible_to(actor).filter(state=ApplicationState.SUBMITTED),)


def correcting(actor: Actor) -> Rows:
    """Return what applicants are mending, for the number in the menu."""
    return (Application.objects.visible_to(actor).filter(state=ApplicationState.CORRECTING),)


def to_hand_out(actor: Actor) -> Rows:
    """Return what waits to be handed out, for the number in the menu."""
    return (ready(),) if actor.citywide("result.hand_over") else ()
