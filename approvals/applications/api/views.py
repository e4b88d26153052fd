"""Applications for machines: read, fill in, bring materials, hand in, tell what to mend, refuse.

Beginning, accepting and withdrawing belong to review, which owns those acts.
"""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.applications import operations as applications
from approvals.applications import policies, queries
from approvals.applications.api.serializers import (
    AnswerInputSerializer,
    ApplicationSerializer,
    EditedMeanwhileSerializer,
    FormSerializer,
    MaterialInputSerializer,
    MaterialsSerializer,
)
from approvals.applications.models import Application
from approvals.oneform import extract
from portal.core import clock
from portal.core.api import MachineView
from portal.core.errors import InvalidInput
from portal.core.http import PROBLEM, actor_of, problem
from portal.core.parsers import PlainJSONParser

#: beside the field ids in a PATCH; no field id begins with a dollar
VERSIONS = "$versions"
ANSWERS = {
    "type": "object",
    "description": "Field ids with their values. Optionally `$versions`: the `version` of each field as it was read.",
    "properties": {VERSIONS: {"type": "object", "additionalProperties": {"type": "string"}}},
    "additionalProperties": True,
    "example": {"contact": "李明", VERSIONS: {"contact": "74234e98afe7498f"}},
}
NOT_NOW = OpenApiResponse(description="state: the application's state does not allow this")


def plain(application: Application) -> dict[str, Any]:
    """Write an application as every endpoint of this and of higher slices answers it."""
    page = queries.page(application)
    correction = page.correction
    timer = application.timer
    return {
        "id": application.pk,
        "number": application.number,
        "project": application.project.code,
        "unit": application.unit.code if application.unit else None,
        "stage": application.stage,
        "state": application.state,
        "channel": application.channel,
        "items": [item.id for item in page.items],
        "submitted_at": application.submitted_at,
        "received_on": timer.received_on if timer else None,
        "notice_due_on": application.notice_due_on,
        "correction_due_on": application.correction_due_on,
        "accepted_at": application.accepted_at,
        "closed_at": application.closed_at,
        "notices": [
            {
                "kind": notice.kind,
                "number": notice.number,
                "issued_at": notice.issued_at,
                "reason": notice.reason,
                "verify_code": notice.verify_code,
            }
            for notice in page.notices
        ],
        "corrections": [
            {
                "slot": point.slot_id,
                "field": point.field or None,
                "label": point.label,
                "problem": point.problem,
                "remedy": point.remedy,
                "mended": point.mended_at is not None,
            }
            for point in (correction.points.all() if correction else ())
        ],
    }


class ApplicationView(MachineView):
    """GET one application."""

    @extend_schema(operation_id="application_read", responses=ApplicationSerializer)
    def get(self, request: Request, application_id: int) -> Response:
        """Answer where the application stands."""
        return Response(plain(queries.find(application_id, actor=actor_of(request))))


class FormView(MachineView):
    """GET the form, PATCH some of its answers."""

    parser_classes = [PlainJSONParser]

    @extend_schema(operation_id="application_form_read", responses=FormSerializer)
    def get(self, request: Request, application_id: int) -> Response:
        """Answer the form; a department gets the part its items need."""
        return Response(self._plain(request, application_id))

    @extend_schema(
        operation_id="application_form_save",
        request={"application/json": ANSWERS},
        responses={
            200: FormSerializer,
            (409, "application/problem+json"): OpenApiResponse(
                EditedMeanwhileSerializer,
                description="edited_meanwhile: both values of each field somebody changed first; "
                "not_to_mend: the correction notice does not open these fields; "
                "state: the application's state does not allow this. Nothing was saved.",
            ),
            422: OpenApiResponse(description="invalid"),
        },
    )
    def patch(self, request: Request, application_id: int) -> Response:
        """Keep some answers; each value that cannot be taken stands at its field as `problem`.

        With `$versions`, a field that somebody else has changed since is a 409 with both values. Without, the
        answers are written as they are.
        """
        if not isinstance(request.data, dict):
            raise InvalidInput(fields={"body": _("请发送一个对象：字段编号和值。")})
        values = dict(request.data)
        versions = values.pop(VERSIONS, {})
        if not isinstance(versions, dict) or not all(isinstance(version, str) for version in versions.values()):
            raise InvalidInput(fields={VERSIONS: _("请发送一个对象：字段编号和读到的版本。")})
        try:
            applications.save_answers(
                application_id=application_id,
                values=values,
                versions=versions,
                actor=actor_of(request),
                at=clock.now(),
            )
        except applications.EditedMeanwhile as conflict:
            return Response(_edited(conflict), status=conflict.http_status, content_type=PROBLEM)
        return Response(self._plain(request, application_id))

    def _plain(self, request: Request, application_id: int) -> dict[str, Any]:
        actor = actor_of(request)
        application = queries.find(application_id, actor=actor)
        state = queries.form_of(application)
        shown = state.filled
        if not policies.sees_everything(actor, application):
            shown = extract.extract(state.spec, state.filled, policies.items_for(actor, application))
        return {"fields": [self._field(state, field) for field in shown]}

    def _field(self, state: queries.FormState, field_id: str) -> dict[str, Any]:
        filled = state.filled[field_id]
        field = filled.field
        return {
            "id": field.id,
            "label": field.label,
            "type": field.type,
            "unit": field.definition.unit,
            "required": field.required,
            "options": _options(field.options),
            "columns": [
                {
                    "id": column.id,
                    "label": column.label,
                    "type": column.type,
                    "unit": column.unit,
                    "required": column.required,
                    "options": _options(state.spec.catalogue.options(column.codes)),
                }
                for column in field.definition.columns
            ],
            "value": filled.value,
            "source": filled.source or None,
            "read_only": not state.may_edit(field_id),
            "needed_by": list(field.needed_by),
            "problem": state.problems.get(field_id),
            "version": filled.version,
        }


class MaterialsView(MachineView):
    """GET the needed materials, POST a file or a reuse."""

    parser_classes = [MultiPartParser, PlainJSONParser, FormParser]

    @extend_schema(operation_id="application_materials_read", responses=MaterialsSerializer)
    def get(self, request: Request, application_id: int) -> Response:
        """Answer the slots; a department gets those of its items."""
        return Response(self._plain(request, application_id))

    @extend_schema(
        operation_id="application_material_add",
        request={"multipart/form-data": MaterialInputSerializer},
        responses={
            200: MaterialsSerializer,
            409: NOT_NOW,
            422: OpenApiResponse(description="file_refused: what to hand in instead"),
        },
    )
    def post(self, request: Request, application_id: int) -> Response:
        """Put a file into a slot, or a document the project has already."""
        given = MaterialInputSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        actor = actor_of(request)
        application = queries.find(application_id, actor=actor)
        applications.attach(
            application_id=application.pk,
            material=queries.material_of(application, str(given.validated_data["slot"])),
            upload=given.validated_data.get("file"),
            document_id=given.validated_data.get("reuse"),
            actor=actor,
            at=clock.now(),
        )
        return Response(self._plain(request, application_id))

    def _plain(self, request: Request, application_id: int) -> dict[str, Any]:
        actor = actor_of(request)
        application = queries.find(application_id, actor=actor)
        everything = policies.sees_everything(actor, application)
        items = policies.items_for(actor, application)
        materials = queries.materials_of(
            application, today=clock.today(), may_edit=policies.can_edit(actor, application)
        )
        return {
            "slots": [
                self._slot(slot, may_reuse=everything, with_check=policies.sees_check(actor))
                for slot in materials.slots
                if everything or not items.isdisjoint(slot.slot.items)
            ]
        }

    def _slot(self, state: queries.SlotState, *, may_reuse: bool, with_check: bool) -> dict[str, Any]:
        found = state.slot.remark if with_check else (state.point.problem if state.is_to_mend and state.point else "")
        return {
            "id": state.slot.pk,
            "material": state.slot.material,
            "name": state.slot.name,
            "required": state.slot.is_required,
            "filled": state.is_filled,
            "items": state.slot.items,
            "formats": list(state.material.formats),
            "max_bytes": state.material.max_bytes,
            "verdict": state.slot.verdict if with_check else None,
            "problem": found or (state.missing_words if state.is_missing else None),
            "files": [
                {
                    "id": file.pk,
                    "document": file.document_id,
                    "name": file.document.file_name,
                    "size_bytes": file.document.blob.size_bytes,
                    "sha256": file.document.blob_id,
                    "reused": file.is_reused,
                }
                for file in state.files
            ],
            "reusable": [
                {
                    "id": document.pk,
                    "title": document.title,
                    "file_name": document.file_name,
                    "supplied_at": document.supplied_at,
                }
                for document in (state.reusable if may_reuse else ())
            ],
        }


class SubmitView(MachineView):
    """POST to hand in."""

    @extend_schema(
        operation_id="application_submit",
        request=None,
        responses={
            200: ApplicationSerializer,
            409: NOT_NOW,
            422: OpenApiResponse(description="incomplete: `fields` tells everything that is missing"),
        },
    )
    def post(self, request: Request, application_id: int) -> Response:
        """Hand in, the first time or after mending."""
        actor = actor_of(request)
        applications.submit(application_id=application_id, actor=actor, at=clock.now())
        return Response(plain(queries.find(application_id, actor=actor)))


class CorrectView(MachineView):
    """POST to tell, once, what to mend."""

    @extend_schema(
        operation_id="application_correct",
        request=AnswerInputSerializer,
        responses={200: ApplicationSerializer, 409: NOT_NOW},
    )
    def post(self, request: Request, application_id: int) -> Response:
        """Send the one notice with everything the check found and what is named here."""
        given = AnswerInputSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        actor = actor_of(request)
        applications.request_correction(
            application_id=application_id,
            reason=given.validated_data.get("reason", ""),
            missing=given.validated_data.get("missing", ()),
            actor=actor,
            at=clock.now(),
        )
        return Response(plain(queries.find(application_id, actor=actor)))


class RefuseView(MachineView):
    """POST to refuse to accept."""

    @extend_schema(
        operation_id="application_refuse",
        request=AnswerInputSerializer,
        responses={200: ApplicationSerializer, 409: NOT_NOW},
    )
    def post(self, request: Request, application_id: int) -> Response:
        """Refuse with a reason."""
        given = AnswerInputSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        actor = actor_of(request)
        applications.reject(
            application_id=application_id,
            reason=given.validated_data.get("reason", ""),
            actor=actor,
            at=clock.now(),
        )
        return Response(plain(queries.find(application_id, actor=actor)))


def _edited(conflict: applications.EditedMeanwhile) -> dict[str, Any]:
    return {
        **problem(conflict),
        "conflicts": {
            clash.field: {
                "yours": clash.mine,
                "theirs": clash.theirs,
                "author": clash.author or None,
                "at": clash.at,
                "version": clash.version,
            }
            for clash in conflict.clashes
        },
    }


def _options(options: Any) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in options.items()]
