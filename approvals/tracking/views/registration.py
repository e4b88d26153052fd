"""Registration of a project, by itself or under another."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from approvals.review import operations as review
from approvals.tracking import forms
from portal.accounts.models import Enterprise
from portal.citypack import queries as citypack
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.http import actor_of
from projects.catalogue import queries as catalogues
from projects.registry import codes, flows, intake
from projects.registry import operations as registry
from projects.registry import policies as registry_policies
from projects.registry import queries as projects_read


@login_required
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register a project: everything wrong is said at once, nothing typed is lost.

    With a parent chosen, what is known of it is filled in where nothing was typed.
    """
    actor = actor_of(request)
    owners = list(Enterprise.objects.filter(pk__in=actor.enterprise_ids, is_active=True).order_by("name"))
    if not any(registry_policies.can_register(actor, owner.pk) for owner in owners):
        raise registry_policies.NotAllowed
    given = request.GET if request.method == "GET" else request.POST
    form = forms.Registration.typed_in(
        catalogues.catalogue(citypack.current_id()), owners, given, parents=projects_read.possible_parents(actor)
    )
    if form.parent is not None:
        form = form.under(projects_read.facts(form.parent))
    if request.method == "GET" or "prefill" in request.POST:
        return render(request, "tracking/register.html", {"form": form.filled_from_parent()})
    if form.has_unknown_parent:
        words = _("没有这个在办的上级项目。请从列表里选，或留空单独登记。")
        return _again(request, form.with_problems({forms.PARENT: words}), status=422)
    typed_code = codes.fold(form.typed.get(forms.CODE, "")) or None
    try:
        project = review.register_project(
            name=form.typed.get(forms.NAME, ""),
            region=form.typed.get(forms.REGION, ""),
            facts=form.facts,
            owner_id=form.owner_id,
            code=typed_code,
            parent_id=form.parent.pk if form.parent else None,
            relation=form.typed.get(forms.RELATION, ""),
            actor=actor,
            at=clock.now(),
        )
    except InvalidInput as error:
        return _again(request, form.with_problems(error.fields), status=422)
    except registry.ProjectIsOver as error:
        return _again(request, form.with_problems({forms.PARENT: error.message}), status=409)
    except Conflict as error:
        field = forms.CODE if typed_code else forms.NAME
        return _again(request, form.with_problems({field: error.message}), status=409)
    if not project.code:
        return redirect("tracking:waiting_for_code", project_id=project.pk)
    messages.success(request, _("已赋码 %(code)s，可以开始申报") % {"code": project.code})
    return redirect("tracking:project", code=project.code)


def _again(request: HttpRequest, form: forms.Registration, *, status: int) -> HttpResponse:
    return render(request, "tracking/register.html", {"form": form}, status=status)


@login_required
@require_POST
def flow_preview(request: HttpRequest) -> HttpResponse:
    """Say which flow the typed facts lead to, while they are being typed."""
    catalogue = catalogues.catalogue(citypack.current_id())
    form = forms.Registration.typed_in(catalogue, [], request.POST)
    taken = intake.take(catalogue, form.facts)
    choice = flows.choose(catalogue, taken.values)
    missing = [catalogue.fields[field].label for field in choice.missing if field in catalogue.fields]
    context = {"choice": choice, "sentence": flows.sentence(choice), "missing": missing}
    return render(request, "tracking/_flow_preview.html", context)
