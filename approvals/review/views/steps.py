"""Working on a step: claim, hand back, autosave, conclude."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.review import forms, queries
from approvals.review import operations as review
from approvals.review.models import Case, ReviewTask
from approvals.review.states import Conclusion, Step
from approvals.review.views.case import case_response
from approvals.review.views.filters import in_force
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import DomainError, InvalidInput, NotFound
from portal.core.http import actor_of, whole_number


@login_required
@require_POST
def complete(request: HttpRequest, task_id: int) -> HttpResponse:
    """Conclude a step; what cannot be taken comes back on the case page with the text as it was typed."""
    actor = actor_of(request)
    task = task_of(task_id, actor)
    form, deferral = forms.OpinionForm(request.POST), forms.DeferralForm(request.POST)
    try:
        if not (form.is_valid() and deferral.is_valid()):
            raise InvalidInput(fields={name: errors[0] for name, errors in {**form.errors, **deferral.errors}.items()})
        decided = review.complete_task(
            task_id=task_id,
            conclusion=form.cleaned_data["conclusion"],
            opinion=form.cleaned_data["opinion"],
            attributes=form.attributes() or None,
            basis=deferral.cleaned_data["basis"] if "basis" in request.POST else None,
            deferred=request.POST.getlist("deferred"),
            supply_by=deferral.cleaned_data["supply_by"],
            version=forms.version_of(request.POST),
            actor=actor,
            at=clock.now(),
        )
    except DomainError as error:
        found = queries.find_case(task.case_id, actor=actor)
        return case_response(request, found, actor, error=error, status=error.http_status)
    messages.success(request, _said(task, form.cleaned_data["conclusion"]))
    following = queries.next_task(actor, in_force(request), today=clock.today(), but=decided.pk)
    return redirect("review:case", following.case_id if following else decided.pk)


@login_required
@require_POST
def claim(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take a task and open its case."""
    actor = actor_of(request)
    task = task_of(task_id, actor)
    review.claim(task_id=task_id, version=forms.version_of(request.POST), actor=actor, at=clock.now())
    return redirect("review:case", task.case_id)


@login_required
@require_POST
def hand_back(request: HttpRequest, task_id: int) -> HttpResponse:
    """Put a task back into the pool."""
    actor = actor_of(request)
    task_of(task_id, actor)
    review.hand_back(task_id=task_id, version=forms.version_of(request.POST), actor=actor, at=clock.now())
    messages.success(request, _("已交回科室待领，到期日不变。"))
    return redirect("review:inbox")


@login_required
@require_POST
def draft(request: HttpRequest, task_id: int) -> JsonResponse:
    """Autosave the opinion box."""
    actor = actor_of(request)
    task_of(task_id, actor)
    version = request.GET.get("version", "0")
    try:
        saved = review.save_draft(
            task_id=task_id,
            conclusion=request.POST.get("conclusion", ""),
            text=request.POST.get("opinion", ""),
            version=whole_number(version) or 0,
            window=request.GET.get("window", "")[:36],
            actor=actor,
            at=clock.now(),
        )
    except review.DraftConflict as conflict:
        fields = conflict.fields
        return JsonResponse(
            {"author": fields["author"], "at": fields["saved_at"], "theirs": fields["text"]},
            status=conflict.http_status,
        )
    return JsonResponse({"saved_at": f"{saved.saved_at.astimezone(clock.SHANGHAI):%H:%M}"})


def task_of(task_id: int, actor: Actor) -> ReviewTask:
    """Give a task of a case the actor may see; an outsider learns nothing of it."""
    task = ReviewTask.objects.filter(pk=task_id).first()
    if task is None or not Case.objects.visible_to(actor).filter(pk=task.case_id).exists():
        raise NotFound
    return task


def _said(task: ReviewTask, conclusion: str) -> str:
    words = {
        Conclusion.GRANT: _("已准予，文号已取，正在制作文书。"),
        Conclusion.REJECT: _("已作出不予决定，申请人会收到理由和救济途径。"),
        Conclusion.RETURN: _("已退回承办环节。"),
    }
    default = _("已送审核。") if task.step == Step.HANDLER else _("已送批准。")
    return words.get(Conclusion(conclusion), default)
