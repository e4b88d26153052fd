"""Dividing and merging the units of a project. Every form works without a script."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.review import operations as review
from approvals.tracking import policies, queries
from approvals.tracking.division import Division
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.http import actor_of, whole_number
from portal.ui.fields import FieldView
from projects.registry import policies as registry_policies
from projects.registry import queries as projects_read
from projects.registry.models import Project, Unit


@login_required
@require_http_methods(["GET", "POST"])
def divide(request: HttpRequest, code: str) -> HttpResponse:
    """Divide a unit, or the project as a whole, into parts that are typed by name."""
    found = _own_project(request, code)
    unit = _unit(found, request.POST.get("unit", "") or request.GET.get("unit", ""))
    context: dict[str, object] = {
        "project": found,
        "unit": unit,
        "layout": policies.layout_of(actor_of(request)),
        "refused": "",
    }
    if request.method == "GET":
        return render(request, "tracking/divide.html", {**context, "form": Division()})
    form = Division.typed_in(request.POST)
    if "more" in request.POST:
        return render(request, "tracking/divide.html", {**context, "form": form})
    try:
        parts = review.divide(
            project_id=found.pk,
            unit_id=unit.pk if unit else None,
            parts=form.parts,
            actor=actor_of(request),
            at=clock.now(),
        )
    except InvalidInput as error:
        context["form"] = form.with_problems(error.fields)
        return render(request, "tracking/divide.html", context, status=422)
    except Conflict as error:
        return render(request, "tracking/divide.html", {**context, "form": form, "refused": error.message}, status=409)
    messages.success(request, _("已拆成 %(count)s 个工程，各自申报、各自计时。") % {"count": len(parts)})
    return redirect("tracking:project", code=found.code)


@login_required
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Merge units that are ticked into one with a name of its own."""
    actor = actor_of(request)
    found = _own_project(request, code)
    board = queries.board(found, actor=actor, at=clock.now())
    rows = queries.to_merge(board)
    chosen = {pk for typed in request.POST.getlist("units") if (pk := whole_number(typed)) is not None}
    typed = {key: request.POST.get(key, "").strip() for key in ("name", "external_code")}
    problems: dict[str, str] = {}
    refused, status = "", 200
    if request.method == "POST":
        try:
            unit = review.merge(project_id=found.pk, unit_ids=sorted(chosen), actor=actor, at=clock.now(), **typed)
        except InvalidInput as error:
            problems, status = {key: str(words) for key, words in error.fields.items()}, 422
        except Conflict as error:
            refused, status = str(error.message), 409
        else:
            messages.success(request, _("已合并为 %(code)s，前面各工程都办完后一起申报。") % {"code": unit.code})
            return redirect("tracking:project", code=found.code)
    fields = [
        FieldView(id="name", label=_("合并后的名称"), type="text", value=typed["name"], error=problems.get("name", "")),
        FieldView(
            id="external_code",
            label=_("外部工程代码"),
            type="text",
            value=typed["external_code"],
            required=False,
            error=problems.get("external_code", ""),
        ),
    ]
    context = {
        "project": found,
        "rows": rows,
        "chosen": chosen,
        "fields": fields,
        "problem": problems.get("units", ""),
        "error_pairs": list(problems.items()),
        "refused": refused,
        "layout": policies.layout_of(actor),
    }
    return render(request, "tracking/merge.html", context, status=status)


def _own_project(request: HttpRequest, code: str) -> Project:
    """Give the project to who may divide it; nobody else learns that there is one."""
    actor = actor_of(request)
    found = projects_read.project(code, actor=actor)
    registry_policies.require(registry_policies.can_divide(actor, found))
    return found


def _unit(project: Project, code: str) -> Unit | None:
    """Return the unit to be divided; None stands for the project as a whole.

    :raises NoProject: the project has no such unit
    """
    if not code:
        return None
    found = next((unit for unit in projects_read.units(project.pk) if unit.code == code), None)
    if found is None:
        raise projects_read.NoProject
    return found
