"""Where the pack keeps the results of a stage together, they come when the last is there; a refusal never waits."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from approvals.applications.models import Application
from approvals.certificates import tasks
from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState, ResultKind
from approvals.push.models import Delivery
from approvals.review.states import StageState
from portal.accounts.models import Enterprise, User
from portal.citypack import operations as citypack
from portal.core import clock
from portal.core.actor import Actor
from projects.archive.models import Document
from tests.cast import as_actor
from tests.factories import review as factory

Drain = Callable[[datetime], int]
PACK = Path(settings.BASE_DIR) / "portal" / "citypack" / "packs" / "binhai"


@pytest.fixture
def together(pack: object, tmp_path: Path, at: datetime) -> None:
    """The pack with the first stage of the small flow told as one."""
    copy = Path(shutil.copytree(PACK, tmp_path / "pack"))
    flows = yaml.safe_load((copy / "flows.yaml").read_text(encoding="utf-8"))
    for flow in flows["flows"]:
        for stage in flow["stages"]:
            if (flow["id"], stage["stage"]) == ("soc_small", "S1"):
                stage["release"] = "together"
    (copy / "flows.yaml").write_text(yaml.safe_dump(flows, allow_unicode=True), encoding="utf-8")
    citypack.load(directory=copy, actor=Actor.system("tests"), at=at)


@pytest.fixture
def filed(together: None, enterprise: Enterprise, applicant: User, clerk: User, at: datetime) -> Application:
    project = factory.a_running_project(owner=enterprise, actor=as_actor(applicant), at=at)
    return factory.accepted(project=project, stage="S1", applicant=as_actor(applicant), clerk=as_actor(clerk), at=at)


def test_results_wait_for_the_last_of_the_stage(filed: Application, at: datetime, drained: Drain) -> None:
    first = factory.finish(factory.case_of(filed, "S1-04"), at=at)
    drained(at)

    assert first.decision is not None
    assert not Certificate.objects.exists()
    assert not Delivery.objects.exists()
    assert not Document.objects.filter(number=first.decision.number).exists()

    factory.finish(factory.case_of(filed, "S1-07"), at=at)
    drained(at)

    assert factory.run_of(filed.project, "S1").state == StageState.CONCLUDED
    assert set(Certificate.objects.values_list("decision__case__service_item__code", "state")) == {
        ("S1-04", CertificateState.ISSUED),
        ("S1-07", CertificateState.ISSUED),
    }
    assert Document.objects.filter(number=first.decision.number).exists()
    assert Delivery.objects.exists()


def test_a_refusal_is_told_at_once(filed: Application, at: datetime, drained: Drain) -> None:
    refused = factory.finish(factory.case_of(filed, "S1-07"), at=at, conclusion="reject", opinion="用地性质不符合规划")
    drained(at)

    assert refused.decision is not None
    assert factory.run_of(filed.project, "S1").state == StageState.IN_REVIEW
    paper = Certificate.objects.get()
    assert (paper.kind, paper.state, paper.number) == (
        ResultKind.REFUSAL,
        CertificateState.ISSUED,
        refused.decision.number,
    )
    assert Delivery.objects.filter(decision=refused.decision).exists()


def test_without_it_each_result_comes_by_itself(
    enterprise: Enterprise, applicant: User, clerk: User, at: datetime, drained: Drain
) -> None:
    project = factory.a_running_project(owner=enterprise, actor=as_actor(applicant), at=at)
    filed = factory.accepted(project=project, stage="S1", applicant=as_actor(applicant), clerk=as_actor(clerk), at=at)
    factory.finish(factory.case_of(filed, "S1-04"), at=at)
    drained(at)

    assert Certificate.objects.get().state == CertificateState.ISSUED


def test_what_was_kept_back_comes_when_nothing_more_will_be_decided(
    filed: Application, at: datetime, drained: Drain
) -> None:
    first = factory.finish(factory.case_of(filed, "S1-04"), at=at)
    factory.finish(factory.case_of(filed, "S1-07"), at=at, conclusion="reject", opinion="不符合规划条件")
    drained(at)

    # the stage does not conclude without its milestone, but its application is completed
    assert factory.run_of(filed.project, "S1").state != StageState.CONCLUDED
    assert Certificate.objects.filter(decision=first.decision).exists()


def test_nobody_waits_longer_than_the_stage_may_take(filed: Application, at: datetime, drained: Drain) -> None:
    first = factory.finish(factory.case_of(filed, "S1-04"), at=at)
    drained(at)
    with clock.frozen(at):
        assert tasks.release_kept() == 0
    with clock.frozen(at + timedelta(days=60)):
        assert tasks.release_kept() == 1

    assert Certificate.objects.filter(decision=first.decision).exists()
