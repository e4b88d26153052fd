"""What a kept run is, and who sees it."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from blueprint.checks import policies
from blueprint.checks.models import CheckRun, Finding
from blueprint.checks.states import RunKind, RunState
from blueprint.siting.models import Site, SiteVersion
from portal.accounts.models import User
from portal.citypack.models import PackVersion
from portal.core.actor import Actor
from projects.registry.models import Project
from tests.blueprint.checks.conftest import a_run, rectangle
from tests.cast import as_actor

pytestmark = pytest.mark.django_db

SEES = {
    # who: the project's run, the idea's run of the planning department, the city's run
    "other_applicant": (False, False, False),
    "fire_reviewer": (False, False, True),
    "clerk": (True, False, False),
    "applicant": (True, False, False),
    "planning_handler": (False, True, True),
    "leader": (True, True, True),
}


@pytest.mark.parametrize("who", SEES)
def test_sees_runs_of_his_projects_his_departments_ideas_and_the_city(
    who: str,
    request: pytest.FixtureRequest,
    version: SiteVersion,
    idea_version: SiteVersion,
    pack: PackVersion,
    at: datetime,
) -> None:
    runs = [a_run(pack=pack, at=at, version=site) for site in (version, idea_version, None)]
    actor = as_actor(request.getfixturevalue(who))

    listed = set(CheckRun.objects.visible_to(actor))

    assert tuple(run in listed for run in runs) == SEES[who]
    assert tuple(policies.can_view(actor, run) for run in runs) == SEES[who]


def test_an_idea_that_became_a_project_is_seen_with_the_project(
    project: Project,
    idea_version: SiteVersion,
    planning_handler: User,
    applicant: User,
    pack: PackVersion,
    at: datetime,
) -> None:
    run = a_run(pack=pack, at=at, version=idea_version)
    Site.objects.filter(pk=idea_version.site_id).update(project=project)
    run = CheckRun.objects.get(pk=run.pk)

    for user, sees in ((planning_handler, False), (applicant, True)):
        actor = as_actor(user)
        assert CheckRun.objects.visible_to(actor).filter(pk=run.pk).exists() is sees
        assert policies.can_view(actor, run) is sees


def test_a_visitor_sees_no_run(version: SiteVersion, pack: PackVersion, at: datetime) -> None:
    run = a_run(pack=pack, at=at, version=version)

    assert not CheckRun.objects.visible_to(Actor.anonymous()).exists()
    assert not policies.can_view(Actor.anonymous(), run)
    assert not policies.can_check_site(Actor.anonymous(), version.site)


def test_who_may_start_a_run_over_the_city(planning_handler: User, applicant: User, leader: User) -> None:
    assert policies.can_run_citywide(as_actor(planning_handler))
    assert not policies.can_run_citywide(as_actor(applicant))
    assert not policies.can_run_citywide(as_actor(leader))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": RunKind.SITE},
        {"state": RunState.DONE},
        {"state": RunState.FAILED, "error": ""},
    ],
)
def test_refuses_a_run_that_contradicts_itself(wrong: dict[str, object], pack: PackVersion, at: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        a_run(pack=pack, at=at, **wrong)


def test_keeps_no_shape_of_what_is_masked(version: SiteVersion, pack: PackVersion, at: datetime) -> None:
    run = a_run(pack=pack, at=at, version=version)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(
            run=run, number=1, check_code="x", severity="review", masked=True, geom=rectangle(10, 10)
        )


def test_counts_its_steps(pack: PackVersion, at: datetime) -> None:
    assert a_run(pack=pack, at=at).percent == 0
    assert a_run(pack=pack, at=at, steps_done=1, steps_total=3).percent == 33
    assert a_run(pack=pack, at=at, state=RunState.DONE, finished_at=at).percent == 100
