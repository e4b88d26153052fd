"""The checks as the pack defines them: which layers play which part, how much is tolerated, who resolves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from blueprint.layers import visibility


def covers(given: str, layer: str) -> bool:
    """Tell whether a code of a topic, subtopic or layer stands for a layer."""
    return layer == given or layer.startswith(given + ".")


@dataclass(frozen=True)
class Check:
    """One check of the pack."""

    code: str
    name: str
    #: part -> codes as the pack gives them: topics, subtopics or layers
    roles: Mapping[str, tuple[str, ...]]
    tolerance: Mapping[str, float]
    #: first digits of the uses that are construction land
    construction: frozenset[str]
    #: layers of the pack, in its order
    listed: tuple[str, ...]

    @cached_property
    def _playing(self) -> Mapping[str, tuple[str, ...]]:
        """Return the layers of each part."""
        return {
            role: tuple(layer for layer in self.listed if any(covers(code, layer) for code in codes))
            for role, codes in self.roles.items()
        }

    def layers(self, *roles: str) -> tuple[str, ...]:
        """Return the layers that play any of these parts, by their codes."""
        if len(roles) == 1:
            return self._playing[roles[0]]
        return tuple(sorted({layer for role in roles for layer in self._playing[role]}))

    def layer(self, role: str) -> str:
        """Return the one layer that plays a part."""
        return self.layers(role)[0]

    def role_of(self, layer: str, *roles: str) -> str:
        """Return which of these parts a layer plays: that of the longest code which stands for it."""
        fitting = [(len(code), role) for role in roles for code in self.roles[role] if covers(code, layer)]
        return max(fitting)[1]

    def is_construction(self, use: str) -> bool:
        """Tell whether a use is construction land."""
        return use[:2] in self.construction


@dataclass(frozen=True)
class Definitions:
    """All checks of a pack version."""

    checks: Mapping[str, Check]
    #: code of a topic, subtopic or layer -> department that keeps it
    owners: Mapping[str, str]
    layer_names: Mapping[str, str]
    #: what a site declares -> fields of the form that say it, the first one known counts
    declares: Mapping[str, tuple[str, ...]]
    #: layers of which nobody is told more than that there is something
    masked: frozenset[str] = frozenset()

    @classmethod
    def from_documents(cls, layers: Mapping[str, Any]) -> Definitions:
        """Read the document layers.yaml of a pack."""
        names = {
            layer["id"]: layer["name"]
            for topic in layers["topics"]
            for subtopic in topic["subtopics"]
            for layer in subtopic["layers"]
        }
        checks = {
            row["id"]: Check(
                code=row["id"],
                name=row["name"],
                roles={role: tuple(codes) for role, codes in row["roles"].items()},
                tolerance=row["tolerance"],
                construction=frozenset(row.get("construction", ())),
                listed=tuple(names),
            )
            for row in layers["checks"]
        }
        declares = {name: tuple(fields) for name, fields in layers["declares"].items()}
        masked = frozenset(layer for layer, show in visibility.of_layers(layers).items() if show.is_masked)
        return cls(checks=checks, owners=layers["owners"], layer_names=names, declares=declares, masked=masked)

    def owner(self, layer: str) -> str:
        """Return the department that keeps a layer; the longest code that fits decides."""
        if layer not in self._known_owners:
            self._known_owners[layer] = self.owners[max((code for code in self.owners if covers(code, layer)), key=len)]
        return self._known_owners[layer]

    @cached_property
    def _known_owners(self) -> dict[str, str]:
        """Remember whom was asked for: a city has ten thousand patches on two layers."""
        return {}

    def owners_of(self, layers: Iterable[str]) -> tuple[str, ...]:
        """Return the departments that keep these layers, each once."""
        return tuple(dict.fromkeys(self.owner(layer) for layer in layers))

    @cached_property
    def used(self) -> frozenset[str]:
        """Return the layers that any check reads."""
        return frozenset(layer for check in self.checks.values() for layer in check.layers(*check.roles))

    @cached_property
    def compared(self) -> frozenset[str]:
        """Return the layers whose previous edition is read as well."""
        return frozenset(
            layer for check in self.checks.values() if "lines" in check.roles for layer in check.layers("lines")
        )
