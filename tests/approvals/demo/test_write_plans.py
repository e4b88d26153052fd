"""Planners have runs of the whole city computed, hand out a report and bring ideas; a second time adds nothing."""

from typing import Any

import pytest

from approvals.demo import ground as lots_on
from approvals.demo import laying, story
from approvals.demo import operations as demo
from approvals.demo.people import Cast
from approvals.demo.telling import Telling
from approvals.demo.times import Times
from blueprint.checks.models import CheckRun
from blueprint.citywide.models import Settling
from blueprint.ideas.models import Condition, Idea, Opinion
from blueprint.reports.models import Report
from portal.accounts.operations import ensure_demo_people
from portal.citypack.models import PackVersion
from portal.core import audit, calendars, clock
from portal.core.models import OutboxMessage
from projects.registry.models import Project
from tests.approvals.demo.conftest import NOW
from tests.blueprint.ground.conftest import document, west

LAYERS = ("L01.02.02", "L04.02.01", "L05.01.04", "L06.01.03")
#: the project whose check is handed out is the last of so many
PROJECTS = next(
    place
    for place, row in enumerate(document("demo")["projects"], start=1)
    if row.get("name") in document("demo")["blueprint"]["reports"]
)


def quiet(*_done: int) -> None:
    """Take the progress."""


def write(drawing: Any) -> int:
    return demo.write_plans(drawing=drawing, projects=PROJECTS, seed=1, at=NOW, tell=quiet)


@pytest.fixture(scope="module")
def drawing() -> Any:
    return west(layers=[row for row in document("ground")["layers"] if row["layer"] in LAYERS])


@pytest.fixture
def ground(pack: Any, drawing: Any) -> None:
    laying.lay(drawing, at=NOW, tell=quiet)
    ensure_demo_people(version=PackVersion.objects.current().get(), at=NOW)


@pytest.mark.django_db
def test_runs_stand_and_ideas_are_before_departments(ground: None, drawing: Any) -> None:
    assert write(drawing) == 4

    runs = CheckRun.objects.citywide().order_by("kind")
    assert [(run.kind, run.state, run.asked_by != "") for run in runs] == [
        ("conflict", "done", True),
        ("difference", "done", True),
    ]
    assert all(run.result["patches"] > 0 and run.finished_at == NOW for run in runs)
    assert sorted(Settling.objects.values_list("department_id", "state")) == [("sw", "answered"), ("sw", "open")]

    waiting, answered = Idea.objects.order_by("-opened_at")
    assert {waiting.state, answered.state} == {"incubation"}
    assert waiting.opinions.filter(state="asked").count() == 5
    assert waiting.opinions.filter(state="asked", due_on__gte=clock.day_of(NOW)).count() == 5
    assert not answered.opinions.exclude(state="answered").exists()
    conditions = Condition.objects.filter(opinion__idea=answered)
    assert conditions.filter(geom__isnull=False).count() == 3
    assert set(conditions.values_list("met_at", flat=True)) > {None}
    assert CheckRun.objects.filter(version__site__idea__isnull=False, state="done").count() == 2
    assert Opinion.objects.filter(answered_at__gt=NOW).count() == 0
    assert audit.verify("blueprint") is None
    assert not OutboxMessage.objects.exclude(last_error="").exists()

    assert write(drawing) == 0
    assert (CheckRun.objects.count(), Idea.objects.count()) == (4, 2)


@pytest.mark.django_db
def test_hands_out_the_report_of_a_project(ground: None, drawing: Any) -> None:
    documents = PackVersion.objects.current().get().documents
    book = story.read(documents)
    told = book.stories[PROJECTS - 1]
    lot = lots_on.lots(drawing, documents, [told]).get(told.name)
    with clock.frozen(NOW):
        Telling(told, book=book, cast=Cast(), times=Times(calendars.current(), NOW), seed=1, lot=lot).tell()
    assert Project.objects.get().name == told.name

    assert write(drawing) == 5
    report = Report.objects.get()
    assert (report.state, report.run.version.site.project.name) == ("issued", told.name)
    assert report.document is not None
    assert write(drawing) == 0
