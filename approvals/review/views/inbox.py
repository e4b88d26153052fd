"""The lists of one reviewer: what is to do, what he has done."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from approvals.deadlines.states import Light
from approvals.review import pages, policies, queries
from approvals.review.queries import Filters
from approvals.review.queries.tasklist import Counts
from approvals.review.views.filters import (
    form_of,
    in_force,
    query_of,
    remember,
    saved_entries,
    url_of,
)
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.http import actor_of, whole_number
from portal.ui.lights import Light as Shape
from portal.ui.work import Count

SHAPES = {
    Light.RED: (Shape.LATE, gettext_lazy("超期")),
    Light.YELLOW: (Shape.DUE, gettext_lazy("临期")),
    Light.GREEN: (Shape.OK, gettext_lazy("正常")),
    Light.GREY: (Shape.HOLD, gettext_lazy("停计")),
}


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the reader's open tasks; without any filter in the address, under his default one."""
    actor, today = actor_of(request), clock.today()
    may_batch = policies.can_batch(actor)
    saved = queries.saved_filters(actor) if may_batch else []
    default = next((each for each in saved if each.is_default), None)
    if default is not None and not request.GET:
        return redirect(url_of(default))
    form = form_of(request, actor)
    filters = form.filters()
    remember(request, filters)
    page = queries.inbox(actor, filters, today=today, cursor=request.GET.get("cursor", ""))
    return render(
        request,
        "review/inbox.html",
        {
            "form": form,
            "filters": filters,
            "page": page,
            "counts": _counts(page.counts, filters, request),
            "shown": page.counts.shown,
            "at": clock.now(),
            "may_batch": may_batch,
            "saved": saved_entries(saved, filters),
            "is_saved": any(queries.filters_of(each) == filters for each in saved),
            "query": query_of(filters),
            "queued": _queued(request, actor),
        },
    )


@login_required
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """Open what is due first under the filter in force, or the one the address names; another case than `but`."""
    actor = actor_of(request)
    filters = form_of(request, actor).filters() if "who" in request.GET else in_force(request)
    but = request.GET.get("but", "")
    task = queries.next_task(actor, filters, today=clock.today(), but=whole_number(but))
    if task is not None:
        return redirect("review:case", task.case_id)
    messages.success(request, _("这样筛选没有您现在能办的件了。"))
    return redirect(f"{reverse('review:inbox')}?{query_of(filters)}")


@login_required
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """List what the reader has concluded."""
    page = queries.done_tasks(actor_of(request), cursor=request.GET.get("cursor", ""))
    return render(request, "review/done.html", {"page": page})


def _counts(counts: Counts, filters: Filters, request: HttpRequest) -> list[Count]:
    kept = request.GET.copy()
    for name in ("light", "cursor", "queued"):
        kept.pop(name, None)
    # never an empty query: that would be the default filter
    kept["who"] = filters.who

    def url(light: str) -> str:
        query = kept.copy()
        if light:
            query["light"] = light
        return f"?{query.urlencode()}"

    def count(words: str, number: int, light: str, shape: Shape | None = None) -> Count:
        return Count(words, number, url(light), shape, current=filters.light == light, at_least=counts.is_cut)

    by_light = [count(str(words), counts.by_light[light], light, shape) for light, (shape, words) in SHAPES.items()]
    return [count(_("全部"), counts.total, ""), *by_light]


def _queued(request: HttpRequest, actor: Actor) -> pages.BatchPage | None:
    """Return the batch the reader comes from, while it may still be taken back or has just been done."""
    asked = request.GET.get("queued", "")
    if not asked.isdecimal() or len(asked) > 9:
        return None
    try:
        return pages.batch_page(int(asked), actor)
    except NotFound:
        return None
