"""Bringing materials: what is taken, what is refused, what is never lost."""

import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals.applications import operations as applications
from approvals.applications import queries
from approvals.applications.models import Application, SlotFile
from approvals.applications.operations import NotToMend
from portal.accounts.models import Enterprise, User
from portal.core.errors import NotFound
from portal.core.files import FileRefused
from projects.archive.models import Document
from projects.registry import operations as registry
from tests.cast import as_actor
from tests.factories import applications as make
from tests.factories.projects import GENERAL, a_document, pdf
from tests.factories.review import a_running_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(enterprise: Enterprise, applicant: User, at: datetime) -> Application:
    return make.a_draft(owner=enterprise, actor=as_actor(applicant), at=at)


def _zip_named_pdf() -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.txt", "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.pdf", b""),
        ("脚本.exe", b"MZ\x90\x00"),
        ("没有扩展名", b"%PDF-1.4"),
        ("假的.pdf", b"<html><script>alert(1)</script></html>"),
        ("压缩包.pdf", _zip_named_pdf()),
        ("图.png", b"\xff\xd8\xff\xe0 a jpeg"),
    ],
)
def test_refuses_a_wrong_file_and_leaves_nothing(
    draft: Application, applicant: User, at: datetime, name: str, content: bytes
) -> None:
    slot = make.first_slot(draft)

    with pytest.raises(FileRefused):
        applications.attach(
            application_id=draft.pk,
            material=slot.material,
            upload=SimpleUploadedFile(name, content),
            actor=as_actor(applicant),
            at=at,
        )

    assert not SlotFile.objects.exists()
    assert not Document.objects.exists()


def test_refuses_a_file_that_is_too_large(draft: Application, applicant: User, at: datetime) -> None:
    slot = make.first_slot(draft)
    upload = pdf()
    upload.size = queries.catalogue_of(draft).materials[slot.material].max_bytes + 1

    with pytest.raises(FileRefused, match="超过上限"):
        applications.attach(
            application_id=draft.pk, material=slot.material, upload=upload, actor=as_actor(applicant), at=at
        )


def test_a_double_click_files_once(draft: Application, applicant: User, at: datetime) -> None:
    slot, actor = make.first_slot(draft), as_actor(applicant)

    for _click in range(2):
        applications.attach(application_id=draft.pk, material=slot.material, upload=pdf(), actor=actor, at=at)

    assert slot.files.count() == 1
    assert Document.objects.count() == 1


def test_replacing_keeps_the_old_file_in_the_archive(draft: Application, applicant: User, at: datetime) -> None:
    slot, actor = make.first_slot(draft), as_actor(applicant)
    for note in ("一", "二"):
        applications.attach(
            application_id=draft.pk, material=slot.material, upload=pdf(note=note), actor=actor, at=at, replace=True
        )

    assert slot.files.filter(removed_at=None).count() == 1
    assert Document.objects.filter(material=slot.material).count() == 2


def test_one_document_fills_several_slots(draft: Application, applicant: User, at: datetime) -> None:
    actor = as_actor(applicant)
    first, second = draft.slots.filter(is_required=True).order_by("sort")[:2]
    file = applications.attach(application_id=draft.pk, material=first.material, upload=pdf(), actor=actor, at=at)

    again = applications.attach(
        application_id=draft.pk, material=second.material, document_id=file.document_id, actor=actor, at=at
    )

    assert again.is_reused
    assert again.document_id == file.document_id


def test_another_projects_document_is_not_there(
    draft: Application, enterprise: Enterprise, applicant: User, at: datetime
) -> None:
    actor = as_actor(applicant)
    other = a_running_project(owner=enterprise, actor=actor, at=at, name="别的项目")
    document = a_document(project=other, actor=actor, at=at)

    with pytest.raises(NotFound):
        applications.attach(
            application_id=draft.pk,
            material=make.first_slot(draft).material,
            document_id=document.pk,
            actor=actor,
            at=at,
        )


def test_what_the_project_has_is_put_in_from_the_start(enterprise: Enterprise, applicant: User, at: datetime) -> None:
    actor = as_actor(applicant)
    project = a_running_project(owner=enterprise, actor=actor, at=at)
    first = make.a_draft(owner=enterprise, actor=actor, at=at, project=project)
    slot = make.first_slot(first)
    applications.attach(application_id=first.pk, material=slot.material, upload=pdf(), actor=actor, at=at)
    applications.mark_withdrawn(application_id=first.pk, reason="", actor=actor, at=at)

    again = make.a_draft(owner=enterprise, actor=actor, at=at, project=project)

    reused = SlotFile.objects.get(slot__application=again)
    assert reused.slot.material == slot.material
    assert reused.is_reused


def test_an_answer_never_loses_a_file(enterprise: Enterprise, applicant: User, at: datetime) -> None:
    """Facts that take an item away keep the slot with its file, as no longer needed."""
    actor = as_actor(applicant)
    project = a_running_project(owner=enterprise, actor=actor, at=at, facts=GENERAL)
    unit = registry.ensure_unit(project_id=project.pk, level=2, actor=actor, at=at)
    draft = applications.create(
        project_id=project.pk, unit_id=unit.pk, stage="S2", item_ids=["S2-02"], actor=actor, at=at
    )
    question = next(field for field in queries.form_of(draft).spec.fields.values() if field.is_question)
    brought = set(question.decides)
    applications.save_answers(application_id=draft.pk, values={question.id: True}, actor=actor, at=at)
    assert brought <= set(queries.item_ids(queries.find(draft.pk, actor=actor)))
    slot = draft.slots.filter(items__contained_by=list(brought), is_required=True).exclude(items=[]).first()
    assert slot is not None
    applications.attach(application_id=draft.pk, material=slot.material, upload=pdf(), actor=actor, at=at)

    applications.save_answers(application_id=draft.pk, values={question.id: False}, actor=actor, at=at)

    assert not brought & set(queries.item_ids(queries.find(draft.pk, actor=actor)))
    slot.refresh_from_db()
    assert slot.items == []
    assert not slot.is_required
    assert slot.files.filter(removed_at=None).count() == 1


def test_while_correcting_only_what_the_notice_names_may_change(
    enterprise: Enterprise, applicant: User, clerk: User, at: datetime
) -> None:
    actor = as_actor(applicant)
    application = make.correcting(owner=enterprise, actor=actor, clerk=as_actor(clerk), at=at)
    named = make.first_slot(application)
    other = application.slots.filter(is_required=True).exclude(pk=named.pk).first()
    assert other is not None

    with pytest.raises(NotToMend):
        applications.attach(application_id=application.pk, material=other.material, upload=pdf(), actor=actor, at=at)


def test_an_outsider_cannot_bring_anything(draft: Application, other_applicant: User, at: datetime) -> None:
    with pytest.raises(NotFound):
        applications.attach(
            application_id=draft.pk,
            material=make.first_slot(draft).material,
            upload=pdf(),
            actor=as_actor(other_applicant),
            at=at,
        )
