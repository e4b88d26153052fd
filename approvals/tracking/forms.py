"""The registration form: identity, the fields that decide on the flow, and the rest that may follow later.

Which fields there are comes from the pack; cleaning is done by the registry, which says everything wrong at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.accounts.models import Enterprise
from portal.core.http import whole_number
from portal.ui.fields import FieldView, Option, Source
from projects.catalogue.definitions import Catalogue, FieldDef
from projects.registry import fields as registry_fields
from projects.registry import flows
from projects.registry import queries as registry
from projects.registry.models import Project, ProjectFact
from projects.registry.states import FactSource

#: identity of a registration: names of inputs and of the operation's arguments
NAME, REGION, OWNER, CODE, PARENT, RELATION = "name", "region", "owner", "code", "parent", "relation"
#: sources whose values people may declare at registration; systems and earlier results deliver the others
DECLARABLE = ("registry", "applicant")
#: types that one plain input can hold
PLAIN_TYPES = frozenset({"text", "int", "decimal", "bool", "date", "enum", "code", "uscc", "person", "mobile"})
#: the square of each source of a parent's value
SQUARES = {
    FactSource.REGISTRY: Source.REGISTRY,
    FactSource.E_CERT: Source.CERTIFICATE,
    FactSource.PRIOR_RESULT: Source.PRIOR,
    FactSource.MAP: Source.MAP,
    FactSource.SYSTEM: Source.SYSTEM,
}


@dataclass(frozen=True, slots=True)
class Registration:
    """What was typed, and what is wrong with it."""

    catalogue: Catalogue
    owners: Sequence[Enterprise]
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    parents: Sequence[Project] = ()
    #: what is known of the chosen parent
    above: Mapping[str, ProjectFact] = field(default_factory=dict)

    @classmethod
    def typed_in(
        cls, catalogue: Catalogue, owners: Sequence[Enterprise], given: QueryDict, *, parents: Sequence[Project] = ()
    ) -> Registration:
        """Take what a query or a form brings."""
        return cls(catalogue, owners, {key: str(given[key]).strip() for key in given}, parents=parents)

    def with_problems(self, problems: Mapping[str, object]) -> Registration:
        return replace(self, problems={key: str(words) for key, words in problems.items()})

    def under(self, above: Mapping[str, ProjectFact]) -> Registration:
        """Return the form knowing what is known of the chosen parent."""
        return replace(self, above=above)

    def filled_from_parent(self) -> Registration:
        """Return the form with the parent's values wherever nothing was typed.

        A measure of the whole is no measure of its part: those are only told beside the field.
        """
        if self.parent is None:
            return self
        wanted = [
            definition for definition in (*self.deciding_fields, *self.other_fields) if not _is_measure(definition)
        ]
        known = {REGION: self.parent.region}
        known |= {definition.id: self._of_parent(definition) for definition in wanted}
        return replace(self, typed={**self.typed, **{k: v for k, v in known.items() if v and not self.typed.get(k)}})

    @property
    def parent(self) -> Project | None:
        """Return the chosen parent."""
        return next((row for row in self.parents if row.code == self.typed.get(PARENT)), None)

    @property
    def has_unknown_parent(self) -> bool:
        return bool(self.typed.get(PARENT)) and self.parent is None

    @property
    def facts(self) -> dict[str, object]:
        """Return what was given as facts, blanks left out."""
        known = {definition.id for definition in (*self.deciding_fields, *self.other_fields)}
        return {key: value for key, value in self.typed.items() if key in known and value != ""}

    @property
    def owner_id(self) -> int:
        """Return the chosen owner; a person of one body has only one to choose."""
        chosen = whole_number(self.typed.get(OWNER, ""))
        if chosen is not None:
            return chosen
        return self.owners[0].pk if len(self.owners) == 1 else 0

    @property
    def deciding_fields(self) -> list[FieldDef]:
        """Return the fields that decide on the flow, in the order of the form."""
        wanted = flows.reads(self.catalogue)
        return [definition for definition in self._common if definition.id in wanted]

    @property
    def other_fields(self) -> list[FieldDef]:
        """Return what else may be said at registration."""
        decided = {definition.id for definition in self.deciding_fields}
        own = registry_fields.IDENTITY | registry_fields.OWNER | decided
        return [
            definition
            for definition in self._common
            if definition.id not in own and definition.source in DECLARABLE and definition.type in PLAIN_TYPES
        ]

    @property
    def _common(self) -> list[FieldDef]:
        return [definition for definition in self.catalogue.fields.values() if definition.stage == "*"]

    @property
    def identity(self) -> list[FieldView]:
        """Return name, place, owner and the code the project may already have."""
        labels = self.catalogue.fields
        views = [
            FieldView(
                id=NAME,
                label=labels[registry_fields.PROJECT_NAME].label,
                type="text",
                value=self.typed.get(NAME, ""),
                error=self.problems.get(NAME, ""),
            ),
            FieldView(
                id=REGION,
                label=labels[registry_fields.SITE_REGION].label,
                type="enum",
                value=self.typed.get(REGION, ""),
                options=[Option(code, name) for code, name in self.catalogue.regions.items()],
                error=self.problems.get(REGION, ""),
            ),
        ]
        if len(self.owners) > 1:
            views.append(
                FieldView(
                    id=OWNER,
                    label=labels[registry_fields.OWNER_NAME].label,
                    type="enum",
                    value=self.typed.get(OWNER, ""),
                    options=[Option(str(owner.pk), owner.name) for owner in self.owners],
                    error=self.problems.get(OWNER, ""),
                )
            )
        views.append(
            FieldView(
                id=CODE,
                label=_("已有的项目代码"),
                type="code",
                value=self.typed.get(CODE, ""),
                required=False,
                hint=_("已在投资平台取得代码的填在这里；没有的留空，登记时赋码。"),
                error=self.problems.get(CODE, ""),
            )
        )
        return views

    @property
    def kinship(self) -> list[FieldView]:
        """Return the project above, among one's own, and what this one is to it."""
        return [
            FieldView(
                id=PARENT,
                label=_("上级项目"),
                type="enum",
                value=self.typed.get(PARENT, ""),
                required=False,
                options=[Option(str(row.code), f"{row.name} {row.code}") for row in self.parents],
                error=self.problems.get(PARENT, ""),
            ),
            FieldView(
                id=RELATION,
                label=_("与上级项目的关系"),
                type="enum",
                value=self.typed.get(RELATION, ""),
                required=False,
                options=[Option(value, str(label)) for value, label in Project.Relation.choices],
                error=self.problems.get(RELATION, ""),
            ),
        ]

    @property
    def deciding(self) -> list[FieldView]:
        return [self._view(definition, required=True) for definition in self.deciding_fields]

    @property
    def others(self) -> list[FieldView]:
        return [self._view(definition, required=False) for definition in self.other_fields]

    @property
    def error_pairs(self) -> list[tuple[str, str]]:
        """Return every problem for the summary, in the order of the form."""
        shown = [view.id for view in (*self.kinship, *self.identity, *self.deciding, *self.others)]
        ordered = [key for key in shown if key in self.problems]
        return [(key, self.problems[key]) for key in (*ordered, *(key for key in self.problems if key not in shown))]

    def _view(self, definition: FieldDef, *, required: bool) -> FieldView:
        typed, above = self.typed.get(definition.id, ""), self._of_parent(definition)
        inherited = bool(above) and typed == above and not _is_measure(definition)
        return FieldView(
            id=definition.id,
            label=definition.label,
            type=definition.type,
            value=typed,
            source=self._square(definition.id) if inherited else Source.APPLICANT,
            source_label=_("上级项目") if inherited else "",
            unit=definition.unit or "",
            required=required,
            hint=_("上级项目整体为 %(value)s，这里填本项目的。") % {"value": self._told(definition)}
            if above and _is_measure(definition)
            else "",
            options=[Option(code, word) for code, word in self.catalogue.options(definition.codes).items()],
            error=self.problems.get(definition.id, ""),
        )

    def _of_parent(self, definition: FieldDef) -> str:
        """Return the parent's value as an input holds it."""
        fact = self.above.get(definition.id)
        if fact is None:
            return ""
        return str(fact.value).lower() if isinstance(fact.value, bool) else str(fact.value)

    def _told(self, definition: FieldDef) -> str:
        return registry.fact_text(self.catalogue, definition, self.above[definition.id].value)

    def _square(self, field_id: str) -> Source:
        return SQUARES.get(FactSource(self.above[field_id].source), Source.REGISTRY)


def _is_measure(definition: FieldDef) -> bool:
    """Tell whether a field says how much there is of something: a part has less of it than the whole."""
    return definition.type in ("int", "decimal") and bool(definition.unit)
