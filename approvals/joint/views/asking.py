"""Pages on which a question is put together."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.joint import forms, pages, policies, queries
from approvals.joint import operations as joint
from approvals.joint.models import Consultation
from approvals.review import queries as review
from approvals.review.models import StageRun
from portal.accounts.models import Department
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import DomainError, NotFound
from portal.core.http import actor_of
from projects.archive.models import Document
from projects.catalogue.definitions import JointDef
from projects.registry.models import Project

#: more papers than this are shown by giving their project's archive, not one by one
MOST_DOCUMENTS = 60


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_about_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Ask others about a case."""
    actor = actor_of(request)
    case = review.find_case(case_id, actor=actor)
    policies.require(policies.can_ask_about_case(actor, case))
    form = _form(
        request,
        actor,
        project=case.project,
        kinds=queries.opinion_kinds(case.application.pack_version_id),
        asker=case.department_id,
        may_block=True,
    )
    return _ask(
        request,
        form,
        {"case": case, "project": case.project},
        lambda asked: joint.ask_about_case(case_id=case_id, actor=actor, at=clock.now(), **asked),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_about_stage(request: HttpRequest, run_id: int) -> HttpResponse:
    """Ask others about a stage."""
    actor = actor_of(request)
    run = StageRun.objects.select_related("project").filter(pk=run_id).first()
    if run is None or not policies.can_ask_about_stage(actor, run):
        raise NotFound
    form = _form(
        request,
        actor,
        project=run.project,
        kinds=queries.opinion_kinds(run.project.pack_version_id),
        asker=run.lead_id or "",
    )
    return _ask(
        request,
        form,
        {"run": run, "project": run.project},
        lambda asked: joint.ask_about_stage(run_id=run_id, actor=actor, at=clock.now(), **asked),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_further(request: HttpRequest, request_id: int) -> HttpResponse:
    """Ask one's own offices or others, in order to answer."""
    actor = actor_of(request)
    above = pages.find_request(request_id, actor)
    policies.require(policies.can_ask_further(actor, above))
    project = above.consultation.project
    form = _form(request, actor, project=project, kinds={}, asker=above.department_id)
    return _ask(
        request,
        form,
        {"above": above, "project": project},
        lambda asked: joint.ask_further(request_id=request_id, actor=actor, at=clock.now(), **asked),
    )


def _form(
    request: HttpRequest,
    actor: Actor,
    *,
    project: Project,
    kinds: Mapping[str, JointDef],
    asker: str,
    may_block: bool = False,
) -> forms.AskForm:
    documents = Document.objects.visible_to(actor).standing().filter(project=project).order_by("title", "-version")
    return forms.AskForm(
        request.POST or None,
        kinds=kinds,
        departments=Department.objects.filter(is_active=True).order_by("sort", "pk"),
        asker=asker,
        documents=documents[:MOST_DOCUMENTS],
        may_block=may_block,
    )


def _ask(
    request: HttpRequest,
    form: forms.AskForm,
    context: dict[str, Any],
    ask: Callable[[dict[str, Any]], Consultation],
) -> HttpResponse:
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                consultation = ask(form.asked())
            except DomainError as error:
                status = error.http_status
                _blame(form, error)
            else:
                messages.success(request, _("已发出征询，对方会收到通知。"))
                return redirect("joint:consultation", consultation.pk)
    return render(request, "joint/ask.html", {**context, "form": form, "nav_current": "joint:inbox"}, status=status)


def _blame(form: forms.AskForm, error: DomainError) -> None:
    """Put the words of a refusal at the fields it names."""
    for name, words in error.fields.items():
        form.add_error(name if name in form.fields else None, str(words))
    if not form.errors:
        form.add_error(None, str(error))
