"""Who may do what in joint work. Button, view and operation ask the same function."""

from approvals.joint.models import Consultation, Participant, Point, Request, Session
from approvals.joint.querysets import concerned
from approvals.review.models import Case, StageRun
from portal.core.actor import Actor
from portal.core.errors import NotAllowed
from projects.registry.models import Project


def require(allowed: bool) -> None:
    """Refuse unless allowed.

    :raises NotAllowed: the policy said no
    """
    if not allowed:
        raise NotAllowed


def person_id(actor: Actor) -> int:
    """Return who acts where only a person can: a question and a reply have an author.

    :raises NotAllowed: the system acts
    """
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id


def _owns(actor: Actor, project: Project) -> bool:
    return project.owner_id in actor.enterprise_ids or project.pk in actor.project_ids


# --- consultations ---------------------------------------------------------------------------------------------------


def can_ask_about_case(actor: Actor, case: Case) -> bool:
    """Whoever works on the case in its department."""
    return case.is_running and actor.may("consult.ask", department=case.department_id)


def can_ask_about_stage(actor: Actor, run: StageRun) -> bool:
    """The lead of the stage."""
    return (
        run.lead_id is not None
        and actor.may("stage.lead", department=run.lead_id)
        and actor.may("consult.ask", department=run.lead_id)
    )


def can_ask_further(actor: Actor, request: Request) -> bool:
    """The asked department, of its own offices and of other departments, while it owes the answer itself."""
    return request.is_pending and actor.may("consult.ask", department=request.department_id)


def can_reply(actor: Actor, request: Request) -> bool:
    """Members of the asked department; where an office is asked, its people and who assigns work there."""
    if not actor.may("consult.reply", department=request.department_id):
        return False
    return not request.unit or request.unit in actor.units or actor.may("task.assign", department=request.department_id)


def can_steer(actor: Actor, consultation: Consultation) -> bool:
    """Colleagues of who asked: supply, urge, close."""
    return actor.may("consult.ask", department=consultation.department_id)


def can_view_consultation(actor: Actor, consultation: Consultation) -> bool:
    """The asking department, the lead of the stage, who sees the whole city."""
    if actor.citywide("case.view") or consultation.department_id in concerned(actor):
        return True
    run = consultation.stage_run or (consultation.case.stage_run if consultation.case else None)
    return run is not None and run.lead_id in actor.departments_for("stage.lead")


def can_view_request(actor: Actor, request: Request) -> bool:
    """The asked department, the asking one, who sees the whole city."""
    return actor.citywide("case.view") or not concerned(actor).isdisjoint(
        {request.department_id, request.consultation.department_id}
    )


# --- sessions --------------------------------------------------------------------------------------------------------


def can_call(actor: Actor, lead: str) -> bool:
    """Members of the department that leads this kind of session."""
    return actor.may("joint.call", department=lead)


def can_lead(actor: Actor, session: Session) -> bool:
    """Members of the leading department."""
    return can_call(actor, session.lead_id)


def can_attend(actor: Actor, participant: Participant) -> bool:
    """Members of the invited department."""
    return actor.may("joint.attend", department=participant.department_id)


def raises_for(actor: Actor, session: Session) -> frozenset[str]:
    """Return the departments of a session for which the actor may put points on the list; asks for participants."""
    meeting = {session.lead_id, *(row.department_id for row in session.participants.all())}
    return frozenset(department for department in meeting if actor.may("joint.attend", department=department))


def can_judge(actor: Actor, point: Point) -> bool:
    """The department that raised the point, and nobody for it."""
    return actor.may("joint.attend", department=point.department_id)


def can_mend(actor: Actor, session: Session) -> bool:
    """The applicant, and who has his mandate."""
    return actor.may_own("joint.mend") and _owns(actor, session.project)


def is_applicant(actor: Actor, session: Session) -> bool:
    """Tell whether the actor sees a session only from the applicant's side."""
    return not sees_inside(actor, session) and actor.may_own("joint.follow") and _owns(actor, session.project)


def sees_inside(actor: Actor, session: Session) -> bool:
    """The departments that meet, and who sees the whole city: minutes and opinions are theirs alone."""
    if actor.citywide("case.view"):
        return True
    departments = concerned(actor)
    return session.lead_id in departments or any(row.department_id in departments for row in session.participants.all())


def can_view_session(actor: Actor, session: Session) -> bool:
    """The departments that meet, the applicant, who sees the whole city."""
    return sees_inside(actor, session) or (actor.may_own("joint.follow") and _owns(actor, session.project))
