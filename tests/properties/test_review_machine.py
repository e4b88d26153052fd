"""Random walks through the review of one stage; whatever is done, the same things hold after every step."""

import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from approvals.applications.models import Application
from approvals.applications.states import OPEN_STATES, ApplicationState
from approvals.deadlines import operations as deadlines
from approvals.deadlines.states import TimerState
from approvals.review import operations as review
from approvals.review.models import Case, Decision, Hold, ReviewTask, StageRun
from approvals.review.states import CASE_RUNNING, TASK_OPEN, CaseState, Conclusion, HoldClock, StageState
from portal.accounts.models import Enterprise, User
from portal.core import audit, calendars, clock, outbox
from portal.core.actor import Actor
from portal.core.errors import DomainError
from portal.core.models import AuditEvent, CalendarDay, OutboxMessage
from projects.catalogue import queries as catalogues
from tests.cast import as_actor
from tests.factories import review as factory
from tests.factories.projects import GENERAL

STAGE = "S1"
FULL = os.environ.get("CI") == "true"
#: about half a minute in CI; a few walks elsewhere
WALKS = settings(
    max_examples=15 if FULL else 4,
    stateful_step_count=20 if FULL else 12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
#: which of the open things a rule takes; more than there ever are
PICK = st.integers(0, 30)


class StageMachine(RuleBasedStateMachine):
    """One project whose first stage is applied for, reviewed, held, decided, withdrawn and applied for again."""

    owner: Actor
    clerk: Actor
    enterprise: Enterprise
    began: datetime

    def __init__(self) -> None:
        super().__init__()
        self._rollback = transaction.atomic()
        self._rollback.__enter__()
        self.at = self.began
        self.messages_before = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._rollback.__exit__(None, None, None)
        calendars.forget()

    # --- what may be done ------------------------------------------------------------------------------------------

    @initialize()
    def register(self) -> None:
        self.project = factory.a_running_project(
            owner=self.enterprise, actor=self.owner, at=self.at, facts=GENERAL, name="随机走查"
        )
        factory.at_the_window(project=self.project, stage=STAGE, actor=self.owner, at=self.at)

    @rule(hours=st.integers(1, 60))
    def let_time_pass(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule()
    def accept(self) -> None:
        for application in self._applications().filter(state=ApplicationState.SUBMITTED):
            self._try(partial(review.accept, application_id=application.pk, actor=self.clerk, at=self.at))

    @precondition(lambda self: self._open_tasks().exists())
    @rule(which=PICK)
    def claim(self, which: int) -> None:
        task = self._pick(self._open_tasks(), which)
        self._try(lambda: review.claim(task_id=task.pk, actor=self._member(task), at=self.at))

    @precondition(lambda self: self._open_tasks().exists())
    @rule(which=PICK)
    def hand_back(self, which: int) -> None:
        task = self._pick(self._open_tasks(), which)
        self._try(lambda: review.hand_back(task_id=task.pk, actor=self._member(task), at=self.at))

    @precondition(lambda self: self._open_tasks().exists())
    @rule(which=PICK, conclusion=st.sampled_from(Conclusion))
    def say_anything(self, which: int, conclusion: Conclusion) -> None:
        self._complete(self._pick(self._open_tasks(), which), conclusion)

    @precondition(lambda self: self._open_tasks().exists())
    @rule(which=PICK)
    def go_forward(self, which: int) -> None:
        task = self._pick(self._open_tasks(), which)
        self._complete(task, Conclusion.GRANT if task.is_deciding else Conclusion.PASS)

    @precondition(lambda self: self._cases().exists())
    @rule(which=PICK, clock=st.sampled_from((HoldClock.NONE, HoldClock.SPECIAL)))
    def hold(self, which: int, clock: HoldClock) -> None:
        case = self._pick(self._cases(), which)
        special: dict[str, Any] = (
            {"kind": "expert", "expected_days": 10, "basis": "规程"} if clock == HoldClock.SPECIAL else {}
        )
        actor = factory.member(case.department_id, "handler")
        self._try(
            lambda: review.place_hold(
                case_id=case.pk, reason="等专家意见", clock=clock, actor=actor, at=self.at, **special
            )
        )

    @precondition(lambda self: self._holds().exists())
    @rule(which=PICK)
    def release(self, which: int) -> None:
        hold = self._pick(self._holds(), which)
        actor = factory.member(hold.case.department_id, "handler")
        self._try(lambda: review.release_hold(hold_id=hold.pk, actor=actor, at=self.at))

    @rule(sure=st.integers(0, 3))
    def withdraw(self, sure: int) -> None:
        application = self._applications().filter(state__in=OPEN_STATES).first()
        if application is not None and sure == 0:
            self._try(
                lambda: review.withdraw(application_id=application.pk, reason="不办了", actor=self.owner, at=self.at)
            )

    @precondition(lambda self: not self._applications().filter(state__in=OPEN_STATES).exists())
    @rule()
    def apply_again(self) -> None:
        self._try(lambda: factory.at_the_window(project=self.project, stage=STAGE, actor=self.owner, at=self.at))

    @precondition(lambda self: self._cases().exists())
    @rule(which=PICK, days=st.integers(1, 10), granted=st.booleans())
    def extend(self, which: int, days: int, granted: bool) -> None:
        case = self._pick(self._cases(), which)

        def ask_and_answer() -> None:
            handler, approver = (factory.member(case.department_id, role) for role in ("handler", "approver"))
            asked = review.ask_extension(case_id=case.pk, days=days, reason="会签", actor=handler, at=self.at)
            review.decide_extension(extension_id=asked.pk, granted=granted, remark="不急", actor=approver, at=self.at)

        self._try(ask_and_answer)

    @rule(after=st.integers(1, 15))
    def load_another_calendar(self, after: int) -> None:
        day = calendars.current().add_workdays(clock.day_of(self.at), after)
        CalendarDay.objects.create(day=day, kind="rest", name="停电", source="测试", is_local=True)
        calendars.forget()
        deadlines.begin_recount(at=self.at)
        while review.recount_batch(at=self.at, size=3):
            pass

    @rule()
    def recheck(self) -> None:
        review.recheck(project_id=self.project.pk, at=self.at)

    # --- what holds after every step -------------------------------------------------------------------------------

    @invariant()
    def nothing_decided_is_held(self) -> None:
        ended = Hold.objects.filter(case__project=self.project, released_at=None)
        assert not ended.exclude(case__state__in=CASE_RUNNING).exists()
        held = set(self._holds().values_list("case_id", flat=True))
        assert set(self._cases().filter(state=CaseState.HELD).values_list("pk", flat=True)) == held

    @invariant()
    def no_stage_is_concluded_with_an_open_milestone(self) -> None:
        for run in StageRun.objects.filter(project=self.project, state=StageState.CONCLUDED):
            event("a stage is concluded")
            milestones = Case.objects.filter(stage_run=run, service_item__is_milestone=True)
            assert not milestones.filter(state__in=CASE_RUNNING).exists()
            granted = set(milestones.filter(decision__outcome="granted").values_list("service_item__code", flat=True))
            assert granted

    @invariant()
    def clocks_are_stopped_if_and_only_if_closed(self) -> None:
        for case in Case.objects.filter(project=self.project).select_related("timer"):
            assert (case.timer.state == TimerState.STOPPED) == (case.state not in CASE_RUNNING)
        for application in self._applications().filter(timer__isnull=False).select_related("timer"):
            assert application.timer is not None
            assert (application.timer.state == TimerState.STOPPED) == (not application.is_open)
        for run in StageRun.objects.filter(project=self.project, timer__isnull=False).select_related("timer"):
            assert run.timer is not None
            assert (run.timer.state == TimerState.STOPPED) == (run.state != StageState.IN_REVIEW)

    @invariant()
    def every_open_task_says_what_its_clock_says(self) -> None:
        assert factory.strayed_days(project=self.project) == []

    @invariant()
    def every_running_case_has_one_open_task(self) -> None:
        tasks = Counter(self._open_tasks().values_list("case_id", flat=True))
        assert tasks == Counter(self._cases().values_list("pk", flat=True))

    @invariant()
    def every_decision_belongs_to_a_decided_case(self) -> None:
        decided = Case.objects.filter(project=self.project, state=CaseState.DECIDED)
        assert set(decided.values_list("pk", flat=True)) == set(
            Decision.objects.filter(case__project=self.project).values_list("case_id", flat=True)
        )

    @invariant()
    def the_chain_holds(self) -> None:
        assert audit.verify(self.project.audit_stream) is None

    @invariant()
    def the_outbox_is_complete(self) -> None:
        """Whatever topic was announced once is announced as often as it was recorded."""
        told = Counter(OutboxMessage.objects.filter(pk__gt=self.messages_before).values_list("topic", flat=True))
        recorded = Counter(AuditEvent.objects.filter(stream=self.project.audit_stream).values_list("action", flat=True))
        announced = {action for action in recorded if action.startswith("review.") and action in told}
        assert {action: told[action] for action in announced} == {action: recorded[action] for action in announced}
        assert told["review.case.decided"] == recorded["review.case.decided"]

    # --- helpers ---------------------------------------------------------------------------------------------------

    def _try(self, act: Callable[[], object]) -> None:
        """Do it; what the portal refuses is no fault, as long as everything still holds afterwards."""
        with suppress(DomainError):
            act()

    def _complete(self, task: ReviewTask, conclusion: Conclusion) -> None:
        self._try(
            lambda: review.complete_task(
                task_id=task.pk, conclusion=conclusion, opinion="意见", actor=self._member(task), at=self.at
            )
        )

    def _member(self, task: ReviewTask) -> Actor:
        return factory.member(task.department_id, task.step)

    def _applications(self):  # type: ignore[no-untyped-def]
        return Application.objects.filter(project=self.project).order_by("pk")

    def _cases(self):  # type: ignore[no-untyped-def]
        return Case.objects.filter(project=self.project, state__in=CASE_RUNNING).order_by("pk")

    def _open_tasks(self):  # type: ignore[no-untyped-def]
        return ReviewTask.objects.filter(case__project=self.project, state__in=TASK_OPEN).order_by("pk")

    def _holds(self):  # type: ignore[no-untyped-def]
        return Hold.objects.filter(case__project=self.project, released_at=None).select_related("case").order_by("pk")

    def _pick(self, rows, which: int):  # type: ignore[no-untyped-def]
        found = list(rows)
        return found[which % len(found)]


@pytest.mark.django_db
def test_a_stage_stays_sound_whatever_is_done_to_it(
    pack: object, enterprise: Enterprise, applicant: User, clerk: User, at: datetime
) -> None:
    StageMachine.owner, StageMachine.clerk = as_actor(applicant), as_actor(clerk)
    StageMachine.enterprise, StageMachine.began = enterprise, at
    # the people of the departments are made once, outside of what each walk rolls back
    for item in catalogues.current_catalogue().items.values():
        if item.stage == STAGE:
            for role in factory.ROLES:
                factory.member(item.department, role)
    run_state_machine_as_test(StageMachine, settings=WALKS)
    assert outbox.handled_topics()
