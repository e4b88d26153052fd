"""Who may see and start runs. `can_view` and `CheckRunQuerySet.visible_to` say the same; a test holds them together."""

from blueprint.checks.models import CheckRun
from blueprint.siting.models import Site
from portal.core.actor import Actor
from portal.core.errors import NotAllowed
from projects.registry import policies as projects


def require(allowed: bool) -> None:
    """Refuse an act that a policy did not allow.

    :raises NotAllowed: it was not
    """
    if not allowed:
        raise NotAllowed


def can_view_site(actor: Actor, site: Site) -> bool:
    """Tell whether an actor may see what is said of a site: as its project, or in the department of the idea."""
    if actor.citywide("check.view"):
        return True
    if site.project is not None:
        return projects.can_view(actor, site.project)
    return site.department_id in actor.departments_for("check.view")


def can_view(actor: Actor, run: CheckRun) -> bool:
    """Tell whether an actor may see a run; every department that works with the blueprint sees city-wide ones."""
    if run.version is not None:
        return can_view_site(actor, run.version.site)
    return actor.may("check.view")


def can_check_site(actor: Actor, site: Site) -> bool:
    """Tell whether an actor may have a site checked: who may see it, and changes nothing but the list of runs."""
    return actor.is_system or (not actor.is_anonymous and can_view_site(actor, site))


def can_look(actor: Actor) -> bool:
    """Tell whether an actor may have a boundary checked that he is still drawing: everyone who signed in."""
    return not actor.is_anonymous


def can_run_citywide(actor: Actor) -> bool:
    """Tell whether an actor may start a run over whole layers."""
    return actor.may("check.run")
