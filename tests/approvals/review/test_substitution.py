"""Absence: a substitute does what the absent colleague has in hand and says for whom; it ends by itself."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review import policies, queries
from approvals.review.models import Case, Opinion, ReviewTask
from approvals.review.queries import Filters
from portal.accounts import operations as accounts
from portal.accounts.models import Delegation, Membership, User
from portal.core import audit, clock
from portal.core.actor import Actor
from portal.core.errors import NotAllowed
from tests.cast import HOUSING, PLANNING, SINCE, Person, as_actor
from tests.factories import review as factory


@pytest.fixture(autouse=True)
def still_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def second(person: Person) -> User:
    return person("planning-second", "handler", department=PLANNING, name="规承二")


@pytest.fixture
def task(application: Application, planning_handler: User, at: datetime) -> ReviewTask:
    """A step the planning handler has taken."""
    task = factory.open_task(factory.case_of(application, "S1-07"))
    return review.claim(task_id=task.pk, actor=as_actor(planning_handler), at=at)


@pytest.fixture
def absence(planning_handler: User, second: User, at: datetime) -> Delegation:
    """The planning handler is away this week; his colleague stands in."""
    return accounts.arrange_substitute(
        person_id=planning_handler.pk,
        substitute_id=second.pk,
        department_id=PLANNING,
        from_on=at.date(),
        until_on=at.date() + timedelta(days=4),
        actor=as_actor(planning_handler),
        at=at,
    )


def listed(user: User, **filters: str) -> list[queries.tasklist.Row]:
    return list(queries.inbox(as_actor(user), Filters(**filters), today=clock.today()).rows)


def complete(task: ReviewTask, actor: User | Actor, at: datetime, conclusion: str = "pass") -> Case:
    return review.complete_task(
        task_id=task.pk,
        conclusion=conclusion,
        opinion="符合要求",
        actor=as_actor(actor) if isinstance(actor, User) else actor,
        at=at,
    )


def test_without_an_absence_the_task_is_the_colleagues(task: ReviewTask, second: User, at: datetime) -> None:
    assert task.pk not in {row.task_id for row in listed(second)}
    with pytest.raises(review.TakenByOther):
        complete(task, second, at)


def test_the_substitute_finds_the_task_in_his_inbox_marked_with_the_name(
    client: Client, task: ReviewTask, absence: Delegation, second: User
) -> None:
    (row,) = [row for row in listed(second) if row.task_id == task.pk]
    assert (row.on_behalf_of, row.is_mine, row.may_do) == ("规承", False, True)

    client.force_login(second)
    page = client.get(reverse("review:inbox")).content.decode()
    assert "代 规承" in page
    assert [row.task_id for row in listed(second, who="absent")] == [task.pk]
    assert task.pk not in {row.task_id for row in listed(second, who="mine")}


def test_the_absent_keeps_his_task_and_may_still_do_it(
    task: ReviewTask, absence: Delegation, planning_handler: User, at: datetime
) -> None:
    (row,) = [row for row in listed(planning_handler) if row.task_id == task.pk]
    assert (row.on_behalf_of, row.is_mine) == ("", True)

    complete(task, planning_handler, at)

    assert Opinion.objects.get().on_behalf_of is None


def test_the_opinion_says_who_spoke_and_for_whom(
    task: ReviewTask, absence: Delegation, second: User, planning_handler: User, at: datetime
) -> None:
    case = complete(task, second, at)

    opinion = Opinion.objects.get()
    assert (opinion.author, opinion.on_behalf_of) == (second, planning_handler)
    assert opinion.signed == "规承二（代 规承）"
    task.refresh_from_db()
    assert task.assignee == second
    event = audit.history(case.audit_stream).get(action="review.task.done")
    assert (event.actor_id, event.data["on_behalf_of"], event.data["on_behalf_of_name"]) == (
        second.pk,
        planning_handler.pk,
        "规承",
    )


def test_a_task_from_the_pool_is_the_substitutes_own(
    application: Application, absence: Delegation, second: User, at: datetime
) -> None:
    task = factory.open_task(factory.case_of(application, "S1-07"))

    complete(task, second, at)

    assert Opinion.objects.get().on_behalf_of_name == ""


def test_the_case_page_says_it_and_shows_it_afterwards(
    client: Client, task: ReviewTask, absence: Delegation, second: User, planning_checker: User, at: datetime
) -> None:
    address = reverse("review:case", args=[task.case_id])
    client.force_login(second)
    page = client.get(address).content.decode()
    assert "规承 不在岗，您代他办理" in page
    assert reverse("review:complete", args=[task.pk]) in page

    client.post(reverse("review:complete", args=[task.pk]), {"conclusion": "pass", "opinion": "符合要求"})

    client.force_login(planning_checker)
    assert "规承二（代 规承）" in client.get(address).content.decode()


def test_drafts_of_the_absent_go_on_in_the_substitutes_hand(
    task: ReviewTask, absence: Delegation, planning_handler: User, second: User, at: datetime
) -> None:
    first = review.save_draft(
        task_id=task.pk, conclusion="pass", text="先写一半", version=0, actor=as_actor(planning_handler), at=at
    )

    saved = review.save_draft(
        task_id=task.pk, conclusion="pass", text="写完", version=first.version, actor=as_actor(second), at=at
    )

    assert (saved.text, saved.author) == ("写完", second)


def test_it_ends_by_itself_after_the_last_day(
    task: ReviewTask, absence: Delegation, second: User, at: datetime
) -> None:
    for days, may in ((4, True), (5, False)):
        with clock.frozen(at + timedelta(days=days)):
            assert policies.can_do_task(as_actor(second), task) is may
            assert (task.pk in {row.task_id for row in listed(second)}) is may
    with clock.frozen(at + timedelta(days=5)), pytest.raises(review.TakenByOther):
        complete(task, second, at + timedelta(days=5))


def test_ended_early_it_ends_at_once(
    task: ReviewTask, absence: Delegation, second: User, planning_handler: User, at: datetime
) -> None:
    accounts.end_substitution(delegation_id=absence.pk, actor=as_actor(planning_handler), at=at)

    with pytest.raises(review.TakenByOther):
        complete(task, second, at)


def test_the_due_date_stays(task: ReviewTask, absence: Delegation, second: User, at: datetime) -> None:
    timer = task.case.timer
    before = (timer.promised_due_on, timer.statutory_due_on, timer.events.count())

    complete(task, second, at + timedelta(hours=1))

    timer.refresh_from_db()
    assert (timer.promised_due_on, timer.statutory_due_on, timer.events.count()) == before


class TestOnePersonOneStep:
    """One person never does two steps of one case, not even through or for another."""

    def give_role(self, user: User, role: str) -> None:
        Membership.objects.create(user=user, role_id=role, department_id=PLANNING, active_from=SINCE)

    def test_the_substitute_may_not_check_what_he_handled_for_another(
        self, task: ReviewTask, absence: Delegation, second: User, at: datetime
    ) -> None:
        self.give_role(second, "checker")
        case = complete(task, second, at)

        with pytest.raises(review.SamePerson):
            complete(factory.open_task(case), second, at)

    def test_the_absent_may_not_check_what_was_handled_for_him(
        self, task: ReviewTask, absence: Delegation, second: User, planning_handler: User, at: datetime
    ) -> None:
        case = complete(task, second, at)
        self.give_role(planning_handler, "checker")

        with pytest.raises(review.SamePerson):
            complete(factory.open_task(case), planning_handler, at)
        (row,) = [row for row in listed(planning_handler) if row.case_id == case.pk]
        assert not row.may_do

    def test_who_handled_may_not_stand_in_for_the_checker(
        self, application: Application, planning_checker: User, second: User, at: datetime
    ) -> None:
        self.give_role(second, "checker")
        case = complete(factory.open_task(factory.case_of(application, "S1-07")), second, at)
        check = review.claim(task_id=factory.open_task(case).pk, actor=as_actor(planning_checker), at=at)
        accounts.arrange_substitute(
            person_id=planning_checker.pk,
            substitute_id=second.pk,
            department_id=PLANNING,
            from_on=date(2026, 4, 14),
            until_on=date(2026, 4, 15),
            actor=as_actor(planning_checker),
            at=at,
        )

        with pytest.raises(review.SamePerson):
            complete(check, second, at)


def test_who_has_lost_the_role_can_no_longer_stand_in(
    task: ReviewTask, absence: Delegation, second: User, at: datetime
) -> None:
    Membership.objects.filter(user=second).update(active_to=at)

    with pytest.raises(NotAllowed):
        complete(task, second, at)


def test_it_is_for_one_department_only(
    task: ReviewTask, absence: Delegation, second: User, planning_handler: User, at: datetime
) -> None:
    for user in (second, planning_handler):
        Membership.objects.create(user=user, role_id="handler", department_id=HOUSING, active_from=SINCE)
    ReviewTask.objects.filter(pk=task.pk).update(department_id=HOUSING)
    task.refresh_from_db()

    assert not policies.can_do_task(as_actor(second), task)
    assert task.pk not in {row.task_id for row in listed(second)}


@pytest.mark.parametrize("who", ["planning_checker", "fire_reviewer", "planning_lead", "clerk", "applicant"])
def test_nobody_else_gets_the_task(
    task: ReviewTask, absence: Delegation, request: pytest.FixtureRequest, who: str, at: datetime
) -> None:
    actor = as_actor(request.getfixturevalue(who))

    assert not policies.can_do_task(actor, task)
    with pytest.raises(NotAllowed):
        complete(task, actor, at)


def test_the_inbox_costs_no_statement_more_for_standing_in(
    task: ReviewTask, absence: Delegation, second: User, planning_handler: User
) -> None:
    def statements(user: User) -> int:
        actor = as_actor(user)
        with CaptureQueriesContext(connection) as context:
            assert [row.task_id for row in queries.inbox(actor, Filters(), today=clock.today()).rows] == [task.pk]
        return len(context)

    statements(planning_handler)  # what a process keeps is read at the first asking

    assert statements(second) == statements(planning_handler)
