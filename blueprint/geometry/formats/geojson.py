"""GeoJSON, read feature by feature: a file of a million is never in memory as a whole."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from blueprint.geometry import faults, systems
from blueprint.geometry.attributes import PropertyReader
from blueprint.geometry.batch import Batch, Polygon, Ring, collected
from blueprint.geometry.shapes import Attributes
from blueprint.geometry.source import Remarks

CHUNK = 4 << 20
#: characters of one feature; beyond it the file is not a file of features
LONGEST = 400 << 20
#: an error so near the end of what was read may only mean that more is to come
NEAR = 64
#: collections in collections
DEEPEST = 16
OTHER_TYPES = {"Point", "MultiPoint", "LineString", "MultiLineString"}
SPACE = re.compile(r"[ \t\r\n]*")


class GeoJson:
    """A GeoJSON file: a collection, one feature, or one geometry."""

    def __init__(self, path: Path, *, encoding: str | None = None) -> None:
        self.path = path
        self.encoding = encoding
        self.remarks = Remarks()

    def declared_crs(self) -> int | None:
        """Return what the member `crs` says; without one GeoJSON is in degrees (RFC 7946, 4)."""
        found = [value for name, value in self._members(whole=False) if name == "crs"]
        if not found and self._mentions_crs():
            # behind the features, or only a word in them
            found = [value for name, value in self._members(whole=True) if name == "crs"]
        return _crs(found[-1] if found else None)

    def batches(self) -> Iterator[Batch]:
        """Read the features."""
        return collected(self._features())

    def _features(self) -> Iterator[tuple[int, Sequence[Polygon], Attributes, bool, bool]]:
        reader = PropertyReader()
        root: dict[str, Any] = {}
        count = 0
        is_collection = False
        for name, value in self._members(whole=True):
            if name is None:
                yield _feature(count, value, reader)
                count += 1
            else:
                is_collection = is_collection or name == "features"
                root[name] = value
        if not is_collection and root.get("type") != "FeatureCollection":
            if not isinstance(root.get("type"), str):
                raise faults.unreadable(_("文件不是 GeoJSON。"))
            yield _feature(0, root if root["type"] == "Feature" else {"geometry": root}, reader)
        elif count == 0:
            raise faults.unusable(faults.EMPTY_FILE)

    def _mentions_crs(self) -> bool:
        """Tell whether a member `crs` may stand behind the features."""
        tail = b""
        with self.path.open("rb") as file:
            while chunk := file.read(CHUNK):
                if b'"crs"' in tail + chunk:
                    return True
                tail = chunk[-8:]
        return False

    def _members(self, *, whole: bool) -> Iterator[tuple[str | None, Any]]:
        """Give the members of the root, and each feature without a name; only up to the features if not whole."""
        with self.path.open("rb") as file:
            text = _Text(file, self.encoding)
            if text.peek() == "":
                raise faults.unusable(faults.EMPTY_FILE)
            text.expect("{")
            following = text.peek() != "}"
            while following:
                name = text.value()
                if not isinstance(name, str):
                    raise faults.unreadable(_("文件不是 GeoJSON。"))
                text.expect(":")
                if name == "features" and text.peek() == "[":
                    yield "features", None
                    if not whole:
                        return
                    for feature in _elements(text):
                        yield None, feature
                else:
                    yield name, text.value()
                following = text.peek() == ","
                if following:
                    text.expect(",")
            text.expect("}")
            if text.peek():
                raise faults.unreadable(_("JSON 在第一个对象之后还有内容。"))


class _Text:
    """The characters of a file with a place in them, read on as needed."""

    def __init__(self, file: IO[bytes], encoding: str | None) -> None:
        self._file = file
        head = file.read(4)
        file.seek(0)
        if encoding is None:
            utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            encoding = "utf-16" if utf16 else "utf-8-sig"
        self._decode = codecs.getincrementaldecoder(encoding)().decode
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._json = json.JSONDecoder(parse_constant=_refuse_constant)

    def _more(self, size: int = CHUNK) -> bool:
        """Read on; say whether there was more."""
        if self._ended:
            return False
        chunk = self._file.read(size)
        self._ended = not chunk
        try:
            read = self._decode(chunk, self._ended)
        except UnicodeDecodeError:
            raise faults.unreadable(_("文件的文字不是 UTF-8 编码，请以 UTF-8 重新保存。")) from None
        self._buffer = self._buffer[self._at :] + read
        self._at = 0
        return not self._ended

    def peek(self) -> str:
        """Return the next character that is no space, without passing it; empty at the end."""
        while True:
            self._at = SPACE.match(self._buffer, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def expect(self, character: str) -> None:
        """Pass a character that must come now."""
        if self.peek() != character:
            raise faults.unreadable(_("JSON 不完整或有语法错误。"))
        self._at += 1

    def value(self) -> Any:
        """Read the value that comes now, however long it is."""
        self.peek()
        while True:
            try:
                value, end = self._json.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                open_string = error.msg.startswith("Unterminated string")
                too_early = error.pos < len(self._buffer) - NEAR and not open_string
                length = len(self._buffer) - self._at
                if too_early or length > LONGEST or not self._more(max(CHUNK, length)):
                    raise faults.unreadable(_("JSON 不完整或有语法错误。")) from None
            except RecursionError:
                raise faults.unreadable(_("JSON 嵌套过深。")) from None
            except ValueError:
                raise faults.unreadable(_("JSON 里有不是数的数值。")) from None
            else:
                # a number may go on behind what was read
                if end < len(self._buffer) or not self._more():
                    self._at = end if end <= len(self._buffer) else len(self._buffer)
                    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _elements(text: _Text) -> Iterator[Any]:
    text.expect("[")
    following = text.peek() != "]"
    while following:
        yield text.value()
        following = text.peek() == ","
        if following:
            text.expect(",")
    text.expect("]")


def _crs(value: Any) -> int:
    if value is None:
        return systems.DEGREES
    properties = value.get("properties") if isinstance(value, dict) else None
    name = (properties or {}).get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        code = properties.get("code") if isinstance(properties, dict) else None
        if not isinstance(code, int):
            raise faults.unusable(faults.CRS_UNSUPPORTED, _("看不懂文件声明的坐标系。"))
        name = f"EPSG:{code}"
    return systems.from_name(name)


def _feature(index: int, value: Any, reader: PropertyReader) -> tuple[int, Sequence[Polygon], Attributes, bool, bool]:
    if not isinstance(value, dict):
        return index, (), Attributes(), False, True
    properties = value.get("properties")
    attributes = reader.read(properties if isinstance(properties, dict) else {}, fid=value.get("id"))
    geometry = value.get("geometry")
    if geometry is None:
        return index, (), attributes, False, False
    try:
        polygons, other = _polygons(geometry, 0)
    except (TypeError, ValueError, KeyError, OverflowError, AttributeError, IndexError):
        return index, (), attributes, False, True
    return index, polygons, attributes, other, False


def _polygons(geometry: dict[str, Any], depth: int) -> tuple[list[Polygon], bool]:
    """Return the polygons of a geometry, and whether there is anything else in it."""
    kind = geometry["type"]
    if kind == "Polygon":
        coordinates = geometry["coordinates"]
        return ([[_ring(ring) for ring in coordinates]] if coordinates else []), False
    if kind == "MultiPolygon":
        return [[_ring(ring) for ring in polygon] for polygon in geometry["coordinates"] if polygon], False
    if kind == "GeometryCollection" and depth < DEEPEST:
        found: list[Polygon] = []
        other = False
        for part in geometry["geometries"]:
            polygons, more = _polygons(part, depth + 1)
            found += polygons
            other = other or more
        return found, other
    if kind in OTHER_TYPES:
        return [], True
    raise ValueError(kind)


def _ring(positions: list[list[float]]) -> Ring:
    count = len(positions)
    sizes = set(map(len, positions))
    if sizes == {2}:
        return np.fromiter(chain.from_iterable(positions), np.float64, 2 * count).reshape(count, 2)
    if sizes and min(sizes) < 2:
        raise ValueError(sizes)
    return np.array([(position[0], position[1]) for position in positions], np.float64).reshape(count, 2)
