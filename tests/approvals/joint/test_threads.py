"""Real threads against PostgreSQL: what happens in the same moment happens once."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from approvals.joint import operations as joint
from approvals.joint.models import Conclusion, Consultation, Session
from approvals.joint.states import ConsultationState, RequestState, SessionState
from approvals.review.models import Case
from portal.core import audit
from portal.core.actor import Actor
from portal.core.errors import DomainError
from portal.core.models import OutboxMessage
from tests.factories import joint as factory
from tests.factories import review as reviewing

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[object]:
    """Run acts in threads that start in the same moment; return each one's result or its refusal."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(index: int) -> None:
        barrier.wait()
        try:
            results[index] = acts[index]()
        except DomainError as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "threads wait for each other"
    return results


def refusals(results: list[object]) -> list[DomainError]:
    return [result for result in results if isinstance(result, DomainError)]


def topics(topic: str) -> int:
    return OutboxMessage.objects.filter(topic=topic).count()


def test_the_last_replies_together_complete_once(case: Case, at: datetime) -> None:
    asked = ("sthj", "rf", "sw", "qx")
    consultation = factory.asked(case, *asked, at=at)
    acts = []
    for department in asked:
        row, actor = factory.request_to(consultation, department), reviewing.member(department, "handler")
        acts.append(
            lambda row=row, actor=actor: joint.reply(request_id=row.pk, position="agree", text="", actor=actor, at=at)
        )

    assert refusals(together(*acts)) == []

    consultation.refresh_from_db()
    assert consultation.state == ConsultationState.COMPLETE
    assert topics("joint.consultation.completed") == 1
    assert audit.verify(consultation.audit_stream) is None


def test_a_reply_and_the_silence_leave_one_answer(case: Case, at: datetime) -> None:
    consultation = factory.asked(case, "sthj", at=at, days=1)
    row = factory.request_to(consultation, "sthj")
    actor, late = reviewing.member("sthj", "handler"), at + timedelta(days=5)

    results = together(
        lambda: joint.reply(request_id=row.pk, position="disagree", text="不行", actor=actor, at=late),
        lambda: joint.sweep(at=late),
        lambda: joint.sweep(at=late),
    )

    assert refusals(results) == []
    row.refresh_from_db()
    assert (row.state, row.position) == (RequestState.ANSWERED, "disagree")
    assert topics("joint.request.fell_silent") <= 1
    assert topics("joint.consultation.completed") == 1


def test_closing_twice_and_a_late_reply_close_once(case: Case, asker: Actor, at: datetime) -> None:
    consultation = factory.asked(case, "sthj", at=at, is_blocking=True)
    row, actor = factory.request_to(consultation, "sthj"), reviewing.member("sthj", "handler")

    def close() -> object:
        return joint.close(consultation_id=consultation.pk, summary="够了", actor=asker, at=at)

    results = together(
        close, close, lambda: joint.reply(request_id=row.pk, position="agree", text="", actor=actor, at=at)
    )

    assert 1 <= len(refusals(results)) <= 2
    assert Consultation.objects.get().state == ConsultationState.CLOSED
    assert topics("joint.consultation.closed") == 1
    assert topics("review.hold.released") == 1


def test_a_conclusion_and_a_new_point_do_not_pass_each_other(held: Session, lead: Actor, at: datetime) -> None:
    factory.all_opined(held, at=at)
    raiser = reviewing.member(factory.FIRST, "handler")

    results = together(
        lambda: joint.conclude(session_id=held.pk, is_passed=True, text="通过", actor=lead, at=at),
        lambda: joint.raise_point(
            session_id=held.pk,
            department_id=factory.FIRST,
            text="堆土",
            is_mandatory=True,
            actor=raiser,
            at=at,
        ),
    )

    assert len(refusals(results)) == 1
    held.refresh_from_db()
    passed = held.state == SessionState.CONCLUDED
    assert Conclusion.objects.count() == int(passed)
    assert held.points.blocking().count() == int(not passed)


def test_concluding_twice_draws_one_number(held: Session, lead: Actor, at: datetime) -> None:
    factory.all_opined(held, at=at)

    def conclude() -> object:
        return joint.conclude(session_id=held.pk, is_passed=True, text="通过", actor=lead, at=at)

    assert len(refusals(together(conclude, conclude, conclude))) == 2
    assert Conclusion.objects.get().number.endswith("0001号")
    assert topics("joint.session.concluded") == 1


def test_calling_twice_calls_once(case: Case, at: datetime) -> None:
    reviewing.member(factory.LEAD, "handler")

    results = together(*(lambda: factory.called(case.stage_run_id or 0, at=at) for _again in range(3)))

    assert len(refusals(results)) == 2
    assert Session.objects.count() == 1


def test_the_last_opinions_together_tell_the_lead_once(held: Session, at: datetime) -> None:
    acts = []
    for row in held.participants.order_by("pk"):
        actor = reviewing.member(row.department_id, "handler")
        acts.append(
            lambda row=row, actor=actor: joint.opine(
                participant_id=row.pk, position="agree", text="", actor=actor, at=at
            )
        )

    assert refusals(together(*acts)) == []
    assert topics("joint.session.opinions_complete") == 1
