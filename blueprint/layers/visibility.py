"""Who may see a layer, and how it is drawn: what layers.yaml says, inherited from topic and subtopic. Pure.

`visible_to` is `public`, `staff` or a list of departments; the nearest one counts, the file's own is the default.
`masked: true` holds for everything below, and so does the part `masked` in a check: checks are answered yes or no, and
the shapes are shown to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blueprint.layers.states import Audience
from portal.citypack.shapes import IDENT, Flag, ListOf, Number, Record, Shape, Text

_COLOUR = Text(pattern=r"#[0-9a-f]{6}", hint="#2e7d32")
#: how a layer is drawn, every key may be missing; `solid` colours what stands up by its height, `outside` is the ground
#: where the layer is not (the sea around the land)
SYMBOL = Record(
    {},
    {
        "fill": _COLOUR,
        "opacity": Number(0, 1, fraction=True),
        "line": _COLOUR,
        "width": Number(0, 10, fraction=True),
        "dash": ListOf(Number(0, 20, fraction=True), least=2),
        "hatch": Flag(),
        "text": _COLOUR,
        "solid": _COLOUR,
        "outside": _COLOUR,
        "by_use": Flag(),
    },
)
DEFAULT_SYMBOL: Mapping[str, Any] = {"fill": "#dfe4e9", "opacity": 0.5, "line": "#7c8894", "width": 1}


@dataclass(frozen=True, slots=True)
class AudienceShape:
    """`public`, `staff`, or the departments by their ids."""

    def faults(self, value: Any, file: str, path: str) -> Iterator[Any]:
        """Tell what is wrong with a value of `visible_to`."""
        if isinstance(value, list):
            yield from ListOf(IDENT, unique="", least=1).faults(value, file, path)
        else:
            yield from Text(choices=(Audience.PUBLIC.value, Audience.STAFF.value)).faults(value, file, path)


AUDIENCE = AudienceShape()
#: keys a topic, a subtopic or a layer may have
KEYS: Mapping[str, Shape] = {"visible_to": AUDIENCE, "masked": Flag(), "shown": Flag()}


@dataclass(frozen=True, slots=True)
class Show:
    """What counts for one layer."""

    audience: Audience
    departments: tuple[str, ...]
    is_masked: bool
    is_shown: bool
    """On when the map opens."""
    symbol: Mapping[str, Any]


def of_layers(document: Mapping[str, Any], uses: Mapping[str, str] | None = None) -> dict[str, Show]:
    """Return what counts for each layer of layers.yaml, by its code; `uses` are the fills of land use by class."""
    found = {}
    symbols = document.get("symbols") or {}
    silent = [code for check in document.get("checks", ()) for code in check.get("roles", {}).get("masked", ())]
    for topic in document["topics"]:
        for subtopic in topic["subtopics"]:
            for layer in subtopic["layers"]:
                chain = (document, topic, subtopic, layer)
                audience, departments = _audience(_nearest(chain, "visible_to", Audience.PUBLIC.value))
                codes = (topic["id"], subtopic["id"], layer["id"])
                found[layer["id"]] = Show(
                    audience=audience,
                    departments=departments,
                    is_masked=any(bool(row.get("masked")) for row in chain) or any(code in silent for code in codes),
                    is_shown=bool(_nearest(chain, "shown", default=False)),
                    symbol=_symbol(uses or {}, next((symbols[c] for c in reversed(codes) if c in symbols), {})),
                )
    return found


def named_departments(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each department that a `visible_to` names, with the path of the key."""
    rows: list[tuple[str, Mapping[str, Any]]] = [("", document)]
    for topic in document["topics"]:
        rows.append((f"topics[{topic['id']}].", topic))
        for subtopic in topic["subtopics"]:
            path = f"topics[{topic['id']}].subtopics[{subtopic['id']}]."
            rows.append((path, subtopic))
            rows += [(f"{path}layers[{layer['id']}].", layer) for layer in subtopic["layers"]]
    for path, row in rows:
        if isinstance(row.get("visible_to"), list):
            yield from ((f"{path}visible_to", department) for department in row["visible_to"])


def _nearest(chain: tuple[Mapping[str, Any], ...], key: str, default: Any) -> Any:
    return next((row[key] for row in reversed(chain) if key in row), default)


def _symbol(uses: Mapping[str, str], given: Mapping[str, Any]) -> Mapping[str, Any]:
    symbol = dict(given) or dict(DEFAULT_SYMBOL)
    if symbol.pop("by_use", False):
        symbol["uses"] = [list(row) for row in uses.items()]
    return {"width": 1, **symbol}


def _audience(value: Any) -> tuple[Audience, tuple[str, ...]]:
    return (Audience.DEPARTMENTS, tuple(value)) if isinstance(value, list) else (Audience(value), ())
