"""Entering what came over the counter: the paper's own day first, then the enterprise, the project, the stage."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from approvals.applications.states import Channel
from approvals.review import operations as review
from approvals.window import queries
from approvals.window.forms import PaperForm
from approvals.window.views.access import require_act
from portal.core import clock
from portal.core.http import actor_of
from projects.registry import queries as registry


@login_required
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """Ask for the day of the paper, the enterprise and the project."""
    actor = actor_of(request)
    require_act(actor, "application.enter_paper")
    if not request.GET:
        return render(request, "window/paper.html", {"form": PaperForm(today=clock.today())})
    form = PaperForm(request.GET, today=clock.today())
    if not form.is_valid():
        return render(request, "window/paper.html", {"form": form}, status=422)
    context = {
        "form": form,
        "owner": form.owner,
        "projects": form.projects(actor),
        "received_on": form.cleaned_data["received_on"],
    }
    return render(request, "window/paper.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper_project(request: HttpRequest, project_id: int) -> HttpResponse:
    """Choose the stage of a project, and begin the application on the paper's own day."""
    actor = actor_of(request)
    require_act(actor, "application.enter_paper")
    project = registry.project_by_id(project_id, actor=actor)
    received_on = _day(request.POST.get("received_on") or request.GET.get("received_on"))
    if received_on is None or received_on > clock.today():
        return redirect(reverse("window:paper"))
    choices = queries.choices(project)
    if request.method == "POST":
        choice = next((choice for choice in choices if choice.key == request.POST.get("stage")), None)
        items = request.POST.getlist("items")
        if choice is not None and (items or not choice.is_parallel):
            application = review.open_application(
                project_id=project.pk,
                stage=choice.stage,
                unit_id=choice.unit.pk if choice.unit else None,
                item_ids=items if choice.is_parallel else None,
                actor=actor,
                at=clock.now(),
                channel=Channel.COUNTER,
                paper_received_on=received_on,
            )
            return redirect("applications:form", application.pk)
        messages.error(request, _("请选阶段；并行推进的还要选事项。"))
    context = {"project": project, "received_on": received_on, "choices": choices, "nav_current": "window:paper"}
    return render(request, "window/paper_project.html", context)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
