"""Describe what a file must look like: a small set of shapes, each of which tells what is wrong in plain words. Pure.

A section puts shapes together for its files; a key that no shape names is a fault, so a misspelt one is not lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault, element, step


class Shape(Protocol):
    """Something that a value can be held against."""

    def faults(self, value: Any, file: str, path: str) -> Iterator[Fault]: ...


@dataclass(frozen=True, slots=True)
class Text:
    """A text; not blank unless said so."""

    blank: bool = False
    choices: Collection[str] = ()
    pattern: str = ""
    hint: str = ""
    """In words what the pattern wants."""

    def faults(self, value: Any, file: str, path: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(file, path, _("应为文字，实际是%s；数字样的编号请加引号") % kind(value))
        elif not value.strip():
            if not self.blank:
                yield Fault(file, path, _("不能为空"))
        elif self.choices and value not in self.choices:
            wanted = _("、").join(self.choices)
            yield Fault(file, path, _("“%(value)s”不在可选值之内：%(wanted)s") % {"value": value, "wanted": wanted})
        elif self.pattern and not re.fullmatch(self.pattern, value):
            hint = self.hint or self.pattern
            yield Fault(file, path, _("“%(value)s”格式不对，应为%(hint)s") % {"value": value, "hint": hint})


@dataclass(frozen=True, slots=True)
class Number:
    """A number within limits; whole unless `fraction`."""

    minimum: float | None = None
    maximum: float | None = None
    fraction: bool = False

    def faults(self, value: Any, file: str, path: str) -> Iterator[Fault]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield Fault(file, path, _("应为数字，实际是%s") % kind(value))
        elif not self.fraction and not isinstance(value, int):
            yield Fault(file, path, _("应为整数，实际是 %s") % value)
        elif self.minimum is not None and value < self.minimum:
            yield Fault(file, path, _("%(value)s 超出范围，最小 %(limit)s") % {"value": value, "limit": self.minimum})
        elif self.maximum is not None and value > self.maximum:
            yield Fault(file, path, _("%(value)s 超出范围，最大 %(limit)s") % {"value": value, "limit": self.maximum})


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def faults(self, value: Any, file: str, path: str) -> Iterator[Fault]:
        if not isinstance(value, bool):
            yield Fault(file, path, _("应为 true 或 false，实际是%s") % kind(value))


@dataclass(frozen=True, slots=True)
class Maybe:
    """The shape, or null."""

    shape: Shape

    def faults(self, value: Any, file: str, path: str) -> Iterator[Fault]:
        if value is not None:
            yield from self.shape.faults(value, file, path)


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value: remarks and examples that no program reads."""

    def faults(self, value: Any, file: str, path: str) -> Iterator[Fault]:
        yield from ()


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one shape. `unique` names the key that may not come twice; '' = the elements themselves."""

    shape: Shape
    unique: str | None = None
    least: int = 0

    def faults(self, value: Any, file: str, path: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault(file, path, _("应为列表，实际是%s") % kind(value))
            return
        if len(value) < self.least:
            yield Fault(file, path, _("至少要有 %d 项") % self.least)
        seen: set[Any] = set()
        for index, child in enumerate(value):
            here = element(path, index, child)
            yield from self.shape.faults(child, file, here)
            if self.unique is None:
                continue
            key = child if not self.unique else child.get(self.unique) if isinstance(child, dict) else None
            if isinstance(key, str | int):
                if key in seen:
                    yield Fault(file, here, _("“%s”重复了") % key)
                seen.add(key)


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)

    def faults(self, value: Any, file: str, path: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(file, path, _("应为“键: 值”，实际是%s") % kind(value))
            return
        for key in self.required.keys() - value.keys():
            yield Fault(file, step(path, key), _("缺少这个键"))
        for key, child in value.items():
            shape = self.required.get(key) or self.optional.get(key)
            if shape is None:
                yield Fault(file, step(path, key), _("不认识这个键，请检查拼写"))
            else:
                yield from shape.faults(child, file, step(path, key))


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping with free keys and values of one shape."""

    shape: Shape
    key: str = ""
    """Pattern of the keys."""
    least: int = 0

    def faults(self, value: Any, file: str, path: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(file, path, _("应为“键: 值”，实际是%s") % kind(value))
            return
        if len(value) < self.least:
            yield Fault(file, path, _("至少要有 %d 项") % self.least)
        for key, child in value.items():
            if self.key and not re.fullmatch(self.key, key):
                yield Fault(file, step(path, key), _("键“%(key)s”格式不对，应为 %(p)s") % {"key": key, "p": self.key})
            yield from self.shape.faults(child, file, step(path, key))


@dataclass(frozen=True, slots=True)
class Either:
    """One of several shapes, told apart by the kind of value."""

    shapes: tuple[Shape, ...]
    hint: str

    def faults(self, value: Any, file: str, path: str) -> Iterator[Fault]:
        if all(any(True for _fault in shape.faults(value, file, path)) for shape in self.shapes):
            yield Fault(file, path, _("应为%(hint)s，实际是%(kind)s") % {"hint": self.hint, "kind": kind(value)})


def kind(value: object) -> str:
    """Name the kind of a value in plain words, with the value where it is short."""
    if value is None:
        return _("空")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _("数字 %s") % value
    if isinstance(value, str):
        return _("文字“%s”") % (value if len(value) <= 20 else value[:20] + "…")
    return _("列表") if isinstance(value, list) else _("“键: 值”")


WORD = Text()
NOTE = Maybe(Text(blank=True))
DAY = Text(pattern=r"20\d\d-\d\d-\d\d", hint="YYYY-MM-DD")
IDENT = Text(pattern=r"[A-Za-z][A-Za-z0-9_]{0,39}", hint="A-Z a-z 0-9 _")
VERSION = Number(1, 1)
"""The version of the file format, not of the pack."""
