"""Pages of ideas: the list, a new one, one with its map, opinions and conditions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.gis.geos import MultiPolygon
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blueprint.ideas import operations as ideas
from blueprint.ideas import policies, queries, rules
from blueprint.ideas.queries import Loaded
from blueprint.ideas.states import Maturity, Position
from blueprint.layers import frames, maps
from blueprint.siting import boundaries
from blueprint.siting import forms as siting
from portal.accounts.models import Department
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import DomainError, InvalidInput, NotFound
from portal.core.http import actor_of
from portal.ui.maps import Draw, Overlay, collection

#: ids of the fields that the map draws into: a boundary, the place of a condition
DRAWN, PLACE = "drawn", "place"
#: rows for conditions in the form of an answer
CONDITION_ROWS = 5


@login_required
@require_GET
def idea_list(request: HttpRequest) -> HttpResponse:
    """List the ideas the reader has to do with."""
    actor = actor_of(request)
    policies.require(actor.may_somehow("idea.reply") or actor.citywide("check.view"))
    return render(request, "ideas/list.html", {"ideas": queries.listed(actor), "may_open": policies.can_open(actor)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Bring an idea: name, purpose and boundary in one form."""
    actor = actor_of(request)
    policies.require(policies.can_open(actor))
    departments = Department.objects.filter(pk__in=actor.departments_for("idea.open")).order_by("pk")
    error: DomainError | None = None
    # an outline handed over from the blueprint comes without a title: it only fills the form
    if "title" in request.POST:
        try:
            opened = ideas.open_idea(
                title=request.POST.get("title", ""),
                summary=request.POST.get("summary", ""),
                department_id=request.POST.get("department", ""),
                boundary=siting.read(siting.entry_of(request), request, frames.frame()),
                actor=actor,
                at=clock.now(),
            )
        except InvalidInput as refused:
            error = refused
        else:
            messages.success(request, _("已提出，正在核查这块地。"))
            return redirect("ideas:idea", opened.pk)
    context = {
        "departments": departments,
        "map": maps.view(draw=Draw(field=DRAWN), actor=actor),
        "entry": siting.entry_of(request),
        "systems": siting.systems(frames.frame()),
        "typed": request.POST,
        "error": error,
    }
    return render(request, "ideas/new.html", context, status=error.http_status if error else 200)


@login_required
@require_GET
def idea(request: HttpRequest, idea_id: int) -> HttpResponse:
    """Show an idea with what may be done."""
    return _show(request, _find(request, idea_id))


@login_required
@require_POST
def redraw(request: HttpRequest, idea_id: int) -> HttpResponse:
    """Draw the boundary anew."""

    def act() -> None:
        boundary = siting.read(siting.entry_of(request), request, frames.frame())
        ideas.redraw(idea_id=idea_id, boundary=boundary, actor=actor_of(request), at=clock.now())

    return _try(request, idea_id, act, said=_("已换用新的范围，原来的意见留作参考。"))


@login_required
@require_POST
def ask(request: HttpRequest, idea_id: int) -> HttpResponse:
    """Put the idea before departments."""

    def act() -> None:
        departments = request.POST.getlist("departments")
        ideas.ask(idea_id=idea_id, departments=departments, actor=actor_of(request), at=clock.now())

    return _try(request, idea_id, act, said=_("已征询，部门会收到通知。"))


@login_required
@require_POST
def answer(request: HttpRequest, idea_id: int, opinion_id: int) -> HttpResponse:
    """Answer for a department; a drawn place belongs to the first condition that has its box ticked."""

    def act() -> None:
        ideas.answer(
            opinion_id=opinion_id,
            position=request.POST.get("position", ""),
            text=request.POST.get("text", ""),
            conditions=_conditions(request),
            actor=actor_of(request),
            at=clock.now(),
        )

    return _try(request, idea_id, act, said=_("意见已送达提出部门。"))


@login_required
@require_POST
def meet(request: HttpRequest, idea_id: int, condition_id: int) -> HttpResponse:
    """Note how a condition is met."""

    def act() -> None:
        note = request.POST.get("note", "")
        ideas.meet(condition_id=condition_id, note=note, actor=actor_of(request), at=clock.now())

    return _try(request, idea_id, act, said=_("已记录落实情况。"))


@login_required
@require_POST
def end(request: HttpRequest, idea_id: int, act: str) -> HttpResponse:
    """Call an idea ripe, link it with its project, or give it up."""
    actor, at = actor_of(request), clock.now()
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "ripen": (lambda: ideas.ripen(idea_id=idea_id, actor=actor, at=at), _("已定为成熟，可以登记赋码。")),
        "register": (
            lambda: ideas.register(idea_id=idea_id, project_code=request.POST.get("project", ""), actor=actor, at=at),
            _("已关联项目，这块地就是它的用地红线。"),
        ),
        "drop": (
            lambda: ideas.drop(idea_id=idea_id, reason=request.POST.get("reason", ""), actor=actor, at=at),
            _("已记为不再推进。"),
        ),
    }
    if act not in acts:
        raise NotFound
    return _try(request, idea_id, acts[act][0], said=acts[act][1])


def _conditions(request: HttpRequest) -> list[tuple[str, MultiPolygon | None]]:
    place: MultiPolygon | None = None
    if request.POST.get(DRAWN, "").strip():
        place = ideas.place_of(boundaries.from_geojson(request.POST[DRAWN], frame=frames.frame()))
    rows = [request.POST.get(f"condition-{number}", "") for number in range(CONDITION_ROWS)]
    on_map = request.POST.get("on-map", "0")
    return [(words, place if on_map == str(number) else None) for number, words in enumerate(rows)]


def _try(request: HttpRequest, idea_id: int, act: Callable[[], Any], *, said: str) -> HttpResponse:
    """Do an act and lead back; a refusal comes back with what was typed."""
    found = _find(request, idea_id)
    try:
        act()
    except DomainError as error:
        return _show(request, found, error)
    messages.success(request, said)
    return redirect("ideas:idea", idea_id)


def _show(request: HttpRequest, found: Loaded, error: DomainError | None = None) -> HttpResponse:
    actor = actor_of(request)
    idea_ = found.idea
    mine = next((each for each in found.current if policies.can_answer(actor, each)), None)
    leads = policies.can_lead(actor, idea_)
    asks = leads and idea_.state == Maturity.GESTATION
    context = {
        "page": found,
        "idea": idea_,
        "mine": mine,
        "leads": leads,
        "asks": asks,
        "positions": Position.choices,
        "condition_rows": range(CONDITION_ROWS),
        "rules": rules.current(),
        "departments": Department.objects.exclude(pk=idea_.site.department_id).order_by("pk") if asks else (),
        "map": _map(found, actor=actor, draw=PLACE if mine is not None else DRAWN if asks else ""),
        "typed": request.POST,
        "error": error,
    }
    return render(request, "ideas/idea.html", context, status=error.http_status if error else 200)


def _map(found: Loaded, *, actor: Actor, draw: str) -> dict[str, Any]:
    crs = found.version.work_crs
    conditions = [
        maps.shape(geom, work_crs=each.work_crs, id=f"C{each.pk}", tone="review", label=each.opinion.department.short)
        for each, geom in ((each, each.geom) for each in found.conditions)
        if geom is not None
    ]
    overlays = [
        Overlay(id="site", features=collection([maps.shape(found.version.geom, work_crs=crs, id="site")]), tone="site"),
        Overlay(id="conditions", features=collection(conditions), fill=0.35),
    ]
    return maps.view(overlays=overlays, draw=Draw(field=draw) if draw else None, actor=actor)


def _find(request: HttpRequest, idea_id: int) -> Loaded:
    found = queries.find(idea_id, actor_of(request))
    if found is None:
        raise NotFound
    return found
