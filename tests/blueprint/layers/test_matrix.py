"""Every verb in every state of an import and of an edition: what the tables allow, and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from blueprint.layers import operations
from blueprint.layers.models import Edition, ImportJob
from blueprint.layers.states import JOB_OPEN, JOB_TRANSITIONS, TRANSITIONS, EditionState, JobState
from portal.core.actor import Actor
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation
from tests.blueprint.geometry.files import SITE, collection, feature, polygon, write_json
from tests.cast import Person, as_actor
from tests.conftest import NOON
from tests.factories.blueprint import a_box, an_edition
from tests.factories.blueprint import feature as a_feature

pytestmark = pytest.mark.django_db
LAYER = "L04.01.02"
SYSTEM = Actor.system("test")


@pytest.fixture
def job(person: Person, tmp_path: Path) -> ImportJob:
    keeper = person("keeper", "lead", department="zrzy", name="图守成")
    content = write_json(tmp_path, collection(feature(polygon(SITE)))).read_bytes()
    upload = SimpleUploadedFile("红线.geojson", content)
    return operations.ask_import(
        layer=LAYER, name="2026", source="", crs=None, upload=upload, actor=as_actor(keeper), at=NOON
    )


def put(job: ImportJob, state: str) -> None:
    ended = None if state in JOB_OPEN else NOON
    ImportJob.objects.filter(pk=job.pk).update(state=state, ended_at=ended, attempts=1)
    job.refresh_from_db()


@pytest.mark.parametrize("state", JobState.values)
def test_a_worker_does_what_is_open_once(job: ImportJob, state: str) -> None:
    put(job, state)

    assert operations.run_imports(at=NOON) == (state in JOB_OPEN)
    assert operations.run_imports(at=NOON) == 0

    job.refresh_from_db()
    assert job.state == (JobState.DONE if state in JOB_OPEN else state)
    assert Edition.objects.count() == (state in JOB_OPEN)


@pytest.mark.parametrize("to", JobState.values)
@pytest.mark.parametrize("state", JobState.values)
def test_a_job_moves_only_along_the_table(job: ImportJob, state: str, to: str) -> None:
    put(job, state)
    job.ended_at = None if to in JOB_OPEN else NOON

    def go() -> None:
        with operation():
            move(job, to=JobState(to), actor=SYSTEM, at=NOON, topic="test.job.moved", fields=["ended_at"])

    if to in JOB_TRANSITIONS[state]:
        go()
    else:
        with pytest.raises(TransitionRefused):
            go()
    assert ImportJob.objects.get().state == (to if to in JOB_TRANSITIONS[state] else state)


@pytest.mark.parametrize("state", EditionState.values)
def test_an_edition_is_published_once_and_final_then(pack: Any, state: str) -> None:
    edition = an_edition(LAYER, [a_feature(a_box(0, 0, 10, 10))], state=state)

    if EditionState.PUBLISHED in TRANSITIONS[state]:
        operations.publish_edition(edition_id=edition.pk, actor=SYSTEM, at=NOON)
    with pytest.raises(TransitionRefused):
        operations.publish_edition(edition_id=edition.pk, actor=SYSTEM, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(state=EditionState.DRAFT, published_at=None)
