"""The papers that gather what all departments of a stage have said."""

from approvals.applications.models import Application, ApplicationNotice
from approvals.applications.states import NoticeKind
from portal.core.actor import Actor
from projects.registry.models import Project


def stage_comments(project: Project, *, actor: Actor) -> list[ApplicationNotice]:
    """Return the comments of each stage of a project that the actor may read, newest first; one statement."""
    return list(
        ApplicationNotice.objects.filter(
            kind=NoticeKind.COMMENTS,
            application__in=Application.objects.visible_to(actor).filter(project=project),
        ).order_by("-pk")
    )
