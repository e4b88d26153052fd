"""Issue engineering codes: a parcel or phase (level 1), a planning unit (2), a permit section (3)."""

from datetime import datetime

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
        return _issue(project, level, _parent(project, level, parent_id), _name(name), actor, at)


def ensure_unit(*, project_id: int, level: int, actor: Actor, at: datetime) -> Unit:
    """Return the unit of a level of an undivided project, issuing what is missing on the path 01/0101/010101.

    :raises SeveralUnits: the project is divided at this level
    :raises NotAllowed: something is missing and the actor may not have it issued
    """
    found = queries.active_units(project_id, level)
    if not found:
        with operation():
            project = _lock_for_issue(project_id, actor)
            # Looked up again under the lock: somebody may just have issued it.
            for step in range(1, level + 1):
                parents, found = found, queries.active_units(project_id, step)
                if not found:
                    if len(parents) > 1:
                        raise SeveralUnits
                    found = [_issue(project, step, parents[0] if parents else None, project.name, actor, at)]
    if len(found) > 1:
        raise SeveralUnits
    return found[0]


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
    if parent_id not in above:
        raise NoParentUnit
    return above[parent_id]


def _name(name: str) -> str:
    try:
        return values.line(name, MAX_NAME)
    except values.ValueFault as fault:
        raise InvalidInput(fields={"name": fault.message}) from fault


def _issue(project: Project, level: int, parent: Unit | None, name: str, actor: Actor, at: datetime) -> Unit:
    stem = parent.code if parent else f"{project.code}-"
    # The newest row carries the last pair: units are never deleted, so no code comes twice.
    last = Unit.objects.filter(project=project, level=level, parent=parent).order_by("-id").first()
    unit = Unit.objects.create(
        project=project,
        code=stem + codes.next_pair(last.code[-2:] if last else None),
        level=level,
        name=name or project.name,
        parent=parent,
        issued_at=at,
    )
    audit.record(
        stream=project.audit_stream,
        action="registry.unit.issued",
        actor=actor,
        at=at,
        subject=unit,
        data={"code": unit.code, "level": level, "name": unit.name},
    )
    outbox.emit("registry.unit.issued", at=at, id=unit.pk, project=project.pk)
    return unit
