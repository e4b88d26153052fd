"""The review for machines: begin and accept applications, work on tasks, read cases."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.applications import queries as applications
from approvals.applications.api import ApplicationSerializer, plain
from approvals.deadlines.states import Light
from approvals.review import operations as review
from approvals.review import queries
from approvals.review.api.serializers import (
    ApplicationInputSerializer,
    CaseSerializer,
    CompletionSerializer,
    ReasonSerializer,
    TaskPageSerializer,
)
from approvals.review.api.shown import case_shown, task_shown
from approvals.review.models import Case, ReviewTask
from portal.core import clock
from portal.core.actor import Actor
from portal.core.api import MachineView, Page
from portal.core.errors import InvalidInput, NotFound
from portal.core.http import actor_of
from projects.registry.models import Project, Unit

NOT_NOW = OpenApiResponse(description="409: the state does not allow this; `code` says which rule")


class OldestFirst(Page):
    """Tasks by age: what came first stands first."""

    ordering = "id"


class ApplicationsView(MachineView):
    """POST /applications."""

    @extend_schema(
        operation_id="application_open",
        request=ApplicationInputSerializer,
        responses={201: ApplicationSerializer, 409: NOT_NOW},
    )
    def post(self, request: Request) -> Response:
        """Begin the application of a stage; without items, of all items that are open."""
        given = ApplicationInputSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        actor = actor_of(request)
        project = Project.objects.visible_to(actor).filter(code=wanted["project"]).first()
        if project is None:
            raise NotFound
        application = review.open_application(
            project_id=project.pk,
            stage=wanted["stage"],
            item_ids=wanted.get("items"),
            unit_id=_unit_id(project, wanted.get("unit")),
            channel=wanted["channel"],
            paper_received_on=wanted.get("paper_received_on"),
            actor=actor,
            at=clock.now(),
        )
        return Response(plain(applications.find(application.pk, actor=actor)), status=201)


class AcceptView(MachineView):
    """POST /applications/{id}/accept."""

    @extend_schema(
        operation_id="application_accept", request=None, responses={200: ApplicationSerializer, 409: NOT_NOW}
    )
    def post(self, request: Request, application_id: int) -> Response:
        """Accept a complete application and open its cases."""
        actor = actor_of(request)
        if not actor.citywide("application.accept"):  # the window is told that something is only a draft
            applications.find(application_id, actor=actor)
        review.accept(application_id=application_id, actor=actor, at=clock.now())
        return Response(plain(applications.find(application_id, actor=actor)))


class WithdrawView(MachineView):
    """POST /applications/{id}/withdraw."""

    @extend_schema(
        operation_id="application_withdraw",
        request=ReasonSerializer,
        responses={200: ApplicationSerializer, 409: NOT_NOW},
    )
    def post(self, request: Request, application_id: int) -> Response:
        """Take an application back."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        actor = actor_of(request)
        applications.find(application_id, actor=actor)
        review.withdraw(
            application_id=application_id, reason=given.validated_data["reason"], actor=actor, at=clock.now()
        )
        return Response(plain(applications.find(application_id, actor=actor)))


class TasksView(MachineView):
    """GET /tasks."""

    @extend_schema(
        operation_id="task_list",
        parameters=[
            OpenApiParameter("project", str, description="project code"),
            OpenApiParameter("department", str),
            OpenApiParameter("light", str, enum=Light.values),
        ],
        responses=TaskPageSerializer,
    )
    def get(self, request: Request) -> Response:
        """List the open steps the caller may do; for who sees the whole city, all of them."""
        today = clock.today()
        tasks = ReviewTask.objects.listed_for(actor_of(request)).select_related(
            "case__project", "case__service_item", "case__timer", "assignee"
        )
        if project := request.query_params.get("project"):
            tasks = tasks.filter(case__project__code=project)
        if department := request.query_params.get("department"):
            tasks = tasks.filter(department_id=department)
        if light := request.query_params.get("light"):
            if light not in Light.values:
                raise InvalidInput(fields={"light": _("可选：%(lights)s。") % {"lights": _("、").join(Light.values)}})
            tasks = tasks.with_light(today).filter(light=light)
        pages = OldestFirst()
        rows = pages.paginate_queryset(tasks, request, view=self) or []
        return pages.get_paginated_response([task_shown(task, today) for task in rows])


class CompleteView(MachineView):
    """POST /tasks/{id}/complete."""

    @extend_schema(
        operation_id="task_complete",
        request=CompletionSerializer,
        responses={200: CaseSerializer, 409: NOT_NOW, 422: OpenApiResponse(description="wrong_conclusion, invalid")},
    )
    def post(self, request: Request, task_id: int) -> Response:
        """Conclude a step; the case as it stands afterwards is the answer."""
        given = CompletionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        actor = actor_of(request)
        require_visible_task(task_id, actor)
        case = review.complete_task(
            task_id=task_id,
            conclusion=given.validated_data["conclusion"],
            opinion=given.validated_data["opinion"],
            attributes=given.validated_data.get("attributes"),
            basis=given.validated_data["basis"],
            deferred=given.validated_data["deferred"],
            supply_by=given.validated_data["supply_by"],
            version=given.validated_data["version"],
            actor=actor,
            at=clock.now(),
        )
        return Response(case_shown(queries.find_case(case.pk, actor=actor), actor))


class CaseView(MachineView):
    """GET /cases/{id}."""

    @extend_schema(operation_id="case_read", responses=CaseSerializer)
    def get(self, request: Request, case_id: int) -> Response:
        """Answer where a case stands."""
        actor = actor_of(request)
        return Response(case_shown(queries.find_case(case_id, actor=actor), actor))


def _unit_id(project: Project, code: str | None) -> int | None:
    if not code:
        return None
    unit_id: int | None = Unit.objects.filter(project=project, code=code).values_list("pk", flat=True).first()
    if unit_id is None:
        raise InvalidInput(fields={"unit": _("这个工程代码不属于本项目。请重新选择。")})
    return unit_id


def require_visible_task(task_id: int, actor: Actor) -> None:
    """Refuse an outsider as if there were nothing."""
    case_id = ReviewTask.objects.filter(pk=task_id).values_list("case_id", flat=True).first()
    if case_id is None or not Case.objects.visible_to(actor).filter(pk=case_id).exists():
        raise NotFound
