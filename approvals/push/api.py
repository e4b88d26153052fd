"""Deliveries for machines: pull what was sent, sign for it."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.push import operations as push
from approvals.push.models import Delivery
from approvals.push.states import DeliveryState
from portal.core import clock
from portal.core.api import MachineView, Page
from portal.core.errors import InvalidInput, NotFound
from portal.core.http import actor_of

app_name = "push-api"


class DeliverySerializer(serializers.Serializer[None]):
    """A result on its way."""

    id = serializers.IntegerField()
    project = serializers.CharField(allow_null=True)
    item = serializers.CharField()
    title = serializers.CharField()
    number = serializers.CharField()
    receiver = serializers.CharField()
    department = serializers.CharField(allow_null=True)
    needed_by = serializers.ListField(child=serializers.CharField())
    payload = serializers.DictField()
    state = serializers.CharField()
    planned_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    acknowledged_by = serializers.CharField()


class DeliveryPageSerializer(serializers.Serializer[None]):
    """A page of deliveries."""

    results = DeliverySerializer(many=True)
    next = serializers.URLField(allow_null=True)


class DeliveriesView(MachineView):
    """GET /deliveries."""

    @extend_schema(
        operation_id="delivery_list",
        parameters=[
            OpenApiParameter("state", str, enum=DeliveryState.values),
            OpenApiParameter("project", str, description="project code"),
            OpenApiParameter("department", str),
        ],
        responses=DeliveryPageSerializer,
    )
    def get(self, request: Request) -> Response:
        """List the deliveries the caller may see, newest first."""
        rows = _visible(request)
        if state := request.query_params.get("state"):
            if state not in DeliveryState.values:
                raise InvalidInput(
                    fields={"state": _("可选：%(states)s。") % {"states": _("、").join(DeliveryState.values)}}
                )
            rows = rows.filter(state=state)
        if project := request.query_params.get("project"):
            rows = rows.filter(project__code=project)
        if department := request.query_params.get("department"):
            rows = rows.filter(department_id=department)
        pages = Page()
        found: list[Delivery] = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response([_plain(delivery) for delivery in found])


class AcknowledgeView(MachineView):
    """POST /deliveries/{id}/acknowledge."""

    @extend_schema(
        operation_id="delivery_acknowledge",
        request=None,
        responses={200: DeliverySerializer, 409: OpenApiResponse(description="signed for already, or not sent yet")},
    )
    def post(self, request: Request, delivery_id: int) -> Response:
        """Sign for a delivery."""
        if not _visible(request).filter(pk=delivery_id).exists():
            raise NotFound
        push.acknowledge(delivery_id=delivery_id, actor=actor_of(request), at=clock.now())
        return Response(_plain(_visible(request).get(pk=delivery_id)))


def _visible(request: Request) -> Any:
    return Delivery.objects.visible_to(actor_of(request)).select_related("project", "decision__case__service_item")


def _plain(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.pk,
        "project": delivery.project.code,
        "item": delivery.decision.case.service_item.code,
        "title": delivery.title,
        "number": delivery.decision.number,
        "receiver": delivery.receiver,
        "department": delivery.department_id,
        "needed_by": delivery.needed_by,
        "payload": delivery.payload,
        "state": delivery.state,
        "planned_at": delivery.planned_at,
        "sent_at": delivery.sent_at,
        "acknowledged_at": delivery.acknowledged_at,
        "acknowledged_by": delivery.acknowledged_by,
    }


urlpatterns = [
    path("deliveries", DeliveriesView.as_view(), name="deliveries"),
    path("deliveries/<int:delivery_id>/acknowledge", AcknowledgeView.as_view(), name="acknowledge"),
]
