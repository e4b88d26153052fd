"""Applications through their operations: begun, filled in, handed in, checked."""

from datetime import datetime
from typing import Any

from approvals.applications import operations as applications
from approvals.applications import queries
from approvals.applications.models import Application, MaterialSlot
from approvals.oneform.spec import FormField
from approvals.review import operations as review
from portal.accounts.models import Enterprise
from portal.citypack import queries as citypack
from portal.core import clock
from portal.core.actor import Actor
from projects.registry.models import Project
from tests.factories.projects import pdf
from tests.factories.review import a_running_project

_VALUES: dict[str, Any] = {
    "text": "按批准的方案实施",
    "person": "李明",
    "mobile": "12000001234",
    "uscc": "91449902MA9A00010F",
    "int": 3,
    "decimal": 12.5,
    "bool": False,
    "date": "2026-05-06",
    "daterange": {"start": "2026-05-06", "end": "2026-09-30"},
    "lonlat": [113.52, 22.27],
    "geometry": {"type": "Polygon", "coordinates": [[[113.5, 22.2], [113.6, 22.2], [113.6, 22.3], [113.5, 22.2]]]},
    "code": "A01",
    "code_list": ["A01"],
}


def answer_for(field: FormField) -> Any:
    """Give a valid answer to any field."""
    if field.definition.national_field == "GBHY":
        return "E4710"
    if field.definition.national_field == "JSDDXZQH":
        return "449904"
    if field.type == "enum":
        return next(iter(field.options))
    if field.type == "table":
        return [{column.id: _cell(field, column) for column in field.definition.columns if column.required}]
    return _VALUES[field.type]


def _cell(field: FormField, column: Any) -> Any:
    if column.type == "enum":
        lists = citypack.document(citypack.current_id(), "form")["code_lists"]
        return next(iter(lists[column.codes]))
    return _VALUES[column.type]


def a_draft(
    *,
    owner: Enterprise,
    actor: Actor,
    at: datetime,
    project: Project | None = None,
    stage: str = "S1",
    **more: Any,
) -> Application:
    """Begin an application of the first stage of a small project."""
    project = project or a_running_project(owner=owner, actor=actor, at=at)
    return review.open_application(project_id=project.pk, stage=stage, actor=actor, at=at, **more)


def fill_in(application: Application, *, actor: Actor, at: datetime) -> Application:
    """Answer everything the form still asks; an answer may bring new questions."""
    for _round in range(6):
        state = queries.form_of(queries.find(application.pk, actor=actor))
        if not state.problems:
            break
        applications.save_answers(
            application_id=application.pk,
            values={field: answer_for(state.spec.fields[field]) for field in state.problems},
            actor=actor,
            at=at,
        )
    return queries.find(application.pk, actor=actor)


def bring_materials(application: Application, *, actor: Actor, at: datetime) -> Application:
    """Put a file into every slot that needs one."""
    for slot in queries.materials_of(application, today=clock.day_of(at)).missing:
        applications.attach(
            application_id=application.pk,
            material=slot.slot.material,
            upload=pdf(f"{slot.slot.material}.pdf", note=slot.slot.material),
            actor=actor,
            at=at,
        )
    return queries.find(application.pk, actor=actor)


def a_complete_draft(*, owner: Enterprise, actor: Actor, at: datetime, **more: Any) -> Application:
    """Begin an application, fill it in and bring the materials."""
    application = a_draft(owner=owner, actor=actor, at=at, **more)
    application = fill_in(application, actor=actor, at=at)
    return bring_materials(application, actor=actor, at=at)


def handed_in(*, owner: Enterprise, actor: Actor, at: datetime, **more: Any) -> Application:
    """Hand in a complete application: it waits at the window."""
    application = a_complete_draft(owner=owner, actor=actor, at=at, **more)
    applications.submit(application_id=application.pk, actor=actor, at=at)
    return queries.find(application.pk, actor=actor)


def correcting(*, owner: Enterprise, actor: Actor, clerk: Actor, at: datetime, **more: Any) -> Application:
    """Hand in an application whose first material the window then finds wrong."""
    application = handed_in(owner=owner, actor=actor, at=at, **more)
    slot = first_slot(application)
    applications.check_slot(slot_id=slot.pk, verdict="wrong", remark="缺签章", actor=clerk, at=at)
    applications.request_correction(application_id=application.pk, actor=clerk, at=at)
    return queries.find(application.pk, actor=actor)


def first_slot(application: Application) -> MaterialSlot:
    """Give the first material somebody has to bring."""
    return application.slots.filter(is_required=True).order_by("sort").first() or application.slots.get()
