"""The dashboard for machines: the same numbers, counted by the same query, under the same policy as the page."""

from dataclasses import asdict
from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.deadlines.states import Light
from approvals.supervision import forms, policies, queries
from approvals.supervision.queries import Board, Pace
from approvals.supervision.states import Period
from portal.core import clock
from portal.core.api import MachineView
from portal.core.http import actor_of


class PaceSerializer(serializers.Serializer[None]):
    """How long decisions took; null where nothing was decided."""

    mean = serializers.FloatField(allow_null=True, help_text="working days by the promised limit's count (C2)")
    median = serializers.FloatField(allow_null=True, help_text="working days (C2)")
    p90 = serializers.FloatField(allow_null=True, help_text="working days (C2)")
    span_mean = serializers.FloatField(allow_null=True, help_text="calendar days, hand-in to decision (C6)")
    span_median = serializers.FloatField(allow_null=True, help_text="calendar days (C6)")
    span_p90 = serializers.FloatField(allow_null=True, help_text="calendar days (C6)")


class RunningSerializer(serializers.Serializer[None]):
    """Cases under way."""

    total = serializers.IntegerField()
    held = serializers.IntegerField(help_text="those with a hold that forbids the decision")
    lights = serializers.DictField(child=serializers.IntegerField(), help_text="blue, green, yellow, red, grey")
    due_today = serializers.IntegerField()
    due_this_week = serializers.IntegerField(help_text="from today to Sunday")
    late_by_step = serializers.DictField(
        child=serializers.IntegerField(), help_text="handler, checker, approver, correction, special"
    )
    paused_by = serializers.DictField(child=serializers.IntegerField(), help_text="special procedure, or correction")


class CellSerializer(serializers.Serializer[None]):
    """Cases under way of one stage in one department."""

    stage = serializers.CharField()
    department = serializers.CharField()
    cases = serializers.IntegerField()
    late = serializers.IntegerField()
    due = serializers.IntegerField(help_text="yellow: soon due")


class EndedSerializer(serializers.Serializer[None]):
    """What began and ended in the period."""

    opened = serializers.IntegerField()
    decided = serializers.IntegerField()
    granted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    late = serializers.IntegerField(help_text="decided after the promised day")
    closed = serializers.IntegerField(help_text="ended without a decision")
    pace = PaceSerializer()


class WeekSerializer(serializers.Serializer[None]):
    """The decisions of one week."""

    monday = serializers.DateField()
    decided = serializers.IntegerField()
    pace = PaceSerializer()


class StageStateSerializer(serializers.Serializer[None]):
    """Projects under way with a stage in a state."""

    stage = serializers.CharField()
    state = serializers.CharField()
    projects = serializers.IntegerField()


class ProjectsSerializer(serializers.Serializer[None]):
    """Projects under way."""

    running = serializers.IntegerField()
    stalled = serializers.IntegerField(help_text="no event for longer than the pack's number of calendar days")
    stages = StageStateSerializer(many=True)


class DashboardSerializer(serializers.Serializer[None]):
    """All numbers of a dashboard."""

    at = serializers.DateTimeField(help_text="moment of the data")
    period = serializers.ChoiceField(Period.choices)
    region = serializers.CharField(allow_null=True, help_text="null: everywhere")
    departments = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="what the reader may count; null: all"
    )
    cases = RunningSerializer()
    cells = CellSerializer(many=True)
    ended = EndedSerializer()
    weeks = WeekSerializer(many=True)
    projects = ProjectsSerializer()


class Dashboard(MachineView):
    """Read how the approvals do."""

    @extend_schema(
        responses={200: DashboardSerializer, 403: OpenApiResponse(description="no role that may see a dashboard")},
        parameters=[
            OpenApiParameter("period", str, enum=Period.values, description="of what ended; default month"),
            OpenApiParameter("region", str, description="code of a district"),
        ],
    )
    def get(self, request: Request) -> Response:
        scope = policies.scope_of(actor_of(request))
        form = forms.DashboardForm(request.query_params, words=queries.words_in_force(), scope=scope)
        form.require()
        board = queries.board(form.narrowed, form.chosen_period, at=clock.now())
        return Response(_told(board))


def _told(board: Board) -> dict[str, Any]:
    ended = board.ended
    departments = board.scope.departments
    return {
        "at": board.at,
        "period": board.period.value,
        "region": board.scope.region or None,
        "departments": None if departments is None else sorted(departments),
        "cases": {
            "total": board.running,
            "held": board.held,
            "lights": {light.value: board.by_light[light.value] for light in Light},
            "due_today": board.due_today,
            "due_this_week": board.due_this_week,
            "late_by_step": board.late_by_step,
            "paused_by": board.by_pause,
        },
        "cells": [
            {"stage": stage, "department": department, "cases": cell.count, "late": cell.late, "due": cell.due}
            for (stage, department), cell in sorted(board.cells.items())
        ],
        "ended": {
            "opened": ended.opened,
            "decided": ended.decided,
            "granted": ended.granted,
            "rejected": ended.rejected,
            "late": ended.late,
            "closed": ended.closed,
            "pace": _pace(ended.pace),
        },
        "weeks": [{"monday": week.monday, "decided": week.decided, "pace": _pace(week.pace)} for week in board.weeks],
        "projects": {
            "running": board.running_projects,
            "stalled": board.stalled_projects,
            "stages": [
                {"stage": stage, "state": state, "projects": number}
                for (stage, state), number in sorted(board.stages.items())
            ],
        },
    }


def _pace(pace: Pace) -> dict[str, float | None]:
    return asdict(pace)


urlpatterns = [path("dashboard", Dashboard.as_view())]
