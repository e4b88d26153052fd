"""The review for machines: begin and accept applications, work on tasks, read cases."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.applications import queries as applications
from approvals.applications.api import ApplicationSerializer, plain
from approvals.deadlines import queries as deadlines
from approvals.deadlines.querysets import light_on
from approvals.deadlines.states import Light
from approvals.review import operations as review
from approvals.review import policies, queries, routing
from approvals.review.models import Case, ReviewTask
from portal.core import clock
from portal.core.actor import Actor
from portal.core.api import MachineView, Page
from portal.core.errors import InvalidInput, NotFound
from portal.core.http import actor_of
from projects.registry.models import Project, Unit

app_name = "review-api"

NOT_NOW = OpenApiResponse(description="409: the state does not allow this; `code` says which rule")


class ApplicationInputSerializer(serializers.Serializer[None]):
    """What to apply for."""

    project = serializers.CharField(help_text="project code")
    stage = serializers.CharField(help_text="S0 to S4, or P for the parallel stream")
    items = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True, max_length=200)
    unit = serializers.CharField(required=False, allow_null=True, help_text="engineering code, if divided")
    channel = serializers.ChoiceField(choices=["online", "counter"], required=False, default="online")
    paper_received_on = serializers.DateField(required=False, allow_null=True)


class ReasonSerializer(serializers.Serializer[None]):
    """Why."""

    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class TaskSerializer(serializers.Serializer[None]):
    """One open step."""

    id = serializers.IntegerField()
    case = serializers.IntegerField()
    item = serializers.CharField()
    item_name = serializers.CharField()
    project = serializers.CharField(allow_null=True)
    project_name = serializers.CharField()
    department = serializers.CharField()
    step = serializers.CharField()
    deciding = serializers.BooleanField()
    conclusions = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField()
    assignee = serializers.CharField(allow_null=True)
    opened_at = serializers.DateTimeField()
    light = serializers.ChoiceField(choices=Light.choices)
    due_on = serializers.DateField(allow_null=True)


class TaskPageSerializer(serializers.Serializer[None]):
    """A page of tasks."""

    results = TaskSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class CompletionSerializer(serializers.Serializer[None]):
    """How a step ends."""

    conclusion = serializers.ChoiceField(choices=["pass", "return", "grant", "reject"])
    opinion = serializers.CharField(required=False, allow_blank=True, default="", max_length=10_000)
    attributes = serializers.DictField(required=False, allow_null=True)


class TimerSerializer(serializers.Serializer[None]):
    """Where the clock of a case stands today."""

    received_on = serializers.DateField(allow_null=True)
    accepted_on = serializers.DateField(allow_null=True)
    promised_days = serializers.IntegerField()
    statutory_days = serializers.IntegerField()
    unit = serializers.CharField()
    promised_due_on = serializers.DateField(allow_null=True)
    statutory_due_on = serializers.DateField(allow_null=True)
    light = serializers.ChoiceField(choices=Light.choices)
    state = serializers.CharField()


class CaseSerializer(serializers.Serializer[None]):
    """A case with everything that was said and decided."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    item = serializers.CharField()
    item_name = serializers.CharField()
    department = serializers.CharField()
    project = serializers.CharField(allow_null=True)
    application = serializers.IntegerField()
    stage = serializers.CharField()
    state = serializers.CharField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    timer = TimerSerializer()
    tasks = serializers.ListField(child=serializers.DictField())
    opinions = serializers.ListField(child=serializers.DictField())
    holds = serializers.ListField(child=serializers.DictField())
    decision = serializers.DictField(allow_null=True)
    earlier_results = serializers.ListField(child=serializers.DictField())


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
                raise InvalidInput(fields={"light": _("可选：%(lights)s。") % {"lights": "、".join(Light.values)}})
            tasks = tasks.annotate(light=light_on(today, "case__timer__")).filter(light=light)
        pages = OldestFirst()
        rows = pages.paginate_queryset(tasks, request, view=self) or []
        return pages.get_paginated_response([_task(task, today) for task in rows])


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
        _require_visible_task(task_id, actor)
        case = review.complete_task(
            task_id=task_id,
            conclusion=given.validated_data["conclusion"],
            opinion=given.validated_data["opinion"],
            attributes=given.validated_data.get("attributes"),
            actor=actor,
            at=clock.now(),
        )
        return Response(_case(queries.find_case(case.pk, actor=actor), actor))


class CaseView(MachineView):
    """GET /cases/{id}."""

    @extend_schema(operation_id="case_read", responses=CaseSerializer)
    def get(self, request: Request, case_id: int) -> Response:
        """Answer where a case stands."""
        actor = actor_of(request)
        return Response(_case(queries.find_case(case_id, actor=actor), actor))


def _unit_id(project: Project, code: str | None) -> int | None:
    if not code:
        return None
    unit_id: int | None = Unit.objects.filter(project=project, code=code).values_list("pk", flat=True).first()
    if unit_id is None:
        raise InvalidInput(fields={"unit": _("这个工程代码不属于本项目。请重新选择。")})
    return unit_id


def _require_visible_task(task_id: int, actor: Actor) -> None:
    """Refuse an outsider as if there were nothing."""
    case_id = ReviewTask.objects.filter(pk=task_id).values_list("case_id", flat=True).first()
    if case_id is None or not Case.objects.visible_to(actor).filter(pk=case_id).exists():
        raise NotFound


def _task(task: ReviewTask, today: Any) -> dict[str, Any]:
    timer = task.case.timer
    return {
        "id": task.pk,
        "case": task.case_id,
        "item": task.case.service_item.code,
        "item_name": task.case.service_item.name,
        "project": task.case.project.code,
        "project_name": task.case.project.name,
        "department": task.department_id,
        "step": task.step,
        "deciding": task.is_deciding,
        "conclusions": [choice.value for choice in routing.conclusions_for(deciding=task.is_deciding)],
        "state": task.state,
        "assignee": task.assignee.username if task.assignee else None,
        "opened_at": task.opened_at,
        "light": timer.light_on(today).value,
        "due_on": deadlines.promised_due_on(timer, today),
    }


def _case(case: Case, actor: Actor) -> dict[str, Any]:
    today = clock.today()
    timer = case.timer
    decision = getattr(case, "decision", None)
    internal = policies.can_read_opinions(actor, case)
    return {
        "id": case.pk,
        "number": case.number,
        "item": case.service_item.code,
        "item_name": case.service_item.name,
        "department": case.department_id,
        "project": case.project.code,
        "application": case.application_id,
        "stage": case.application.stage,
        "state": case.state,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "timer": {
            "received_on": timer.received_on,
            "accepted_on": timer.accepted_on,
            "promised_days": timer.promised_days,
            "statutory_days": timer.statutory_days,
            "unit": timer.unit,
            "promised_due_on": deadlines.promised_due_on(timer, today),
            "statutory_due_on": deadlines.statutory_due_on(timer, today),
            "light": timer.light_on(today).value,
            "state": timer.state,
        },
        "tasks": [
            {
                "id": task.pk,
                "step": task.step,
                "state": task.state,
                "opened_at": task.opened_at,
                "done_at": task.done_at,
            }
            for task in case.tasks.order_by("pk")
        ],
        "opinions": [
            {
                "step": opinion.step,
                "conclusion": opinion.conclusion,
                "opinion": opinion.text,
                "author": opinion.author_name,
                "given_at": opinion.given_at,
            }
            for opinion in (case.opinions.order_by("pk") if internal else ())
        ],
        "holds": [
            {
                "id": hold.pk,
                "reason": hold.reason,
                "clock": hold.clock,
                "kind": hold.kind or None,
                "expected_days": hold.expected_days,
                "opened_at": hold.opened_at,
                "released_at": hold.released_at,
            }
            for hold in case.holds.order_by("pk")
        ],
        "decision": None
        if decision is None
        else {
            "outcome": decision.outcome,
            "number": decision.number,
            "title": decision.title,
            "reason": decision.reason,
            "attributes": decision.attributes,
            "decided_at": decision.decided_at,
        },
        "earlier_results": [
            {
                "item": result.item,
                "title": result.title,
                "number": result.number,
                "decided_on": result.decided_on,
                "attributes": dict(result.attributes),
                "document": result.document_id,
            }
            for result in queries.earlier_results(case)
        ],
    }


urlpatterns = [
    path("applications", ApplicationsView.as_view(), name="open"),
    path("applications/<int:application_id>/accept", AcceptView.as_view(), name="accept"),
    path("applications/<int:application_id>/withdraw", WithdrawView.as_view(), name="withdraw"),
    path("tasks", TasksView.as_view(), name="tasks"),
    path("tasks/<int:task_id>/complete", CompleteView.as_view(), name="complete"),
    path("cases/<int:case_id>", CaseView.as_view(), name="case"),
]
