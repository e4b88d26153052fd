"""The form of an application as it stands: fields, values with their sources, problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property

from approvals.applications.models import Answer, Application, ApplicationItem
from approvals.applications.queries import mending
from approvals.oneform import fields as own_fields
from approvals.oneform import prefill, problems, spec
from portal.core import clock
from projects.archive.models import Document
from projects.catalogue import conditions, industries
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import Catalogue, FlowDef
from projects.registry import fields as registry_fields
from projects.registry import queries as registry
from projects.registry.models import Project
from projects.registry.states import AUTHORITATIVE, FactSource


@dataclass(frozen=True)
class SectionState:
    """A section of the form with its answers, as the section list shows it."""

    section: spec.Section
    fields: tuple[prefill.Filled, ...]
    problems: Mapping[str, str]

    @property
    def answered(self) -> int:
        """Count the fields that have a value."""
        return sum(not filled.is_empty for filled in self.fields)

    @property
    def faults(self) -> int:
        """Count the fields whose input could not be taken."""
        return sum(filled.typed is not None for filled in self.fields)

    @property
    def missing(self) -> int:
        """Count the required fields without a value."""
        return len(self.problems) - sum(filled.field.id in self.problems for filled in self.fields if filled.typed)


@dataclass(frozen=True)
class FormState:
    """The form of one application with its answers."""

    application: Application
    spec: spec.FormSpec
    filled: Mapping[str, prefill.Filled]
    #: fields a correction notice has opened (`mending.Scope`); None when everything may be changed
    points: frozenset[str] | None = None

    @cached_property
    def problems(self) -> dict[str, str]:
        """Map each field that stands in the way of handing in to what is wrong with it."""
        return {problem.field: problem.message for problem in problems.problems(self.spec, self.filled)}

    @cached_property
    def sections(self) -> tuple[SectionState, ...]:
        """List the sections with their answers."""
        return tuple(
            SectionState(
                section,
                tuple(self.filled[field.id] for field in section.fields),
                {field.id: self.problems[field.id] for field in section.fields if field.id in self.problems},
            )
            for section in self.spec.sections
        )

    @property
    def values(self) -> dict[str, Any]:
        """Map each answered field to its value."""
        return {field: filled.value for field, filled in self.filled.items() if filled.value is not None}

    def is_delivered(self, field: str) -> bool:
        """Tell whether an authority or the register gave the value, so that the applicant cannot mend it."""
        filled = self.filled[field]
        return filled.read_only or filled.source in AUTHORITATIVE or field in registry_fields.IDENTITY

    def may_edit(self, field: str) -> bool:
        """Tell whether the field may be changed now.

        While correcting, only what the notice names, and what an answer to it has made necessary.
        """
        if not self.application.is_editable or self.filled[field].read_only:
            return False
        return self.points is None or field in self.points or field in self.problems


def catalogue_of(application: Application) -> Catalogue:
    """Give the definitions the application was begun under."""
    return catalogues.catalogue(application.pack_version_id)


def item_ids(application: Application) -> tuple[str, ...]:
    """List the items applied for, in the order of the pack."""
    rows = application.items.all()
    if "items" not in getattr(application, "_prefetched_objects_cache", {}):
        rows = rows.select_related("service_item")
    return tuple(row.code for row in sorted((row.service_item for row in rows), key=lambda item: item.sort))


def candidates(application: Application) -> tuple[str, ...]:
    """List the items an answer may bring in or take out: those of the stage, or, beside the line, its own."""
    catalogue = catalogue_of(application)
    if application.is_parallel:
        return item_ids(application)
    stage = _flow(application).stages.get(application.stage)
    return stage.items if stage else tuple(item.id for item in catalogue.items_of(application.stage))


def applicable_items(application: Application) -> frozenset[str]:
    """Name every item of the project's flow that applies, with those applied for."""
    catalogue = catalogue_of(application)
    facts = fact_values(application.project)
    applying = {
        item for item in _flow(application).items if conditions.judge_item(catalogue, item, facts).value is True
    }
    return frozenset(applying | set(item_ids(application)))


def items_under_way(application: Application) -> frozenset[str]:
    """Name the items that another open application of the project already asks for."""
    return frozenset(
        ApplicationItem.objects.filter(
            application__project=application.project_id, application__in=Application.objects.open()
        )
        .exclude(application=application)
        .values_list("service_item__code", flat=True)
    )


def fact_values(project: Project) -> dict[str, Any]:
    """Map each known field of a project to its value."""
    return registry.fact_values(project.pk)


def form_of(application: Application) -> FormState:
    """Build the form of an application with its present answers.

    While the applicant may change it, what others know is read afresh; afterwards the form is what was handed in.
    """
    catalogue = catalogue_of(application)
    facts = registry.facts(application.project)
    form = spec.build(
        catalogue,
        stage=application.stage,
        items=item_ids(application),
        candidates=candidates(application) if application.is_editable else (),
        facts={field: fact.value for field, fact in facts.items()},
    )
    if application.unit is None:
        form = _without_unit(form)
    rows = {row.field: row for row in application.answers.all()}
    if not application.is_editable:
        form = _with_answered_questions(form, application, rows)
    given = {row.field: prefill.Given(row.value, row.source, row.source_note, row.typed) for row in rows.values()}
    known: dict[str, prefill.Known] = {}
    if application.is_editable:
        known = prefill.known_values(form, facts=_known_facts(application, facts), results=_results(application, form))
    return FormState(
        application=application,
        spec=form,
        filled=prefill.fill(form, given=given, known=known),
        points=_points(application, rows),
    )


def _without_unit(form: spec.FormSpec) -> spec.FormSpec:
    """Leave out the engineering code, which nobody can give before the first stage has issued one."""
    sections = []
    for section in form.sections:
        fields = tuple(
            field for field in section.fields if field.id not in (own_fields.ENG_CODE, own_fields.PREVIOUS_ENG_CODE)
        )
        if fields:
            sections.append(spec.Section(section.id, section.name, fields))
    return spec.FormSpec(form.catalogue, form.stage, form.items, tuple(sections))


def _with_answered_questions(form: spec.FormSpec, application: Application, rows: Mapping[str, Any]) -> spec.FormSpec:
    """Show what was answered when it was handed in, also about items that then fell out."""
    full = spec.build(
        form.catalogue,
        stage=application.stage,
        items=form.items,
        candidates=candidates(application),
        facts={},
    )
    sections = []
    for section in full.sections:
        fields = tuple(field for field in section.fields if field.id in form.fields or field.id in rows)
        if fields:
            sections.append(spec.Section(section.id, section.name, fields))
    return spec.FormSpec(form.catalogue, form.stage, form.items, tuple(sections))


def _known_facts(application: Application, facts: Mapping[str, Any]) -> dict[str, prefill.Known]:
    """Turn the project's facts into what the form may fill in; codes and names of the register are fixed."""
    known = {
        field: prefill.Known(fact.value, fact.source, fact.source_note, is_fixed=field in registry_fields.IDENTITY)
        for field, fact in facts.items()
    }
    known[own_fields.INDUSTRY_YEAR] = prefill.Known(industries.EDITION, FactSource.SYSTEM)
    unit = application.unit
    if unit is not None:
        known[own_fields.ENG_CODE] = prefill.Known(unit.code, FactSource.SYSTEM)
        if unit.predecessors:
            known[own_fields.PREVIOUS_ENG_CODE] = prefill.Known(list(unit.predecessors), FactSource.SYSTEM)
    return known


def _results(application: Application, form: spec.FormSpec) -> list[prefill.Result]:
    """Read the results of earlier items that a field of this form takes its value from."""
    producers = {field.definition.from_result.item for field in form.fields.values() if field.definition.from_result}
    if not producers:
        return []
    documents = Document.objects.filter(
        project=application.project_id, produced_by__in=producers, withdrawn_at=None
    ).order_by("supplied_at", "version")
    # the newest one is read last and stays
    return [
        prefill.Result(
            item=document.produced_by,
            number=document.number,
            issued_on=clock.day_of(document.supplied_at),
            valid_until=document.valid_until,
            attributes=document.attributes,
        )
        for document in documents
    ]


def _points(application: Application, rows: Mapping[str, Answer]) -> frozenset[str] | None:
    scope = mending.scope_of(application)
    if scope is None:
        return None
    return scope.fields | {field for field, row in rows.items() if scope.opens_field(field, row)}


def _flow(application: Application) -> FlowDef:
    return catalogue_of(application).flows[application.project.flow]
