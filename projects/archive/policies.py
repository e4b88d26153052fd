"""Who may read and file documents. `can_read` and `DocumentQuerySet.visible_to` say the same, and share a test.

Seeing a project is not reading its papers: a department reads what was granted to it for a case or a consultation.
"""

from portal.core.actor import Actor
from projects.archive.models import Document, DocumentSource
from projects.registry import policies as registry
from projects.registry.models import Project

require = registry.require


def can_read(actor: Actor, document: Document) -> bool:
    """Tell whether an actor may open a document; asks for the project and the grants of it."""
    if actor.citywide("application.view"):
        return True
    if actor.may_own("archive.view") and registry.is_party(actor, document.project):
        return True
    departments = actor.departments_for("archive.view")
    return bool(departments) and document.grants.filter(department_id__in=departments).exists()


def can_add(actor: Actor, project: Project, source: str) -> bool:
    """Tell whether an actor may file a document of this source into a project's archive.

    What an office delivers is filed by the operation that made it, which has asked its own policy.
    """
    if source in (DocumentSource.APPLICANT, DocumentSource.THIRD_PARTY):
        return registry.can_amend(actor, project)
    return registry.can_record(actor, project, source)


def can_withdraw(actor: Actor, document: Document) -> bool:
    """Tell whether an actor may take a document back: its own side, never the other one."""
    if document.is_from_applicant:
        return registry.can_amend(actor, document.project)
    if registry.is_party(actor, document.project):
        return False
    return registry.can_record(actor, document.project, document.source)
