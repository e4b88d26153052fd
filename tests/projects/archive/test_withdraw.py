"""Taking a document back."""

import pytest

from portal.core import files
from portal.core.actor import Actor
from portal.core.errors import NotAllowed, NotFound
from portal.core.models import AuditEvent
from projects.archive import operations as archive
from tests.cast import as_actor
from tests.factories.projects import PDF


@pytest.fixture
def withdraw(document, owner_actor, at):
    def run(actor=None, found=None):
        return archive.withdraw(document_id=(found or document).pk, reason="传错了", actor=actor or owner_actor, at=at)

    return run


@pytest.fixture
def result(project, at):
    return archive.add_document(
        project_id=project.pk, material="r_s1_07", title="许可证", source="prior_result", produced_by="S1-07",
        blob=files.store_bytes(PDF, file_format="pdf", at=at), actor=Actor.system("x"), at=at,
    )  # fmt: skip


def test_it_stays_marked(withdraw, document, project, at):
    withdraw()

    document.refresh_from_db()
    assert document.withdrawn_at == at
    assert files.is_intact(document.blob_id)
    assert AuditEvent.objects.get(stream=project.code, action="archive.document.withdrawn").data["reason"] == "传错了"


def test_twice_is_a_conflict(withdraw):
    withdraw()
    with pytest.raises(archive.AlreadyWithdrawn):
        withdraw()


def test_what_a_department_reads_cannot_vanish(withdraw, document, at):
    archive.grant(document_id=document.pk, department_id="zrzy", reason="办件", at=at)

    with pytest.raises(archive.InUse, match="上传新版本"):
        withdraw()


def test_an_outsider_learns_nothing_and_a_reader_may_not(withdraw, other_applicant, outsider, leader):
    for person in (other_applicant, outsider):
        with pytest.raises(NotFound):
            withdraw(as_actor(person))
    with pytest.raises(NotAllowed):
        withdraw(as_actor(leader))


def test_the_applicant_cannot_take_back_what_an_office_issued(withdraw, result, owner_actor):
    with pytest.raises(NotAllowed):
        withdraw(owner_actor, result)

    assert withdraw(Actor.system("certificates"), result).is_withdrawn
