"""The registration form: identity, the fields that decide on the flow, and the rest that may follow later.

Which fields there are comes from the pack; cleaning is done by the registry, which says everything wrong at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.accounts.models import Enterprise
from portal.ui.fields import FieldView, Option, Source
from projects.catalogue.definitions import Catalogue, FieldDef
from projects.registry import fields as registry_fields
from projects.registry import flows

#: identity of a registration: names of inputs and of the operation's arguments
NAME, REGION, OWNER, CODE = "name", "region", "owner", "code"
#: sources whose values people may declare at registration; systems and earlier results deliver the others
DECLARABLE = ("registry", "applicant")
#: types that one plain input can hold
PLAIN_TYPES = frozenset({"text", "int", "decimal", "bool", "date", "enum", "code", "uscc", "person", "mobile"})


@dataclass(frozen=True, slots=True)
class Registration:
    """What was typed, and what is wrong with it."""

    catalogue: Catalogue
    owners: Sequence[Enterprise]
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_post(cls, catalogue: Catalogue, owners: Sequence[Enterprise], posted: QueryDict) -> Registration:
        return cls(catalogue, owners, {key: str(posted[key]).strip() for key in posted})

    def with_problems(self, problems: Mapping[str, object]) -> Registration:
        return Registration(self.catalogue, self.owners, self.typed, {k: str(v) for k, v in problems.items()})

    @property
    def facts(self) -> dict[str, object]:
        """Return what was given as facts, blanks left out."""
        known = {definition.id for definition in (*self.deciding_fields, *self.other_fields)}
        return {key: value for key, value in self.typed.items() if key in known and value != ""}

    @property
    def owner_id(self) -> int:
        """Return the chosen owner; a person of one body has only one to choose."""
        typed = self.typed.get(OWNER, "")
        if typed.isdigit():
            return int(typed)
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
    def deciding(self) -> list[FieldView]:
        return [self._view(definition, required=True) for definition in self.deciding_fields]

    @property
    def others(self) -> list[FieldView]:
        return [self._view(definition, required=False) for definition in self.other_fields]

    @property
    def error_pairs(self) -> list[tuple[str, str]]:
        """Return every problem for the summary, in the order of the form."""
        shown = [view.id for view in (*self.identity, *self.deciding, *self.others)]
        ordered = [key for key in shown if key in self.problems]
        return [(key, self.problems[key]) for key in (*ordered, *(key for key in self.problems if key not in shown))]

    def _view(self, definition: FieldDef, *, required: bool) -> FieldView:
        return FieldView(
            id=definition.id,
            label=definition.label,
            type=definition.type,
            value=self.typed.get(definition.id, ""),
            source=Source.APPLICANT,
            unit=definition.unit or "",
            required=required,
            options=[Option(code, word) for code, word in self.catalogue.options(definition.codes).items()],
            error=self.problems.get(definition.id, ""),
        )
