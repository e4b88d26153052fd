"""Tokens for machines."""

from django.contrib.auth import authenticate
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.accounts import operations
from portal.accounts.lockout import client_address
from portal.accounts.models import User
from portal.core import clock
from portal.core.errors import DomainError


class BadCredentials(DomainError):
    """Login or password is wrong, or the account is closed; which of them is not told."""

    code = "bad_credentials"
    http_status = 401
    message = _("用户名或密码不对，或者账号已停用。")


class PasswordDue(DomainError):
    """The first password has to be changed by the person before a machine may use the account."""

    code = "password_change_required"
    http_status = 403
    message = _("请先在网页登录并修改初始密码，再取令牌。")


class CredentialsSerializer(serializers.Serializer[None]):
    """What is needed for a token."""

    username = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=128, trim_whitespace=False, style={"input_type": "password"})


class TokenSerializer(serializers.Serializer[None]):
    """A token, to be sent as `Authorization: Token <token>`."""

    token = serializers.CharField()


class TokenView(APIView):
    """POST login and password, get the account's token."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="auth_token",
        request=CredentialsSerializer,
        responses={
            200: TokenSerializer,
            401: OpenApiResponse(description="bad_credentials"),
            403: OpenApiResponse(description="password_change_required"),
            422: OpenApiResponse(description="invalid"),
            429: OpenApiResponse(description="locked_out"),
        },
    )
    def post(self, request: Request) -> Response:
        """Answer with the token; too many wrong passwords are answered by `lockout.response`."""
        given = CredentialsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        username, at = User.normalize_username(given.validated_data["username"]), clock.now()
        address = client_address(request._request)
        user = authenticate(request._request, username=username, password=given.validated_data["password"])
        if user is None:
            operations.note_failed_sign_in(username=username, channel="api", address=address, at=at)
            raise BadCredentials
        if user.must_change_password:
            raise PasswordDue
        operations.sign_in(user_id=user.pk, key="", channel="api", address=address, at=at)
        token, _created = Token.objects.get_or_create(user=user)
        return Response({"token": token.key})


urlpatterns = [path("auth/token", TokenView.as_view(), name="auth_token")]
