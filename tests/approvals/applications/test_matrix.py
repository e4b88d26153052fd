"""Every state of an application against every verb: allowed or refused, nothing in between."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from approvals.applications import operations as applications
from approvals.applications import queries
from approvals.applications.models import Application
from approvals.applications.states import APPLICATION_TRANSITIONS, ApplicationState
from approvals.review import operations as review
from portal.accounts.models import Enterprise, User
from portal.core.actor import Actor
from portal.core.errors import Conflict
from portal.core.transitions import TransitionRefused
from tests.cast import as_actor
from tests.factories import applications as make
from tests.factories.projects import pdf

pytestmark = pytest.mark.django_db

S = ApplicationState
SYSTEM = Actor.system("tests")
LATE = timedelta(days=60)


@pytest.fixture
def build(
    enterprise: Enterprise, applicant: User, clerk: User, at: datetime
) -> Callable[[ApplicationState], Application]:
    """Return a function that brings an application into a state, always through its verbs."""
    owner, window = as_actor(applicant), as_actor(clerk)

    def bring(state: ApplicationState) -> Application:
        if state == S.DRAFT:
            return make.a_complete_draft(owner=enterprise, actor=owner, at=at)
        if state in (S.CORRECTING, S.RETURNED):
            application = make.correcting(owner=enterprise, actor=owner, clerk=window, at=at)
            if state == S.RETURNED:
                assert applications.return_expired(at=at + LATE) == 1
            return application
        application = make.handed_in(owner=enterprise, actor=owner, at=at)
        if state == S.REJECTED:
            applications.reject(application_id=application.pk, reason="无权受理", actor=window, at=at)
        elif state == S.NOT_REQUIRED:
            applications.not_required(application_id=application.pk, reason="不需许可", actor=window, at=at)
        elif state == S.WITHDRAWN:
            applications.mark_withdrawn(application_id=application.pk, reason="不办了", actor=owner, at=at)
        elif state in (S.ACCEPTED, S.COMPLETED):
            applications.mark_accepted(application_id=application.pk, actor=window, at=at)
            if state == S.COMPLETED:
                applications.mark_completed(application_id=application.pk, actor=SYSTEM, at=at)
        return application

    return bring


def _act(verb: str, application: Application, owner: Actor, window: Actor, at: datetime) -> object:
    pk = application.pk
    slot = make.first_slot(application)
    match verb:
        case "save":
            field = next(
                field
                for field in queries.form_of(queries.find(pk, actor=SYSTEM)).spec.fields.values()
                if field.type == "text" and field.definition.source == "applicant"
            )
            # the notice of this matrix names a material; which fields a notice opens is told by test_mend
            value = queries.form_of(application).values.get(field.id) if application.is_correcting else "改"
            return applications.save_answers(application_id=pk, values={field.id: value}, actor=owner, at=at)
        case "attach":
            return applications.attach(
                application_id=pk, material=slot.material, upload=pdf(note="改"), actor=owner, at=at
            )
        case "submit":
            if application.is_correcting:
                _act("attach", application, owner, window, at)
            return applications.submit(application_id=pk, actor=owner, at=at)
        case "check":
            return applications.check_slot(slot_id=slot.pk, verdict="complete", remark="", actor=window, at=at)
        case "correct":
            return applications.request_correction(application_id=pk, missing=[slot.pk], actor=window, at=at)
        case "reject":
            return applications.reject(application_id=pk, reason="无权受理", actor=window, at=at)
        case "not_required":
            return applications.not_required(application_id=pk, reason="不需许可", actor=window, at=at)
        case "accept":
            return review.accept(application_id=pk, actor=window, at=at)
        case "complete":
            return applications.mark_completed(application_id=pk, actor=SYSTEM, at=at)
        case "withdraw":
            return applications.mark_withdrawn(application_id=pk, reason="不办了", actor=owner, at=at)
    raise AssertionError(verb)


#: verb -> the states in which it is allowed
ALLOWED = {
    "save": {S.DRAFT, S.CORRECTING},
    "attach": {S.DRAFT, S.CORRECTING},
    "submit": {S.DRAFT, S.CORRECTING},
    "check": {S.SUBMITTED},
    "correct": {S.SUBMITTED},
    "reject": {S.SUBMITTED},
    "not_required": {S.SUBMITTED},
    "accept": {S.SUBMITTED},
    "complete": {S.ACCEPTED},
    "withdraw": {S.DRAFT, S.SUBMITTED, S.CORRECTING, S.ACCEPTED},
}


def test_the_table_has_every_state() -> None:
    assert set(APPLICATION_TRANSITIONS) == set(S)
    assert set(S) == {state for states in ALLOWED.values() for state in states} | {
        S.RETURNED,
        S.REJECTED,
        S.NOT_REQUIRED,
        S.WITHDRAWN,
        S.COMPLETED,
    }


@pytest.mark.parametrize("state", list(S), ids=str)
def test_refuses_what_the_state_does_not_allow(
    state: ApplicationState,
    build: Callable[[ApplicationState], Application],
    applicant: User,
    clerk: User,
    at: datetime,
) -> None:
    application = build(state)
    application.refresh_from_db()
    owner, window = as_actor(applicant), as_actor(clerk)

    for verb, allowed in ALLOWED.items():
        if state in allowed:
            continue
        with pytest.raises(Conflict) as refusal:
            _act(verb, application, owner, window, at)
        assert isinstance(refusal.value, TransitionRefused), verb
        application.refresh_from_db()
        assert application.state == state, verb


@pytest.mark.parametrize(
    ("verb", "state"), [(verb, state) for verb, states in ALLOWED.items() for state in sorted(states)]
)
def test_does_what_the_state_allows(
    verb: str,
    state: ApplicationState,
    build: Callable[[ApplicationState], Application],
    applicant: User,
    clerk: User,
    at: datetime,
) -> None:
    application = build(state)

    _act(verb, application, as_actor(applicant), as_actor(clerk), at)
