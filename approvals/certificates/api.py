"""Certificates for machines."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.certificates import queries
from portal.core import actor as actors
from portal.core import clock
from portal.core.api import MachineView
from portal.core.errors import NotFound


class ContentRow(serializers.Serializer):
    """One printed line."""

    label = serializers.CharField()
    value = serializers.CharField()


class CertificateOut(serializers.Serializer):
    """A certificate as it stands."""

    number = serializers.CharField()
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
        certificate = queries.detail(number, actors.for_user(request.user))
        if certificate is None:
            raise NotFound
        return Response(CertificateOut(queries.as_json(certificate, at=clock.now())).data)


urlpatterns = [path("certificates/<str:number>", CertificateView.as_view(), name="api-certificate")]
