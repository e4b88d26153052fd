"""Taking in files for a case: what the applicant brings later, what orders a special procedure."""

from datetime import datetime

from approvals.review.models import Case
from portal.core import files
from portal.core.actor import Actor
from portal.core.models import StoredBlob
from projects.archive import operations as archive
from projects.archive.models import Document, DocumentSource
from projects.catalogue import queries as catalogues

#: for papers that are no material of the pack
PAPER_FORMATS = ("pdf", "jpg", "png")
PAPER_MAX_BYTES = 30 * 1024 * 1024


def keep(case: Case, upload: files.Upload, *, at: datetime, material: str = "") -> StoredBlob:
    """Keep a content under the rules of its material; before any lock, for it may take long.

    :raises files.FileRefused: empty, too large, or not what its name says
    """
    definition = catalogues.catalogue(case.application.pack_version_id).materials.get(material)
    return files.store(
        upload,
        formats=definition.formats if definition else PAPER_FORMATS,
        max_bytes=definition.max_bytes if definition else PAPER_MAX_BYTES,
        at=at,
    )


def file(
    case: Case, blob: StoredBlob, *, title: str, actor: Actor, at: datetime, file_name: str, material: str = ""
) -> Document:
    """File a kept content into the project's archive and let the case's department read it.

    What is no material of the pack is filed by the system in the name of who brought it: the act names him.
    """
    known = bool(material) and material in catalogues.catalogue(case.project.pack_version_id).materials
    document: Document = archive.add_document(
        project_id=case.project_id,
        unit_id=case.application.unit_id,
        material=material if known else f"case-{case.pk}",
        title=title,
        blob=blob,
        file_name=file_name,
        source=DocumentSource.APPLICANT if known else DocumentSource.SYSTEM,
        actor=actor if known else Actor.system(actor.name),
        at=at,
    )
    archive.grant(document_id=document.pk, department_id=case.department_id, reason=f"{case.number} {title}", at=at)
    return document
