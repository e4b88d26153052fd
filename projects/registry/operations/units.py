"""Issue engineering codes: a parcel or phase (level 1), a planning unit (2), a permit section (3)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput
from portal.core.unit import operation
from projects.catalogue import values
from projects.registry import codes, policies, queries
from projects.registry.models import Project, Unit
from projects.registry.operations.locks import lock_open
from projects.registry.states import UnitState

MAX_NAME = 200


class NoParentUnit(Conflict):
    """A unit of level 2 or 3 needs an active unit of the level above, of the same project."""

    code = "no_parent_unit"
    message = gettext_lazy("上一级工程代码还没有，或已作废、已拆分。请先为上一级赋码。")


class SeveralUnits(Conflict):
    """The project is divided at this level: the unit has to be named."""

    code = "several_units"
    message = gettext_lazy("这个项目已分成几个工程。请先选择为哪一个申报。")


class NoCodeYet(Conflict):
    """The platform has not given the project its code, so no engineering code can hang on it."""

    code = "no_code_yet"
    message = gettext_lazy("项目代码还没有下来。收到赋码通知后再申报。")


def issue_unit(
    *,
    project_id: int,
    level: int,
    parent_id: int | None = None,
    name: str = "",
    actor: Actor,
    at: datetime,
) -> Unit:
    """Issue the next engineering code of a level; codes are never changed nor reused (domain.md 1.2).

    :raises NotAllowed: the actor may not
    :raises NoCodeYet: the project has no code
    :raises NoParentUnit: see there
    :raises PairsExhausted: all codes under this parent were issued
    """
    with operation():
        project = _lock_for_issue(project_id, actor)
        return issue(project, level, _parent(project, level, parent_id), clean_name(name), actor=actor, at=at)


def ensure_unit(*, project_id: int, level: int, actor: Actor, at: datetime, line_id: int | None = None) -> Unit:
    """Return the unit of a level on an undivided path, issuing what is missing of 01/0101/010101.

    :param line_id: the unit of a divided project below which to look; None for the project as a whole
    :raises SeveralUnits: the project, or this line of it, is divided at this level
    :raises NoParentUnit: there is no such unit, or its line ended where it was divided or merged
    :raises NotAllowed: something is missing and the actor may not have it issued
    """
    found = _deepest(project_id, level, line_id)
    if found is not None and found.level == level:
        return found
    with operation():
        project = _lock_for_issue(project_id, actor)
        # Looked up again under the lock: somebody may just have issued it.
        found = _deepest(project_id, level, line_id)
        while found is None or found.level < level:
            if found is not None and found.state != UnitState.ACTIVE:
                raise NoParentUnit
            found = issue(project, 1 + (found.level if found else 0), found, project.name, actor=actor, at=at)
        return found


def _deepest(project_id: int, level: int, line_id: int | None) -> Unit | None:
    """Follow the undivided path from a unit, or from the project, down to a level as far as it was issued."""
    units = [unit for unit in queries.units(project_id) if unit.is_live and unit.level <= level]
    found = next((unit for unit in units if unit.pk == line_id), None)
    if line_id is not None and found is None:
        raise NoParentUnit
    while True:
        code, depth = (found.code, found.level) if found else ("", 0)
        below = [unit for unit in units if unit.level == depth + 1 and (not code or code in unit.predecessors)]
        if len(below) > 1:
            raise SeveralUnits
        if not below:
            return found
        found = below[0]


def _lock_for_issue(project_id: int, actor: Actor) -> Project:
    project = lock_open(project_id)
    policies.require(policies.can_issue_unit(actor, project))
    if project.code is None:
        raise NoCodeYet
    return project


def _parent(project: Project, level: int, parent_id: int | None) -> Unit | None:
    if level not in range(1, codes.LEVELS + 1):
        raise InvalidInput(fields={"level": _("工程代码只有 1、2、3 级。")})
    if level == 1:
        if parent_id is not None:
            raise InvalidInput(fields={"parent": _("1 级工程代码直接挂在项目下，没有上级。")})
        return None
    above = {unit.pk: unit for unit in queries.active_units(project.pk, level - 1)}
    if parent_id not in above or above[parent_id].state != UnitState.ACTIVE:
        raise NoParentUnit
    return above[parent_id]


def clean_name(name: str) -> str:
    """Return the name of a unit on one line.

    :raises InvalidInput: too long, or not to be printed
    """
    try:
        return values.line(name, MAX_NAME)
    except values.ValueFault as fault:
        raise InvalidInput(fields={"name": fault.message}) from fault


def issue(
    project: Project,
    level: int,
    parent: Unit | None,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    external_code: str = "",
    merged: Sequence[Unit] = (),
) -> Unit:
    """Write the next unit under a parent of a locked project.

    :param external_code: the number another system knows it by, kept as it was given
    :param merged: all units it was merged from
    :raises PairsExhausted: all codes under this parent were issued
    """
    stem = parent.code if parent else f"{project.code}-"
    # The newest row carries the last pair: units are never deleted, so no code comes twice.
    last = Unit.objects.filter(project=project, level=level, parent=parent).order_by("-id").first()
    unit = Unit.objects.create(
        project=project,
        code=stem + codes.next_pair(last.code[-2:] if last else None),
        level=level,
        name=name or project.name,
        parent=parent,
        prev_eng_code=[one.code for one in merged],
        external_code=external_code,
        issued_at=at,
    )
    data: dict[str, Any] = {"code": unit.code, "level": level, "name": unit.name}
    if merged:
        data["merged"] = unit.prev_eng_code
    if external_code:
        data["external_code"] = external_code
    audit.record(
        stream=project.audit_stream, action="registry.unit.issued", actor=actor, at=at, subject=unit, data=data
    )
    outbox.emit("registry.unit.issued", at=at, id=unit.pk, project=project.pk)
    return unit
