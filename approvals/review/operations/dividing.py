"""Dividing and merging the units of a project: the codes (registry) and one run of each stage for each unit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.applications.models import Application
from approvals.review import queries
from approvals.review.lines import WHOLE, lay_out
from approvals.review.models import Case, StageRun
from approvals.review.operations import joins, stages
from approvals.review.policies import require
from approvals.review.states import Outcome, StageState
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotFound
from portal.core.unit import operation
from projects.registry import operations as registry
from projects.registry import policies as registry_policies
from projects.registry import queries as registry_queries
from projects.registry.models import Project, Unit


class DivisionBlocked(Conflict):
    """Something was applied for, or granted, for a unit that would be given up: as a whole, or not at all."""

    code = "division_blocked"
    message = gettext_lazy("已按整体申报，现在不能拆分或合并。")


def divide(
    *, project_id: int, unit_id: int | None, parts: Sequence[registry.Part], actor: Actor, at: datetime
) -> list[Unit]:
    """Divide a unit, or the whole project; from the next level on every stage has one run for each part.

    A unit of the next level that was issued for the whole, and for which nothing is under way or granted, is given up.
    :param unit_id: None for the project as a whole
    :raises NotAllowed: the actor is neither of the owner's nor of the window
    :raises DivisionBlocked: see there; the sentence names what is in the way
    :raises registry.AlreadyDivided: it was divided or merged before
    :raises InvalidInput: the parts are not two or more with a name each
    """
    with operation():
        project, runs = _lock(project_id, actor)
        _clear(project, [unit_id], actor=actor, at=at)
        found = registry.split_unit(project_id=project_id, unit_id=unit_id, parts=parts, actor=actor, at=at)
        _lay_out(project, runs, actor=actor, at=at)
        return found


def merge(
    *,
    project_id: int,
    unit_ids: Sequence[int],
    name: str,
    actor: Actor,
    at: datetime,
    external_code: str = "",
) -> Unit:
    """Merge units; from the next level on every stage has one run for all of them, which waits for each.

    :raises NotAllowed: the actor is neither of the owner's nor of the window
    :raises DivisionBlocked: see there
    :raises registry.AlreadyDivided: one was divided or merged before
    :raises InvalidInput: fewer than two units, units of different levels, or no name
    """
    with operation():
        project, runs = _lock(project_id, actor)
        _clear(project, list(unit_ids), actor=actor, at=at)
        found = registry.merge_units(
            project_id=project_id, unit_ids=unit_ids, name=name, external_code=external_code, actor=actor, at=at
        )
        _lay_out(project, runs, actor=actor, at=at)
        return found


def _lock(project_id: int, actor: Actor) -> tuple[Project, list[StageRun]]:
    runs = joins.lock_runs(project_id)
    project = Project.objects.filter(pk=project_id).first()
    if project is None:
        raise NotFound
    require(registry_policies.can_divide(actor, project))
    return project, runs


def _clear(project: Project, unit_ids: Sequence[int | None], *, actor: Actor, at: datetime) -> None:
    """Give up the undivided units below those that are to be divided or merged, unless something hangs on them."""
    units = {unit.code: unit for unit in registry_queries.units(project.pk) if unit.is_live}
    lines = queries.lines(project.pk)
    wanted = [code for code, unit in units.items() if unit.pk in unit_ids] + [WHOLE] * (None in unit_ids)
    given_up = [units[code] for one in dict.fromkeys(wanted) for code in lines.below_undivided(one)]
    if not given_up:
        return
    _require_nothing_on(given_up)
    for unit in reversed(given_up):
        registry.void_unit(project_id=project.pk, unit_id=unit.pk, reason=_("改为拆分或合并"), actor=actor, at=at)


def _require_nothing_on(units: Sequence[Unit]) -> None:
    """Refuse while something is under way or granted for one of these units.

    :raises DivisionBlocked: it is; `fields` tells machines what
    """
    application = Application.objects.open().filter(unit__in=units).select_related("unit").order_by("pk").first()
    if application is not None:
        raise DivisionBlocked(
            _("%(unit)s 已有一份在办的申报（%(number)s，%(state)s），不能拆分或合并。请先撤回它，或等它办结。")
            % {
                "unit": application.unit,
                "number": application.number or _("草稿"),
                "state": application.get_state_display(),
            },
            fields={"application": application.pk},
        )
    case = (
        Case.objects.filter(application__unit__in=units, decision__outcome=Outcome.GRANTED)
        .select_related("application__unit", "service_item", "decision")
        .order_by("pk")
        .first()
    )
    if case is not None and case.decision is not None:
        raise DivisionBlocked(
            _("%(unit)s 的“%(item)s”已按整体办结（%(number)s），这一级不能再拆分或合并。可以拆分它自己的下一级。")
            % {"unit": case.application.unit, "item": case.service_item.name, "number": case.decision.number},
            fields={"case": case.pk},
        )


def _lay_out(project: Project, runs: list[StageRun], *, actor: Actor, at: datetime) -> None:
    """Retire the runs of what was divided or merged, write those of the new units, and let them open."""
    layout = lay_out(
        queries.lines(project.pk),
        [(run.pk, run.stage, run.unit.code if run.unit else WHOLE) for run in runs],
        stages.level_of_stage(project),
    )
    units: dict[str, Unit | None] = {unit.code: unit for unit in registry_queries.units(project.pk)}
    into: dict[str, Any] = {"units": sorted({unit for _stage, unit in layout.create})}
    by_id = {run.pk: run for run in runs}
    for run_id in layout.retire:
        joins.move_run(by_id[run_id], StageState.DIVIDED, actor=actor, at=at, data=into)
    if layout.create:
        places = [(stage, units.get(unit)) for stage, unit in layout.create]
        stages.lay_out_runs(project, places, actor=actor, at=at)
    joins.settle(project=project, runs=joins.lock_runs(project.pk), actor=actor, at=at)
