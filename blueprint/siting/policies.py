"""Who may see and who may enter the boundary of a project: whoever may see, or fill in, the project."""

from portal.core.actor import Actor
from projects.registry import policies as registry
from projects.registry.models import Project


def can_view(actor: Actor, project: Project) -> bool:
    """Tell whether an actor may see the site: parties, the window, departments that have to do with the project."""
    return registry.can_view(actor, project)


def can_enter(actor: Actor, project: Project) -> bool:
    """Tell whether an actor may bring a boundary: a party, or the window from the paper; to what is over nobody."""
    return not project.is_over and registry.can_view(actor, project) and registry.can_amend(actor, project)


def can_adopt(actor: Actor, project: Project) -> bool:
    """Tell whether an actor may make the boundary of an idea a project's: whoever has to do with the project."""
    return not project.is_over and registry.can_view(actor, project)


def can_draft(actor: Actor, project: Project) -> bool:
    """Tell whether an actor may look at a boundary before he uses it; a machine uses it at once."""
    return actor.user_id is not None and can_enter(actor, project)
