"""On a telephone every page is read by moving down, never sideways."""

from datetime import datetime
from typing import Any

from portal.accounts.models import Enterprise
from tests.cast import Person, as_actor
from tests.e2e.conftest import Visit
from tests.e2e.visitor import PHONE, assert_fits
from tests.factories.applications import a_draft, handed_in
from tests.factories.projects import SMALL
from tests.factories.review import a_running_project, accepted

PUBLIC = ("/", "/guides/", "/v/", "/v/WRONG-CODE", "/x/", "/accounts/login/", "/accounts/sign-up/", "/help/")


def test_nothing_is_wider_than_the_screen(
    visit: Visit,
    person: Person,
    applicant: Any,
    clerk: Any,
    leader: Any,
    planning_handler: Any,
    enterprise: Enterprise,
    at: datetime,
) -> None:
    actor = as_actor(applicant)
    facts = {**SMALL, "land_area_m2": 12000}
    running = a_running_project(owner=enterprise, actor=actor, at=at, facts=facts)
    draft = a_draft(owner=enterprise, actor=actor, at=at, project=running)
    waiting = a_running_project(owner=enterprise, actor=actor, at=at, facts=facts, name="临港配送中心")
    handed_in(owner=enterprise, actor=actor, at=at, project=waiting)
    reviewed = a_running_project(owner=enterprise, actor=actor, at=at, facts=facts, name="山前标准厂房")
    accepted(project=reviewed, stage="S1", applicant=actor, clerk=as_actor(clerk), at=at, items=["S1-07"])
    case = reviewed.cases.get()
    walks = {
        "": (*PUBLIC, f"/x/{running.code}/"),
        "applicant-a": (
            "/projects/",
            "/projects/register/",
            f"/projects/{reviewed.code}/",
            f"/projects/{running.code}/items/",
            f"/applications/{draft.pk}/form/",
            f"/applications/{draft.pk}/",
            "/deliveries/mine",
        ),
        "clerk-a": ("/window/", "/window/paper/", "/window/handover/"),
        "planning-handler": ("/review/", f"/review/cases/{case.pk}", "/review/stages"),
        "leader-a": ("/dashboard/", "/dashboard/cases/", "/dashboard/projects/"),
    }
    for username, paths in walks.items():
        visitor = visit(username, screen=PHONE)
        visitor.expected = {404}
        for path in paths:
            answer = visitor.page.goto(path)
            assert answer is not None
            assert answer.status in (200, 404), f"{answer.status} {path}"
            assert_fits(visitor.page)
            ways = visitor.page.locator("ol.way").all()
            assert ways or path != "/projects/"
            for way in ways:
                assert way.evaluate("e => e.scrollHeight - e.clientHeight") <= 1, "names of stages over what follows"
