"""Every state of the tables x every move: allowed or refused; every state of a session x every verb of its lead."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from approvals.joint import operations as joint
from approvals.joint.models import Conclusion, Consultation, Participant, Point, Request, Session
from approvals.joint.states import (
    CONCLUSION_TRANSITIONS,
    CONSULTATION_TRANSITIONS,
    PARTICIPANT_TRANSITIONS,
    POINT_TRANSITIONS,
    REQUEST_TRANSITIONS,
    SESSION_TRANSITIONS,
    ConclusionState,
    ConsultationState,
    ParticipantState,
    PointState,
    RequestState,
    SessionState,
)
from approvals.review.models import Case
from portal.core.actor import Actor
from portal.core.errors import DomainError
from portal.core.transitions import TransitionRefused, require_move
from tests.factories import joint as factory
from tests.factories import review as reviewing

TABLES: list[tuple[Any, Any, Any]] = [
    (Consultation, ConsultationState, CONSULTATION_TRANSITIONS),
    (Request, RequestState, REQUEST_TRANSITIONS),
    (Session, SessionState, SESSION_TRANSITIONS),
    (Participant, ParticipantState, PARTICIPANT_TRANSITIONS),
    (Point, PointState, POINT_TRANSITIONS),
    (Conclusion, ConclusionState, CONCLUSION_TRANSITIONS),
]


@pytest.mark.parametrize(("model", "states", "table"), TABLES)
def test_what_the_table_does_not_name_is_refused(model: Any, states: Any, table: Any) -> None:
    assert set(table) == set(states)
    for before in states:
        for after in states:
            if after in table[before]:
                require_move(model(state=before), to=after)
            else:
                with pytest.raises(TransitionRefused):
                    require_move(model(state=before), to=after)


#: session state -> the verbs of the lead that it takes; everything else about the session is in order for each
ALLOWED = {
    SessionState.INVITED: {"record", "cancel"},
    SessionState.HELD: {"send_list", "conclude", "cancel"},
    SessionState.RECTIFYING: {"recheck", "cancel"},
    SessionState.RECHECKING: {"send_list", "conclude", "cancel"},
    SessionState.CONCLUDED: set(),
    SessionState.CANCELLED: set(),
}


@pytest.mark.parametrize("state", SessionState.values)
@pytest.mark.parametrize("verb", ["record", "send_list", "recheck", "conclude", "cancel"])
def test_session_verbs_by_state(session: Session, lead: Actor, at: datetime, state: str, verb: str) -> None:
    if state != SessionState.INVITED:
        factory.held(session, at=at)
        factory.all_opined(session, at=at)
        factory.a_point(session, factory.FIRST, at=at, mandatory=False)
    ended = at if state in (SessionState.CONCLUDED, SessionState.CANCELLED) else None
    Session.objects.filter(pk=session.pk).update(state=state, ended_at=ended, mend_by=at.date())
    of = {"session_id": session.pk, "actor": lead, "at": at}
    verbs: dict[str, Callable[[], object]] = {
        "record": lambda: joint.record(minutes="记", present=[], **of),
        "send_list": lambda: joint.send_list(mend_by=(at + timedelta(days=5)).date(), **of),
        "recheck": lambda: joint.begin_recheck(**of),
        "conclude": lambda: joint.conclude(is_passed=True, text="通过", **of),
        "cancel": lambda: joint.cancel(reason="改期", **of),
    }

    if verb in ALLOWED[SessionState(state)]:
        verbs[verb]()
    else:
        with pytest.raises(DomainError):
            verbs[verb]()
        session.refresh_from_db()
        assert session.state == state


#: request state -> the verbs that it takes
TAKES = {
    RequestState.ASKED: {"reply", "ask_back", "urge"},
    RequestState.INFO_NEEDED: {"reply", "ask_back", "supplement"},
    RequestState.ANSWERED: {"reply"},
    RequestState.SILENT: {"reply"},
    RequestState.CLOSED: set(),
}


@pytest.mark.parametrize("state", RequestState.values)
@pytest.mark.parametrize("verb", ["reply", "ask_back", "urge", "supplement"])
def test_request_verbs_by_state(case: Case, asker: Actor, at: datetime, state: str, verb: str) -> None:
    consultation = factory.asked(case, "sthj", "rf", at=at)
    row = factory.request_to(consultation, "sthj")
    if state == RequestState.INFO_NEEDED:
        factory.replied(row, at=at, position="need_info", text="缺图")
    elif state in (RequestState.ANSWERED, RequestState.SILENT):
        factory.replied(row, at=at)
        Request.objects.filter(pk=row.pk).update(state=state)
    elif state == RequestState.CLOSED:
        joint.close(consultation_id=consultation.pk, summary="不等了", actor=asker, at=at)
    other = reviewing.member("sthj", "handler")
    verbs: dict[str, Callable[[], object]] = {
        "reply": lambda: joint.reply(request_id=row.pk, position="agree", text="", actor=other, at=at),
        "ask_back": lambda: joint.reply(request_id=row.pk, position="need_info", text="图", actor=other, at=at),
        "urge": lambda: joint.urge(request_id=row.pk, actor=asker, at=at),
        "supplement": lambda: joint.supplement(request_id=row.pk, text="补", actor=asker, at=at),
    }

    if verb in TAKES[RequestState(state)]:
        verbs[verb]()
    else:
        with pytest.raises(DomainError):
            verbs[verb]()
        row.refresh_from_db()
        assert row.state == state
