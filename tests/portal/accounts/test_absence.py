"""A person is away: a colleague of the same standing does his work, from day to day, and it ends by itself."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.accounts import operations, queries
from portal.accounts.models import Delegation, Membership, User
from portal.core import clock
from portal.core.actor import StandIn
from portal.core.errors import InvalidInput, NotAllowed, NotFound
from portal.notices.models import Notice
from tests.cast import HOUSING, PLANNING, SINCE, Person, as_actor

TODAY = date(2026, 4, 14)
URL = "/accounts/absence/"
Arrange = Callable[..., Delegation]


@pytest.fixture
def second(person: Person) -> User:
    """A colleague of the planning handler with the same role."""
    return person("planning-second", "handler", department=PLANNING, name="规承二")


@pytest.fixture
def third(person: Person) -> User:
    return person("planning-third", "handler", department=PLANNING, name="规承三")


@pytest.fixture
def arrange(planning_handler: User, second: User, at: datetime) -> Arrange:
    """Return a function that arranges a week of absence of the planning handler."""

    def act(
        actor: User | None = None,
        person: User = planning_handler,
        substitute: User = second,
        from_on: date = TODAY,
        until_on: date = TODAY + timedelta(days=6),
        department: str = PLANNING,
    ) -> Delegation:
        return operations.arrange_substitute(
            person_id=person.pk,
            substitute_id=substitute.pk,
            department_id=department,
            from_on=from_on,
            until_on=until_on,
            actor=as_actor(actor or person),
            at=at,
        )

    return act


def refused(arrange: Arrange, **given: object) -> dict[str, str]:
    with pytest.raises(InvalidInput) as error:
        arrange(**given)
    return {name: str(words) for name, words in error.value.fields.items()}


def standing(user: User, at: datetime) -> frozenset[StandIn]:
    with clock.frozen(at):
        return as_actor(user).stands_in


def test_the_substitute_stands_in_from_the_first_to_the_last_day_only(
    arrange: Arrange, planning_handler: User, second: User, at: datetime
) -> None:
    arrange(from_on=TODAY + timedelta(days=1), until_on=TODAY + timedelta(days=3))

    expected = {StandIn(planning_handler.pk, "规承", PLANNING)}
    assert [standing(second, at + timedelta(days=day)) == expected for day in range(6)] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    assert standing(planning_handler, at + timedelta(days=1)) == frozenset()


def test_it_gives_no_act(arrange: Arrange, second: User, at: datetime) -> None:
    with clock.frozen(at):
        before = as_actor(second).grants
        arrange()

        assert as_actor(second).grants == before


def test_is_recorded_and_both_are_told(
    arrange: Arrange,
    planning_lead: User,
    planning_handler: User,
    second: User,
    recorded: Callable[[], list[str]],
    drained: Callable[[datetime], int],
    at: datetime,
) -> None:
    delegation = arrange(actor=planning_lead)
    drained(at)
    operations.end_substitution(delegation_id=delegation.pk, actor=as_actor(planning_lead), at=at)
    drained(at)

    assert recorded() == ["accounts.absence.arranged", "accounts.absence.ended"]
    for user in (second, planning_handler):
        kinds = Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True)
        assert list(kinds) == ["absence.arranged", "absence.ended"]


def test_ending_early_ends_it_at_once_and_leaves_room_for_another(
    arrange: Arrange, planning_handler: User, second: User, third: User, at: datetime
) -> None:
    delegation = arrange()

    operations.end_substitution(delegation_id=delegation.pk, actor=as_actor(planning_handler), at=at)

    assert standing(second, at) == frozenset()
    arrange(substitute=third)
    assert standing(third, at)
    with pytest.raises(operations.AbsenceIsOver):
        operations.end_substitution(delegation_id=delegation.pk, actor=as_actor(planning_handler), at=at)


def test_what_has_passed_cannot_be_ended(arrange: Arrange, planning_handler: User, at: datetime) -> None:
    delegation = arrange()

    with pytest.raises(operations.AbsenceIsOver):
        operations.end_substitution(
            delegation_id=delegation.pk, actor=as_actor(planning_handler), at=at + timedelta(days=7)
        )


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("planning_handler", True),
        ("planning_lead", True),
        ("planning_approver", True),
        ("second", False),
        ("planning_checker", False),
        ("fire_reviewer", False),
        ("clerk", False),
        ("leader", False),
        ("security_admin", False),
        ("applicant", False),
        ("outsider", False),
    ],
)
def test_who_may_arrange_and_end(
    arrange: Arrange, request: pytest.FixtureRequest, planning_handler: User, who: str, may: bool, at: datetime
) -> None:
    actor = request.getfixturevalue(who)
    if may:
        delegation = arrange(actor=actor)
        operations.end_substitution(delegation_id=delegation.pk, actor=as_actor(actor), at=at)
        return
    with pytest.raises(NotAllowed):
        arrange(actor=actor)
    delegation = arrange(actor=planning_handler)
    with pytest.raises((NotAllowed, NotFound)):
        operations.end_substitution(delegation_id=delegation.pk, actor=as_actor(actor), at=at)
    assert not Delegation.objects.get().is_ended_early


def test_the_lead_of_another_department_may_not(arrange: Arrange, person: Person) -> None:
    with pytest.raises(NotAllowed):
        arrange(actor=person("housing-lead", "lead", department=HOUSING))


@pytest.mark.parametrize(
    ("from_on", "until_on", "field"),
    [
        (TODAY - timedelta(days=1), TODAY, "from_on"),
        (TODAY + timedelta(days=1), TODAY, "until_on"),
        (TODAY, TODAY + timedelta(days=366), "until_on"),
    ],
)
def test_refuses_days_that_cannot_be(arrange: Arrange, from_on: date, until_on: date, field: str) -> None:
    assert set(refused(arrange, from_on=from_on, until_on=until_on)) == {field}


def test_takes_a_single_day_and_a_whole_year(arrange: Arrange, planning_handler: User, at: datetime) -> None:
    arrange(until_on=TODAY)
    arrange(from_on=TODAY + timedelta(days=1), until_on=TODAY + timedelta(days=366))


def test_the_substitute_needs_the_same_acts_in_the_same_department(
    arrange: Arrange, planning_handler: User, planning_checker: User, fire_reviewer: User, applicant: User, at: datetime
) -> None:
    said = refused(arrange, substitute=planning_checker)["substitute"]
    assert "规审" in said
    assert "承办" in said
    assert "没有同样的权限" in refused(arrange, substitute=fire_reviewer)["substitute"]
    assert "没有同样的权限" in refused(arrange, substitute=applicant)["substitute"]
    assert "不能是本人" in refused(arrange, substitute=planning_handler)["substitute"]

    Membership.objects.create(user=planning_checker, role_id="handler", department_id=PLANNING, active_from=SINCE)
    arrange(substitute=planning_checker)


def test_a_closed_account_is_no_substitute(arrange: Arrange, second: User) -> None:
    second.is_active = False
    second.save()

    assert set(refused(arrange)) == {"substitute"}


def test_who_reviews_nothing_needs_no_substitute(arrange: Arrange, clerk: User, planning_lead: User) -> None:
    assert set(refused(arrange, actor=planning_lead, person=clerk)) == {"person"}


@pytest.mark.parametrize(("shift", "collides"), [(0, True), (6, True), (7, False), (-7, False)])
def test_one_substitute_a_day(arrange: Arrange, third: User, shift: int, collides: bool) -> None:
    start = TODAY + timedelta(days=10)
    arrange(from_on=start, until_on=start + timedelta(days=6))
    second_time = {
        "substitute": third,
        "from_on": start + timedelta(days=shift),
        "until_on": start + timedelta(days=shift + 6),
    }

    if collides:
        assert set(refused(arrange, **second_time)) == {"from_on"}
    else:
        arrange(**second_time)


def test_the_database_refuses_a_second_substitute_too(arrange: Arrange, third: User) -> None:
    first = arrange()

    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(
            person=first.person,
            substitute=third,
            department=first.department,
            from_on=first.until_on,
            until_on=first.until_on,
            given_by=first.given_by,
            given_at=first.given_at,
        )


def test_no_chains_in_either_direction(
    arrange: Arrange, planning_handler: User, second: User, third: User, planning_lead: User
) -> None:
    arrange()

    forward = refused(arrange, actor=planning_lead, person=second, substitute=third)
    backward = refused(arrange, actor=planning_lead, person=third, substitute=planning_handler)

    assert "正代 规承 办理" in forward["person"]
    assert "自己也不在岗" in backward["substitute"]


def test_one_may_stand_in_for_several(
    arrange: Arrange, planning_handler: User, third: User, second: User, at: datetime
) -> None:
    arrange()
    arrange(person=third)

    assert {row.person_id for row in standing(second, at)} == {planning_handler.pk, third.pk}


class TestPage:
    """不在岗: what each may see and do there."""

    @pytest.fixture(autouse=True)
    def still_clock(self, at: datetime) -> object:
        with clock.frozen(at):
            yield

    def given(self, person: User, substitute: User, **more: str) -> dict[str, str]:
        return {
            "person": f"{person.pk}:{PLANNING}",
            "substitute": str(substitute.pk),
            "from_on": "2026-04-20",
            "until_on": "2026-04-24",
            "reason": "年休假",
            **more,
        }

    def test_a_reviewer_arranges_his_own(self, client: Client, planning_handler: User, second: User) -> None:
        client.force_login(planning_handler)
        assert "没有人不在岗" in client.get(URL).content.decode()

        page = client.post(URL, self.given(planning_handler, second), follow=True).content.decode()

        assert "已安排 规承二 代 规承 办理" in page
        assert "4月20日 – 4月24日" in page
        assert "未开始" in page
        found = Delegation.objects.get()
        assert (found.from_on, found.until_on, found.reason) == (date(2026, 4, 20), date(2026, 4, 24), "年休假")

    def test_offers_a_reviewer_himself_and_a_lead_everybody(
        self, client: Client, planning_handler: User, second: User, planning_lead: User, fire_reviewer: User
    ) -> None:
        def offered(user: User) -> set[int]:
            client.force_login(user)
            page = client.get(URL).content.decode()
            return {one.pk for one in User.objects.all() if f'value="{one.pk}:{PLANNING}"' in page}

        assert offered(planning_handler) == {planning_handler.pk}
        assert offered(planning_lead) == {planning_handler.pk, second.pk, planning_lead.pk}

    @pytest.mark.usefixtures("planning_checker", "planning_lead")
    def test_offers_only_colleagues_who_may_do_the_same(
        self, client: Client, planning_handler: User, second: User
    ) -> None:
        client.force_login(planning_handler)
        page = client.get(URL).content.decode()

        assert [one for one in User.objects.all() if f'<option value="{one.pk}">' in page] == [second]

    def test_nobody_arranges_for_a_colleague_by_a_crafted_form(
        self, client: Client, planning_handler: User, second: User
    ) -> None:
        client.force_login(second)

        answer = client.post(URL, self.given(planning_handler, second))

        assert answer.status_code == 422
        assert not Delegation.objects.exists()

    def test_says_at_the_field_what_is_wrong_and_keeps_what_was_typed(
        self, client: Client, planning_handler: User, planning_checker: User
    ) -> None:
        client.force_login(planning_handler)

        answer = client.post(URL, self.given(planning_handler, planning_checker))

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "没有同样的权限" in page
        assert 'value="2026-04-20"' in page
        assert f'<option value="{planning_checker.pk}" selected>' in page

    def test_ends_early_from_the_list(self, client: Client, arrange: Arrange, planning_handler: User) -> None:
        delegation = arrange()
        client.force_login(planning_handler)

        client.post(reverse("accounts:end_absence", args=[delegation.pk]))

        assert "提前结束" in client.get(URL, {"past": "1"}).content.decode()
        assert "没有人不在岗" in client.get(URL).content.decode()

    def test_the_substitute_sees_it_and_cannot_end_it(self, client: Client, arrange: Arrange, second: User) -> None:
        delegation = arrange()
        client.force_login(second)

        assert "规承二" in client.get(URL).content.decode()
        assert client.post(reverse("accounts:end_absence", args=[delegation.pk])).status_code == 403

    @pytest.mark.parametrize("who", ["fire_reviewer", "planning_checker"])
    def test_others_neither_see_nor_end_it(
        self, client: Client, request: pytest.FixtureRequest, arrange: Arrange, who: str
    ) -> None:
        delegation = arrange()
        client.force_login(request.getfixturevalue(who))

        assert "没有人不在岗" in client.get(URL).content.decode()
        assert client.post(reverse("accounts:end_absence", args=[delegation.pk])).status_code == 404

    @pytest.mark.parametrize("who", ["applicant", "clerk", "leader", "outsider"])
    def test_is_not_for_who_reviews_nothing(self, client: Client, request: pytest.FixtureRequest, who: str) -> None:
        client.force_login(request.getfixturevalue(who))

        assert client.get(URL).status_code == 403

    @pytest.mark.parametrize("number", [3, 30])
    def test_the_list_costs_a_fixed_number_of_statements(
        self,
        client: Client,
        planning_lead: User,
        planning_handler: User,
        second: User,
        number: int,
        at: datetime,
        max_queries: Callable[[str], object],
    ) -> None:
        for day in range(number):
            Delegation.objects.create(
                person=planning_handler,
                substitute=second,
                department_id=PLANNING,
                from_on=TODAY + timedelta(days=day),
                until_on=TODAY + timedelta(days=day),
                given_by=planning_lead,
                given_at=at,
            )

        with max_queries("accounts.absences"):  # type: ignore[attr-defined]
            found = queries.absences(as_actor(planning_lead), today=TODAY)
            assert all(row.person.name and row.department.short and row.given_by.name for row in found.items)
        assert len(found.items) == number
