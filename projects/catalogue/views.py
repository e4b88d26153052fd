"""Public pages: home, the list of guides, the guide of one item."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.citypack import queries as citypack
from portal.core import clock
from portal.ui import charts
from projects.catalogue import queries


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the public home page."""
    found = queries.home(citypack.current_id(), today=clock.today())
    return render(request, "catalogue/home.html", {"home": found, "chart": _chart(found)})


@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """List the guides by stage; `?q=` searches items, results and departments."""
    text = request.GET.get("q", "").strip()[:60]
    found = queries.guide_list(citypack.current_id(), text=text)
    return render(request, "catalogue/guides.html", {"text": text, "list": found})


@require_safe
def guide(request: HttpRequest, item: str) -> HttpResponse:
    """Show the guide of one item."""
    found = queries.guide(citypack.current_id(), item)
    return render(request, "catalogue/guide.html", {"guide": found, "nav_current": "catalogue:guides"})


def _chart(found: queries.Home) -> charts.FlowChart:
    lines = _("、").join(f"{line.name} {line.total}" for line in found.flows)
    return charts.FlowChart(
        finding=_("各类项目四个阶段的承诺用时：%(lines)s 个工作日") % {"lines": lines},
        unit=_("工作日"),
        flows=tuple(
            charts.Flow(line.name, line.hint, line.stops, "navy" if line.is_public_money else "blue")
            for line in found.flows
        ),
        stages=tuple(column.stage.name for column in found.stages),
        label_heading=_("流程类型"),
        total_heading=_("合计"),
    )
