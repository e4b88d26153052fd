"""Every state of the three tables x every move: allowed or refused."""

from datetime import datetime
from typing import Any

import pytest

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review.models import Case, ReviewTask, StageRun
from approvals.review.states import (
    CASE_TRANSITIONS,
    STAGE_TRANSITIONS,
    TASK_TRANSITIONS,
    CaseState,
    Conclusion,
    StageState,
    TaskState,
)
from portal.core.errors import DomainError
from portal.core.transitions import TransitionRefused, require_move
from tests.factories import review as factory


@pytest.mark.parametrize("table", [CASE_TRANSITIONS, STAGE_TRANSITIONS, TASK_TRANSITIONS])
def test_every_state_has_its_row_and_only_known_targets(table: dict[str, frozenset[str]]) -> None:
    for targets in table.values():
        assert targets <= set(table)


@pytest.mark.parametrize(("model", "states"), [(Case, CaseState), (StageRun, StageState), (ReviewTask, TaskState)])
def test_what_the_table_does_not_name_is_refused(model: Any, states: Any) -> None:
    for before in states:
        for after in states:
            row = model(state=before)
            if after in model.TRANSITIONS[before]:
                require_move(row, to=after)
            else:
                with pytest.raises(TransitionRefused):
                    require_move(row, to=after)


#: task state -> the verbs that a member who holds it may still use
ALLOWED = {
    TaskState.WAITING: {"claim", "complete", "draft"},
    TaskState.CLAIMED: {"claim", "complete", "draft", "hand_back"},
    TaskState.DONE: set(),
    TaskState.CANCELLED: set(),
}


@pytest.mark.parametrize("state", TaskState.values)
@pytest.mark.parametrize("verb", ["claim", "hand_back", "complete", "draft"])
def test_task_verbs_by_state(application: Application, at: datetime, state: str, verb: str) -> None:
    case = factory.case_of(application, "S1-07")
    task = factory.open_task(case)
    actor = factory.member(case.department_id, "handler")
    ReviewTask.objects.filter(pk=task.pk).update(
        state=state,
        assignee_id=None if state == TaskState.WAITING else actor.user_id,
        done_at=at if state in (TaskState.DONE, TaskState.CANCELLED) else None,
    )
    verbs = {
        "claim": lambda: review.claim(task_id=task.pk, actor=actor, at=at),
        "hand_back": lambda: review.hand_back(task_id=task.pk, actor=actor, at=at),
        "complete": lambda: review.complete_task(
            task_id=task.pk, conclusion=Conclusion.PASS, opinion="", actor=actor, at=at
        ),
        "draft": lambda: review.save_draft(task_id=task.pk, conclusion="", text="x", version=0, actor=actor, at=at),
    }

    if verb in ALLOWED[TaskState(state)]:
        verbs[verb]()
    else:
        with pytest.raises(DomainError):
            verbs[verb]()


@pytest.mark.parametrize("state", CaseState.values)
@pytest.mark.parametrize("verb", ["hold", "decide"])
def test_case_verbs_by_state(application: Application, at: datetime, state: str, verb: str) -> None:
    case = factory.case_of(application, "S1-04")
    task = factory.open_task(case)
    actor = factory.member(case.department_id, "handler")
    ended = state in (CaseState.DECIDED, CaseState.CLOSED)
    Case.objects.filter(pk=case.pk).update(state=state, closed_at=at if ended else None)
    if state == CaseState.HELD:
        case.holds.create(reason="等意见", opened_at=at, opened_by="x")
    allowed = {"hold": not ended, "decide": state == CaseState.OPEN}[verb]

    def act() -> object:
        if verb == "hold":
            return review.place_hold(case_id=case.pk, reason="等意见", actor=actor, at=at)
        return review.complete_task(task_id=task.pk, conclusion=Conclusion.GRANT, opinion="同意", actor=actor, at=at)

    if allowed:
        act()
    else:
        with pytest.raises(DomainError):
            act()
