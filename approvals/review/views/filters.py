"""Saved filters of the inbox, and the filter in force: what a reviewer works through, from case to case."""

from collections.abc import Mapping
from dataclasses import asdict
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals.deadlines.states import Light
from approvals.review import forms, policies, queries
from approvals.review import operations as review
from approvals.review.models import SavedFilter
from approvals.review.queries import Filters
from portal.core import clock, counting
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.http import actor_of
from projects.catalogue import queries as catalogues

#: where the session keeps the filter in force
IN_FORCE = "review.filters"
HOLDERS = {"mine": gettext_lazy("我领的"), "pool": gettext_lazy("科室待领"), "absent": gettext_lazy("代同事办的")}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def filters(request: HttpRequest) -> HttpResponse:
    """List the reader's saved filters; keep one more."""
    actor = actor_of(request)
    policies.require(policies.can_batch(actor))
    if request.method == "POST":
        return _save(request, actor)
    saved = queries.saved_filters(actor)
    counts = queries.counts_of(saved, actor, today=clock.today())
    rows = [(each, url_of(each), words_of(each), counting.words(counts[each.pk])) for each in saved]
    context = {"rows": rows, "nav_current": "review:inbox"}
    return render(request, "review/filters.html", context)


@login_required
@require_safe
def filter_counts(request: HttpRequest) -> HttpResponse:
    """Give the reader's saved filters with how much each finds, beside an inbox that is open."""
    actor = actor_of(request)
    saved = queries.saved_filters(actor)
    counts = queries.counts_of(saved, actor, today=clock.today())
    entries = saved_entries(saved, form_of(request, actor).filters(), counts=counts)
    return render(request, "review/_saved_filters.html", {"entries": entries, "counted": True})


@login_required
@require_POST
def filter_rename(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Give a saved filter another name."""
    try:
        saved = review.rename_filter(filter_id=filter_id, name=request.POST.get("name", ""), actor=actor_of(request))
    except InvalidInput as error:
        messages.error(request, str(error.fields["name"]))
    else:
        messages.success(request, _("已改名为“%(name)s”。") % {"name": saved.name})
    return redirect("review:filters")


@login_required
@require_POST
def filter_default(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Open the inbox with a filter from now on, or with none."""
    wanted = request.POST.get("default", "yes") == "yes"
    saved = review.set_default_filter(filter_id=filter_id, default=wanted, actor=actor_of(request))
    words = _("以后打开待办先看“%(name)s”。") if wanted else _("以后打开待办看全部，“%(name)s”还在。")
    messages.success(request, words % {"name": saved.name})
    return redirect("review:filters")


@login_required
@require_POST
def filter_delete(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Drop a saved filter."""
    review.delete_filter(filter_id=filter_id, actor=actor_of(request))
    messages.success(request, _("筛选已删，办件没有变。"))
    return redirect("review:filters")


def form_of(request: HttpRequest, actor: Actor, data: QueryDict | None = None) -> forms.FilterForm:
    """Return the filters as the request's address names them."""
    return forms.FilterForm(
        request.GET if data is None else data,
        catalogue=catalogues.recent_catalogue(),
        departments=actor.departments_for("case.view"),
    )


def remember(request: HttpRequest, found: Filters) -> None:
    """Keep the filter of the inbox as the one in force; written only when it is another one."""
    if in_force(request) != found:
        request.session[IN_FORCE] = asdict(found)


def in_force(request: HttpRequest) -> Filters:
    """Return the filter under which the reader works: that of the inbox he looked at last."""
    kept = request.session.get(IN_FORCE)
    return Filters(**kept) if isinstance(kept, dict) and kept.keys() == asdict(Filters()).keys() else Filters()


def saved_entries(
    saved: list[SavedFilter], found: Filters, *, counts: Mapping[int, int] | None = None
) -> list[tuple[SavedFilter, str, bool, str]]:
    """Return each saved filter with its address, whether it is in force, and its count in words."""
    return [
        (
            each,
            url_of(each),
            queries.filters_of(each) == found,
            counting.words(counts[each.pk]) if counts and each.pk in counts else "",
        )
        for each in saved
    ]


def url_of(saved: SavedFilter) -> str:
    """Return the inbox under a saved filter."""
    return f"{reverse('review:inbox')}?{query_of(queries.filters_of(saved))}"


def query_of(found: Filters) -> str:
    """Return filters as a query; who and sort are always in it, so that the default filter never takes its place."""
    return urlencode({name: value for name, value in asdict(found).items() if value})


def words_of(saved: SavedFilter) -> str:
    """Say what a saved filter narrows to."""
    catalogue = catalogues.current_catalogue()
    found = [
        catalogue.stages[saved.stage].name if saved.stage in catalogue.stages else saved.stage,
        catalogue.items[saved.item].name if saved.item in catalogue.items else saved.item,
        catalogue.regions.get(saved.region, saved.region),
        str(Light(saved.light).label) if saved.light in Light.values else "",
        str(HOLDERS.get(saved.who, "")),
    ]
    return _("，").join(words for words in found if words) or _("全部")


def _save(request: HttpRequest, actor: Actor) -> HttpResponseRedirect:
    query = QueryDict(request.POST.get("query", ""))
    found = form_of(request, actor, query).filters()
    try:
        saved = review.save_filter(name=request.POST.get("name", ""), filters=found, actor=actor)
    except InvalidInput as error:
        messages.error(request, str(error.fields["name"]))
    else:
        messages.success(request, _("已存为“%(name)s”。") % {"name": saved.name})
    return HttpResponseRedirect(f"{reverse('review:inbox')}?{query_of(found)}")
