"""Which fields an application asks, once each. Pure: the catalogue and facts in, a frozen form out.

Fields = the common ones + those of all stage forms that its items need + every field read by the condition of an
item of this stage + a yes/no question for each condition nobody but the applicant can answer. One field, one id
(domain.md 3.5: 合并去重 by field id).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from projects.catalogue import conditions, values
from projects.catalogue.definitions import Catalogue, ConditionDef, ConditionKind, FieldDef

Facts = Mapping[str, object]

COMMON_STAGE = "*"
#: id of the section that holds what decides which items are needed
CONDITIONS_SECTION = "conditions"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field as an application asks it."""

    definition: FieldDef
    section: str
    required: bool
    needed_by: tuple[str, ...]
    """Ids of the application's items that read it."""
    options: Mapping[str, str]
    decides: tuple[str, ...] = ()
    """Ids of the items whose condition reads it."""

    @property
    def id(self) -> str:
        """Return the id under which the value is kept and exchanged."""
        return self.definition.id

    @property
    def label(self) -> str:
        """Return what the field is called."""
        return self.definition.label

    @property
    def type(self) -> str:
        """Return the type of its value (projects.catalogue.values)."""
        return self.definition.type

    @property
    def is_question(self) -> bool:
        """Tell whether it is the yes/no answer to a condition."""
        return self.definition.form == ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form: the common fields, those of one stage form, or the deciding questions."""

    id: str
    name: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True)
class FormSpec:
    """The form of one application."""

    catalogue: Catalogue
    stage: str
    items: tuple[str, ...]
    sections: tuple[Section, ...]

    @cached_property
    def fields(self) -> Mapping[str, FormField]:
        """Map each field id to its field, in the order of the form."""
        return {field.id: field for section in self.sections for field in section.fields}


def build(
    catalogue: Catalogue, *, stage: str, items: Sequence[str], candidates: Iterable[str], facts: Facts
) -> FormSpec:
    """Build the form of an application.

    :param items: ids of the items applied for
    :param candidates: ids of the items of this stage that may come in or fall out by an answer
    :param facts: what is known of the project; decides which questions are still open
    """
    judged = tuple(dict.fromkeys((*items, *candidates)))
    decides = _deciding_fields(catalogue, judged, facts)
    open_facts = _open_facts(catalogue, judged, facts)
    sections = [
        section
        for form in catalogue.forms.values()
        if (section := _form_section(catalogue, form.id, stage, items, decides, open_facts)) is not None
    ]
    asked = {field.id for section in sections for field in section.fields}
    rest = [
        FormField(
            definition=definition,
            section=CONDITIONS_SECTION,
            required=field in open_facts or definition.form == "" or definition.required,
            needed_by=tuple(item for item in decides[field] if item in items) or tuple(items),
            options=catalogue.options(definition.codes),
            decides=decides[field],
        )
        for field in decides
        if field not in asked and (definition := values.definition(catalogue, field)) is not None
    ]
    if rest:
        sections.append(Section(CONDITIONS_SECTION, _("由您说明的情况"), tuple(rest)))
    return FormSpec(catalogue=catalogue, stage=stage, items=tuple(items), sections=tuple(sections))


def condition_fields(catalogue: Catalogue) -> frozenset[str]:
    """Name every field that decides about an item or the flow; an answer to one of them is a fact of the project."""
    read = {field for condition in catalogue.conditions.values() for field in condition.field_ids}
    flows = {field for flow in catalogue.flows.values() for field in flow.condition.field_ids}
    asked = {c.declare_field for c in catalogue.conditions.values() if c.may_be_declared}
    return frozenset(read | flows | asked)


def _form_section(
    catalogue: Catalogue,
    form: str,
    stage: str,
    items: Sequence[str],
    decides: Mapping[str, tuple[str, ...]],
    open_facts: frozenset[str],
) -> Section | None:
    """Take what the items need from one form of the pack; None when that is nothing."""
    definition = catalogue.forms[form]
    own = definition.stage in (COMMON_STAGE, stage)
    fields = []
    for field_id in definition.fields:
        field = catalogue.fields[field_id]
        if field.for_all_items:
            needed_by = tuple(items) if own else ()
        else:
            needed_by = tuple(item for item in items if item in field.needed_by)
        if not needed_by:
            continue
        fields.append(
            FormField(
                definition=field,
                section=definition.id,
                required=field.required or field_id in open_facts,
                needed_by=needed_by,
                options=catalogue.options(field.codes),
                decides=decides.get(field_id, ()),
            )
        )
    name = _("本阶段的内容") if definition.stage == stage else _section_name(definition.name)
    return Section(definition.id, name, tuple(fields)) if fields else None


def _section_name(name: str) -> str:
    """Drop the remark in brackets, which explains the form and not the section."""
    return name.split("（", 1)[0] or name


def _deciding_fields(catalogue: Catalogue, items: Iterable[str], facts: Facts) -> dict[str, tuple[str, ...]]:
    """Map each field that decides about one of the items to these items, in the order of the pack.

    What the map has answered is not asked of the applicant again.
    """
    decides: dict[str, list[str]] = {}
    for item in items:
        for field in _read_by(catalogue.condition_of(item), facts):
            decides.setdefault(field, []).append(item)
    return {field: tuple(readers) for field, readers in decides.items()}


def _read_by(condition: ConditionDef, facts: Facts) -> tuple[str, ...]:
    if condition.kind == ConditionKind.FIELD:
        return condition.field_ids
    if condition.kind == ConditionKind.MAP and not conditions.is_unknown(facts.get(condition.map_fact)):
        return ()
    return (condition.declare_field,) if condition.may_be_declared else ()


def _open_facts(catalogue: Catalogue, items: Iterable[str], facts: Facts) -> frozenset[str]:
    """Name the facts without which it stays open whether an item is needed; submitting asks for them."""
    return frozenset(
        fact
        for item in items
        if (verdict := conditions.judge_item(catalogue, item, facts)).is_undetermined
        for fact in verdict.unknown
    )
