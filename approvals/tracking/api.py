"""Projects for machines: register, list, read, plan."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.review import operations as review
from approvals.tracking import queries
from approvals.tracking.queries import Board
from portal.accounts.models import Enterprise
from portal.core import clock
from portal.core.actor import Actor
from portal.core.api import MachineView, Page
from portal.core.errors import InvalidInput
from projects.registry import operations as registry
from projects.registry import qr
from projects.registry import queries as projects_read
from projects.registry.models import Project, Unit
from projects.registry.states import UnitState

Stage = inline_serializer(
    "ProjectStage",
    {
        "id": serializers.CharField(),
        "name": serializers.CharField(),
        "state": serializers.CharField(),
        "engineering_code": serializers.CharField(
            allow_null=True, help_text="of a divided project each unit has its own row; give it to apply for that unit"
        ),
        "unit_name": serializers.CharField(allow_null=True),
        "due_on": serializers.DateField(allow_null=True),
    },
)
UnitOut = inline_serializer(
    "ProjectUnit",
    {
        "engineering_code": serializers.CharField(),
        "name": serializers.CharField(),
        "level": serializers.IntegerField(),
        "state": serializers.ChoiceField(UnitState.choices),
        "prev_eng_code": serializers.ListField(child=serializers.CharField()),
        "external_code": serializers.CharField(),
    },
)
ProjectOut = inline_serializer(
    "Project",
    {
        "code": serializers.CharField(allow_null=True),
        "id": serializers.IntegerField(),
        "name": serializers.CharField(),
        "region": serializers.CharField(),
        "state": serializers.CharField(),
        "owner": serializers.CharField(),
        "flow": serializers.CharField(),
        "flow_name": serializers.CharField(),
        "flow_reason": serializers.CharField(),
        "qr": serializers.CharField(allow_null=True),
        "registered_at": serializers.DateTimeField(),
        "stages": serializers.ListField(child=Stage),
        "units": serializers.ListField(child=UnitOut),
    },
)
ProjectShort = inline_serializer(
    "ProjectShort",
    {
        "code": serializers.CharField(allow_null=True),
        "id": serializers.IntegerField(),
        "name": serializers.CharField(),
        "region": serializers.CharField(),
        "state": serializers.CharField(),
        "flow": serializers.CharField(),
        "registered_at": serializers.DateTimeField(),
    },
)
ProjectPage = inline_serializer(
    "ProjectPage",
    {"results": serializers.ListField(child=ProjectShort), "next": serializers.URLField(allow_null=True)},
)
PlanItem = inline_serializer(
    "PlanItem",
    {
        "id": serializers.CharField(),
        "name": serializers.CharField(),
        "stage": serializers.CharField(),
        "department": serializers.CharField(),
        "applies": serializers.BooleanField(allow_null=True),
        "reason": serializers.CharField(),
        "limit_days": serializers.IntegerField(),
        "unit": serializers.ChoiceField(["working", "calendar"]),
        "prerequisites": serializers.ListField(child=serializers.CharField()),
        "forecast_start": serializers.DateField(allow_null=True),
        "forecast_finish": serializers.DateField(allow_null=True),
        "state": serializers.CharField(),
        "engineering_code": serializers.CharField(
            allow_null=True, help_text="of a divided project: the unit this row is for"
        ),
    },
)


class ProjectIn(serializers.Serializer[Any]):
    """What a registration brings; facts are checked by the fields of the pack."""

    name = serializers.CharField()
    region = serializers.CharField()
    facts = serializers.DictField(required=False, default=dict)
    code = serializers.CharField(required=False, allow_null=True, default=None, help_text="已有的项目代码")
    owner = serializers.CharField(
        required=False, allow_null=True, default=None, help_text="建设单位统一社会信用代码；只属于一个单位的人可以不写"
    )
    parent_code = serializers.CharField(required=False, allow_null=True, default=None, help_text="上级项目代码")
    relation = serializers.ChoiceField(Project.Relation.choices, required=False, allow_blank=True, default="")


class Projects(MachineView):
    """Register a project; list the visible ones, newest first."""

    @extend_schema(request=ProjectIn, responses={201: ProjectOut})
    def post(self, request: Request) -> Response:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        given = ProjectIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        parent = projects_read.project(data["parent_code"], actor=actor) if data["parent_code"] else None
        project = review.register_project(
            name=data["name"],
            region=data["region"],
            facts=data["facts"],
            owner_id=_owner(actor, data["owner"]),
            code=data["code"],
            parent_id=parent.pk if parent else None,
            relation=data["relation"],
            actor=actor,
            at=clock.now(),
        )
        return Response(_project(queries.board(project, actor=actor, at=clock.now())), status=201)

    @extend_schema(
        operation_id="projects_list",
        responses={200: ProjectPage},
        parameters=[OpenApiParameter("cursor", str), OpenApiParameter("limit", int)],
    )
    def get(self, request: Request) -> Response:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        page = Page()
        rows = page.paginate_queryset(Project.objects.visible_to(actor).order_by("-id"), request, view=self) or []
        return page.get_paginated_response(
            [
                {
                    "code": row.code,
                    "id": row.pk,
                    "name": row.name,
                    "region": row.region,
                    "state": row.state,
                    "flow": row.flow,
                    "registered_at": row.registered_at,
                }
                for row in rows
            ]
        )


class OneProject(MachineView):
    """Read a project with its stages."""

    @extend_schema(responses={200: ProjectOut})
    def get(self, request: Request, code: str) -> Response:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        project = projects_read.project(code, actor=actor)
        return Response(_project(queries.board(project, actor=actor, at=clock.now())))


class PartIn(serializers.Serializer[Any]):
    """One of the units that something is divided into."""

    name = serializers.CharField(max_length=200)
    external_code = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)


class DivisionIn(serializers.Serializer[Any]):
    """What is divided, and into what."""

    unit = serializers.CharField(
        required=False, allow_null=True, default=None, help_text="engineering code; the project as a whole if missing"
    )
    parts = serializers.ListField(child=PartIn(), max_length=99)


class MergerIn(PartIn):
    """What is merged, and how the new unit is called."""

    units = serializers.ListField(child=serializers.CharField(), max_length=99, help_text="engineering codes")


class ProjectReasonIn(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=500)


class DividedProject(MachineView):
    """Divide a unit, or the project as a whole."""

    @extend_schema(operation_id="project_divide", request=DivisionIn, responses={201: ProjectOut})
    def post(self, request: Request, code: str) -> Response:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        project = projects_read.project(code, actor=actor)
        given = DivisionIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        review.divide(
            project_id=project.pk,
            unit_id=_unit_ids(project, [data["unit"]])[0] if data["unit"] else None,
            parts=[registry.Part(**part) for part in data["parts"]],
            actor=actor,
            at=clock.now(),
        )
        return Response(_project(queries.board(project, actor=actor, at=clock.now())), status=201)


class MergedProject(MachineView):
    """Merge units of one level into one of the next."""

    @extend_schema(operation_id="project_merge", request=MergerIn, responses={201: ProjectOut})
    def post(self, request: Request, code: str) -> Response:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        project = projects_read.project(code, actor=actor)
        given = MergerIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        review.merge(
            project_id=project.pk,
            unit_ids=_unit_ids(project, data["units"]),
            name=data["name"],
            external_code=data["external_code"],
            actor=actor,
            at=clock.now(),
        )
        return Response(_project(queries.board(project, actor=actor, at=clock.now())), status=201)


class WithdrawnProject(MachineView):
    """Give a project up with everything that runs for it."""

    @extend_schema(operation_id="project_withdraw", request=ProjectReasonIn, responses={200: ProjectOut})
    def post(self, request: Request, code: str) -> Response:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        project = projects_read.project(code, actor=actor)
        given = ProjectReasonIn(data=request.data)
        given.is_valid(raise_exception=True)
        review.withdraw_project(
            project_id=project.pk, reason=given.validated_data["reason"], actor=actor, at=clock.now()
        )
        return Response(_project(queries.board(projects_read.project(code, actor=actor), actor=actor, at=clock.now())))


class ProjectPlan(MachineView):
    """Read a project's own list of items with reasons, limits and forecast."""

    @extend_schema(
        responses={
            200: inline_serializer(
                "Plan", {"items": serializers.ListField(child=PlanItem), "finish_on": serializers.DateField()}
            )
        },
    )
    def get(self, request: Request, code: str) -> Response:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        board = queries.board(projects_read.project(code, actor=actor), actor=actor, at=clock.now())
        return Response({"items": [_plan_item(line) for line in board.all_items], "finish_on": board.finish_on})


def _owner(actor: Actor, uscc: str | None) -> int:
    """Return the enterprise a project is registered for: named by its USCC, else the actor's only one."""
    if uscc:
        found = Enterprise.objects.filter(uscc=uscc).values_list("pk", flat=True).first()
        return int(found or 0)
    if len(actor.enterprise_ids) == 1:
        return next(iter(actor.enterprise_ids))
    if not actor.enterprise_ids:
        return 0
    raise InvalidInput(fields={"owner": _("您属于多个单位，请写明建设单位的统一社会信用代码。")})


def _unit_ids(project: Project, wanted: list[str]) -> list[int]:
    """Return the ids of units named by their codes.

    :raises InvalidInput: one is not of this project
    """
    known = {unit.code: unit.pk for unit in projects_read.units(project.pk)}
    stray = [code for code in wanted if code not in known]
    if stray:
        raise InvalidInput(fields={"unit": _("这些工程代码不属于本项目：%(codes)s。") % {"codes": _("、").join(stray)}})
    return [known[code] for code in wanted]


def _project(board: Board) -> dict[str, Any]:
    project = board.project
    return {
        "code": project.code,
        "id": project.pk,
        "name": project.name,
        "region": project.region,
        "state": project.state,
        "owner": project.owner.name,
        "flow": project.flow,
        "flow_name": board.flow.name,
        "flow_reason": project.flow_reason,
        "qr": qr.link(project.code) if project.code else None,
        "registered_at": project.registered_at,
        "stages": [
            {
                "id": stage.id,
                "name": stage.name,
                "state": stage.state,
                "engineering_code": stage.unit.code if stage.unit else None,
                "unit_name": stage.unit.name if stage.unit else None,
                "due_on": stage.due_on,
            }
            for stage in board.stages
        ],
        "units": [_unit(unit) for unit in board.units],
    }


def _unit(unit: Unit) -> dict[str, Any]:
    return {
        "engineering_code": unit.code,
        "name": unit.name,
        "level": unit.level,
        "state": unit.state,
        "prev_eng_code": list(unit.predecessors),
        "external_code": unit.external_code,
    }


def _plan_item(line: queries.ItemLine) -> dict[str, Any]:
    planned = line.planned
    return {
        "id": planned.id,
        "name": planned.item.name,
        "stage": planned.stage,
        "department": planned.department,
        "applies": planned.applies,
        "reason": planned.reason,
        "limit_days": planned.limit_days,
        "unit": planned.unit,
        "prerequisites": list(planned.prerequisites),
        "forecast_start": line.forecast_start,
        "forecast_finish": line.forecast_finish,
        "state": line.words,
        "engineering_code": line.unit.code if line.unit else None,
    }


urlpatterns = [
    path("projects", Projects.as_view()),
    path("projects/<str:code>", OneProject.as_view()),
    path("projects/<str:code>/divide", DividedProject.as_view()),
    path("projects/<str:code>/merge", MergedProject.as_view()),
    path("projects/<str:code>/withdraw", WithdrawnProject.as_view()),
    path("projects/<str:code>/plan", ProjectPlan.as_view()),
]
