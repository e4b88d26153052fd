"""Read a pack directory into plain documents, remembering the line of every key.

YAML is read without its traps: no aliases, no dates, no second key of one name, no numbers that JSON cannot hold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from portal.citypack.faults import Fault, element, step

SUFFIX = ".yaml"
MAX_FILE_BYTES = 5 * 1024 * 1024
# libyaml where it is there, ten times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


@dataclass(slots=True)
class Reading:
    """What a directory holds: documents by name (file name without .yaml), the faults met, the lines of the keys."""

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)

    def line_of(self, file: str, path: str) -> int | None:
        """Find the line of a key, or of the nearest key above it."""
        while path:
            if (file, path) in self.lines:
                return self.lines[file, path]
            cut = max(path.rfind("."), path.rfind("["))
            path = path[: max(cut, 0)]
        return None


def read(directory: Path, *, names: frozenset[str]) -> Reading:
    """Read all files of a pack.

    :param names: documents a pack must have; a file of another name is a fault, as it would be ignored silently
    """
    reading = Reading()
    if not directory.exists():
        reading.faults.append(Fault(str(directory), "", _("没有这个目录")))
        return reading
    if not directory.is_dir():
        reading.faults.append(Fault(str(directory), "", _("这不是目录；请给出存放城市配置文件的目录")))
        return reading
    found = {path.stem: path for path in sorted(directory.iterdir()) if path.suffix == SUFFIX and path.is_file()}
    for name in sorted(names - found.keys()):
        reading.faults.append(Fault(name + SUFFIX, "", _("缺少这个文件")))
    for name in sorted(found.keys() - names):
        reading.faults.append(Fault(name + SUFFIX, "", _("不认识这个文件，请检查文件名")))
    for name in sorted(names & found.keys()):
        _read_file(found[name], name, reading)
    return reading


def _read_file(path: Path, name: str, reading: Reading) -> None:
    file = path.name
    if path.stat().st_size > MAX_FILE_BYTES:
        reading.faults.append(Fault(file, "", _("文件超过 5 MB")))
        return
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reading.faults.append(Fault(file, "", _("不是 UTF-8 编码（第 %d 个字节起读不出）") % (error.start + 1)))
        return
    except OSError as error:
        reading.faults.append(Fault(file, "", _("文件读不出：%s") % error.strerror))
        return
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        reading.faults.append(Fault(file, "", _("YAML 写法有误：%s") % (error.problem or error.context), line))
        return
    except (yaml.YAMLError, RecursionError) as error:
        reading.faults.append(Fault(file, "", _("YAML 写法有误：%s") % type(error).__name__))
        return
    if not isinstance(node, yaml.MappingNode):
        reading.faults.append(Fault(file, "", _("文件最外层应是“键: 值”")))
        return
    try:
        document = _Converter(file, reading).convert(node, "")
    except RecursionError:
        reading.faults.append(Fault(file, "", _("层次太深")))
        return
    if isinstance(document, dict):
        reading.documents[name] = document


class _Converter:
    """Turn nodes into plain values that JSON can hold, noting lines and faults on the way."""

    def __init__(self, file: str, reading: Reading) -> None:
        self.file = file
        self.reading = reading
        self.scalars = yaml.constructor.SafeConstructor()
        self.met: set[int] = set()

    def convert(self, node: yaml.Node, path: str) -> Any:
        if id(node) in self.met:
            # An alias is the same node again; followed, it could make a small file enormous or endless.
            self._fault(path, _("不能使用别名（* 和 &）"), node.start_mark.line + 1)
            return None
        self.met.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return self._sequence(node, path)
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: str) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._fault(path, _("键应是一个词"), line)
                continue
            key = str(key_node.value)
            here = step(path, key)
            if key in result:
                self._fault(here, _("同一个键写了两次"), line)
                continue
            self.reading.lines[self.file, here] = line
            result[key] = self.convert(value_node, here)
        return result

    def _sequence(self, node: yaml.SequenceNode, path: str) -> list[Any]:
        result = []
        for index, child in enumerate(node.value):
            here = element(path, index, _preview(child))
            self.reading.lines[self.file, here] = child.start_mark.line + 1
            result.append(self.convert(child, here))
        return result

    def _scalar(self, node: yaml.Node, path: str) -> Any:
        if node.tag == _TIMESTAMP:
            return node.value
        try:
            value = self.scalars.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            self._fault(path, _("值读不懂：%s") % error, node.start_mark.line + 1)
            return None
        if isinstance(value, float) and not math.isfinite(value):
            self._fault(path, _("应是有限的数"), node.start_mark.line + 1)
            return None
        if not isinstance(value, str | int | float | bool | None):
            self._fault(path, _("不支持这种值"), node.start_mark.line + 1)
            return None
        return value

    def _fault(self, path: str, reason: str, line: int) -> None:
        self.reading.faults.append(Fault(self.file, path, reason, line))


def _preview(node: yaml.Node) -> Mapping[str, str]:
    """Give the scalar keys of a mapping, which is all that is needed to name an element of a list."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {
        str(key.value): value.value
        for key, value in node.value
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    }
