"""Who may start and stop whole-city runs, give patches to departments and answer for them."""

from blueprint.checks import policies as checks
from blueprint.checks.models import CheckRun
from blueprint.citywide.models import Settling
from portal.core.actor import Actor

require = checks.require
can_view = checks.can_view
can_start = checks.can_run_citywide


def can_stop(actor: Actor, run: CheckRun) -> bool:
    """Tell whether an actor may stop a run: the department that asked for it."""
    return run.version_id is None and actor.may("check.run", department=run.department_id)


def can_assign(actor: Actor, run: CheckRun) -> bool:
    """Tell whether an actor may give the patches of a run to departments: the department that asked for the run."""
    return run.version_id is None and run.is_done and actor.may("check.run", department=run.department_id)


def can_answer(actor: Actor, settling: Settling) -> bool:
    """Tell whether an actor may answer for the department that has a patch in hand."""
    return actor.may("check.view", department=settling.department_id)


def can_resolve(actor: Actor, settling: Settling) -> bool:
    """Tell whether an actor may close a patch or hand it back: who may give it."""
    return can_assign(actor, settling.patch.run)
