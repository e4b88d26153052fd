"""Questions for machines: a department's own system pulls what it is asked, and answers."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response

from approvals.joint import operations as joint
from approvals.joint import pages
from approvals.joint.models import Request
from approvals.joint.states import Position, RequestState
from portal.core import clock
from portal.core.api import MachineView, Page
from portal.core.errors import InvalidInput
from portal.core.http import actor_of

app_name = "joint-api"


class RequestOut(serializers.Serializer[None]):
    """A question at one addressee."""

    id = serializers.IntegerField()
    project = serializers.CharField(allow_null=True)
    question = serializers.CharField()
    asked_by = serializers.CharField(help_text="department")
    department = serializers.CharField()
    unit = serializers.CharField()
    state = serializers.ChoiceField(choices=RequestState.choices)
    position = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    asked_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class RequestPageOut(serializers.Serializer[None]):
    """A page of questions."""

    results = RequestOut(many=True)
    next = serializers.URLField(allow_null=True)


class ReplyIn(serializers.Serializer[None]):
    """A reply; conditions, disagreement and missing information need a text."""

    position = serializers.ChoiceField(choices=Position.choices)
    text = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)


class RequestsView(MachineView):
    """GET /consultations."""

    @extend_schema(
        operation_id="consultation_list",
        parameters=[OpenApiParameter("state", str, enum=RequestState.values)],
        responses=RequestPageOut,
        tags=["consultations"],
    )
    def get(self, request: HttpRequest) -> Response:
        """Return the questions to the caller's departments, newest first."""
        actor = actor_of(request)
        rows = Request.objects.filter(department_id__in=actor.departments_for("consult.reply")).select_related(
            "timer", "consultation__project"
        )
        state = request.query_params.get("state", "")
        if state and state not in RequestState.values:
            raise InvalidInput(fields={"state": ", ".join(RequestState.values)})
        paginator = Page()
        page = paginator.paginate_queryset(rows.filter(state=state) if state else rows, request, view=self) or []
        return paginator.get_paginated_response([_as_json(row) for row in page])


class ReplyView(MachineView):
    """POST /consultations/{id}/reply."""

    @extend_schema(operation_id="consultation_reply", request=ReplyIn, responses=RequestOut, tags=["consultations"])
    def post(self, request: HttpRequest, request_id: int) -> Response:
        """Answer a question, or answer it anew."""
        actor = actor_of(request)
        pages.find_request(request_id, actor)
        typed = ReplyIn(data=request.data)
        typed.is_valid(raise_exception=True)
        joint.reply(request_id=request_id, actor=actor, at=clock.now(), **typed.validated_data)
        return Response(_as_json(pages.find_request(request_id, actor)))


def _as_json(row: Request) -> dict[str, Any]:
    asked = row.consultation
    return {
        "id": row.pk,
        "project": asked.project.code,
        "question": asked.question,
        "asked_by": asked.department_id,
        "department": row.department_id,
        "unit": row.unit,
        "state": row.state,
        "position": row.position,
        "due_on": row.timer.promised_due_on,
        "asked_at": asked.asked_at,
        "answered_at": row.answered_at,
    }


urlpatterns = [
    path("consultations", RequestsView.as_view(), name="requests"),
    path("consultations/<int:request_id>/reply", ReplyView.as_view(), name="reply"),
]
