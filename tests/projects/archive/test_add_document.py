"""Filing a document: versions, checks of the file, who may."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.core import files
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.files import FileRefused
from portal.core.models import AuditEvent, OutboxMessage
from projects.archive import operations as archive
from projects.archive.models import Document
from projects.registry import operations as registry
from projects.registry.queries import NoProject
from tests.cast import as_actor
from tests.factories.projects import PDF, a_document, pdf

SYSTEM = Actor.system("certificates")


def test_keeps_content_name_and_who_gave_it(document, applicant, at):
    assert (document.version, document.file_name, document.source) == (1, "材料.pdf", "applicant")
    assert (document.supplied_by_id, document.supplied_at) == (applicant.pk, at)
    assert files.is_intact(document.blob_id)


def test_tells_the_audit_and_announces(document, project):
    event = AuditEvent.objects.get(stream=project.code, action="archive.document.added")
    assert event.data["sha256"] == document.blob_id
    message = OutboxMessage.objects.get(topic="archive.document.added")
    assert message.payload == {"id": document.pk, "project": project.pk}


def test_a_new_content_stands_beside_the_old_one(add, document):
    newer = add(note="改过")

    assert newer.version == 2
    assert newer.blob_id != document.blob_id
    document.refresh_from_db()
    assert files.is_intact(document.blob_id)


def test_the_same_content_again_is_the_same_version(add, document):
    assert add() == document
    assert Document.objects.count() == 1


def test_a_withdrawn_version_can_be_filed_again(add, document, owner_actor, at):
    archive.withdraw(document_id=document.pk, reason="传错了", actor=owner_actor, at=at)

    again = add()

    assert (again.version, again.is_withdrawn) == (2, False)


def test_versions_are_counted_per_unit(add, project, owner_actor, at):
    units = [registry.issue_unit(project_id=project.pk, level=1, actor=owner_actor, at=at) for _number in range(2)]

    versions = [add(unit_id=unit.pk, note=str(unit.pk)).version for unit in units]

    assert versions == [1, 1]
    assert add(note="整个项目").version == 1
    assert add(unit_id=units[0].pk, note="改过").version == 2


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("空.pdf", b""), "0 字节"),
        (SimpleUploadedFile("程序.exe", b"MZ\x90"), "不收"),
        (SimpleUploadedFile("假.pdf", b"MZ\x90 not a pdf"), "内容却不是"),
        (SimpleUploadedFile("断.pdf", PDF[:40]), "损坏"),
        (SimpleUploadedFile("没有扩展名", PDF), "没有扩展名"),
    ],
)
def test_refuses_a_file_that_breaks_the_rules_and_leaves_nothing_behind(add, upload, words, file_store):
    with pytest.raises(FileRefused, match=words):
        add(upload=upload)

    assert not Document.objects.exists()
    assert [path for path in file_store.rglob("*") if path.is_file()] == []


def test_the_rules_are_those_of_the_material(add):
    drawing = SimpleUploadedFile("图.dwg", b"AC1032" + b"\0" * 100)

    assert add(material="m_topo", upload=drawing).file_name == "图.dwg"
    with pytest.raises(FileRefused):
        add(material="m_auth", upload=SimpleUploadedFile("图.dwg", b"AC1032" + b"\0" * 100))


def test_refuses_a_file_above_the_limit_of_its_material(add):
    upload = pdf()
    upload.size = 51 * 1024 * 1024

    with pytest.raises(FileRefused, match="超过上限"):
        add(upload=upload)


def test_refuses_a_material_or_unit_that_is_not_the_projects(add, other_enterprise, other_applicant, at):
    with pytest.raises(InvalidInput) as refused:
        add(material="m_nothing")
    assert set(refused.value.fields) == {"material"}
    with pytest.raises(InvalidInput) as refused:
        add(unit_id=0)
    assert set(refused.value.fields) == {"unit"}


def test_files_what_the_system_has_made(project, at):
    blob = files.store_bytes(PDF, file_format="pdf", at=at)

    result = archive.add_document(
        project_id=project.pk,
        material="r_s1_07",
        title="建设用地规划许可证",
        source="prior_result",
        blob=blob,
        produced_by="S1-07",
        number="滨自然资地〔2026〕1号",
        attributes={"far": 2.0},
        valid_until=date(2029, 1, 1),
        actor=SYSTEM,
        at=at,
    )

    assert (result.file_name, result.number, result.attributes) == (
        "建设用地规划许可证.pdf", "滨自然资地〔2026〕1号", {"far": 2.0},
    )  # fmt: skip
    notice = archive.add_document(
        project_id=project.pk, material="a-notice", title="通知书", source="system", blob=blob, actor=SYSTEM, at=at
    )
    assert notice.material == "a-notice"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\用户\\图纸\\总图.pdf", "总图.pdf"),
        ("/home/a/../总图.pdf", "总图.pdf"),
        ("一" * 300 + ".pdf", "一" * 196 + ".pdf"),
        ("换\n行\0.pdf", "换行.pdf"),
    ],
)
def test_keeps_a_bare_name_that_fits(add, given, kept, at):
    blob = files.store_bytes(PDF, file_format="pdf", at=at)

    found = archive.add_document(
        project_id=add().project_id, material="m_fund", title="证明", source="applicant", blob=blob,
        file_name=given, actor=SYSTEM, at=at,
    )  # fmt: skip

    assert found.file_name == kept


def test_refuses_outsiders_before_taking_the_content(
    project, other_applicant, agent, planning_handler, leader, outsider, at, file_store
):
    for person in (other_applicant, agent, planning_handler, leader, outsider):
        with pytest.raises(NotAllowed):
            a_document(project=project, actor=as_actor(person), at=at)
    with pytest.raises(NotAllowed):
        a_document(project=project, actor=as_actor(other_applicant), at=at, source="prior_result")
    assert not file_store.exists()


def test_lets_an_agent_with_a_mandate_and_the_window_file(add, project, agent, clerk, owner_actor, at):
    registry.give_mandate(project_id=project.pk, user_id=agent.pk, actor=owner_actor, at=at)

    assert add(actor=as_actor(agent)).supplied_by_id == agent.pk
    assert add(actor=as_actor(clerk), note="窗口扫描").supplied_by_id == clerk.pk


def test_refuses_a_project_that_does_not_exist(owner_actor, at):
    with pytest.raises(NoProject):
        archive.add_document(
            project_id=0, material="m_auth", title="x", source="applicant", upload=pdf(), actor=owner_actor, at=at
        )
