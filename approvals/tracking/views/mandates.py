"""Who of another body may act for a project: given and withdrawn by the owner."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from approvals.tracking import policies
from portal.accounts import queries as accounts
from portal.accounts.models import User
from portal.core import clock
from portal.core.actor import Actor
from portal.core.http import actor_of
from portal.ui.fields import FieldView
from projects.registry import operations as registry
from projects.registry import policies as registry_policies
from projects.registry import queries as projects_read
from projects.registry.models import Project


@login_required
@require_http_methods(["GET", "POST"])
def mandates(request: HttpRequest, code: str) -> HttpResponse:
    """Show who may act for a project since when; give a mandate to who was typed or picked, after one more look."""
    found = _own_project(request, code)
    if request.method == "GET":
        return _page(request, found)
    typed = request.POST.get("person", "").strip()
    person, problem = _who(typed)
    problem = problem or _problem(found, person, actor_of(request))
    if problem or person is None:
        return _page(request, found, typed=typed, problem=problem)
    if "sure" not in request.POST:
        return _page(request, found, typed=typed, person=person)
    registry.give_mandate(project_id=found.pk, user_id=person.pk, actor=actor_of(request), at=clock.now())
    messages.success(request, _("已授权 %(name)s 代办，本人会收到通知。") % {"name": person.name})
    return redirect("tracking:mandates", code=found.code)


@login_required
@require_POST
def withdraw_mandate(request: HttpRequest, code: str, user_id: int) -> HttpResponse:
    """End a mandate at once."""
    found = _own_project(request, code)
    registry.withdraw_mandate(project_id=found.pk, user_id=user_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("授权已收回，对方马上不能再看和再办这个项目。"))
    return redirect("tracking:mandates", code=found.code)


def _own_project(request: HttpRequest, code: str) -> Project:
    found = projects_read.project(code, actor=actor_of(request))
    registry_policies.require(registry_policies.can_give_mandate(actor_of(request), found))
    return found


def _who(typed: str) -> tuple[User | None, str]:
    """Find the one person a login or mobile stands for, or say why there is none."""
    if not typed:
        return None, _("请填写对方的用户名或手机号。")
    found = accounts.find_exactly(typed)
    if len(found) > 1:
        return None, _("有几个人登记了这个手机号。请改填用户名。")
    return (found[0] if found else None), ""


def _problem(project: Project, person: User | None, actor: Actor) -> str:
    problem = registry_policies.mandate_problem(actor, project, person)
    if problem or person is None:
        return problem
    if projects_read.mandates(project).filter(pk=person.pk).exists():
        return _("%(name)s 已经受托代办这个项目，不用再授权。") % {"name": person.name}
    return ""


def _page(
    request: HttpRequest, project: Project, *, typed: str = "", problem: str = "", person: User | None = None
) -> HttpResponse:
    at = clock.now()
    field = FieldView(
        id="person",
        label=_("用户名或手机号"),
        type="text",
        value=typed,
        hint=_("对方登录用的用户名，或登记的手机号。"),
        error=problem,
    )
    context = {
        "project": project,
        "rows": projects_read.mandate_rows(project, at=at),
        "known": [] if project.is_over else projects_read.known_agents(project, at=at),
        "field": field,
        "typed": typed,
        "person": person,
        "body": accounts.bodies_of([person.pk], at=at).get(person.pk, "") if person else "",
        "layout": policies.layout_of(actor_of(request)),
    }
    return render(request, "tracking/mandates.html", context, status=422 if problem else 200)
