"""Read a project's documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.core import files
from portal.core.actor import Actor
from portal.core.errors import NotFound
from projects.archive import reuse
from projects.archive.models import Document, DocumentSource
from projects.catalogue.definitions import ItemDef, MaterialDef, StageDef
from projects.registry import queries as registry
from projects.registry.models import Project


class Digest(StrEnum):
    """Whether a kept content still is what was filed."""

    INTACT = "intact"
    CHANGED = "changed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Line:
    """The versions of one material for one unit, the newest first."""

    title: str
    versions: tuple[Document, ...]

    @property
    def newest(self) -> Document:
        return self.versions[0]

    @property
    def older(self) -> tuple[Document, ...]:
        return self.versions[1:]


@dataclass(frozen=True, slots=True)
class Branch:
    """The materials of one stage, or those of the project as a whole."""

    id: str
    title: str
    lines: tuple[Line, ...]


def document(document_id: int, *, actor: Actor) -> Document:
    """Give a document with its content's row to who may read it.

    :raises NotFound: there is none, or not for this actor: an outsider learns nothing
    """
    found = Document.objects.visible_to(actor).select_related("project", "blob").filter(pk=document_id).first()
    if found is None:
        raise NotFound
    return found


def tree(project: Project, *, actor: Actor) -> list[Branch]:
    """Sort the documents an actor may read by stage and material, each with its versions; one query."""
    catalogue = registry.catalogue_of(project)
    stage_of = _stages(catalogue.items.values())
    found = (
        Document.objects.visible_to(actor)
        .filter(project=project)
        .select_related("blob", "unit", "supplied_by")
        .order_by("material", "unit__code", "-version")
    )
    lines: dict[tuple[str, int | None], list[Document]] = {}
    for row in found:
        lines.setdefault((row.material, row.unit_id), []).append(row)
    branches: dict[str, list[Line]] = {}
    for (material, _unit), versions in lines.items():
        definition = catalogue.materials.get(material)
        title = definition.name if definition else versions[0].title
        branches.setdefault(stage_of.get(material, ""), []).append(Line(title, tuple(versions)))
    stages: Iterable[StageDef] = catalogue.stages.values()
    named = [(stage.id, stage.name) for stage in stages]
    return [
        Branch(stage, title, tuple(branches[stage]))
        for stage, title in [("", _("整个项目")), *named]
        if stage in branches
    ]


def reusable(
    project_id: int, materials: Iterable[MaterialDef], *, on: date, units: Collection[int] = ()
) -> dict[str, list[Document]]:
    """Give for each material the documents that may fill its slot, the best first; one query.

    :param units: ids of the unit applied for and of its ancestors
    """
    definitions = {material.id: material for material in materials}
    rows = Document.objects.filter(project_id=project_id, material__in=definitions).select_related("blob")
    by_id = {row.pk: row for row in rows}
    papers = [_paper(row) for row in by_id.values()]
    return {
        material_id: [by_id[paper.id] for paper in reuse.usable(definition, papers, on=on, units=units)]
        for material_id, definition in definitions.items()
    }


def results(project_id: int, *, units: Collection[int] = ()) -> dict[str, Document]:
    """Give the newest standing result of each item, by item id: what later items read.

    :param units: ids of a unit and its ancestors; a result of the nearest one comes first. Empty: of any unit
    """
    rows: QuerySet[Document] = (
        Document.objects.standing()
        .filter(project_id=project_id, source=DocumentSource.PRIOR_RESULT)
        .exclude(produced_by="")
        .select_related("unit", "blob")
        .order_by("version", "id")
    )
    found: dict[str, Document] = {}
    for row in rows:
        if units and row.unit_id is not None and row.unit_id not in units:
            continue
        held = found.get(row.produced_by)
        if held is None or _depth(row) >= _depth(held):
            found[row.produced_by] = row
    return found


def digest_of(document: Document) -> Digest:
    """Read the whole content again and compare it with what was filed; takes as long as the file is large."""
    if not files.path_of(document.blob_id).exists():
        return Digest.LOST
    return Digest.INTACT if files.is_intact(document.blob_id) else Digest.CHANGED


def _stages(items: Iterable[ItemDef]) -> Mapping[str, str]:
    """Name for each material the stage it belongs to: where it is produced, or the only one that asks for it."""
    asked: dict[str, set[str]] = {}
    produced: dict[str, str] = {}
    for item in items:
        for material in item.materials:
            asked.setdefault(material, set()).add(item.stage)
        produced[item.result.material_id] = item.stage
    single = {material: next(iter(stages)) for material, stages in asked.items() if len(stages) == 1}
    return {**single, **produced}


def _paper(row: Document) -> reuse.Paper:
    return reuse.Paper(
        id=row.pk,
        material=row.material,
        source=row.source,
        version=row.version,
        unit_id=row.unit_id,
        valid_until=row.valid_until,
        is_withdrawn=row.is_withdrawn,
    )


def _depth(row: Document) -> int:
    return row.unit.level if row.unit else 0
