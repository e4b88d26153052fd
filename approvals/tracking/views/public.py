"""What anyone may look at: progress by code, QR, decisions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from approvals.review.states import Outcome
from approvals.tracking import picture, queries
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.http import actor_of, is_htmx
from projects.registry import codes, qr
from projects.registry.models import Project


@require_GET
def qr_picture(request: HttpRequest, code: str) -> HttpResponse:
    """Give the QR of a project's public progress page as a picture to keep."""
    if not Project.objects.filter(code=code).exists():
        raise NotFound
    response = HttpResponse(qr.svg(code), content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="{code}.svg"'
    return response


@require_GET
def progress_search(request: HttpRequest) -> HttpResponse:
    """Look a project up by its code; the answer names what is wrong with a code that cannot be."""
    typed = request.GET.get("code", "")
    folded = codes.fold(typed)
    if not folded:
        return render(request, "tracking/progress_search.html", {"typed": typed})
    verdict = codes.judge(folded)
    problem = str(verdict.message)
    if not problem and not Project.objects.filter(code=_project_code(folded)).exists():
        problem = _("没有代码为 %(code)s 的项目。请对照回执上的代码，或扫回执上的二维码。") % {"code": folded}
    if problem:
        context = {"typed": typed, "problem": problem}
        return render(request, "tracking/progress_search.html", context, status=404)
    return redirect("tracking:progress_of", code=folded)


@require_GET
def progress(request: HttpRequest, code: str) -> HttpResponse:
    """Show anyone where a project stands, without a word about persons."""
    arrival = qr.check(code, k=request.GET.get("k", ""), s=request.GET.get("s", ""))
    if arrival in (qr.Arrival.MISTYPED, qr.Arrival.FORGED):
        return render(request, "tracking/bad_link.html", {"arrival": arrival.value, "code": code}, status=404)
    found = get_object_or_404(Project.objects.select_related("owner"), code=_project_code(code))
    board = queries.board(found, actor=actor_of(request), at=clock.now(), public=True, unit=code)
    context = {
        "board": board,
        "project": found,
        "code": code,
        "line": picture.line_map(board),
        "clock": picture.stage_clock(board),
        "is_genuine": arrival == qr.Arrival.GENUINE,
    }
    return render(request, "tracking/progress.html", context)


def _project_code(code: str) -> str:
    """Return the project code that a project or engineering code begins with."""
    verdict = codes.judge(code)
    return verdict.engineering.project.text if verdict.engineering else code


@require_GET
def published(request: HttpRequest) -> HttpResponse:
    """List the newest decisions for the public."""
    decisions = queries.published_decisions(cursor=request.GET.get("cursor", ""), few=is_htmx(request))
    template = "tracking/_published.html" if is_htmx(request) else "tracking/published.html"
    return render(request, template, {"page": decisions, "granted": Outcome.GRANTED.value})
