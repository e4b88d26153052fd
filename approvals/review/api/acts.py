"""The acts on a case for machines: stand still, more time, take back, take up again."""

from abc import ABC, abstractmethod
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.review import operations as review
from approvals.review import queries
from approvals.review.api.serializers import (
    CaseSerializer,
    ExtensionInputSerializer,
    ExtensionVerdictSerializer,
    HoldInputSerializer,
    ReopeningSerializer,
    RevocationSerializer,
    VersionSerializer,
)
from approvals.review.api.shown import case_shown
from approvals.review.states import ExtensionState
from portal.core import clock
from portal.core.actor import Actor
from portal.core.api import MachineView
from portal.core.errors import NotFound
from portal.core.http import actor_of

NOT_NOW = OpenApiResponse(description="409: the state does not allow this, or `stale`: the case has changed meanwhile")
ANSWERS = {200: CaseSerializer, 409: NOT_NOW, 422: OpenApiResponse(description="invalid, by field")}


class _ActView(MachineView, ABC):
    """An act on a case the caller may see; the case as it stands afterwards is the answer."""

    takes: type[serializers.Serializer[None]]

    @abstractmethod
    def act(self, case_id: int, actor: Actor, given: dict[str, Any]) -> None:
        """Do it."""

    def answer(self, request: Request, case_id: int) -> Response:
        """Check what was sent, act, and show the case."""
        actor = actor_of(request)
        # asked before what was sent: an outsider learns nothing, not even what an act takes
        queries.find_case(case_id, actor=actor)
        given = self.takes(data=request.data)
        given.is_valid(raise_exception=True)
        self.act(case_id, actor, {**given.validated_data, "actor": actor, "at": clock.now()})
        return Response(case_shown(queries.find_case(case_id, actor=actor), actor))


class HoldsView(_ActView):
    """POST /cases/{id}/holds."""

    takes = HoldInputSerializer

    @extend_schema(operation_id="case_hold", request=HoldInputSerializer, responses=ANSWERS)
    def post(self, request: Request, case_id: int) -> Response:
        """Keep a case from being decided; a special procedure stops its clock and is told to the applicant."""
        return self.answer(request, case_id)

    def act(self, case_id: int, actor: Actor, given: dict[str, Any]) -> None:
        review.place_hold(case_id=case_id, **given)


class ReleaseView(MachineView):
    """POST /cases/{id}/holds/{hold_id}/release."""

    @extend_schema(operation_id="case_release", request=VersionSerializer, responses=ANSWERS)
    def post(self, request: Request, case_id: int, hold_id: int) -> Response:
        """End a hold."""
        actor = actor_of(request)
        found = queries.find_case(case_id, actor=actor)
        if not found.holds.filter(pk=hold_id).exists():
            raise NotFound
        given = VersionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        review.release_hold(hold_id=hold_id, version=given.validated_data["version"], actor=actor, at=clock.now())
        return Response(case_shown(queries.find_case(case_id, actor=actor), actor))


class ExtensionView(_ActView):
    """POST /cases/{id}/extension."""

    takes = ExtensionInputSerializer

    @extend_schema(operation_id="case_ask_extension", request=ExtensionInputSerializer, responses=ANSWERS)
    def post(self, request: Request, case_id: int) -> Response:
        """Ask for more days."""
        return self.answer(request, case_id)

    def act(self, case_id: int, actor: Actor, given: dict[str, Any]) -> None:
        review.ask_extension(case_id=case_id, **given)


class ExtensionVerdictView(_ActView):
    """POST /cases/{id}/extension/decide."""

    takes = ExtensionVerdictSerializer

    @extend_schema(operation_id="case_decide_extension", request=ExtensionVerdictSerializer, responses=ANSWERS)
    def post(self, request: Request, case_id: int) -> Response:
        """Agree to the extension that was asked for, or not."""
        return self.answer(request, case_id)

    def act(self, case_id: int, actor: Actor, given: dict[str, Any]) -> None:
        asked = queries.find_case(case_id, actor=actor).extensions.filter(state=ExtensionState.ASKED).first()
        if asked is None:
            raise NotFound
        review.decide_extension(extension_id=asked.pk, **given)


class RevokeView(_ActView):
    """POST /cases/{id}/revoke."""

    takes = RevocationSerializer

    @extend_schema(operation_id="case_revoke", request=RevocationSerializer, responses=ANSWERS)
    def post(self, request: Request, case_id: int) -> Response:
        """Revoke the decision in force."""
        return self.answer(request, case_id)

    def act(self, case_id: int, actor: Actor, given: dict[str, Any]) -> None:
        review.revoke(case_id=case_id, **given)


class ReopenView(_ActView):
    """POST /cases/{id}/reopen."""

    takes = ReopeningSerializer

    @extend_schema(operation_id="case_reopen", request=ReopeningSerializer, responses=ANSWERS)
    def post(self, request: Request, case_id: int) -> Response:
        """Take a decided case up again."""
        return self.answer(request, case_id)

    def act(self, case_id: int, actor: Actor, given: dict[str, Any]) -> None:
        review.reopen(case_id=case_id, **given)
