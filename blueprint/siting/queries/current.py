"""The site of a project: its current boundary, what that says, what waits, and whether the ground has moved on."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter

from django.utils.translation import gettext as _

from blueprint.layers import frames
from blueprint.siting import ground
from blueprint.siting.derive import RegionShare, layers_read
from blueprint.siting.models import Derivation, SiteDraft, SiteVersion
from blueprint.siting.queries.outlines import Figures, figures_of
from portal.core.actor import Actor
from projects.catalogue import values
from projects.catalogue.definitions import MAP_PREFIX, Catalogue
from projects.registry import queries as projects
from projects.registry.models import Project


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One thing the current boundary says, in words."""

    label: str
    text: str
    is_known: bool
    is_condition: bool


@dataclass(frozen=True, slots=True)
class NewEdition:
    """A layer whose current edition is not the one the facts were read from."""

    layer: str
    name: str
    before: str
    """Empty: there was none."""
    now: str


@dataclass(frozen=True, slots=True)
class SitePage:
    """The page of a site."""

    project: Project
    version: SiteVersion | None
    """The current one."""
    figures: Figures | None
    derivation: Derivation | None
    told: tuple[ToldRow, ...]
    regions: tuple[RegionShare, ...]
    region_problem: str
    """What to do when the boundary does not lie where the project was registered; empty when it does."""
    moved_on: tuple[NewEdition, ...]
    draft: SiteDraft | None
    can_enter: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """The site on the page of a project or a case."""

    project: Project
    version: SiteVersion | None
    figures: Figures | None
    region: str
    region_problem: str
    has_moved_on: bool
    has_draft: bool
    can_enter: bool


def has_boundary(project_id: int) -> bool:
    """Tell whether a project has a boundary."""
    return SiteVersion.objects.of_project(project_id).exists()


def versions_of(project_id: int) -> list[SiteVersion]:
    """List the versions of a project's boundary, the newest first."""
    return list(SiteVersion.objects.of_project(project_id).newest_first().select_related("blob"))


def own_draft(project_id: int, actor: Actor) -> SiteDraft | None:
    """Give the boundary that waits for a person's word."""
    if actor.user_id is None:
        return None
    return SiteDraft.objects.filter(site__project_id=project_id, user_id=actor.user_id).first()


def site_page(project: Project, *, actor: Actor, can_enter: bool) -> SitePage:
    """Give the page of a project's site; the caller has asked what the actor may see and do."""
    version = SiteVersion.objects.of_project(project.pk).newest_first().first()
    draft = own_draft(project.pk, actor) if can_enter else None
    if version is None:
        return SitePage(project, None, None, None, (), (), "", (), draft, can_enter)
    rules = ground.rules()
    catalogue = projects.catalogue_of(project)
    derivation = last_derivation(version)
    return SitePage(
        project=project,
        version=version,
        figures=figures_of(version, rules),
        derivation=derivation,
        told=_told(catalogue, derivation),
        regions=tuple(RegionShare(**row) for row in derivation.regions) if derivation else (),
        region_problem=_region_problem(project, catalogue, derivation),
        moved_on=moved_on(project, derivation),
        draft=draft,
        can_enter=can_enter,
    )


def panel(project: Project, *, actor: Actor, can_enter: bool) -> Panel:
    """Give the panel of a project's site."""
    page = site_page(project, actor=actor, can_enter=can_enter)
    return Panel(
        project=project,
        version=page.version,
        figures=page.figures,
        region=page.regions[0].name if page.regions else "",
        region_problem=page.region_problem,
        has_moved_on=bool(page.moved_on),
        has_draft=page.draft is not None,
        can_enter=page.can_enter,
    )


def last_derivation(version: SiteVersion) -> Derivation | None:
    """Give what a version said at the last count."""
    return version.derivations.order_by("-derived_at", "-pk").first()


def _told(catalogue: Catalogue, derivation: Derivation | None) -> tuple[ToldRow, ...]:
    """Write what was derived, the fields first, then what is yes or no, each in the order of the pack: what holds comes
    first, and last what no layer can tell.
    """
    if derivation is None:
        return ()
    rows: list[tuple[int, ToldRow]] = []
    for key, value in derivation.values.items():
        field = values.definition(catalogue, key)
        if field is None:
            continue
        known = value is not None
        text = projects.fact_text(catalogue, field, value) if known else _("图层没有数据，暂不能判断")
        is_condition = key.startswith(MAP_PREFIX)
        weight = -1 if field.type != "bool" and not is_condition else 2 if not known else 0 if value else 1
        rows.append((weight, ToldRow(field.label, text, known, is_condition)))
    return tuple(row for _weight, row in sorted(rows, key=itemgetter(0)))


def _region_problem(project: Project, catalogue: Catalogue, derivation: Derivation | None) -> str:
    if derivation is None or not derivation.regions or derivation.regions[0]["code"] == project.region:
        return ""
    return _("红线主要在%(found)s，项目登记的建设地点是%(registered)s。请核对红线；如登记有误，请到综合窗口更正。") % {
        "found": derivation.regions[0]["name"],
        "registered": catalogue.regions.get(project.region, project.region),
    }


def moved_on(project: Project, derivation: Derivation | None) -> tuple[NewEdition, ...]:
    """List the layers whose current edition is not the one a derivation used."""
    if derivation is None:
        return ()
    rules = ground.rules()
    layers = layers_read(projects.catalogue_of(project), rules)
    current = ground.current_editions(layers, work_crs=frames.frame().work_crs)
    return tuple(
        NewEdition(layer, rules.names.get(layer, layer), derivation.editions.get(layer, {}).get("name", ""), used.name)
        for layer, used in current.items()
        if derivation.editions.get(layer, {}).get("id") != used.id
    )
