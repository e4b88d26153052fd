"""The handler ticks the points of the item; declared figures stand beside what earlier results allow."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from approvals.review import operations as review
from approvals.review.models import Case, PointCheck
from approvals.review.queries import points
from approvals.review.queries.cases import definition_of
from approvals.review.states import Conclusion, TaskState
from portal.accounts.models import User
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.transitions import TransitionRefused
from tests.factories import review as factory


@pytest.fixture
def case(application: object) -> Case:
    return factory.case_of(application, "S1-07")  # type: ignore[arg-type]


def mark(case: Case, at: datetime, actor: object = None, **marks: tuple[str, str]) -> None:
    review.mark_points(
        task_id=factory.open_task(case).pk,
        marks={point: review.Mark(*said) for point, said in marks.items()},
        actor=actor or factory.member("zrzy", "handler"),  # type: ignore[arg-type]
        at=at,
    )


def test_what_is_ticked_stays_with_the_opinion(case: Case, at: datetime) -> None:
    task = factory.open_task(case)
    mark(case, at, use=("fit", ""), boundary=("unfit", "东南角压河道蓝线"))
    review.complete_task(
        task_id=task.pk,
        conclusion=Conclusion.PASS,
        opinion="同意",
        actor=factory.member("zrzy", "handler"),
        at=at,
    )

    task.refresh_from_db()
    assert task.state == TaskState.DONE
    assert {(check.point, check.verdict, check.remark) for check in task.opinion.task.checks.all()} == {
        ("use", "fit", ""),
        ("boundary", "unfit", "东南角压河道蓝线"),
    }
    with pytest.raises(TransitionRefused):
        review.mark_points(
            task_id=task.pk, marks={"use": review.Mark("none")}, actor=factory.member("zrzy", "handler"), at=at
        )


def test_a_point_is_ticked_anew_and_taken_back(case: Case, at: datetime) -> None:
    mark(case, at, use=("fit", ""), prior=("none", ""))
    mark(case, at, use=("unfit", "用途不一致"))
    mark(case, at, prior=("", ""))

    assert list(PointCheck.objects.values_list("point", "verdict")) == [("use", "unfit")]


@pytest.mark.parametrize(
    ("point", "said"),
    [("use", ("unfit", "  ")), ("use", ("perhaps", "")), ("nothing", ("fit", "")), ("use", ("fit", "字" * 1001))],
)
def test_what_cannot_be_ticked(case: Case, at: datetime, point: str, said: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        mark(case, at, **{point: said})

    assert point in refused.value.fields
    assert not PointCheck.objects.exists()


@pytest.mark.parametrize(("department", "role"), [("zrzy", "checker"), ("fgw", "handler")])
def test_only_the_handler_of_the_case_ticks(case: Case, at: datetime, department: str, role: str) -> None:
    with pytest.raises(NotAllowed):
        mark(case, at, actor=factory.member(department, role), use=("fit", ""))


def test_after_a_return_the_old_answers_stand_until_ticked_anew(case: Case, at: datetime) -> None:
    mark(case, at, use=("fit", ""), prior=("fit", ""))
    for role, conclusion in (("handler", Conclusion.PASS), ("checker", Conclusion.RETURN)):
        review.complete_task(
            task_id=factory.open_task(case).pk,
            conclusion=conclusion,
            opinion="请再核对",
            actor=factory.member("zrzy", role),
            at=at,
        )
    mark(case, at, prior=("unfit", "立项文件已过期"))

    _catalogue, item = definition_of(Case.objects.get(pk=case.pk))
    found = {point.id: point.verdict for point in points.points(case, item)}
    assert (found["use"], found["prior"], found["area"]) == ("fit", "unfit", "")


def test_the_page_saves_each_point_and_shows_it_to_the_next(
    case: Case, at: datetime, client: Client, planning_handler: User, planning_checker: User
) -> None:
    url = reverse("review:mark", args=[factory.open_task(case).pk])
    client.force_login(planning_handler)
    said = {"field": "point-use", "verdict-use": "unfit", "remark-use": "用途不一致"}

    quiet = client.post(url, said, headers={"X-Requested-With": "autosave"})
    wrong = client.post(url, {**said, "remark-use": ""}, headers={"X-Requested-With": "autosave"})
    whole = client.post(url, {"verdict-prior": "fit", "remark-prior": "", "remark-area": ""})

    assert "saved_at" in quiet.json()
    assert wrong.status_code in (400, 422)
    assert wrong.json()["fields"]["point-use"] == "不符合的，写明哪里不符合。"
    assert whole.status_code == 302
    text = client.get(reverse("review:case", args=[case.pk])).content.decode()
    assert "土地用途与国土空间规划一致" in text
    assert "已核 2 / 5" in text
    client.force_login(planning_checker)
    read = client.get(reverse("review:case", args=[case.pk])).content.decode()
    assert "用途不一致" in read
    assert 'name="verdict-use"' not in read


def test_declared_figures_stand_beside_their_limits(case: Case, at: datetime) -> None:
    factory.finish(case, at=at, opinion="同意")
    later = case
    catalogue, _item = definition_of(later)
    item = catalogue.items["S2-01"]
    decision = Case.objects.get(pk=case.pk).decision
    assert decision is not None
    decision.attributes = {"land_area_m2": "6,000"}
    decision.save(update_fields=["attributes"])

    fits = points.indicators(later, catalogue, item, declared={"land_area_m2": 6000})
    passes = points.indicators(later, catalogue, item, declared={"land_area_m2": 6000.5})

    assert [(row.label, row.sign, row.fits, row.number) for row in fits] == [("用地面积", "≤", True, decision.number)]
    assert [(row.fits, str(row.gap)) for row in passes] == [(False, "0.5")]
    assert points.indicators(later, catalogue, item, declared={"owner_name": "甲"}) == ()


def test_earlier_results_say_their_figures_with_thousands_and_unit(
    case: Case, at: datetime, client: Client, planning_handler: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a stage later the item would draw on this result; here it reads its own
    monkeypatch.setattr("approvals.review.queries.cases.draws_on", lambda *_given: frozenset({"S1-07"}))
    decision = factory.finish(case, at=at, opinion="同意").decision
    assert decision is not None
    decision.attributes = {"land_area_m2": "20000.50", "unlisted": "甲"}
    decision.save(update_fields=["attributes"])
    client.force_login(planning_handler)

    page = client.get(reverse("review:case", args=[case.pk])).content.decode()

    assert "用地面积 20,000.5 平方米" in page
    assert "unlisted 甲" in page
