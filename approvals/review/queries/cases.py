"""One case as its page and its endpoint show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from approvals.review.models import Case, ReviewTask
from approvals.review.queries.picture import lineage_results
from approvals.review.states import TASK_OPEN, Step
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotFound
from projects.archive.models import Document
from projects.catalogue import queries as catalogues
from projects.catalogue.conditions import measured
from projects.catalogue.definitions import Catalogue, ItemDef, ResultAttribute


@dataclass(frozen=True, slots=True)
class StatedValue:
    """What a result says beyond its number."""

    label: str
    value: Any
    #: the value as people read it, with its unit
    words: str


@dataclass(frozen=True, slots=True)
class EarlierResult:
    """A result of the project that this case's item draws on."""

    item: str
    item_name: str
    title: str
    number: str
    department: str
    decided_on: date
    attributes: tuple[StatedValue, ...]
    #: None while the paper is being made, or when it was withdrawn
    document_id: int | None


def find_case(case_id: int, *, actor: Actor) -> Case:
    """Give a case, with what its page needs, to who may see it.

    :raises NotFound: there is none, or not for this actor
    """
    found = (
        Case.objects.visible_to(actor)
        .select_related(
            "project__owner",
            "application__unit",
            "service_item__stage",
            "department",
            "timer",
            "stage_run__lead",
            "stage_run__unit",
            "decision",
        )
        .filter(pk=case_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def definition_of(case: Case) -> tuple[Catalogue, ItemDef]:
    """Return the catalogue and the item a case runs under."""
    catalogue = catalogues.catalogue(case.application.pack_version_id)
    return catalogue, catalogue.items[case.service_item.code]


def draws_on(catalogue: Catalogue, item: ItemDef) -> frozenset[str]:
    """Return the items whose results an item reads: prerequisites, sources of data, materials that are results."""
    producers = (
        catalogue.materials[material].produced_by for material in item.materials if material in catalogue.materials
    )
    return frozenset({*item.prereq, *item.soft_prereq, *item.data_from, *(found for found in producers if found)})


def earlier_results(case: Case) -> list[EarlierResult]:
    """Return the earlier results of a case, newest first; two statements.

    They are read from decisions and the archive, never from deliveries: what was decided counts, not what was sent.
    """
    catalogue, item = definition_of(case)
    wanted = draws_on(catalogue, item)
    if not wanted:
        return []
    unit = case.application.unit.code if case.application.unit else ""
    decisions = lineage_results(case.project, items=wanted, unit=unit)
    documents = _documents(case.project_id, (decision.number for decision in decisions))
    found = []
    for decision in reversed(decisions):
        result = catalogue.results.get(decision.case.service_item.code)
        known = {attribute.id: attribute for attribute in result.attributes} if result else {}
        found.append(
            EarlierResult(
                item=decision.case.service_item.code,
                item_name=decision.case.service_item.name,
                title=decision.title,
                number=decision.number,
                department=decision.case.department.short,
                decided_on=clock.day_of(decision.decided_at),
                attributes=tuple(_stated(key, value, known.get(key)) for key, value in decision.attributes.items()),
                document_id=documents.get(decision.number),
            )
        )
    return found


def _stated(key: str, value: Any, attribute: ResultAttribute | None) -> StatedValue:
    if attribute is None:
        return StatedValue(key, value, str(value))
    return StatedValue(attribute.label, value, measured(value, kind=attribute.type, unit=attribute.unit))


def _documents(project_id: int, numbers: Iterable[str]) -> dict[str, int]:
    wanted = list(numbers)
    if not wanted:
        return {}
    return dict(
        Document.objects.filter(project_id=project_id, number__in=wanted, withdrawn_at=None).values_list("number", "pk")
    )


def is_with_handler(case: Case) -> bool:
    """Tell whether the open task of a case is the handler's; one statement."""
    return ReviewTask.objects.filter(case=case, state__in=TASK_OPEN, step=Step.HANDLER).exists()
