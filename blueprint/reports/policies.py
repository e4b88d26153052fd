"""Who may see and order a report: who may see the run."""

from blueprint.checks import policies as checks
from blueprint.checks.models import CheckRun
from portal.core.actor import Actor

require = checks.require
can_view = checks.can_view


def can_issue(actor: Actor, run: CheckRun) -> bool:
    """Tell whether an actor may have the report of a run made: it says no more than the page he sees."""
    return run.is_done and run.version is not None and not actor.is_anonymous and checks.can_view(actor, run)


def can_repeat(actor: Actor, run: CheckRun) -> bool:
    """Tell whether an actor may have the same boundary checked again."""
    return run.version is not None and checks.can_check_site(actor, run.version.site)
