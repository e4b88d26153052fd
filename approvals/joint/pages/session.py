"""A session as those who meet see it, and as the applicant does."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from approvals.deadlines import links
from approvals.deadlines import queries as deadlines
from approvals.deadlines.queries import LightWords
from approvals.joint import policies
from approvals.joint.models import Conclusion, Participant, Point, PointStep, Session, SessionResult
from approvals.joint.queries import sessions as reading
from approvals.joint.states import PARTICIPANT_ANSWERS, PARTICIPANT_PENDING, ParticipantState, PointState, SessionState
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotFound
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import JointResult

#: the list is the applicant's from the moment it was sent
TOLD = (SessionState.RECTIFYING, SessionState.RECHECKING, SessionState.CONCLUDED)


@dataclass(frozen=True, slots=True)
class ParticipantView:
    """A participant with the light of his opinion, and what the reader may do for him."""

    row: Participant
    light: LightWords | None
    may_answer: bool
    may_sign_in: bool
    may_opine: bool


@dataclass(frozen=True, slots=True)
class PointView:
    """A point with its history, and what the reader may do about it."""

    row: Point
    steps: tuple[PointStep, ...]
    may_mend: bool
    may_judge: bool
    may_waive: bool
    #: the first one that waits for the reader
    is_next: bool


@dataclass(frozen=True, slots=True)
class ResultView:
    """Something the session has to bring about, and what was handed in."""

    wanted: JointResult
    given: SessionResult | None


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session for one reader."""

    session: Session
    stage: str
    light: LightWords
    ledger_url: str
    is_applicant: bool
    participants: tuple[ParticipantView, ...]
    points: tuple[PointView, ...]
    results: tuple[ResultView, ...]
    conclusion: Conclusion | None
    raises_for: tuple[tuple[str, str], ...]
    may_lead: bool
    may_record: bool
    may_send_list: bool
    may_recheck: bool
    may_conclude: bool
    holds: int

    @property
    def open_points(self) -> int:
        return sum(point.row.is_open for point in self.points)

    @property
    def mine(self) -> tuple[ParticipantView, ...]:
        """Return the participants for whom the reader may do something."""
        return tuple(view for view in self.participants if view.may_answer or view.may_sign_in or view.may_opine)

    @property
    def primary(self) -> str:
        """Name the one act that is the reader's next: record, list, recheck, conclude, opinion, answer, mend, judge."""
        if any(point.may_judge for point in self.points):
            return "judge"
        if self.may_record:
            return "record"
        if self.may_recheck:
            return "recheck"
        if self.may_send_list and self.open_points:
            return "list"
        if self.may_conclude:
            return "conclude"
        if any(view.may_opine and view.row.state in PARTICIPANT_PENDING for view in self.participants):
            return "opinion"
        if any(view.may_answer for view in self.participants):
            return "answer"
        return "mend" if any(point.may_mend for point in self.points) else ""


def find_session(session_id: int, actor: Actor) -> Session:
    """Return a session the actor may see, with its participants.

    :raises NotFound: there is none, or not for this actor
    """
    found: Session | None = (
        Session.objects.select_related("project__owner", "lead", "timer", "stage_run__unit")
        .prefetch_related(
            Prefetch("participants", Participant.objects.select_related("department", "timer").order_by("pk"))
        )
        .filter(pk=session_id)
        .first()
    )
    if found is None or not policies.can_view_session(actor, found):
        raise NotFound
    return found


def find_participant(participant_id: int, actor: Actor) -> Participant:
    """Return a participant of a session whose inside the actor sees.

    :raises NotFound: there is none, or not for this actor
    """
    row = Participant.objects.filter(pk=participant_id).first()
    if row is None:
        raise NotFound
    session = find_session(row.session_id, actor)
    if not policies.sees_inside(actor, session):
        raise NotFound
    return next(each for each in session.participants.all() if each.pk == participant_id)


def find_point(point_id: int, actor: Actor) -> Point:
    """Return a point of a session the actor may see; the applicant sees it once the list was sent.

    :raises NotFound: there is none, or not for this actor
    """
    point = Point.objects.select_related("blob").filter(pk=point_id).first()
    if point is None:
        raise NotFound
    point.session = find_session(point.session_id, actor)
    if not _sees_points(point.session, actor):
        raise NotFound
    return point


def find_step(step_id: int, actor: Actor) -> PointStep:
    """Return a step of a point the actor may see.

    :raises NotFound: there is none, or not for this actor
    """
    step = PointStep.objects.select_related("blob").filter(pk=step_id).first()
    if step is None:
        raise NotFound
    find_point(step.point_id, actor)
    return step


def find_result(result_id: int, actor: Actor) -> SessionResult:
    """Return a result of a session the actor may see; the applicant gets it with the conclusion.

    :raises NotFound: there is none, or not for this actor
    """
    result = SessionResult.objects.select_related("blob").filter(pk=result_id).first()
    if result is None:
        raise NotFound
    session = find_session(result.session_id, actor)
    if session.state != SessionState.CONCLUDED and not policies.sees_inside(actor, session):
        raise NotFound
    return result


def session_page(session: Session, actor: Actor, *, at: datetime) -> SessionPage:
    """Read the page of a session found by `find_session`."""
    today = clock.day_of(at)
    inside = policies.sees_inside(actor, session)
    leads = policies.can_lead(actor, session)
    has_come = today >= clock.day_of(session.meets_at)
    participants = tuple(_participant(row, session, actor, today=today) for row in session.participants.all())
    names = {row.department_id: row.department.name for row in session.participants.all()}
    names[session.lead_id] = session.lead.name
    raises = policies.raises_for(actor, session) if session.state == SessionState.HELD else frozenset()
    given = {row.result: row for row in session.results.all()} if inside or not session.is_running else {}
    state = session.state
    return SessionPage(
        session=session,
        stage=catalogues.catalogue(session.project.pack_version_id).stages[session.stage_run.stage].name,
        light=deadlines.light_words(session.timer, today),
        ledger_url=links.ledger_url(session.timer_id, f"{session.project.name} {session.name}"),
        is_applicant=not inside,
        participants=participants,
        points=_points(session, actor) if _sees_points(session, actor) else (),
        results=tuple(ResultView(wanted, given.get(wanted.id)) for wanted in reading.results_of(session)),
        conclusion=Conclusion.objects.select_related("document").filter(session=session).first(),
        raises_for=tuple(sorted((pk, names[pk]) for pk in raises)),
        may_lead=leads and session.is_running,
        may_record=leads and state == SessionState.INVITED and has_come,
        may_send_list=leads and state in (SessionState.HELD, SessionState.RECHECKING) and session.has_rounds_left,
        may_recheck=leads and state == SessionState.RECTIFYING,
        may_conclude=leads and state in (SessionState.HELD, SessionState.RECHECKING),
        holds=session.holds.filter(hold__released_at=None).count() if inside else 0,
    )


def _sees_points(session: Session, actor: Actor) -> bool:
    return session.state in TOLD or policies.sees_inside(actor, session)


def _participant(row: Participant, session: Session, actor: Actor, *, today: date) -> ParticipantView:
    row.session = session
    own = session.is_running and policies.can_attend(actor, row)
    before = session.state == SessionState.INVITED and row.state != ParticipantState.PRESENT
    return ParticipantView(
        row=row,
        light=deadlines.light_words(row.timer, today) if row.timer else None,
        may_answer=own and before and row.state in (ParticipantState.INVITED, *PARTICIPANT_ANSWERS),
        may_sign_in=own and before and today >= clock.day_of(session.meets_at),
        may_opine=own and session.state != SessionState.INVITED,
    )


def _points(session: Session, actor: Actor) -> tuple[PointView, ...]:
    rows = session.points.select_related("department").prefetch_related(
        Prefetch("steps", PointStep.objects.order_by("pk"))
    )
    mends = session.state == SessionState.RECTIFYING and policies.can_mend(actor, session)
    judges = session.state == SessionState.RECHECKING
    found = []
    waits = False
    for row in rows.order_by("number"):
        may_mend = mends and row.state == PointState.OPEN
        may_judge = judges and row.state == PointState.REPORTED and policies.can_judge(actor, row)
        found.append(
            PointView(
                row=row,
                steps=tuple(row.steps.all()),
                may_mend=may_mend,
                may_judge=may_judge,
                may_waive=session.is_running and row.is_open and policies.can_judge(actor, row),
                is_next=(may_mend or may_judge) and not waits,
            )
        )
        waits = waits or may_mend or may_judge
    return tuple(found)
