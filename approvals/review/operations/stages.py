"""Registering with stages, opening an application, checking again after the facts changed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.applications import operations as applications
from approvals.applications.models import Application
from approvals.applications.states import Channel
from approvals.review import policies, queries, routing
from approvals.review.lines import WHOLE
from approvals.review.models import StageRun
from approvals.review.operations import joins
from approvals.review.states import StageState
from portal.core import audit
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.unit import operation
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import ADVISORY_STAGE, PARALLEL_STAGE
from projects.registry import operations as registry
from projects.registry import queries as registry_queries
from projects.registry.models import Project, Unit
from projects.registry.states import UNIT_LIVE, ProjectState

#: level of the engineering code a stage is permitted under, by its place in the main line (domain.md 1.2)
LEVEL_OF_PLACE = (1, 2, 3, 3)


class StageNotOpen(Conflict):
    """The stage cannot be applied for now."""

    code = "stage_not_open"
    message = _("这个阶段现在不能申报。请在项目页看哪个阶段可以申报，或先办完前一阶段的主线事项。")


def register_project(*, actor: Actor, at: datetime, **registration: Any) -> Project:
    """Register a project and lay out its stages, in one operation.

    :param registration: as `registry.operations.register`
    """
    with operation():
        project = registry.register(actor=actor, at=at, **registration)
        if project.is_running:
            open_stages(project_id=project.pk, at=at)
        return project


def open_stages(*, project_id: int, at: datetime) -> list[StageRun]:
    """Lay out the stage runs of a registered project and open the first; doing it again changes nothing."""
    with operation():
        project = Project.objects.get(pk=project_id)
        actor = Actor.system(str(_("系统")))
        if _missing(project):
            # The project row stands in for the runs that do not exist yet: two calls at once make them once.
            project = Project.objects.select_for_update(of=("self",), no_key=True).get(pk=project_id)
        missing = [] if project.state == ProjectState.WITHDRAWN else _missing(project)
        if missing:
            # a stage that another flow brings to a divided project
            units = {unit.code: unit for unit in registry_queries.units(project_id)}
            places = [
                (stage, unit)
                for stage in missing
                for unit in queries.lines(project_id).ends(level_of_stage(project).get(stage, 0))
            ]
            divided = len(places) > len(missing)
            lay_out_runs(
                project,
                [(stage, units.get(unit) if divided else None) for stage, unit in places],
                actor=actor,
                at=at,
            )
        runs = joins.lock_runs(project_id)
        joins.settle(project=project, runs=runs, actor=actor, at=at)
        return runs


def lay_out_runs(project: Project, places: Sequence[tuple[str, Unit | None]], *, actor: Actor, at: datetime) -> None:
    """Write the stage runs that are missing."""
    flow = catalogues.catalogue(project.pack_version_id).flows[project.flow]
    StageRun.objects.bulk_create(
        StageRun(project=project, stage=stage, unit=unit, lead_id=flow.stages[stage].lead or None)
        for stage, unit in places
    )
    data: dict[str, Any] = {"stages": list(dict.fromkeys(stage for stage, _unit in places))}
    units = sorted({unit.code for _stage, unit in places if unit})
    audit.record(
        stream=project.audit_stream,
        action="review.stages.laid_out",
        actor=actor,
        at=at,
        subject=project,
        data={**data, "units": units} if units else data,
    )


def level_of_stage(project: Project) -> dict[str, int]:
    """Return the main stages of the project's flow with the level of the unit each is permitted under."""
    catalogue = catalogues.catalogue(project.pack_version_id)
    stages = catalogue.flows[project.flow].stages
    places = [stage.id for stage in catalogue.main_stages]
    return {
        stage: LEVEL_OF_PLACE[min(place, len(LEVEL_OF_PLACE) - 1)]
        for place, stage in enumerate(places)
        if stage in stages
    }


def _missing(project: Project) -> list[str]:
    """List the stages of the project's flow that have no run yet."""
    flow = catalogues.catalogue(project.pack_version_id).flows[project.flow]
    known = set(StageRun.objects.filter(project=project).values_list("stage", flat=True))
    return [stage for stage in flow.stages if stage not in known and stage != PARALLEL_STAGE]


def recheck(*, project_id: int, at: datetime) -> None:
    """Settle a project again after its facts or its flow have changed.

    An item that no longer applies may be what another one was waiting for.
    """
    with operation():
        runs = joins.lock_runs(project_id)
        if not runs:
            return
        # read after the locks: the flow may have been what changed
        project = Project.objects.get(pk=project_id)
        joins.settle(project=project, runs=runs, actor=Actor.system(str(_("系统"))), at=at)


def open_application(
    *,
    project_id: int,
    stage: str,
    actor: Actor,
    at: datetime,
    item_ids: list[str] | None = None,
    channel: str = Channel.ONLINE,
    paper_received_on: date | None = None,
    unit_id: int | None = None,
) -> Application:
    """Begin an application for a stage: check that it is open, issue the unit of its level, create the draft.

    Items of the parallel stream can be applied for any time after registration.
    :param item_ids: None for all items of the stage that apply and are not granted or under review yet
    :param unit_id: which unit of a divided project; None for the undivided path, in the parallel stream for all of it
    :raises NotAllowed: actor is neither the owner, nor mandated, nor the window
    :raises registry.SeveralUnits: the project is divided and no unit was named
    :raises InvalidInput: the unit is not of this project, or was given up; or an item cannot be applied for
    :raises StageNotOpen: the stage waits, is concluded or is not needed
    :raises applications.AlreadyOpen: the stage has an application under way
    """
    with operation():
        runs = joins.lock_runs(project_id)
        project = Project.objects.select_related("owner").filter(pk=project_id).first()
        if project is None:
            raise NotFound
        policies.require(policies.can_open_application(actor, project))
        if project.state == ProjectState.WITHDRAWN:
            raise registry.ProjectIsOver
        wanted = _unit(project, unit_id)
        unit: Unit | None = None
        if stage == PARALLEL_STAGE:
            if not runs:
                raise StageNotOpen
            unit = wanted or (None if _is_divided(runs) else _deepest(project))
        else:
            run = _open_run(runs, project=project, stage=stage, unit=wanted)
            unit = _issue_unit(run, actor=actor, at=at)
            # asked before the items: those of the one under way are taken, and that would be the wrong answer
            applications.require_none_open(project_id=project.pk, unit_id=unit.pk if unit else None, stage=stage)
        open_items = _items_to_apply_for(project, runs, stage=stage, unit=unit.code if unit else "")
        return applications.create(
            project_id=project.pk,
            unit_id=unit.pk if unit else None,
            stage=stage,
            item_ids=_chosen(open_items, item_ids),
            actor=actor,
            at=at,
            channel=channel,
            paper_received_on=paper_received_on,
        )


def _items_to_apply_for(project: Project, runs: list[StageRun], *, stage: str, unit: str) -> list[routing.Rule]:
    """List the items of a stage that are neither out, nor granted, nor under way in the unit's line."""
    picture = queries.picture(project, runs)
    open_filings = {filing.id for filing in picture.filings}
    lines = picture.lines
    taken = {
        entry.item
        for entry in picture.entries
        if lines.related(entry.unit, unit)
        and (entry.is_granted or entry.is_running or (entry.is_waiting and entry.filing in open_filings))
    }
    return [
        rule
        for rule in picture.rules.values()
        if rule.stage == stage and rule.applies is not False and rule.item not in taken
    ]


def _chosen(open_items: list[routing.Rule], item_ids: list[str] | None) -> list[str]:
    """Return what to apply for; an item of which it is unknown whether it applies is only taken when named.

    :raises InvalidInput: something was named that cannot be applied for here and now
    """
    if item_ids is None:
        return [rule.item for rule in open_items if rule.applies]
    known = {rule.item for rule in open_items}
    stray = [item for item in item_ids if item not in known]
    if stray:
        raise InvalidInput(
            fields={
                "items": _("这些事项现在不能在本阶段申请：%(items)s。可能不涉及、已办结或正在办理。")
                % {"items": _("、").join(stray)}
            }
        )
    return list(item_ids)


def _unit(project: Project, unit_id: int | None) -> Unit | None:
    if unit_id is None:
        return None
    unit = Unit.objects.filter(pk=unit_id, project=project, state__in=UNIT_LIVE).first()
    if unit is None:
        raise InvalidInput(fields={"unit": _("这个工程代码不属于本项目，或已作废。请重新选择。")})
    return unit


def _is_divided(runs: list[StageRun]) -> bool:
    return len({run.stage for run in runs}) < len(runs)


def _open_run(runs: list[StageRun], *, project: Project, stage: str, unit: Unit | None) -> StageRun:
    own = [run for run in runs if run.stage == stage]
    if unit is not None and stage != ADVISORY_STAGE:
        lines = queries.lines(project.pk)
        own = [run for run in own if lines.related(run.unit.code if run.unit else WHOLE, unit.code)]
    if len(own) > 1:
        raise registry.SeveralUnits
    run = own[0] if own else None
    if run is None or run.state not in (StageState.OPEN, StageState.IN_REVIEW) or not project.is_running:
        raise StageNotOpen(fields={"stage": stage, "state": run.state if run else ""})
    return run


def _issue_unit(run: StageRun, *, actor: Actor, at: datetime) -> Unit | None:
    """Give the run its unit: the engineering code of the stage's level comes with its first application."""
    if run.stage == ADVISORY_STAGE:
        return None
    level = level_of_stage(run.project)[run.stage]
    if run.unit is None or run.unit.level < level:
        run.unit = registry.ensure_unit(project_id=run.project_id, level=level, line_id=run.unit_id, actor=actor, at=at)
        run.save(update_fields=["unit"])
        audit.record(
            stream=run.audit_stream,
            action="review.stage.unit_named",
            actor=actor,
            at=at,
            subject=run,
            data={"unit": run.unit.code},
        )
    return run.unit


def _deepest(project: Project) -> Unit | None:
    return Unit.objects.filter(project=project, state__in=UNIT_LIVE).order_by("-level", "code").first()
