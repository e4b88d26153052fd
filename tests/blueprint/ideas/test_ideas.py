"""An idea from the first line to the project: checked, put before departments, conditions, ripe, registered."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from blueprint.checks.models import CheckRun
from blueprint.ideas import operations as ideas
from blueprint.ideas import policies, queries
from blueprint.ideas.models import Condition, Idea, Opinion
from blueprint.ideas.states import Maturity, OpinionState, Position
from blueprint.siting import operations as siting
from blueprint.siting.models import Site
from portal.accounts.models import Enterprise, User
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent
from portal.core.transitions import TransitionRefused
from portal.notices.models import Notice
from projects.registry import operations as registry
from projects.registry import queries as projects
from projects.registry.states import FactSource
from tests.blueprint.ideas.conftest import Drain, a_boundary
from tests.cast import HOUSING, PLANNING, as_actor
from tests.factories.blueprint import a_box, an_edition, feature
from tests.factories.projects import a_project

pytestmark = pytest.mark.django_db

FIRE = "ww"


@pytest.fixture
def asked(opened: Idea, planning_handler: User, at: datetime) -> Opinion:
    """The question at the housing department."""
    opinions = ideas.ask(idea_id=opened.pk, departments=[HOUSING, FIRE], actor=as_actor(planning_handler), at=at)
    opened.refresh_from_db()
    return next(each for each in opinions if each.department_id == HOUSING)


def test_an_idea_is_checked_by_itself(opened: Idea, at: datetime, drained: Drain) -> None:
    drained(at)
    run = CheckRun.objects.get(version__site=opened.site)
    assert run.is_done
    assert (opened.state, opened.site.title, opened.site.department_id) == (Maturity.GESTATION, "湾区学校", PLANNING)


def test_who_may_bring_one_and_what_is_missing(
    applicant: User, leader: User, fire_reviewer: User, planning_handler: User, at: datetime
) -> None:
    fields = {"title": "甲", "summary": "乙", "department_id": PLANNING, "boundary": a_boundary(), "at": at}
    for user in (applicant, leader, fire_reviewer):
        with pytest.raises(NotAllowed):
            ideas.open_idea(**fields, actor=as_actor(user))
    with pytest.raises(InvalidInput) as refused:
        ideas.open_idea(**{**fields, "title": " ", "summary": ""}, actor=as_actor(planning_handler))
    assert set(refused.value.fields) == {"title", "summary"}
    assert not Site.objects.exists()


def test_departments_have_working_days_and_are_told(asked: Opinion, opened: Idea, at: datetime, drained: Drain) -> None:
    # Tuesday 14 April and five working days
    assert asked.due_on.isoformat() == "2026-04-21"
    assert opened.state == Maturity.INCUBATION
    drained(at)
    told = Notice.objects.filter(kind="ideas.asked")
    assert {notice.department_id for notice in told} == {HOUSING, FIRE}
    assert told[0].url == reverse("ideas:idea", args=[opened.pk])


def test_asking_needs_departments_and_happens_once(
    opened: Idea, planning_handler: User, fire_reviewer: User, at: datetime
) -> None:
    planner = as_actor(planning_handler)
    for nobody in ([], ["nobody"], [PLANNING]):
        with pytest.raises(InvalidInput):
            ideas.ask(idea_id=opened.pk, departments=nobody, actor=planner, at=at)
    with pytest.raises(NotAllowed):
        ideas.ask(idea_id=opened.pk, departments=[HOUSING], actor=as_actor(fire_reviewer), at=at)
    ideas.ask(idea_id=opened.pk, departments=[HOUSING], actor=planner, at=at)
    with pytest.raises(TransitionRefused):
        ideas.ask(idea_id=opened.pk, departments=[HOUSING], actor=planner, at=at)


def test_an_answer_brings_conditions_with_a_place(
    asked: Opinion, opened: Idea, fire_reviewer: User, planning_handler: User, at: datetime, drained: Drain
) -> None:
    place = ideas.place_of(a_boundary(0, 0, 50, 50))
    answer = {"opinion_id": asked.pk, "text": "", "at": at}
    with pytest.raises(NotAllowed):
        ideas.answer(**answer, position="agree", conditions=[], actor=as_actor(planning_handler))
    for position, conditions in (("", []), ("conditional", [(" ", None)]), ("disagree", [])):
        with pytest.raises(InvalidInput):
            ideas.answer(**answer, position=position, conditions=conditions, actor=as_actor(fire_reviewer))
    ideas.answer(
        **answer,
        position="conditional",
        conditions=[("西南角留出消防车道", place), ("配建停车位", None)],
        actor=as_actor(fire_reviewer),
    )
    first, second = Condition.objects.order_by("pk")
    assert (first.geom.area, second.geom) == (2500.0, None)
    with pytest.raises(NotAllowed):
        ideas.answer(**answer, position="agree", conditions=[], actor=as_actor(fire_reviewer))
    drained(at)
    assert Notice.objects.filter(kind="ideas.answered", department_id=PLANNING).exists()


def test_silence_counts_from_the_day_after_the_last(asked: Opinion, at: datetime) -> None:
    last = at + timedelta(days=7)
    assert ideas.sweep(at=last) == 0
    assert ideas.sweep(at=last + timedelta(days=1)) == 2
    assert ideas.sweep(at=last + timedelta(days=1)) == 0
    asked.refresh_from_db()
    assert asked.state == OpinionState.SILENT


def test_it_is_ripe_when_all_have_spoken_and_conditions_are_met(
    asked: Opinion, opened: Idea, fire_reviewer: User, planning_handler: User, at: datetime
) -> None:
    planner = as_actor(planning_handler)
    with pytest.raises(ideas.OpinionsMissing):
        ideas.ripen(idea_id=opened.pk, actor=planner, at=at)
    ideas.answer(
        opinion_id=asked.pk,
        position=Position.CONDITIONAL,
        text="",
        conditions=[("配建停车位", None)],
        actor=as_actor(fire_reviewer),
        at=at,
    )
    ideas.sweep(at=at + timedelta(days=8))
    with pytest.raises(ideas.ConditionsOpen):
        ideas.ripen(idea_id=opened.pk, actor=planner, at=at)
    condition = Condition.objects.get()
    with pytest.raises(NotAllowed):
        ideas.meet(condition_id=condition.pk, note="已配", actor=as_actor(fire_reviewer), at=at)
    with pytest.raises(InvalidInput):
        ideas.meet(condition_id=condition.pk, note=" ", actor=planner, at=at)
    ideas.meet(condition_id=condition.pk, note="方案已配 120 个", actor=planner, at=at)
    assert ideas.ripen(idea_id=opened.pk, actor=planner, at=at).state == Maturity.MATURE


def test_a_new_boundary_makes_it_unripe_and_keeps_what_was_said(
    asked: Opinion, opened: Idea, planning_handler: User, at: datetime
) -> None:
    planner = as_actor(planning_handler)
    ideas.redraw(idea_id=opened.pk, boundary=a_boundary(0, 0, 250, 200), actor=planner, at=at)
    opened.refresh_from_db()
    assert opened.state == Maturity.GESTATION
    assert set(opened.opinions.values_list("state", flat=True)) == {OpinionState.OUTDATED}
    told = AuditEvent.objects.filter(action="ideas.opinion.outdated")
    assert {event.subject_id for event in told} == {str(each.pk) for each in opened.opinions.all()}
    ideas.ask(idea_id=opened.pk, departments=[HOUSING], actor=planner, at=at)
    assert Opinion.objects.filter(idea=opened).count() == 3


def test_it_becomes_a_projects_site(
    opened: Idea, planning_handler: User, applicant: User, enterprise: Enterprise, at: datetime
) -> None:
    an_edition("L06.02.02", [feature(a_box(-50, -50, 60, 60), "M1")])
    planner = as_actor(planning_handler)
    project = a_project(owner=enterprise, actor=as_actor(applicant), at=at)
    Idea.objects.filter(pk=opened.pk).update(state=Maturity.MATURE)
    # a project that is nothing to the department is no more to it than one that does not exist
    for code in ("", "2601-000000-00-00-000000", project.code):
        with pytest.raises(InvalidInput):
            ideas.register(idea_id=opened.pk, project_code=code, actor=planner, at=at)
    assert not AuditEvent.objects.filter(action="siting.site.adopted").exists()
    registry.grant_access(project_id=project.pk, department_id=PLANNING, reason="用地预审", at=at)
    ideas.register(idea_id=opened.pk, project_code=f" {project.code} ", actor=planner, at=at)

    assert Site.objects.get(project=project).pk == opened.site_id
    project.refresh_from_db()
    from_map = {key for key, fact in projects.facts(project).items() if fact.source == FactSource.MAP}
    assert {"land_area_m2", "site_lonlat", "map.metenv"} <= from_map
    adopted = AuditEvent.objects.get(action="siting.site.adopted")
    assert (adopted.stream, adopted.data["number"]) == (project.audit_stream, 1)
    with pytest.raises(NotAllowed):
        ideas.drop(idea_id=opened.pk, reason="晚了", actor=planner, at=at)
    assert AuditEvent.objects.filter(action="ideas.idea.registered").exists()


def test_a_project_with_a_site_of_its_own_takes_no_other(
    opened: Idea, planning_handler: User, applicant: User, enterprise: Enterprise, at: datetime
) -> None:
    project = a_project(owner=enterprise, actor=as_actor(applicant), at=at)
    registry.grant_access(project_id=project.pk, department_id=PLANNING, reason="用地预审", at=at)
    Site.objects.create(project=project, opened_at=at)
    Idea.objects.filter(pk=opened.pk).update(state=Maturity.MATURE)
    with pytest.raises(siting.HasSite):
        ideas.register(idea_id=opened.pk, project_code=project.code, actor=as_actor(planning_handler), at=at)


def test_it_is_given_up_with_a_reason(opened: Idea, planning_handler: User, at: datetime) -> None:
    planner = as_actor(planning_handler)
    with pytest.raises(InvalidInput):
        ideas.drop(idea_id=opened.pk, reason="", actor=planner, at=at)
    assert ideas.drop(idea_id=opened.pk, reason="用地另有安排", actor=planner, at=at).state == Maturity.DROPPED


def test_seeing_and_listing_agree(
    opened: Idea,
    asked: Opinion,
    planning_handler: User,
    fire_reviewer: User,
    leader: User,
    applicant: User,
    person: object,
) -> None:
    stranger = person("jt-handler", "handler", department="jt")  # type: ignore[operator]
    for user, sees in (
        (planning_handler, True),
        (fire_reviewer, True),
        (leader, True),
        (applicant, False),
        (stranger, False),
    ):
        actor = as_actor(user)
        assert policies.can_view(actor, opened) is sees
        assert (queries.find(opened.pk, actor) is not None) is sees
    assert [rows.count() for rows in queries.waiting(as_actor(fire_reviewer))] == [1]
    assert queries.waiting(as_actor(applicant)) == ()
