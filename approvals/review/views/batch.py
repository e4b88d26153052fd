"""One act on several tasks: preview, queue, take back, result."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from approvals.review import operations as review
from approvals.review import pages, policies
from approvals.review.states import BatchKind
from approvals.review.views.case import PHRASES
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.http import actor_of, is_htmx


@login_required
@require_safe
def batch_preview(request: HttpRequest) -> HttpResponse:
    """Show which of the chosen tasks would be done, and which would not and why."""
    return _preview(request, request.GET, _numbers(request.GET.getlist("task")))


@login_required
@require_POST
def batch_queue(request: HttpRequest) -> HttpResponse:
    """Queue what the preview has shown, and come back to the inbox with the chance to take it back."""
    tasks = _versions(request.POST.getlist("task"))
    try:
        batch = review.queue_batch(
            kind=request.POST.get("kind", ""),
            tasks=tasks,
            opinion=request.POST.get("opinion", ""),
            actor=actor_of(request),
            at=clock.now(),
        )
    except InvalidInput as error:
        return _preview(request, request.POST, tasks, error=error, status=error.http_status)
    except Conflict as error:
        messages.error(request, str(error))
        return _inbox(request.POST.get("back", ""))
    return _inbox(request.POST.get("back", ""), queued=batch.pk)


@login_required
@require_safe
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Show what became of each task of a batch."""
    page = pages.batch_page(batch_id, actor_of(request))
    return render(request, "review/batch.html", {"page": page, "batch": page.batch, "nav_current": "review:inbox"})


@login_required
@require_safe
def batch_state(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Give the toast of a batch anew when its state has changed."""
    page = pages.batch_page(batch_id, actor_of(request))
    if request.GET.get("was") == page.batch.state:
        return HttpResponse(status=204)
    return render(request, "review/_batch_toast.html", {"page": page, "batch": page.batch})


@login_required
@require_POST
def batch_undo(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take a batch back."""
    actor = actor_of(request)
    try:
        review.undo_batch(batch_id=batch_id, actor=actor, at=clock.now())
    except Conflict as error:
        if not is_htmx(request):
            messages.error(request, str(error))
    page = pages.batch_page(batch_id, actor)
    if is_htmx(request):
        return render(request, "review/_batch_toast.html", {"page": page, "batch": page.batch})
    return redirect("review:batch", batch_id)


def _preview(
    request: HttpRequest,
    data: QueryDict,
    task_ids: Iterable[int],
    *,
    error: InvalidInput | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    policies.require(policies.can_batch(actor))
    kind = data.get("kind", "")
    page = pages.batch_preview(
        actor,
        kind=BatchKind(kind) if kind in BatchKind.values else BatchKind.CLAIM,
        task_ids=list(task_ids)[: review.MOST_IN_BATCH],
        today=clock.today(),
    )
    context = {
        "page": page,
        "back": QueryDict(data.get("back", "")).urlencode(),
        "opinion": data.get("opinion", ""),
        "error": error,
        "phrases": PHRASES,
        "undo_seconds": review.UNDO_SECONDS,
        "nav_current": "review:inbox",
    }
    return render(request, "review/batch_preview.html", context, status=status)


def _inbox(back: str, *, queued: int | None = None) -> HttpResponseRedirect:
    """Return to the inbox as it was filtered."""
    query = QueryDict(back, mutable=True)
    query.pop("queued", None)
    if queued is not None:
        query["queued"] = str(queued)
    return HttpResponseRedirect(reverse("review:inbox") + (f"?{query.urlencode()}" if query else ""))


def _numbers(typed: Iterable[str]) -> list[int]:
    return [int(each) for each in typed if _is_number(each)]


def _versions(typed: Iterable[str]) -> dict[int, int]:
    """Read `task:version` pairs; what is no pair of numbers is left out."""
    pairs = (each.partition(":") for each in typed)
    return {int(task): int(version) for task, _colon, version in pairs if _is_number(task) and _is_number(version)}


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) < 10
