"""分派: whoever distributes a department's work says who has which task; the due date never moves."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review import pages
from approvals.review.models import OpinionDraft, ReviewTask
from approvals.review.states import TaskState
from portal.accounts import operations as accounts
from portal.accounts.models import Membership, User
from portal.core import clock
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent
from portal.core.transitions import TransitionRefused
from portal.notices.models import Notice
from tests.cast import HOUSING, PLANNING, SINCE, Person, as_actor
from tests.factories import review as factory

LIST = "/review/assignment"


@pytest.fixture(autouse=True)
def still_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def second(person: Person) -> User:
    return person("planning-second", "handler", department=PLANNING, name="规承二")


@pytest.fixture
def task(application: Application) -> ReviewTask:
    return factory.open_task(factory.case_of(application, "S1-07"))


@pytest.fixture
def assign(task: ReviewTask, planning_lead: User, at: datetime) -> Callable[..., ReviewTask]:
    def act(user: User, actor: User = planning_lead, **more: object) -> ReviewTask:
        return review.assign(task_id=task.pk, user_id=user.pk, actor=as_actor(actor), at=at, **more)  # type: ignore[arg-type]

    return act


Assign = Callable[..., ReviewTask]


def clock_of(task: ReviewTask) -> tuple[object, ...]:
    timer = type(task.case.timer).objects.get(pk=task.case.timer_id)
    return (timer.promised_due_on, timer.statutory_due_on, timer.state, timer.events.count())


def refused(assign: Assign, user: User) -> str:
    with pytest.raises(InvalidInput) as error:
        assign(user)
    return str(error.value.fields["user"])


def test_puts_a_waiting_task_into_a_hand(
    task: ReviewTask, assign: Assign, planning_handler: User, planning_lead: User
) -> None:
    assign(planning_handler)

    task.refresh_from_db()
    assert (task.state, task.assignee) == (TaskState.CLAIMED, planning_handler)
    event = AuditEvent.objects.get(action="review.task.assigned")
    assert (event.actor_id, event.data["assignee"]) == (planning_lead.pk, planning_handler.pk)


def test_moves_it_from_one_hand_to_another(
    task: ReviewTask, assign: Assign, planning_handler: User, second: User, at: datetime
) -> None:
    review.claim(task_id=task.pk, actor=as_actor(planning_handler), at=at)

    assign(second)

    task.refresh_from_db()
    assert (task.state, task.assignee) == (TaskState.CLAIMED, second)
    event = AuditEvent.objects.get(action="review.task.reassigned")
    assert (event.data["before"], event.data["assignee"]) == (planning_handler.pk, second.pk)
    with pytest.raises(review.TakenByOther):
        review.complete_task(
            task_id=task.pk, conclusion="pass", opinion="符合", actor=as_actor(planning_handler), at=at
        )


def test_assigning_reassigning_and_taking_back_never_touch_the_clock(
    task: ReviewTask, assign: Assign, planning_handler: User, second: User, planning_lead: User, at: datetime
) -> None:
    before = clock_of(task)
    for days, user in enumerate((planning_handler, second, planning_handler)):
        with clock.frozen(at + timedelta(days=days)):
            review.assign(task_id=task.pk, user_id=user.pk, actor=as_actor(planning_lead), at=at + timedelta(days=days))
            assert clock_of(task) == before

    review.hand_back(task_id=task.pk, actor=as_actor(planning_lead), at=at + timedelta(days=3))

    task.refresh_from_db()
    assert clock_of(task) == before
    assert (task.state, task.assignee, task.opened_at) == (TaskState.WAITING, None, at)


def test_the_same_hand_again_changes_nothing(assign: Assign, planning_handler: User, task: ReviewTask) -> None:
    assign(planning_handler)
    assign(planning_handler)

    assert AuditEvent.objects.filter(action__startswith="review.task.", data__assignee=planning_handler.pk).count() == 1


def test_what_was_typed_stays_with_the_task(
    task: ReviewTask, assign: Assign, planning_handler: User, second: User, at: datetime
) -> None:
    review.claim(task_id=task.pk, actor=as_actor(planning_handler), at=at)
    draft = review.save_draft(
        task_id=task.pk, conclusion="pass", text="写了一半", version=0, actor=as_actor(planning_handler), at=at
    )

    assign(second)

    saved = review.save_draft(
        task_id=task.pk, conclusion="pass", text="写完了", version=draft.version, actor=as_actor(second), at=at
    )
    assert (saved.text, OpinionDraft.objects.count()) == ("写完了", 1)


def test_an_old_page_does_not_take_it_from_who_was_quicker(
    task: ReviewTask, assign: Assign, planning_handler: User, second: User, at: datetime
) -> None:
    seen = task.case.version
    review.claim(task_id=task.pk, actor=as_actor(planning_handler), at=at)

    with pytest.raises(review.StaleCase):
        assign(second, version=seen)

    task.refresh_from_db()
    assert task.assignee == planning_handler


def test_only_to_who_may_do_the_step_in_the_department(
    task: ReviewTask, assign: Assign, planning_checker: User, fire_reviewer: User, applicant: User, second: User
) -> None:
    for user in (planning_checker, fire_reviewer, applicant):
        assert "权限" in refused(assign, user)
    second.is_active = False
    second.save()
    assert "已停用" in refused(assign, second)
    task.refresh_from_db()
    assert task.assignee is None


def test_not_to_who_did_another_step_of_the_case(
    task: ReviewTask, planning_handler: User, planning_lead: User, at: datetime
) -> None:
    case = review.complete_task(
        task_id=task.pk, conclusion="pass", opinion="符合", actor=as_actor(planning_handler), at=at
    )
    Membership.objects.create(user=planning_handler, role_id="checker", department_id=PLANNING, active_from=SINCE)

    with pytest.raises(InvalidInput, match="改正") as error:
        review.assign(
            task_id=factory.open_task(case).pk, user_id=planning_handler.pk, actor=as_actor(planning_lead), at=at
        )

    assert "另一个环节" in str(error.value.fields["user"])


def test_a_step_that_is_done_goes_to_nobody(
    task: ReviewTask, assign: Assign, planning_handler: User, second: User, at: datetime
) -> None:
    review.complete_task(task_id=task.pk, conclusion="pass", opinion="符合", actor=as_actor(planning_handler), at=at)

    with pytest.raises(TransitionRefused):
        assign(second)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("planning_lead", True),
        ("planning_approver", True),
        ("planning_handler", False),
        ("planning_checker", False),
        ("fire_reviewer", False),
        ("clerk", False),
        ("leader", False),
        ("supervisor", False),
        ("applicant", False),
        ("outsider", False),
    ],
)
def test_who_may(
    client: Client, task: ReviewTask, second: User, request: pytest.FixtureRequest, who: str, may: bool, at: datetime
) -> None:
    user = request.getfixturevalue(who)
    actor = as_actor(user)
    client.force_login(user)

    assert client.get(LIST).status_code == (200 if may else 403)
    posted = client.post(reverse("review:assign", args=[task.pk]), {"user": second.pk})
    task.refresh_from_db()
    assert (task.assignee == second) is may
    assert posted.status_code == 302 if may else posted.status_code in (403, 404)
    if not may:
        with pytest.raises(NotAllowed):
            review.assign(task_id=task.pk, user_id=second.pk, actor=actor, at=at)
        review.claim(task_id=task.pk, actor=as_actor(second), at=at)
    taken = client.post(reverse("review:take_back", args=[task.pk]))
    task.refresh_from_db()
    assert (task.assignee is None) is may
    assert taken.status_code == 302 if may else taken.status_code in (403, 404)


def test_the_lead_of_another_department_may_not(assign: Assign, person: Person, second: User) -> None:
    with pytest.raises(NotAllowed):
        assign(second, actor=person("housing-lead", "lead", department=HOUSING))


def test_those_concerned_are_told_once(
    assign: Assign,
    task: ReviewTask,
    planning_handler: User,
    second: User,
    drained: Callable[[datetime], int],
    at: datetime,
) -> None:
    assign(planning_handler)
    drained(at)
    assign(second)
    drained(at + timedelta(minutes=1))

    def told(user: User) -> list[str]:
        return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))

    assert told(planning_handler) == ["review.assigned", "review.reassigned"]
    assert told(second) == ["review.assigned"]


class TestPage:
    """What the page shows and offers."""

    def page(self, user: User, at: datetime, who: str = "") -> pages.AssignmentPage:
        return pages.assignment_page(as_actor(user), who=who, at=at)

    def row(self, user: User, task: ReviewTask, at: datetime) -> object:
        (found,) = [row for row in self.page(user, at).rows if row.task.pk == task.pk]
        return found

    def test_lists_the_departments_open_tasks_with_who_has_them(
        self, task: ReviewTask, planning_lead: User, planning_handler: User, second: User, at: datetime
    ) -> None:
        review.claim(task_id=task.pk, actor=as_actor(planning_handler), at=at)

        page = self.page(planning_lead, at)

        assert {row.task.department_id for row in page.rows} == {PLANNING}
        assert page.total == len(page.rows)
        assert page.unclaimed == page.total - 1
        assert {holder.user.name: holder.number for holder in page.holders} == {"规承": 1, "规承二": 0}
        assert [row.task.pk for row in self.page(planning_lead, at, str(planning_handler.pk)).rows] == [task.pk]
        assert task.pk not in {row.task.pk for row in self.page(planning_lead, at, "none").rows}

    def test_offers_who_can_do_the_step_and_has_not_done_another(
        self, task: ReviewTask, planning_lead: User, planning_handler: User, second: User, at: datetime
    ) -> None:
        def offered() -> set[int]:
            return {choice.user_id for choice in self.row(planning_lead, task, at).choices}  # type: ignore[attr-defined]

        assert offered() == {planning_handler.pk, second.pk}
        review.claim(task_id=task.pk, actor=as_actor(planning_handler), at=at)
        assert offered() == {second.pk}

    def test_says_who_is_away_and_who_stands_in(
        self,
        client: Client,
        task: ReviewTask,
        planning_lead: User,
        planning_handler: User,
        second: User,
        at: datetime,
    ) -> None:
        accounts.arrange_substitute(
            person_id=planning_handler.pk,
            substitute_id=second.pk,
            department_id=PLANNING,
            from_on=at.date(),
            until_on=at.date(),
            actor=as_actor(planning_lead),
            at=at,
        )
        client.force_login(planning_lead)

        assert "规承（不在岗" in client.get(LIST).content.decode()
        review.claim(task_id=task.pk, actor=as_actor(planning_handler), at=at)
        assert "不在岗，规承二 代" in client.get(LIST).content.decode()

    @pytest.mark.parametrize(("days", "neglected"), [(1, False), (2, True)])
    def test_marks_what_nobody_takes_after_the_working_days_of_the_pack(
        self, task: ReviewTask, planning_lead: User, at: datetime, days: int, neglected: bool
    ) -> None:
        # Tuesday: one and two working days later
        assert self.row(planning_lead, task, at + timedelta(days=days)).is_neglected is neglected  # type: ignore[attr-defined]

    def test_assigns_and_comes_back_to_the_list_as_filtered(
        self, client: Client, task: ReviewTask, planning_lead: User, planning_handler: User
    ) -> None:
        client.force_login(planning_lead)

        answer = client.post(
            reverse("review:assign", args=[task.pk]), {"user": planning_handler.pk, "back": "who=none"}, follow=True
        )

        assert answer.redirect_chain == [(f"{LIST}?who=none", 302)]
        assert "已分派给 规承，应办结日不变" in answer.content.decode()

    @pytest.mark.parametrize("given", [{}, {"user": ""}, {"user": "x"}, {"user": "999999999"}])
    def test_says_what_is_missing(
        self, client: Client, task: ReviewTask, planning_lead: User, given: dict[str, str]
    ) -> None:
        client.force_login(planning_lead)

        page = client.post(reverse("review:assign", args=[task.pk]), given, follow=True).content.decode()

        assert "请先选要分派给谁" in page or "没有这个人" in page
        task.refresh_from_db()
        assert task.assignee is None

    def test_an_outside_address_to_come_back_to_is_not_followed(
        self, client: Client, task: ReviewTask, planning_lead: User
    ) -> None:
        client.force_login(planning_lead)

        answer = client.post(reverse("review:take_back", args=[task.pk]), {"back": "//evil.example/"})

        assert answer.status_code == 403 or answer["Location"].startswith(LIST)

    @pytest.mark.parametrize("number", [3, 30])
    def test_costs_a_fixed_number_of_statements(
        self,
        task: ReviewTask,
        planning_lead: User,
        person: Person,
        at: datetime,
        number: int,
        max_queries: Callable[[str], object],
    ) -> None:
        for serial in range(number):
            person(f"handler-{serial}", "handler", department=PLANNING)
        actor = as_actor(planning_lead)

        with max_queries("review.assignment"):  # type: ignore[attr-defined]
            page = pages.assignment_page(actor, who="", at=at)

        assert len(page.holders) == number
