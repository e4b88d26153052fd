"""Filling in the combined form, and mending what the window has named."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from approvals.applications import policies, presenting, queries
from approvals.applications.models import Application
from portal.core import calendars, clock
from portal.core.actor import Actor
from portal.core.http import actor_of
from portal.ui import words
from portal.ui.work import MaterialSlot


@login_required
@require_safe
def form(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show the form to who may change it; to all others, the application."""
    actor = actor_of(request)
    found = queries.find(application_id, actor=actor)
    if not policies.can_edit(actor, found):
        return redirect("applications:application", found.pk)
    return render_form(request, found, actor, checked="check" in request.GET)


def render_form(
    request: HttpRequest,
    found: Application,
    actor: Actor,
    *,
    checked: bool = False,
    refused: Mapping[int, str] | None = None,
    clashes: Sequence[presenting.ClashView] = (),
    unsaved: Sequence[presenting.UnsavedView] = (),
    status: int = 200,
) -> HttpResponse:
    """Show the form with its materials; while correcting, only what is to be mended can be changed.

    :param checked: also say at each field what is missing
    :param refused: slot id -> why the file sent to it was not taken
    :param clashes: fields somebody else had changed before; nothing was written over them
    :param unsaved: fields that may not be changed now, with what was typed
    """
    today = clock.today()
    state = queries.form_of(found)
    materials = queries.materials_of(found, today=today, may_edit=policies.can_edit(actor, found))
    missing = queries.missing(found, today=today, form=state, materials=materials)
    page = queries.page(found)
    only = [field for field in state.filled if state.may_edit(field)] if found.is_correcting else None
    sections = presenting.section_views(
        state,
        autosave_url=reverse("applications:save", args=[found.pk]),
        show_missing=checked,
        only=only,
    )
    slots = presenting.slot_views(
        found, materials, with_check=policies.sees_check(actor), refused=refused, checked=checked
    )
    correction = page.correction
    points = list(correction.points.all()) if correction else []
    context = {
        "application": found,
        "page": page,
        "layout": layout_of(actor, found),
        "sections": sections,
        "slots": [slot for slot in slots if slot.upload_url]
        if found.is_correcting
        else _brought(slots, materials, True),
        "city_slots": _brought(slots, materials, False),
        "city_open": any(slot.is_brought_by_city for slot in materials.missing) or bool(refused),
        "materials": materials,
        "errors": [(_target(line.key), line.message) for line in missing] if checked else [],
        "missing_count": len(missing),
        "clashes": clashes,
        "unsaved": unsaved,
        "correction": correction,
        "problems": presenting.problem_views(found, points),
        "mended": sum(point.mended_at is not None for point in points),
        "light": queries.notice_light(
            found.correction_due_on, today=today, calendar=calendars.current(found.project.region)
        )
        if found.correction_due_on
        else None,
        "plan": queries.outlook(found, today=today),
        "saved_at": words.clock_time(found.changed_at),
        "may_submit": policies.can_submit(actor, found),
    }
    template = "applications/correction.html" if found.is_correcting else "applications/form.html"
    return render(request, template, context, status=status)


def layout_of(actor: Actor, found: Application) -> str:
    """Show an application in the reader's own work place."""
    if policies.owns(actor, found.project):
        return "layouts/applicant.html"
    if actor.citywide("application.check"):
        return "layouts/window.html"
    return "layouts/leader.html" if actor.citywide("application.view") else "layouts/department.html"


def _brought(
    slots: Sequence[MaterialSlot], materials: queries.MaterialsState, by_applicant: bool
) -> list[MaterialSlot]:
    """Keep what the applicant brings, or what the city has or makes itself."""
    return [
        view for view, slot in zip(slots, materials.slots, strict=True) if slot.is_brought_by_city is not by_applicant
    ]


def _target(key: str) -> str:
    """Return the id of the element that a line of the summary leads to."""
    return key.replace(":", "-") if key.startswith("slot:") else f"{key}-field"
