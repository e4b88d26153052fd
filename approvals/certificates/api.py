"""Certificates for machines."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.certificates import queries
from portal.core import clock
from portal.core.api import MachineView
from portal.core.errors import NotFound
from portal.core.http import actor_of


class ContentRow(serializers.Serializer[None]):
    """One printed line."""

    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField()


class CertificateOut(serializers.Serializer[None]):
    """A certificate as it stands."""

    number = serializers.CharField()
    version = serializers.IntegerField(help_text="counted up by each correction of a clerical error")
    title = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.CharField()
    expired = serializers.BooleanField()
    project = serializers.CharField()
    item = serializers.CharField()
    department = serializers.CharField()
    case = serializers.IntegerField()
    decided_on = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    issued_at = serializers.DateTimeField(allow_null=True)
    handed_over_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    revoke_reason = serializers.CharField()
    verify_code = serializers.CharField()
    content = ContentRow(many=True)
    document = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField(allow_null=True)


class CertificateView(MachineView):
    """GET /certificates/{number}."""

    @extend_schema(responses=CertificateOut, tags=["certificates"])
    def get(self, request: Request, number: str) -> Response:
        """Return a certificate the caller may see."""
        certificate = queries.detail(number, actor_of(request))
        if certificate is None:
            raise NotFound
        return Response(queries.as_json(certificate, at=clock.now()))


app_name = "certificates-api"

urlpatterns = [path("certificates/<str:number>", CertificateView.as_view(), name="certificate")]
