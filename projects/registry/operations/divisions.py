"""Divide a unit into several, merge several into one, give one up. Codes never change and are never used again.

The units that come of it stand one level below; what they came from stays what it is at its own level and has no
others under it (domain.md 1.2). Whether an application stands in the way is asked by review, which calls these.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput
from portal.core.transitions import move
from portal.core.unit import operation
from projects.registry import codes, policies, queries
from projects.registry.models import Project, Unit
from projects.registry.operations import units
from projects.registry.operations.locks import lock_open
from projects.registry.states import UnitState

MAX_EXTERNAL = Unit._meta.get_field("external_code").max_length or 0
#: parts in one act; more are named in several, one level further down
MOST_PARTS = 99


class AlreadyDivided(Conflict):
    """It was divided or merged before, or has a unit below it; each unit is divided once, as a whole."""

    code = "already_divided"
    message = gettext_lazy("这个工程已经拆分、合并或赋过下一级代码，不能再拆分或合并。请对它的下一级工程办理。")


class LowestLevel(Conflict):
    """Below level 3 there are no engineering codes."""

    code = "lowest_level"
    message = gettext_lazy("3 级工程代码是最低一级，不能再拆分或合并。")


@dataclass(frozen=True, slots=True)
class Part:
    """One of the units that something is divided into."""

    name: str
    external_code: str = ""
    """The number another system knows it by."""


def split_unit(
    *, project_id: int, unit_id: int | None, parts: Sequence[Part], actor: Actor, at: datetime
) -> list[Unit]:
    """Divide a unit into units of the next level, or the whole project into units of level 1.

    :param unit_id: None for the project
    :raises NotAllowed: the actor is neither of the owner's nor of the window
    :raises InvalidInput: fewer than two parts, a part without a name or with that of another
    :raises AlreadyDivided: see there
    :raises LowestLevel: it is of level 3
    :raises NoParentUnit: there is no such unit, or it was given up
    """
    with operation():
        project = _lock(project_id, actor)
        parent = None if unit_id is None else _find(project, [unit_id])[0]
        clean = _clean(parts)
        _require_undivided(project, [parent])
        level = parent.level + 1 if parent else 1
        found = [
            units.issue(project, level, parent, part.name, external_code=part.external_code, actor=actor, at=at)
            for part in clean
        ]
        data = {"into": [unit.code for unit in found]}
        if parent is not None:
            move(parent, to=UnitState.CLOSED, actor=actor, at=at, topic="registry.unit.split", data=data)
        else:
            audit.record(
                stream=project.audit_stream,
                action="registry.project.split",
                actor=actor,
                at=at,
                subject=project,
                data=data,
            )
            outbox.emit("registry.project.split", at=at, id=project.pk)
        return found


def merge_units(
    *,
    project_id: int,
    unit_ids: Sequence[int],
    name: str,
    actor: Actor,
    at: datetime,
    external_code: str = "",
) -> Unit:
    """Merge units of one level into one of the next: its code stands under the lowest, it names all of them.

    :raises NotAllowed: the actor is neither of the owner's nor of the window
    :raises InvalidInput: fewer than two units, units of different levels, or no name
    :raises AlreadyDivided: one of them was divided or merged before, or has a unit below it
    :raises LowestLevel: they are of level 3
    :raises NoParentUnit: one is not of this project, or was given up
    """
    with operation():
        project = _lock(project_id, actor)
        wanted = list(dict.fromkeys(unit_ids))
        if len(wanted) < 2:
            raise InvalidInput(fields={"units": _("请至少选两个工程来合并。")})
        merged = _find(project, wanted)
        if len({unit.level for unit in merged}) > 1:
            raise InvalidInput(fields={"units": _("只能合并同一级的工程。")})
        part = _clean_part(Part(name, external_code), at="")
        _require_undivided(project, merged)
        unit = units.issue(
            project,
            merged[0].level + 1,
            merged[0],
            part.name,
            external_code=part.external_code,
            merged=merged,
            actor=actor,
            at=at,
        )
        for one in merged:
            move(
                one,
                to=UnitState.CLOSED,
                actor=actor,
                at=at,
                topic="registry.unit.merged",
                data={"into": unit.code, "merged": unit.prev_eng_code},
            )
        return unit


def void_unit(*, project_id: int, unit_id: int, reason: str, actor: Actor, at: datetime) -> Unit:
    """Give up a unit for which nothing was permitted; its code is not used again.

    :raises NotAllowed: the actor is neither of the owner's nor of the window
    :raises AlreadyDivided: it was divided, or has units below it
    :raises NoParentUnit: there is no such unit, or it was given up before
    """
    with operation():
        project = _lock(project_id, actor)
        unit = _find(project, [unit_id])[0]
        _require_undivided(project, [unit], any_level=True)
        return move(unit, to=UnitState.VOID, actor=actor, at=at, topic="registry.unit.voided", data={"reason": reason})


def _lock(project_id: int, actor: Actor) -> Project:
    project = lock_open(project_id)
    policies.require(policies.can_divide(actor, project))
    if project.code is None:
        raise units.NoCodeYet
    return project


def _find(project: Project, unit_ids: Sequence[int]) -> list[Unit]:
    """Return units of the project in the order of their codes, each with the project that was locked."""
    found = [unit for unit in queries.units(project.pk) if unit.pk in unit_ids and unit.is_live]
    if len(found) != len(unit_ids):
        raise units.NoParentUnit
    for unit in found:
        unit.project = project
    return found


def _require_undivided(project: Project, wanted: Sequence[Unit | None], *, any_level: bool = False) -> None:
    """Refuse what has units below it, or cannot have any.

    :param wanted: None for the project
    """
    live = [unit for unit in queries.units(project.pk) if unit.is_live]
    for one in wanted:
        if one is not None and one.level == codes.LEVELS and not any_level:
            raise LowestLevel
        has_below = bool(live) if one is None else any(one.code in unit.predecessors for unit in live)
        if has_below or (one is not None and one.state != UnitState.ACTIVE):
            raise AlreadyDivided


def _clean(parts: Sequence[Part]) -> list[Part]:
    """Check all parts and say everything that is wrong at once, by place: `parts.0.name`."""
    problems: dict[str, str] = {}
    clean: list[Part] = []
    for place, part in enumerate(parts):
        try:
            clean.append(_clean_part(part, at=f"parts.{place}."))
        except InvalidInput as fault:
            problems |= fault.fields
            clean.append(part)
    often = Counter(part.name for part in clean)
    for place, part in enumerate(clean):
        if often[part.name] > 1 and f"parts.{place}.name" not in problems:
            problems[f"parts.{place}.name"] = _("名称与另一个工程相同，请区分开。")
    if not 2 <= len(parts) <= MOST_PARTS:
        problems["parts"] = _("请写出 2 到 %(most)s 个工程。") % {"most": MOST_PARTS}
    if problems:
        raise InvalidInput(fields=problems)
    return clean


def _clean_part(part: Part, *, at: str) -> Part:
    problems: dict[str, str] = {}
    name = external_code = ""
    try:
        name = units.clean_name(part.name)
        if not name:
            problems[f"{at}name"] = _("请写工程名称。")
    except InvalidInput as fault:
        problems[f"{at}name"] = fault.fields["name"]
    external_code = part.external_code.strip()
    if len(external_code) > MAX_EXTERNAL or not external_code.isprintable():
        problems[f"{at}external_code"] = _("外部工程代码最多 %(most)s 个字，不能换行。") % {"most": MAX_EXTERNAL}
    if problems:
        raise InvalidInput(fields=problems)
    return Part(name, external_code)
