"""Pages for those who keep layers: bring a file in, follow it, look at the draft, publish it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blueprint.layers import frames, operations, policies, previewing
from blueprint.layers.forms import ImportForm
from portal.core import clock
from portal.core.files import FileRefused
from portal.core.http import actor_of

#: at which field a refusal is told
FIELD_OF = {"edition_exists": "name", "layer_unknown": "layer", FileRefused.code: "file"}


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """List what was brought in and what waits to be published; POST brings a file in."""
    actor = actor_of(request)
    policies.require(policies.keeps_layers(actor))
    frame = frames.frame()
    kept = previewing.kept_layers(actor)
    zones = (frame.work_crs, frame.crs_without_zone)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportForm(*posted, layers=kept, zones=zones)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        upload = values.pop("file")
        try:
            job = operations.ask_import(**values, upload=upload, actor=actor, at=clock.now())
        except (operations.EditionExists, operations.LayerUnknown, FileRefused) as refusal:
            form.add_error(FIELD_OF[refusal.code], str(refusal))
        else:
            return redirect("layers:import", job.pk)
    page = previewing.imports_page(actor)
    status = 422 if form.errors else 200
    return render(request, "layers/imports.html", {"form": form, "page": page}, status=status)


@login_required
@require_GET
def import_job(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show how an import goes, and its report."""
    job = previewing.job_for(actor_of(request), import_id)
    return render(request, "layers/import.html", {"job": job, "report": previewing.report_of(job)})


@login_required
@require_GET
def import_state(request: HttpRequest, import_id: int) -> HttpResponse:
    """Give the moving part of that page; once the import has ended the browser takes the whole page."""
    job = previewing.job_for(actor_of(request), import_id)
    if not job.is_open:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "layers/_import_state.html", {"job": job})


@login_required
@require_GET
def draft(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Show an edition to those who keep its layer, beside the one that counts now."""
    actor = actor_of(request)
    page = previewing.draft_page(actor, edition_id)
    return render(request, "layers/draft.html", {"page": page})


@login_required
@require_POST
def publish(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Let a draft count."""
    actor = actor_of(request)
    previewing.edition_of_keeper(actor, edition_id)
    operations.publish_edition(edition_id=edition_id, actor=actor, at=clock.now())
    return redirect("layers:draft", edition_id)
