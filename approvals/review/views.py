"""Screens of the reviewers: inbox, case, stage, and the acts on them."""

import uuid
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from approvals.deadlines.states import Light
from approvals.review import forms, pages, queries
from approvals.review import operations as review
from approvals.review.models import Case, ReviewTask
from approvals.review.pages import CasePage
from approvals.review.queries import Filters
from approvals.review.queries.tasklist import Counts
from approvals.review.states import Conclusion, Step
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import DomainError, InvalidInput, NotFound
from portal.core.http import actor_of
from portal.ui.lights import Light as Shape
from portal.ui.work import Count
from projects.catalogue import queries as catalogues

SHAPES = {
    Light.RED: (Shape.LATE, gettext_lazy("超期")),
    Light.YELLOW: (Shape.DUE, gettext_lazy("临期")),
    Light.GREEN: (Shape.OK, gettext_lazy("正常")),
    Light.GREY: (Shape.HOLD, gettext_lazy("停计")),
}
#: what reviewers write most often; a blank in 【】 must be filled before sending
PHRASES = (
    gettext_lazy("符合规定条件，材料齐全。"),
    gettext_lazy("经核对，与前序结果一致。"),
    gettext_lazy("同意承办意见。"),
    gettext_lazy("【哪一项】不符合【哪一条】，请复核。"),
    gettext_lazy("材料【名称】内容不一致，请核实。"),
)


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the reader's open tasks."""
    actor, today = actor_of(request), clock.today()
    form = forms.FilterForm(
        request.GET, catalogue=catalogues.current_catalogue(), departments=actor.departments_for("case.view")
    )
    filters = form.filters()
    page = queries.inbox(actor, filters, today=today, cursor=request.GET.get("cursor", ""))
    return render(
        request,
        "review/inbox.html",
        {
            "form": form,
            "filters": filters,
            "page": page,
            "counts": _counts(page.counts, filters, request),
            "next_task": next((row for row in page.rows if row.may_do), None),
            "at": clock.now(),
        },
    )


@login_required
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """List what the reader has concluded."""
    page = queries.done_tasks(actor_of(request), cursor=request.GET.get("cursor", ""))
    return render(request, "review/done.html", {"page": page})


@login_required
@require_safe
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show one case."""
    actor = actor_of(request)
    return _case_response(request, queries.find_case(case_id, actor=actor), actor)


@login_required
@require_POST
def complete(request: HttpRequest, task_id: int) -> HttpResponse:
    """Conclude a step; what cannot be taken comes back on the case page with the text as it was typed."""
    actor = actor_of(request)
    task = _task(task_id, actor)
    form = forms.OpinionForm(request.POST)
    try:
        if not form.is_valid():
            raise InvalidInput(fields={name: errors[0] for name, errors in form.errors.items()})
        decided = review.complete_task(
            task_id=task_id,
            conclusion=form.cleaned_data["conclusion"],
            opinion=form.cleaned_data["opinion"],
            attributes=form.attributes() or None,
            actor=actor,
            at=clock.now(),
        )
    except DomainError as error:
        found = queries.find_case(task.case_id, actor=actor)
        return _case_response(request, found, actor, error=error, status=error.http_status)
    messages.success(request, _said(task, form.cleaned_data["conclusion"]))
    following = _next_in_inbox(actor, clock.today())
    return redirect(following or reverse("review:case", args=[decided.pk]))


@login_required
@require_POST
def claim(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take a task and open its case."""
    actor = actor_of(request)
    task = _task(task_id, actor)
    review.claim(task_id=task_id, actor=actor, at=clock.now())
    return redirect("review:case", task.case_id)


@login_required
@require_POST
def hand_back(request: HttpRequest, task_id: int) -> HttpResponse:
    """Put a task back into the pool."""
    actor = actor_of(request)
    _task(task_id, actor)
    review.hand_back(task_id=task_id, actor=actor, at=clock.now())
    messages.success(request, _("已交回科室待领，到期日不变。"))
    return redirect("review:inbox")


@login_required
@require_POST
def draft(request: HttpRequest, task_id: int) -> JsonResponse:
    """Autosave the opinion box."""
    actor = actor_of(request)
    _task(task_id, actor)
    version = request.GET.get("version", "0")
    try:
        saved = review.save_draft(
            task_id=task_id,
            conclusion=request.POST.get("conclusion", ""),
            text=request.POST.get("opinion", ""),
            version=int(version) if version.isdecimal() else 0,
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


@login_required
@require_POST
def hold(request: HttpRequest, case_id: int) -> HttpResponse:
    """Place a hold."""
    actor = actor_of(request)
    found = queries.find_case(case_id, actor=actor)
    form = forms.HoldForm(request.POST)
    try:
        if not form.is_valid():
            raise InvalidInput(fields={name: errors[0] for name, errors in form.errors.items()})
        review.place_hold(case_id=case_id, actor=actor, at=clock.now(), **form.cleaned_data)
    except DomainError as error:
        return _case_response(request, found, actor, error=error, hold_form=form, status=error.http_status)
    messages.success(request, _("已停办。停办期间不能作出决定。"))
    return redirect("review:case", case_id)


@login_required
@require_POST
def release(request: HttpRequest, case_id: int, hold_id: int) -> HttpResponse:
    """End a hold."""
    actor = actor_of(request)
    found = queries.find_case(case_id, actor=actor)
    if not found.holds.filter(pk=hold_id).exists():
        raise NotFound
    review.release_hold(hold_id=hold_id, actor=actor, at=clock.now())
    messages.success(request, _("停办已结束。"))
    return redirect("review:case", case_id)


@login_required
@require_safe
def stages(request: HttpRequest) -> HttpResponse:
    """List the stages under review that the reader's departments lead."""
    rows, following, previous = pages.led_stages(
        actor_of(request), today=clock.today(), cursor=request.GET.get("cursor", "")
    )
    return render(request, "review/stages.html", {"rows": rows, "next": following, "previous": previous})


@login_required
@require_safe
def stage(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show one stage with all its lanes."""
    page = pages.stage_page(run_id, actor_of(request), today=clock.today())
    return render(request, "review/stage.html", {"page": page, "nav_current": "review:stages"})


def _task(task_id: int, actor: Actor) -> ReviewTask:
    """Give a task of a case the actor may see; an outsider learns nothing of it."""
    task = ReviewTask.objects.filter(pk=task_id).first()
    if task is None or not Case.objects.visible_to(actor).filter(pk=task.case_id).exists():
        raise NotFound
    return task


def _case_response(
    request: HttpRequest,
    found: Case,
    actor: Actor,
    *,
    error: DomainError | None = None,
    hold_form: forms.HoldForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = clock.today()
    page = pages.case_page(found, actor, today=today)
    typed = request.POST if error is not None else {}
    draft_of = page.draft
    return render(
        request,
        "review/case.html",
        {
            "page": page,
            "case": found,
            "shown": _shown(request, page),
            "text": typed.get("opinion", draft_of.text if draft_of else ""),
            "chosen": typed.get("conclusion", draft_of.conclusion if draft_of else ""),
            "error": error,
            "phrases": PHRASES,
            "hold_form": hold_form or forms.HoldForm(),
            "autosave_query": urlencode({"version": draft_of.version if draft_of else 0, "window": uuid.uuid4().hex}),
            "primary": _primary(page),
            "nav_current": "review:inbox",
            **_around(actor, page, today),
        },
        status=status,
    )


def _shown(request: HttpRequest, page: CasePage) -> int | None:
    """Return which document the viewer shows: the asked one, else the first a browser can show."""
    asked = request.GET.get("document", "")
    known = [material.document.pk for material in page.materials] + [
        result.document_id for result in page.earlier if result.document_id
    ]
    if asked.isdecimal() and int(asked) in known:
        return int(asked)
    return next((material.document.pk for material in page.materials if material.is_inline), None)


def _around(actor: Actor, page: CasePage, today: date) -> dict[str, str]:
    """Return the addresses of the tasks before and after this one in the inbox."""
    if page.task is None or not page.may_act:
        return {}
    page.task.case = page.case
    before, after = queries.neighbours(actor, Filters(), page.task, today=today)
    return {
        name: reverse("review:case", args=[task.case_id])
        for name, task in (("previous_url", before), ("next_url", after))
        if task is not None
    }


def _next_in_inbox(actor: Actor, today: date) -> str:
    """Return the address of the next thing to do, empty when the inbox is."""
    rows = queries.inbox(actor, Filters(), today=today, size=5).rows
    return next((reverse("review:case", args=[row.task.case_id]) for row in rows if row.may_do), "")


def _primary(page: CasePage) -> str:
    """Return the words on the button: they name what happens next."""
    if page.task is None or page.task.is_deciding:
        return _("作出决定")
    return _("送审核") if page.task.step == Step.HANDLER else _("送批准")


def _said(task: ReviewTask, conclusion: str) -> str:
    words = {
        Conclusion.GRANT: _("已准予，文号已取，正在制作文书。"),
        Conclusion.REJECT: _("已作出不予决定，申请人会收到理由和救济途径。"),
        Conclusion.RETURN: _("已退回承办环节。"),
    }
    default = _("已送审核。") if task.step == Step.HANDLER else _("已送批准。")
    return words.get(Conclusion(conclusion), default)


def _counts(counts: Counts, filters: Filters, request: HttpRequest) -> list[Count]:
    kept = request.GET.copy()
    for name in ("light", "cursor"):
        kept.pop(name, None)

    def url(light: str) -> str:
        query = kept.copy()
        if light:
            query["light"] = light
        return f"?{query.urlencode()}"

    found = [Count(_("全部"), counts.total, url(""), current=not filters.light)]
    for light, (shape, words) in SHAPES.items():
        found.append(Count(str(words), counts.by_light[light], url(light), shape, current=filters.light == light))
    return found
