"""Read projects, their facts and units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermission

from portal.accounts import queries as accounts
from portal.accounts.states import DepartmentKind
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.models import AuditEvent
from portal.core.prepared import Prepared
from projects.catalogue import conditions, values
from projects.catalogue import queries as catalogue_queries
from projects.catalogue.definitions import Catalogue, FieldDef
from projects.registry import codes
from projects.registry.models import CodeRequest, Project, ProjectFact, Unit
from projects.registry.states import UNIT_LIVE, CodeRequestState, ProjectState

#: the permission by which an owner lets a person of another body act for a project
MANDATE = "act_for_project"
#: how far lists of choices go
MOST_SIBLINGS, MOST_KNOWN, MOST_CHILDREN, MOST_PARENTS = 500, 12, 100, 100


class NoProject(NotFound):
    """There is no such project, or the actor may not know that there is."""

    code = "no_project"
    message = _("没有找到这个项目，或您不能查看。请核对项目代码；如需办理，请联系建设单位授权。")


@dataclass(frozen=True, slots=True)
class FactRow:
    """One known value as a page shows it."""

    field: FieldDef
    text: str
    fact: ProjectFact

    @property
    def label(self) -> str:
        return self.field.label


def project(code: str, *, actor: Actor) -> Project:
    """Give a project by its code, with its owner, to who may see it.

    :raises NoProject: there is none, or not for this actor
    """
    found = Project.objects.visible_to(actor).select_related("owner").filter(code=codes.fold(code)).first()
    if found is None:
        raise NoProject
    return found


def project_by_id(project_id: int, *, actor: Actor) -> Project:
    """Give a project by its id, with its owner, to who may see it; the way to one that has no code yet.

    :raises NoProject: there is none, or not for this actor
    """
    found = Project.objects.visible_to(actor).select_related("owner").filter(pk=project_id).first()
    if found is None:
        raise NoProject
    return found


def facts(project: Project) -> dict[str, ProjectFact]:
    """Give what is known of a project: field id -> fact."""
    return {fact.field: fact for fact in project.facts.all()}


def fact_values(project_id: int) -> dict[str, Any]:
    """Give the plain values of a project's facts, as conditions read them."""
    return dict(_FACTS(project_id))


_FACTS = Prepared(lambda pk: ProjectFact.objects.filter(project_id=pk).values_list("field", "value"))


def catalogue_of(project: Project) -> Catalogue:
    """Give the definitions a project was registered under."""
    return catalogue_queries.catalogue(project.pack_version_id)


def fact_rows(project: Project, known: Mapping[str, ProjectFact] | None = None) -> list[FactRow]:
    """List the known values in the order of the form, with their words and sources."""
    catalogue = catalogue_of(project)
    rows = []
    for field_id, fact in (facts(project) if known is None else known).items():
        field = values.definition(catalogue, field_id)
        if field is not None:
            rows.append(FactRow(field, fact_text(catalogue, field, fact.value), fact))
    return sorted(rows, key=lambda row: row.field.sort)


def fact_text(catalogue: Catalogue, field: FieldDef, value: Any) -> str:
    """Write a value as people read it: words for codes, a region by its name."""
    if values.is_region(field):
        return catalogue.regions.get(str(value), str(value))
    if isinstance(value, list | dict) or field.type in ("text", "person", "mobile", "uscc", "code", "date"):
        return values.as_text(field, value)
    return conditions.word(catalogue, field, value)


def units(project_id: int) -> list[Unit]:
    """List a project's engineering codes in the order of the tree."""
    return list(Unit.objects.filter(project_id=project_id).order_by("code"))


def unit_path(unit: Unit) -> tuple[Unit, ...]:
    """List a unit and all units it came from, the nearest first: where earlier results are looked up.

    A merged unit came from several.
    """
    by_code = {other.code: other for other in Unit.objects.filter(project_id=unit.project_id)}
    path: list[Unit] = []
    level = [unit]
    while level:
        path += level
        above = dict.fromkeys(code for step in level for code in step.predecessors)
        level = [by_code[code] for code in above]
    return tuple(path)


def active_units(project_id: int, level: int) -> list[Unit]:
    """List the units of one level that may be applied for at that level."""
    return list(Unit.objects.filter(project_id=project_id, level=level, state__in=UNIT_LIVE).order_by("code"))


def mandates(project: Project) -> models.QuerySet[Any]:
    """Return the people of other bodies who may act for a project."""
    holders = UserObjectPermission.objects.filter(
        object_pk=str(project.pk),
        permission__codename=MANDATE,
        permission__content_type__app_label=project._meta.app_label,
        permission__content_type__model=project._meta.model_name,
    )
    return get_user_model().objects.filter(pk__in=holders.values("user_id")).order_by("name")


@dataclass(frozen=True, slots=True)
class MandateRow:
    """One person of another body who may act for a project: since when, and who said so."""

    person: Any
    body: str
    given_at: datetime | None
    given_by: str


def mandate_rows(project: Project, *, at: datetime) -> list[MandateRow]:
    """List who may act for a project, by name; three statements. The day and the giver are read off the record."""
    people = list(mandates(project))
    bodies = accounts.bodies_of((person.pk for person in people), at=at)
    given = {event.data["user"]: event for event in _mandates_given([project.pk])}
    return [
        MandateRow(
            person=person,
            body=bodies.get(person.pk, ""),
            given_at=given[person.pk].at if person.pk in given else None,
            given_by=given[person.pk].actor_name if person.pk in given else "",
        )
        for person in people
    ]


def known_agents(project: Project, *, at: datetime) -> list[MandateRow]:
    """List people the owner may want to give a mandate: whom it once gave one, and the city's agents; by name.

    Who already has one for this project is left out, and so are the owner's own people.
    """
    siblings = Project.objects.filter(owner_id=project.owner_id).order_by("-pk").values_list("pk", flat=True)
    once = {event.data["user"] for event in _mandates_given(siblings[:MOST_SIBLINGS])}
    agents = accounts.people_of_kind(DepartmentKind.AGENCY, act="application.draft", at=at)
    people = (
        get_user_model()
        .objects.filter(Q(pk__in=once) | Q(pk__in=[person.pk for person in agents]), is_active=True)
        .exclude(pk__in=mandates(project).values("pk"))
        .exclude(pk__in=accounts.people_of_enterprise(project.owner_id, at=at))
        .order_by("name", "pk")[:MOST_KNOWN]
    )
    bodies = accounts.bodies_of((person.pk for person in people), at=at)
    return [MandateRow(person, bodies.get(person.pk, ""), None, "") for person in people]


def _mandates_given(project_ids: Iterable[int]) -> list[AuditEvent]:
    """Return the record of mandates given for these projects, oldest first."""
    return list(
        AuditEvent.objects.filter(
            subject_type=Project._meta.label_lower,
            subject_id__in=[str(pk) for pk in project_ids],
            action="registry.mandate.given",
        ).order_by("at", "pk")
    )


def relatives(project: Project, *, actor: Actor) -> tuple[Project | None, list[Project]]:
    """Give the project above and those below, as far as the actor may see them; one statement."""
    rows = Project.objects.visible_to(actor).filter(Q(pk=project.parent_id) | Q(parent_id=project.pk))
    found = list(rows.order_by("registered_at", "pk")[:MOST_CHILDREN])
    above = next((row for row in found if row.pk == project.parent_id), None)
    return above, [row for row in found if row.parent_id == project.pk]


def possible_parents(actor: Actor) -> list[Project]:
    """List the running projects of the actor's own bodies under which another may be registered, newest first."""
    rows = Project.objects.running().filter(owner_id__in=actor.enterprise_ids, code__isnull=False)
    return list(rows.order_by("-registered_at", "-pk")[:MOST_PARENTS])


def due_code_requests(at: datetime, *, limit: int = 50) -> list[int]:
    """List the projects whose code should be asked for now."""
    return list(
        CodeRequest.objects.filter(
            state=CodeRequestState.WAITING, next_try_at__lte=at, project__state=ProjectState.PROPOSED
        )
        .order_by("next_try_at")
        .values_list("project_id", flat=True)[:limit]
    )
