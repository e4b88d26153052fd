"""Lists of joint work for departments and applicants, already loaded."""

from django.db.models import Count, F, Prefetch, Q, QuerySet

from approvals.joint.models import Consultation, Participant, Point, Reply, Request, Session
from approvals.joint.querysets import concerned
from approvals.joint.states import POINT_OPEN, PointState, SessionState
from portal.core import paging
from portal.core.actor import Actor
from portal.core.counting import Rows

SHOWN_INVITATIONS = 50


def waiting(actor: Actor) -> Rows:
    """Return the questions, invitations and opinions that wait for the actor's departments, for his menu."""
    return Request.objects.pending_for(actor), Participant.objects.waiting_for(actor)


def waiting_for_applicant(actor: Actor) -> Rows:
    """Return the points that wait to be mended by the applicant, for his menu."""
    sessions = Session.objects.of_applicant(actor).filter(state=SessionState.RECTIFYING)
    return (Point.objects.filter(session__in=sessions, state=PointState.OPEN),)


def requests_to_us(actor: Actor, *, state: str, cursor: str, size: int = paging.SIZE) -> paging.Page[Request]:
    """Return the questions to the actor's departments, newest first."""
    rows = Request.objects.filter(department_id__in=concerned(actor)).select_related(
        "department", "timer", "consultation__department", "consultation__project"
    )
    return paging.page(rows.filter(state=state) if state else rows, by=("-id",), cursor=cursor, size=size)


def asked_by_us(actor: Actor, *, cursor: str, size: int = paging.SIZE) -> paging.Page[Consultation]:
    """Return the questions of the actor's departments, newest first, with their requests."""
    rows = _with_requests(Consultation.objects.filter(department_id__in=concerned(actor)))
    return paging.page(rows, by=("-id",), cursor=cursor, size=size)


def invitations(actor: Actor) -> list[Participant]:
    """Return the running sessions the actor's departments are invited to, the nearest meeting first."""
    return list(
        Participant.objects.filter(
            department_id__in=actor.departments_for("joint.attend"), session__ended_at__isnull=True
        )
        .select_related("department", "timer", "session__project", "session__lead")
        .order_by("session__meets_at", "pk")[:SHOWN_INVITATIONS]
    )


def led_sessions(actor: Actor, *, cursor: str, size: int = paging.SIZE) -> paging.Page[Session]:
    """Return the sessions that the actor's departments lead or attend, newest first."""
    rows = (
        Session.objects.of_departments(concerned(actor))
        .select_related("project", "lead", "timer")
        .annotate(open_points=Count("points", filter=Q(points__state__in=POINT_OPEN)))
    )
    return paging.page(rows, by=("-id",), cursor=cursor, size=size)


def own_sessions(actor: Actor, *, cursor: str, size: int = paging.SIZE) -> paging.Page[Session]:
    """Return the sessions on the applicant's projects, newest first, with what he has to mend."""
    rows = (
        Session.objects.of_applicant(actor)
        .select_related("project", "lead", "conclusion")
        .annotate(
            open_points=Count(
                "points",
                filter=Q(points__state=PointState.OPEN, state=SessionState.RECTIFYING),
            )
        )
    )
    return paging.page(rows, by=("-id",), cursor=cursor, size=size)


def consultations_of_case(case_id: int, actor: Actor) -> list[Consultation]:
    """Return the consultations of a case the actor may see, newest first, with their requests and replies."""
    return list(_with_replies(Consultation.objects.visible_to(actor).filter(case_id=case_id)).order_by("-pk"))


def consultations_of_stage(run_id: int, actor: Actor) -> list[Consultation]:
    """Return the consultations of a stage and of its cases the actor may see, newest first."""
    rows = Consultation.objects.visible_to(actor).filter(Q(stage_run_id=run_id) | Q(case__stage_run_id=run_id))
    return list(_with_requests(rows).order_by("-pk"))


def _with_requests(rows: QuerySet[Consultation]) -> QuerySet[Consultation]:
    requests = Request.objects.select_related("department", "timer").order_by(F("answered_at").asc(nulls_last=True))
    return rows.select_related("department", "project", "case__service_item").prefetch_related(
        Prefetch("requests", requests)
    )


def _with_replies(rows: QuerySet[Consultation]) -> QuerySet[Consultation]:
    return _with_requests(rows).prefetch_related(Prefetch("requests__replies", Reply.objects.order_by("-revision")))
