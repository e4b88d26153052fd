"""One application as its pages and the machine interface show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from approvals.applications.models import (
    Application,
    ApplicationItem,
    ApplicationNotice,
    CorrectionPoint,
    SlotFile,
)
from approvals.applications.queries.forms import FormState, catalogue_of, fact_values, form_of, item_ids
from approvals.applications.queries.lists import stage_name
from approvals.applications.queries.materials import MaterialsState, materials_of
from approvals.applications.states import ApplicationState, NoticeKind
from portal.core import audit, calendars
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.models import AuditEvent
from portal.ui.work import Step
from projects.catalogue.definitions import ItemDef
from projects.registry import flows


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that stands in the way of handing in; `key` is a field id or `slot:<id>`."""

    key: str
    message: str

    @property
    def anchor(self) -> str:
        """Return the id of the element to go to."""
        return self.key.replace(":", "-")


@dataclass(frozen=True)
class Page:
    """Everything the page of one application shows."""

    application: Application
    stage_name: str
    items: tuple[ItemDef, ...]
    notices: tuple[ApplicationNotice, ...]
    history: tuple[AuditEvent, ...]

    @property
    def correction(self) -> ApplicationNotice | None:
        """Return the one correction notice."""
        return next((notice for notice in self.notices if notice.kind == NoticeKind.CORRECTION), None)


def find(application_id: int, *, actor: Actor) -> Application:
    """Give an application, with what its pages need, to who may see it.

    :raises NotFound: there is none, or not for this actor
    """
    found = (
        Application.objects.visible_to(actor)
        .select_related("project__owner", "unit__parent", "timer")
        .prefetch_related(Prefetch("items", ApplicationItem.objects.select_related("service_item")), "project__facts")
        .filter(pk=application_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def page(application: Application) -> Page:
    """Read the page of one application: its items, papers and history."""
    catalogue = catalogue_of(application)
    return Page(
        application=application,
        stage_name=stage_name(application),
        items=tuple(catalogue.items[item] for item in item_ids(application)),
        notices=tuple(
            application.notices.select_related("blob")
            .prefetch_related(Prefetch("points", CorrectionPoint.objects.order_by("pk")))
            .order_by("issued_at", "pk")
        ),
        history=tuple(history(application)),
    )


def history(application: Application) -> Sequence[AuditEvent]:
    """List what happened to an application, newest first; filling in the form is left out."""
    return list(
        audit.history(application.audit_stream)
        .filter(subject_type=application._meta.label_lower, subject_id=str(application.pk))
        .filter(action__startswith="applications.application.")
        .exclude(action="applications.application.answered")[:50]
    )


def missing(
    application: Application,
    *,
    today: date,
    form: FormState | None = None,
    materials: MaterialsState | None = None,
) -> list[Missing]:
    """List everything that stands in the way of handing in, in the order of the page."""
    form = form or form_of(application)
    materials = materials or materials_of(application, today=today)
    lines = [Missing(field, message) for field, message in form.problems.items()]
    lines += [Missing(f"slot:{slot.slot.pk}", slot.missing_words) for slot in materials.missing]
    if not form.spec.items:
        lines.append(Missing("items", _("按现在的回答，没有要办的事项。请检查“由您说明的情况”。")))
    return lines


@dataclass(frozen=True)
class OutlookItem:
    """One item with the department that decides it and its limit in this flow."""

    item: ItemDef
    department: str
    days: int


@dataclass(frozen=True)
class Outlook:
    """Who the form is for, and when it would be done if it were handed in and accepted today."""

    items: tuple[OutlookItem, ...]
    limit_days: int
    due_on: date

    @property
    def departments(self) -> int:
        """Count the departments that take part."""
        return len({entry.item.department for entry in self.items})


def outlook(application: Application, *, today: date) -> Outlook:
    """Tell who decides what, and the promised day if everything happened today; working days."""
    catalogue = catalogue_of(application)
    flow = catalogue.flows[application.project.flow]
    promised, _statutory = limits(application)
    calendar = calendars.current(application.project.region)
    return Outlook(
        items=tuple(
            OutlookItem(
                item=catalogue.items[item],
                department=catalogue.departments[catalogue.items[item].department].name,
                days=flow.promised_days(catalogue.items[item]),
            )
            for item in item_ids(application)
        ),
        limit_days=promised,
        due_on=calendar.add_workdays(calendar.next_workday(today), promised),
    )


def steps(application: Application) -> list[Step]:
    """List the short way of an application with what is done and what comes now."""
    state = application.state
    submitted = application.submitted_at is not None
    accepted = application.accepted_at is not None
    done = state == ApplicationState.COMPLETED
    return [
        Step(_("填写"), done=submitted, current=not submitted),
        Step(_("窗口核对"), done=accepted, current=state in (ApplicationState.SUBMITTED, ApplicationState.CORRECTING)),
        Step(_("部门审批"), done=done, current=state == ApplicationState.ACCEPTED),
        Step(_("办结"), done=done),
    ]


def limits(application: Application) -> tuple[int, int]:
    """Return the promised and the statutory limit of an application's clock in working days.

    Promised = the stage's limit in the project's flow, with the variant its facts ask for; beside the main line, the
    longest of its items. Statutory = the longest of its items, never below the promise.
    """
    catalogue = catalogue_of(application)
    project = application.project
    items = [catalogue.items[item] for item in item_ids(application)]
    longest = max((catalogue.flows[project.flow].promised_days(item) for item in items), default=1)
    promised = flows.stage_limit(catalogue, project.flow, application.stage, fact_values(project)) or longest
    statutory = max((item.effective_statutory_days for item in items), default=promised)
    return promised, max(promised, statutory)


def notice_by_code(verify_code: str) -> ApplicationNotice | None:
    """Find a paper by the code printed on it, for whoever holds the paper."""
    return (
        ApplicationNotice.objects.select_related("application__project")
        .filter(verify_code=verify_code.strip().upper())
        .first()
    )


def material_of(application: Application, slot: str) -> str:
    """Give the material of a slot named by its id or by the material itself.

    :raises NotFound: the application has no such slot
    """
    slots = application.slots.filter(pk=int(slot)) if _is_number(slot) else application.slots.filter(material=slot)
    found = slots.values_list("material", flat=True).first()
    if found is None:
        raise NotFound
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def slot_file(application: Application, slot_file_id: int) -> SlotFile:
    """Give a file that lies or lay in a slot of this application.

    :raises NotFound: there is no such file here
    """
    found = (
        SlotFile.objects.select_related("document__blob", "slot")
        .filter(pk=slot_file_id, slot__application=application)
        .first()
    )
    if found is None:
        raise NotFound
    return found
