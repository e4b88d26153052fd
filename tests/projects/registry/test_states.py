"""Every verb in every state: what the transition tables allow, and nothing else."""

import pytest

from portal.core.errors import InvalidInput, NotAllowed
from portal.core.transitions import TransitionRefused
from projects.registry import operations as registry
from projects.registry.models import CodeRequest, Project
from projects.registry.states import PROJECT_TRANSITIONS, ProjectState
from tests.cast import as_actor

CODE = "2601-449902-04-01-314155"
VERBS = {
    "close": ProjectState.CLOSED,
    "withdraw": ProjectState.WITHDRAWN,
    "assign_code": ProjectState.REGISTERED,
    "reopen": ProjectState.REGISTERED,
}
#: two verbs lead to one state, each from its own
BEGINS = {"assign_code": ProjectState.PROPOSED, "reopen": ProjectState.CLOSED}
EXTRA = {"close": {}, "withdraw": {"reason": "不建了"}, "assign_code": {"code": CODE}, "reopen": {}}
TOPICS = {
    "close": "registry.project.closed",
    "withdraw": "registry.project.withdrawn",
    "assign_code": "registry.project.registered",
    "reopen": "registry.project.reopened",
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", ProjectState.values)
def test_moves_only_along_the_table(project, clerk, at, state, verb, said):
    proposed = {"code": None} if state == ProjectState.PROPOSED else {}
    Project.objects.filter(pk=project.pk).update(state=state, **proposed)
    act = getattr(registry, verb)
    call = {"project_id": project.pk, "actor": as_actor(clerk), "at": at, **EXTRA[verb]}

    if VERBS[verb] in PROJECT_TRANSITIONS[ProjectState(state)] and BEGINS.get(verb, state) == state:
        act(**call)
        project.refresh_from_db()
        assert project.state == VERBS[verb]
        assert said(TOPICS[verb])[0]["from"] == state
        with pytest.raises(TransitionRefused):
            act(**call)
    else:
        with pytest.raises(TransitionRefused):
            act(**call)
        project.refresh_from_db()
        assert project.state == state


def test_closing_notes_the_time(project, clerk, at):
    assert registry.close(project_id=project.pk, actor=as_actor(clerk), at=at).closed_at == at


def test_withdrawing_needs_a_reason_and_the_owner_or_the_window(
    project, owner_actor, other_applicant, agent, leader, planning_handler, at
):
    for person in (other_applicant, agent, leader, planning_handler):
        with pytest.raises(NotAllowed):
            registry.withdraw(project_id=project.pk, reason="不建了", actor=as_actor(person), at=at)
    with pytest.raises(InvalidInput):
        registry.withdraw(project_id=project.pk, reason=" ", actor=owner_actor, at=at)

    assert registry.withdraw(project_id=project.pk, reason="不建了", actor=owner_actor, at=at).is_over


def test_an_outsider_closes_nothing(project, other_applicant, at):
    with pytest.raises(NotAllowed):
        registry.close(project_id=project.pk, actor=as_actor(other_applicant), at=at)


def test_a_registered_project_never_asked_for_a_code(project):
    assert not CodeRequest.objects.exists()
