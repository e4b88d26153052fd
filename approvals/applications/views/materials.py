"""Files of an application: bring, look at, take out."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals.applications import operations as applications
from approvals.applications import policies, queries
from approvals.applications.views.filling import render_form
from portal.core import clock
from portal.core.errors import InvalidInput, NotFound
from portal.core.files import FileRefused, Upload
from portal.core.http import actor_of, blob_response, problem, whole_number


@login_required
@require_POST
def material_add(request: HttpRequest, application_id: int) -> HttpResponse:
    """Put a file into a slot, or a document the project has already; a refusal stands at the slot."""
    actor = actor_of(request)
    found = queries.find(application_id, actor=actor)
    slot = request.POST.get("slot", "")
    material = queries.material_of(found, slot)
    reuse = request.POST.get("reuse", "")
    upload = cast("Upload | None", request.FILES.get("file"))
    try:
        applications.attach(
            application_id=found.pk,
            material=material,
            upload=None if reuse else upload,
            document_id=whole_number(reuse),
            replace="add" not in request.POST,
            actor=actor,
            at=clock.now(),
        )
    except (FileRefused, InvalidInput) as refusal:
        if request.headers.get("X-Requested-With") == "upload":
            return JsonResponse(problem(refusal), status=refusal.http_status)
        words = str(next(iter(refusal.fields.values()), refusal.message))
        slot_id = found.slots.get(material=material).pk
        return render_form(request, found, actor, refused={slot_id: words}, status=refusal.http_status)
    if upload is not None:
        messages.success(request, _("已收下 %(name)s。") % {"name": upload.name})
    form = _form(request, found.pk, f"slot-{slot}")
    if request.headers.get("X-Requested-With") == "upload":
        return JsonResponse({"next": form})
    return redirect(form)


@login_required
@require_POST
def material_remove(request: HttpRequest, application_id: int, slot_file_id: int) -> HttpResponse:
    """Take a file out of its slot; it stays in the project's archive."""
    actor = actor_of(request)
    found = queries.find(application_id, actor=actor)
    slot = applications.detach(application_id=found.pk, slot_file_id=slot_file_id, actor=actor, at=clock.now())
    messages.success(request, _("已撤下，文件还在项目档案里，可以再选用。"))
    return redirect(_form(request, found.pk, f"slot-{slot.pk}"))


@login_required
@require_safe
def material(request: HttpRequest, application_id: int, slot_file_id: int) -> HttpResponseBase:
    """Send a file of the application to who may see its slot."""
    actor = actor_of(request)
    found = queries.find(application_id, actor=actor)
    file = queries.slot_file(found, slot_file_id)
    if not policies.sees_everything(actor, found) and policies.items_for(actor, found).isdisjoint(file.slot.items):
        raise NotFound
    return blob_response(file.document.blob, name=file.document.file_name, inline="download" not in request.GET)


def _form(request: HttpRequest, application_id: int, place: str) -> str:
    """Return the address of a place in the form; after a check it goes on saying what is missing."""
    checked = "?check" if "check" in request.GET else ""
    return f"{reverse('applications:form', args=[application_id])}{checked}#{place}"
