"""The attributes of a feature under the names that surveyors, planners and GIS programs give them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any

from blueprint.geometry.shapes import Attributes

#: per attribute the names it goes by; the first that is there and not empty counts (blueprint contract, 2.1)
NAMES: dict[str, tuple[str, ...]] = {
    "fid": ("fid", "BSM", "编号", "标识码"),
    "name": ("name", "MC", "名称"),
    "use": ("use", "YDDM", "用地代码", "地类编码"),
    "far": ("far", "RJL", "容积率"),
    "density": ("density", "JZMD", "建筑密度"),
    "green": ("green", "LDL", "绿地率"),
    "height": ("height", "JZGD", "限高", "建筑高度"),
    "project_code": ("project_code", "XMDM", "项目代码"),
    "related_codes": ("related_codes", "GLXM", "关联项目"),
    "declared_m2": ("area_m2", "MJ", "面积"),
}
SEPARATORS = re.compile(r"[,;，；、\s]+")
_UNFIT = re.compile("[\x00\ud800-\udfff]")
#: a DBF cuts the names of its fields after so many bytes
DBF_NAME = 10


def text(value: Any) -> str | None:
    """Take a value as text; 12.0 of a table without whole numbers is 12."""
    if value is None:
        return None
    if type(value) is str and value.isprintable():
        # as nearly always: nothing to take out
        return value.strip() or None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = int(value) if value.is_integer() and abs(value) < 2**63 else value
    elif isinstance(value, (list, dict)):
        try:
            value = json.dumps(value, ensure_ascii=False)
        except RecursionError:
            # nested as deep as can just be read: nobody's name
            return None
    return _UNFIT.sub("", str(value)).strip() or None


def number(value: Any) -> float | None:
    """Take a value as a number; words and what is not finite are no numbers."""
    if value is None or isinstance(value, bool):
        return None
    try:
        found = float(value.strip().rstrip("%％") if isinstance(value, str) else value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def codes(value: Any) -> tuple[str, ...] | None:
    """Take a list, or a text with commas, semicolons or blanks between its words."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        # a GeoPackage keeps lists as JSON text
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = value.strip().strip("[]")
    if isinstance(value, (list, tuple)):
        return tuple(word for word in map(text, value) if word) or None
    whole = text(value)
    return tuple(word for word in SEPARATORS.split(whole) if word) or None if whole else None


TAKE: dict[str, Callable[[Any], Any]] = {
    "fid": text,
    "name": text,
    "use": text,
    "far": number,
    "density": number,
    "green": number,
    "height": number,
    "project_code": text,
    "related_codes": codes,
    "declared_m2": number,
}
Plan = tuple[tuple[str, Callable[[Any], Any], tuple[int, ...]], ...]


def plan(columns: Sequence[str], *, cut: bool = False, encoding: str = "utf-8") -> Plan:
    """Tell for each attribute in which columns to look for it.

    :param cut: the names may be cut as in a DBF
    """
    at: dict[str, int] = {}
    for place, column in enumerate(columns):
        at.setdefault(column.strip().casefold(), place)
    found = []
    for attribute, names in NAMES.items():
        spelled = [spelling for name in names for spelling in _spellings(name, cut=cut, encoding=encoding)]
        places = tuple(at[name.casefold()] for name in spelled if name.casefold() in at)
        if places:
            found.append((attribute, TAKE[attribute], places))
    return tuple(found)


def _spellings(name: str, *, cut: bool, encoding: str) -> list[str]:
    if not cut:
        return [name]
    return [name, name.encode(encoding, "ignore")[:DBF_NAME].decode(encoding, "ignore")]


def read(how: Plan, values: Sequence[Any]) -> Attributes:
    """Read the attributes of one row."""
    found = {}
    for attribute, take, places in how:
        for place in places:
            value = take(values[place])
            if value is not None:
                found[attribute] = value
                break
    return Attributes(**found)


def read_all(how: Plan, columns: Sequence[Sequence[Any]], count: int) -> list[Attributes]:
    """Read the attributes of so many rows, column by column."""
    said: dict[str, list[Any]] = {}
    for attribute, take, (first, *others) in how:
        values = list(map(take, columns[first]))
        for place in others:
            spare = columns[place]
            values = [take(spare[row]) if value is None else value for row, value in enumerate(values)]
        said[attribute] = values
    if "related_codes" in said:
        said["related_codes"] = [value or () for value in said["related_codes"]]
    fields = [said.get(name) or repeat(absent, count) for name, absent in Attributes._field_defaults.items()]
    return list(map(Attributes._make, zip(*fields, strict=True)))


def named(attributes: Attributes) -> dict[str, Any]:
    """Return what is said, under the names it is written by: the first of those it is read by."""
    said = {names[0]: getattr(attributes, attribute) for attribute, names in NAMES.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items() if value}


class PropertyReader:
    """Reads attributes of objects whose keys are mostly the same from one to the next."""

    def __init__(self) -> None:
        self._plans: dict[tuple[str, ...], Plan] = {}

    def read(self, properties: dict[str, Any], *, fid: Any = None) -> Attributes:
        """Read the attributes of one object; the id of the feature counts where it has no fid of its own."""
        keys = tuple(properties)
        how = self._plans.get(keys)
        if how is None:
            how = plan(keys)
            # files with new keys in every feature must not fill the memory
            if len(self._plans) < 1000:
                self._plans[keys] = how
        found = read(how, list(properties.values()))
        if found.fid is None and fid is not None:
            return found.but(fid=text(fid))
        return found
