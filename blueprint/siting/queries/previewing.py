"""What using a boundary would change, shown before it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from blueprint.layers import frames
from blueprint.siting import ground
from blueprint.siting.derive import Derived, RegionShare
from blueprint.siting.models import SiteDraft
from blueprint.siting.queries.outlines import Figures, figures_of
from projects.catalogue import values
from projects.catalogue.definitions import MAP_PREFIX, Catalogue, MapGives
from projects.planning import checklist
from projects.planning.checklist import PlannedItem
from projects.registry import flows
from projects.registry import queries as projects
from projects.registry.models import Project
from projects.registry.states import FactSource


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that would change."""

    label: str
    before: str
    """Empty: nothing was known."""
    after: str
    """Empty: nothing would be known any more."""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item of the plan that would come, go or be settled."""

    item: str
    name: str
    department: str
    before: bool | None
    after: bool | None
    reason: str

    @property
    def words(self) -> str:
        """Say what changes: 新增, 不再涉及, 确定要办, 确定不涉及."""
        if self.before is None:
            return {True: _("确定要办"), False: _("确定不涉及")}.get(bool(self.after), "")
        return {True: _("新增"), False: _("不再涉及"), None: _("变为待定")}[self.after]

    @property
    def tone(self) -> str:
        """Return the tone of the words: more to do, less to do, open."""
        return {True: "due", False: "ok", None: "wait"}[self.after]


@dataclass(frozen=True, slots=True)
class Preview:
    """A boundary that waits for its person's word."""

    draft: SiteDraft
    figures: Figures
    regions: tuple[RegionShare, ...]
    region_problem: str
    facts: tuple[Change, ...]
    items: tuple[ItemChange, ...]
    told_later: str
    """Answers that are told only of a boundary that is used: layers nobody may feel his way along."""
    undetermined: str
    """Answers that the map cannot give, because a layer has no data; of masked ones not even that."""
    flow_change: str
    """What becomes of the flow; empty when it stays."""
    is_blocked: bool
    """The flow of a project that has begun to apply would change: the boundary cannot be used."""


def preview(project: Project, draft: SiteDraft) -> Preview:
    """Work out what a boundary would change; nothing is written."""
    catalogue = projects.catalogue_of(project)
    rules = ground.rules()
    frame = frames.frame()
    figures = figures_of(draft, rules)
    found = ground.derived(figures.shape, catalogue=catalogue, frame=frame)
    known = projects.facts(project)
    before = {key: fact.value for key, fact in known.items()}
    hidden = {told.field for told in found.told if told.is_masked}
    from_map = {key for key, fact in known.items() if fact.source == FactSource.MAP}
    after = dict(before)
    for key, value in found.values.items():
        if key not in hidden and (value is not None or key in from_map):
            after[key] = value
    flow_change, is_blocked = _flow(project, catalogue, before, after)
    return Preview(
        draft=draft,
        figures=figures,
        regions=found.regions,
        region_problem=_region_problem(project, catalogue, found),
        facts=_facts(catalogue, before, after),
        items=_items(project, catalogue, before, after),
        told_later=_told_later(catalogue, hidden),
        undetermined=_("、").join(
            _label(catalogue, told.field) for told in found.told if told.value is None and told.field not in hidden
        ),
        flow_change=flow_change,
        is_blocked=is_blocked,
    )


def _told_later(catalogue: Catalogue, hidden: set[str]) -> str:
    """Name the answers held back, each once: a field that repeats a condition goes without saying."""
    asked = sorted(key for key in hidden if key.startswith(MAP_PREFIX)) or sorted(hidden)
    return _("、").join(_label(catalogue, key) for key in asked)


def _facts(catalogue: Catalogue, before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    changes = []
    for key in sorted(after, key=lambda key: _sort(catalogue, key)):
        field = values.definition(catalogue, key)
        if field is None or _is_line(catalogue, key) or before.get(key) == after[key]:
            continue
        changes.append(Change(field.label, _text(catalogue, key, before.get(key)), _text(catalogue, key, after[key])))
    return tuple(changes)


def _items(
    project: Project, catalogue: Catalogue, before: dict[str, Any], after: dict[str, Any]
) -> tuple[ItemChange, ...]:
    was = {planned.id: planned for planned in _plan(project, catalogue, before)}
    return tuple(
        ItemChange(
            item=planned.id,
            name=planned.item.name,
            department=_department(catalogue, planned),
            before=was[planned.id].applies,
            after=planned.applies,
            reason=planned.reason,
        )
        for planned in _plan(project, catalogue, after)
        if planned.id in was and was[planned.id].applies is not planned.applies
    )


def _plan(project: Project, catalogue: Catalogue, facts: dict[str, Any]) -> tuple[PlannedItem, ...]:
    return checklist.build(catalogue, project.flow, facts)


def _flow(project: Project, catalogue: Catalogue, before: dict[str, Any], after: dict[str, Any]) -> tuple[str, bool]:
    """Say how the flow would change; a flow the window has set stays."""
    touched = {key for key in flows.reads(catalogue) if before.get(key) != after.get(key)}
    if not touched or project.is_overridden:
        return "", False
    choice = flows.choose(catalogue, {key: value for key, value in after.items() if value is not None})
    if choice.flow is not None and choice.flow.id == project.flow:
        return "", False
    fields = _("、").join(_label(catalogue, key) for key in sorted(touched))
    name = choice.flow.name if choice.flow else _("待定")
    words = {"fields": fields, "flow": name}
    if choice.flow is None or project.units.exists():
        return (
            _("用这条红线后“%(fields)s”就变了，审批流程要改为“%(flow)s”，而项目已开始申报。请到综合窗口先办流程更正。")
            % words,
            True,
        )
    return _("用这条红线后“%(fields)s”就变了，审批流程改为“%(flow)s”。") % words, False


def _region_problem(project: Project, catalogue: Catalogue, found: Derived) -> str:
    if found.region is None or found.region.code == project.region:
        return ""
    return _("红线主要在%(found)s，项目登记的建设地点是%(registered)s。请核对坐标；如登记有误，请到综合窗口更正。") % {
        "found": found.region.name,
        "registered": catalogue.regions.get(project.region, project.region),
    }


def _text(catalogue: Catalogue, key: str, value: Any) -> str:
    field = values.definition(catalogue, key)
    return "" if value is None or field is None else projects.fact_text(catalogue, field, value)


def _label(catalogue: Catalogue, key: str) -> str:
    field = values.definition(catalogue, key)
    return field.label if field else key


def _sort(catalogue: Catalogue, key: str) -> int:
    field = values.definition(catalogue, key)
    return field.sort if field else 0


def _is_line(catalogue: Catalogue, key: str) -> bool:
    field = catalogue.fields.get(key)
    return field is not None and field.from_map is not None and field.from_map.gives == MapGives.BOUNDARY


def _department(catalogue: Catalogue, planned: PlannedItem) -> str:
    department = catalogue.departments.get(planned.department)
    return department.name if department else planned.department
