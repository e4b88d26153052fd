"""Keeping what was typed. What cannot be kept stays before the writer's eyes, and the rest is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.applications import operations as applications
from approvals.applications import policies, presenting, queries
from approvals.applications.models import Application
from approvals.applications.views.filling import layout_of, render_form
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import DomainError
from portal.core.http import actor_of, problem
from portal.core.transitions import TransitionRefused
from portal.ui import words


@dataclass
class _Kept:
    """What became of the fields of one section."""

    state: queries.FormState
    clashes: list[applications.Clash] = field(default_factory=list)
    #: field -> why it was not kept
    refused: dict[str, str] = field(default_factory=dict)


@login_required
@require_POST
def save(request: HttpRequest, application_id: int) -> HttpResponse:
    """Keep one field (autosave) or one section (the button without script)."""
    actor = actor_of(request)
    found = queries.find(application_id, actor=actor)
    before = queries.form_of(found)
    raw = presenting.posted(before, request.POST)
    versions = presenting.posted_versions(before, request.POST)
    if request.headers.get("X-Requested-With") == "autosave":
        return _autosave(request, found, before, raw, versions, actor)
    try:
        kept = _keep(found, before, raw, versions, actor=actor, at=clock.now())
    except TransitionRefused as refusal:
        return _render_too_late(request, found, before, raw, actor, refusal)
    if kept.clashes or kept.refused:
        return render_form(
            request,
            queries.find(found.pk, actor=actor),
            actor,
            clashes=presenting.clash_views(kept.state, kept.clashes, request.POST),
            unsaved=presenting.unsaved_views(kept.state, raw, kept.refused),
            status=409,
        )
    form = reverse("applications:form", args=[found.pk])
    faults = [name for name in raw if name in kept.state.filled and kept.state.filled[name].typed is not None]
    if faults:
        return redirect(f"{form}?check#{faults[0]}-field")
    messages.success(request, _("已保存。"))
    place = request.POST.get("section") or "".join(f"{name}-field" for name in list(raw)[:1])
    return redirect(f"{form}#{place}")


def _keep(
    found: Application,
    before: queries.FormState,
    raw: Mapping[str, Any],
    versions: Mapping[str, str],
    *,
    actor: Actor,
    at: datetime,
) -> _Kept:
    """Save everything of a section but what somebody else has changed and what may not be changed now.

    Each refusal names its fields and takes at least one out, so this ends.
    """
    kept = _Kept(before)
    left = dict(raw)
    while True:
        try:
            kept.state = applications.save_answers(
                application_id=found.pk, values=left, versions=versions, actor=actor, at=at
            )
        except applications.EditedMeanwhile as conflict:
            kept.clashes.extend(conflict.clashes)
            left = {name: value for name, value in left.items() if name not in conflict.fields}
        except applications.NotToMend as refusal:
            kept.refused.update({name: str(said) for name, said in refusal.fields.items()})
            left = {name: value for name, value in left.items() if name not in refusal.fields}
        else:
            return kept


def _autosave(
    request: HttpRequest,
    found: Application,
    before: queries.FormState,
    raw: Mapping[str, Any],
    versions: Mapping[str, str],
    actor: Actor,
) -> HttpResponse:
    at = clock.now()
    try:
        state = applications.save_answers(application_id=found.pk, values=raw, versions=versions, actor=actor, at=at)
    except applications.EditedMeanwhile as conflict:
        fresh = queries.form_of(queries.find(found.pk, actor=actor))
        answer = presenting.clash_answer(fresh, conflict.clashes[0], request.POST)
        answer["at"] = words.clock_time(answer["at"]) if answer["at"] else ""
        return JsonResponse({**problem(conflict), **answer}, status=conflict.http_status)
    except DomainError as error:
        return JsonResponse(problem(error), status=error.http_status)
    kept = [name for name in raw if name in state.filled]
    changed = state.spec.items != before.spec.items or set(state.spec.fields) != set(before.spec.fields)
    return JsonResponse(
        {
            "saved_at": words.clock_time(at),
            "fields": {
                name: state.problems[name]
                for name in kept
                if state.filled[name].typed is not None and name in state.problems
            },
            "versions": {name: state.filled[name].version for name in kept},
            "changed": changed,
        }
    )


def _render_too_late(
    request: HttpRequest,
    found: Application,
    before: queries.FormState,
    raw: Mapping[str, Any],
    actor: Actor,
    refusal: TransitionRefused,
) -> HttpResponse:
    """Tell that the application has been handed in or has ended meanwhile, with what was typed and not kept."""
    context = {
        "application": found,
        "layout": layout_of(actor, found),
        "stage_name": queries.stage_name(found),
        "why": refusal.message,
        "unsaved": presenting.unsaved_views(before, raw, {}, otherwise=str(refusal.message)),
        "may_edit": policies.can_edit(actor, found),
    }
    return render(request, "applications/too_late.html", context, status=refusal.http_status)
