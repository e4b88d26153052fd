"""The lists of one reviewer: what is to do, what he has done."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from approvals.deadlines.states import Light
from approvals.review import forms, queries
from approvals.review.queries import Filters
from approvals.review.queries.tasklist import Counts
from portal.core import clock
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
