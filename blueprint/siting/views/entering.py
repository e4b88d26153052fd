"""Bring a boundary: look at it, use it, discard it; read the current one anew."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from blueprint.layers import frames
from blueprint.siting import forms, queries
from blueprint.siting import operations as siting
from blueprint.siting.boundaries import FILE, BoundaryRefused
from blueprint.siting.models import SiteVersion
from blueprint.siting.views import showing
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotAllowed
from portal.core.files import FileRefused
from portal.core.http import actor_of
from projects.registry.models import Project
from projects.registry.operations import ProjectIsOver


@login_required
@require_POST
def bring(request: HttpRequest, code: str) -> HttpResponse:
    """Read what was drawn, uploaded or typed and show it; what cannot be read is said at its field, nothing is lost."""
    project = _to_enter(request, code)
    entry = forms.entry_of(request)
    try:
        boundary = forms.read(entry, request, frames.frame())
        siting.propose(project_id=project.pk, boundary=boundary, actor=actor_of(request), at=clock.now())
    except BoundaryRefused as fault:
        return _again(request, project, entry.with_fault(fault))
    except FileRefused as fault:
        words = str(fault.message)
        return _again(request, project, entry.with_fault(BoundaryRefused(words, fields={FILE: words})))
    return redirect("siting:site", code=project.code)


@login_required
@require_POST
def use(request: HttpRequest, code: str) -> HttpResponse:
    """Make the boundary that was looked at the current one."""
    project = _to_enter(request, code)
    try:
        version = siting.use_draft(
            project_id=project.pk,
            mark=request.POST.get("draft", ""),
            actor=actor_of(request),
            at=clock.now(),
            note=request.POST.get("note", ""),
        )
    except siting.NoDraft as gone:
        messages.error(request, str(gone.message))
        return redirect("siting:site", code=project.code)
    except (Conflict, InvalidInput) as refusal:
        draft = queries.own_draft(project.pk, actor_of(request))
        if draft is None:
            raise
        problem = str(refusal.message)
        if isinstance(refusal, InvalidInput):
            problem = showing.words_of(refusal.fields, problem)
        return showing.preview_page(request, project, draft, problem=problem, status=refusal.http_status)
    said = _("红线第 %(number)d 版已生效，面积 %(area)s m²；事项清单已按它更新。")
    messages.success(request, said % {"number": version.number, "area": f"{version.area_m2:,.2f}"})
    return redirect("siting:site", code=project.code)


@login_required
@require_POST
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """Throw the boundary that waits away."""
    project = _to_enter(request, code)
    try:
        siting.discard_draft(project_id=project.pk, actor=actor_of(request), at=clock.now())
    except siting.NoDraft as gone:
        messages.error(request, str(gone.message))
    else:
        messages.success(request, _("待确认的红线已放弃，现行红线不变。"))
    return redirect("siting:site", code=project.code)


@login_required
@require_POST
def recompute(request: HttpRequest, code: str) -> HttpResponse:
    """Read the current boundary against the newest editions."""
    project = _to_enter(request, code)
    try:
        changed = siting.recompute(project_id=project.pk, actor=actor_of(request), at=clock.now())
    except Conflict as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _said(len(changed)))
    return redirect("siting:site", code=project.code)


def _said(count: int) -> str:
    if not count:
        return _("已按最新图层重新核对，项目信息没有变化。")
    return ngettext(
        "已按最新图层重新核对，%(n)d 项信息有变化，事项清单已更新。",
        "已按最新图层重新核对，%(n)d 项信息有变化，事项清单已更新。",
        count,
    ) % {"n": count}


def _to_enter(request: HttpRequest, code: str) -> Project:
    """Give the project to who may bring a boundary.

    :raises ProjectIsOver: nobody may any more
    :raises NotAllowed: he may only look
    """
    project = showing.project_of(request, code)
    if project.is_over:
        raise ProjectIsOver
    if not showing.can_enter(request, project):
        raise NotAllowed
    return project


def _again(request: HttpRequest, project: Project, entry: forms.Entry) -> HttpResponse:
    current = SiteVersion.objects.of_project(project.pk).newest_first().first()
    return showing.entry_page(request, project, entry, current=current, status=422)
