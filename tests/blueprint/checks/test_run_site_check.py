"""A site's version is checked, kept, repeated and compared."""

import copy
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import shapely
from django.test import Client
from django.urls import reverse

from blueprint.checks import engine, loading, queries
from blueprint.checks import operations as checks
from blueprint.checks.definitions import Definitions
from blueprint.checks.models import CheckRun, Finding, Patch
from blueprint.checks.queries import Change
from blueprint.checks.states import RunState
from blueprint.siting.models import Site, SiteVersion
from portal.accounts.models import User
from portal.citypack.models import PackVersion
from portal.core import outbox, unit
from portal.core.actor import Actor
from portal.core.errors import NotAllowed, NotFound
from portal.core.models import AuditEvent, OutboxMessage
from projects.registry import operations as registry
from projects.registry.models import Project
from projects.registry.states import FactSource
from tests.blueprint.checks.conftest import a_version
from tests.cast import as_actor
from tests.factories.blueprint import a_box, an_edition, feature

pytestmark = pytest.mark.django_db

FARMLAND, BLOCKS, PLAN, SECURITY, CONTRACTS = "L04.01.02", "L05.01.04", "L04.02.01", "L06.02.04", "L13.03.04"


@pytest.fixture
def ground(pack: object) -> None:
    """Farmland in the east, two plans that differ, a zone of which nothing is told."""
    an_edition(FARMLAND, [feature(a_box(288, -50, 400, 250), "JN1", name="东田")])
    an_edition(BLOCKS, [feature(a_box(0, 0, 300, 200), "A", use="0701")])
    an_edition(PLAN, [feature(a_box(0, 0, 100, 200), "T", use="0101"), feature(a_box(100, 0, 300, 200), use="0701")])
    an_edition(SECURITY, [feature(a_box(0, 0, 50, 50), "S1")])


def test_a_stranger_may_not_check(version: SiteVersion, other_applicant: User, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        checks.run_site_check(version_id=version.pk, actor=as_actor(other_applicant), at=at)

    assert not CheckRun.objects.exists()


def test_refuses_a_version_there_is_not(applicant: User, at: datetime) -> None:
    with pytest.raises(NotFound):
        checks.run_site_check(version_id=1, actor=as_actor(applicant), at=at)


def test_keeps_what_was_found_with_the_editions(
    ground: None, version: SiteVersion, applicant: User, at: datetime
) -> None:
    run = checks.run_site_check(version_id=version.pk, actor=as_actor(applicant), at=at)

    run.refresh_from_db()
    assert (run.state, run.finished_at, run.asked_by) == (RunState.DONE, at, "申大路")
    assert {row["layer"] for row in run.editions} == {FARMLAND, BLOCKS, PLAN, SECURITY}
    assert run.result["counts"] == {"stop": 1, "review": 1, "info": 1, "patches": 1}
    farmland = Finding.objects.get(run=run, layer=FARMLAND)
    assert (farmland.feature, farmland.feature_name, farmland.overlap_m2, farmland.share) == (
        "JN1",
        "东田",
        2400.0,
        0.04,
    )
    assert farmland.geom.area == pytest.approx(2400)
    patch = Patch.objects.get(run=run)
    assert (patch.code, patch.kind, patch.area_m2, patch.owner_layers) == ("P001", "城有土无", 20_000.0, [PLAN])
    assert patch.owners == ["zrzy"]
    event = AuditEvent.objects.get(action="checks.run.done")
    assert (event.stream, event.data["to"], event.data["stop"]) == (version.site.project.audit_stream, "done", 1)
    assert OutboxMessage.objects.get(topic="checks.run.done").payload == {"id": run.pk}


def test_what_the_pack_masks_anywhere_is_masked_in_checks(
    ground: None, pack: PackVersion, version: SiteVersion
) -> None:
    an_edition("L06.02.02", [feature(a_box(0, 0, 50, 50), "M1")])
    documents = copy.deepcopy(pack.documents["layers"])
    for topic in documents["topics"]:
        for subtopic in topic["subtopics"]:
            for layer in subtopic["layers"]:
                if layer["id"] == "L06.02.02":
                    layer["masked"] = True

    result = checks.examine_version(version, Definitions.from_documents(documents))

    (found,) = [row for row in result.findings if row.layer == "L06.02.02"]
    assert (found.feature, found.overlap_m2, found.geometry, found.extra) == (None, None, None, {"masked": True})
    assert "L06.02.02" not in {row.edition.layer for row in result.inventory}


def test_a_feature_may_be_called_at_any_length(
    pack: object, version: SiteVersion, applicant: User, at: datetime
) -> None:
    long = "长" * 300
    an_edition(FARMLAND, [feature(a_box(0, 0, 100, 200), long, name=long)])
    an_edition(BLOCKS, [feature(a_box(0, 0, 300, 200), "A", use="07" + "1" * 60)])
    an_edition(PLAN, [feature(a_box(0, 0, 300, 200), "T", use="01" + "1" * 60)])

    run = checks.run_site_check(version_id=version.pk, actor=as_actor(applicant), at=at)

    assert run.state == RunState.DONE
    assert Finding.objects.get(run=run, layer=FARMLAND).feature_name == long
    assert Patch.objects.get(run=run).use_b == "07" + "1" * 60


def test_of_a_masked_layer_neither_shape_nor_figure_is_kept(
    ground: None, version: SiteVersion, applicant: User, at: datetime
) -> None:
    run = checks.run_site_check(version_id=version.pk, actor=as_actor(applicant), at=at)

    found = Finding.objects.get(run=run, layer=SECURITY)
    assert (found.masked, found.severity) == (True, "review")
    assert (found.feature, found.overlap_m2, found.share, found.geom) == ("", None, None, None)
    assert SECURITY not in {row["layer"] for row in run.result["inventory"]}
    (total,) = [row for row in run.result["totals"] if row["layer"] == SECURITY]
    assert (total["overlap_m2"], total["share"], total["result"]) == (None, None, "warn")


def test_a_run_that_cannot_be_computed_is_kept_as_failed(
    version: SiteVersion, applicant: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(*_: object) -> None:
        raise shapely.GEOSException("TopologyException: side location conflict")

    monkeypatch.setattr(engine, "examine", give_up)

    run = checks.run_site_check(version_id=version.pk, actor=as_actor(applicant), at=at)

    assert (run.state, run.error_code, run.finished_at) == (RunState.FAILED, "geometry", at)
    assert "红线" in run.error
    assert AuditEvent.objects.filter(action="checks.run.failed").exists()


def test_takes_from_the_project_what_the_file_does_not_say(
    ground: None, version: SiteVersion, project: Project, applicant: User, at: datetime
) -> None:
    registry.record_facts(
        project_id=project.pk,
        values={"land_use_type": "0804", "height_m": 12.5},
        source=FactSource.APPLICANT,
        actor=as_actor(applicant),
        at=at,
    )
    an_edition(CONTRACTS, [feature(a_box(0, 0, 300, 200), "C1", project_code=project.code)])

    run = checks.run_site_check(version_id=version.pk, actor=as_actor(applicant), at=at)

    use = Finding.objects.get(run=run, check_code="chk_use", severity="stop")
    assert use.details == {"reason": "mismatch"}
    assert not Finding.objects.filter(run=run, check_code="chk_red").exists(), "its own land"
    version.attributes = {"use": "0701", "height": 9.0}
    version.site.refresh_from_db()
    declared = checks.declared(version, loading.definitions())
    assert (declared.use, declared.height) == ("0701", 9.0), "the file goes before the form"


def test_a_new_boundary_is_checked_once(
    ground: None, version: SiteVersion, at: datetime, drained: Callable[[datetime], int]
) -> None:
    for _ in range(2):
        with unit.operation():
            outbox.emit("siting.version.entered", at=at, id=version.pk)
        drained(at)

    assert CheckRun.objects.get(version=version).state == RunState.DONE
    assert not OutboxMessage.objects.filter(done_at__isnull=True).exists()


def test_a_repeat_is_a_run_of_its_own_and_tells_what_changed(
    ground: None, version: SiteVersion, applicant: User, at: datetime
) -> None:
    actor, later = as_actor(applicant), at + timedelta(days=1)
    first = checks.run_site_check(version_id=version.pk, actor=actor, at=at)
    an_edition(FARMLAND, [feature(a_box(280, -50, 400, 250), "JN1")], name="2027")
    an_edition("L06.01.02", [feature(a_box(0, 150, 300, 250), "G1")])
    second = checks.run_site_check(version_id=version.pk, actor=actor, at=later)

    before, after = ([*run.findings.in_order()] for run in (first, second))
    compared = queries.compare(first, second, before, after)

    told = {(row.latest.check_code, row.latest.layer_id): (row.change, row.difference_m2) for row in compared.findings}
    assert told == {
        ("chk_control", "L06.01.02"): (Change.NEW, 15_000.0),
        ("chk_3lines", FARMLAND): (Change.CHANGED, 1_600.0),
        ("chk_line_diff", FARMLAND): (Change.NEW, 1_600.0),
        ("chk_control", SECURITY): (Change.SAME, 0.0),
        ("chk_two_plan", BLOCKS): (Change.SAME, 0.0),
    }
    assert compared.counts == {"new": 2, "gone": 0, "changed": 1, "same": 2}
    assert [(row.layer, row.before, row.after) for row in compared.editions] == [
        (FARMLAND, "2026", "2027"),
        ("L06.01.02", "", "2026"),
    ]
    assert queries.compare(second, first, after, before).counts == {"new": 0, "gone": 2, "changed": 1, "same": 2}


def test_two_findings_under_one_key_are_two_matters(version: SiteVersion, applicant: User, at: datetime) -> None:
    boxes = [a_box(0, 0, 10, 200), a_box(20, 0, 40, 200)]
    an_edition(FARMLAND, [feature(box, "N") for box in boxes])
    first = checks.run_site_check(version_id=version.pk, actor=as_actor(applicant), at=at)
    an_edition(FARMLAND, [feature(boxes[0], "N")], name="2027")
    second = checks.run_site_check(version_id=version.pk, actor=as_actor(applicant), at=at)

    before, after = ([*run.findings.of_check("chk_3lines").in_order()] for run in (first, second))
    assert queries.compare(first, second, before, after).counts == {"new": 0, "gone": 1, "changed": 1, "same": 0}


@pytest.mark.parametrize("fault", [RuntimeError, MemoryError, KeyError])
def test_a_fault_of_ours_is_kept_as_failed_and_can_be_repeated(
    version: SiteVersion,
    applicant: User,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    fault: type[Exception],
    client: Client,
) -> None:
    def break_down(*_: object) -> None:
        raise fault

    with monkeypatch.context() as broken:
        broken.setattr(engine, "examine", break_down)
        run = checks.run_site_check(version_id=version.pk, actor=as_actor(applicant), at=at)
    assert (run.state, run.error_code) == (RunState.FAILED, "fault")

    client.force_login(applicant)
    page = client.get(reverse("reports:run", args=[run.pk])).content.decode()
    assert "再核查一次" in page
    assert reverse("reports:repeat", args=[run.pk]) in page
    client.post(reverse("reports:repeat", args=[run.pk]))
    assert [each.state for each in CheckRun.objects.newest_first()] == [RunState.DONE, RunState.FAILED]


def test_a_check_whose_process_is_gone_fails_by_the_sweep(
    version: SiteVersion, applicant: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_finish", lambda *_, **__: None)
    checks.run_site_check(version_id=version.pk, actor=as_actor(applicant), at=at)
    monkeypatch.undo()
    run = CheckRun.objects.get()
    assert run.state == RunState.RUNNING

    assert checks.fail_lost(at=at + checks.LOST) == 0
    assert checks.fail_lost(at=at + checks.LOST + timedelta(seconds=1)) == 1
    assert checks.fail_lost(at=at + checks.LOST + timedelta(seconds=1)) == 0

    run.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.FAILED, "lost")
    assert AuditEvent.objects.filter(action="checks.run.failed").count() == 1


def test_a_check_that_was_given_up_and_ends_after_all_changes_nothing(
    version: SiteVersion, applicant: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = engine.examine

    def slow(*given: Any) -> Any:
        assert checks.fail_lost(at=at + 2 * checks.LOST) == 1
        return whole(*given)

    monkeypatch.setattr(engine, "examine", slow)

    run = checks.run_site_check(version_id=version.pk, actor=as_actor(applicant), at=at)

    assert (run.state, run.error_code, run.result) == (RunState.FAILED, "lost", {})


def test_a_site_of_an_idea_is_checked_for_its_department(
    ground: None, idea_version: SiteVersion, planning_handler: User, fire_reviewer: User, at: datetime
) -> None:
    run = checks.run_site_check(version_id=idea_version.pk, actor=as_actor(planning_handler), at=at)

    assert (run.state, run.department_id, run.audit_stream) == (RunState.DONE, "zrzy", "blueprint")
    with pytest.raises(NotAllowed):
        checks.run_site_check(version_id=idea_version.pk, actor=as_actor(fire_reviewer), at=at)


def test_a_visitor_may_not_check(version: SiteVersion, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        checks.run_site_check(version_id=version.pk, actor=Actor.anonymous(), at=at)


def test_checks_the_version_that_was_asked_for(
    ground: None, version: SiteVersion, applicant: User, at: datetime
) -> None:
    site = Site.objects.get(pk=version.site_id)
    later = a_version(site, at=at, number=2, declared_m2=61_000.0)

    run = checks.run_site_check(version_id=later.pk, actor=as_actor(applicant), at=at)

    assert run.version_id == later.pk
    assert Finding.objects.get(run=run, check_code="chk_topo").details["declared_m2"] == 61_000.0
