"""The table of a shapefile: dBase records of fixed length."""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from blueprint.geometry import attributes, faults
from blueprint.geometry.attributes import Plan
from blueprint.geometry.shapes import Attributes

CHINESE = "gb18030"
TEXT_TYPES = "CDLNFM"
RECORDS = 2000
DELETED = b"*"
_CODE_PAGE = re.compile(r"(?:ansi|oem|cp|windows|ms)?[ _-]*(\d{3,5})", re.IGNORECASE)
_NUMBERED = {"936": CHINESE, "54936": CHINESE, "65001": "utf-8", "88591": "latin-1", "950": "big5", "1252": "cp1252"}


def codec(name: str) -> str | None:
    """Return the codec of a name as in .cpg files; None for an unknown one. GB18030 reads all of GBK and GB2312."""
    name = name.strip("\ufeff\x00 \r\n\t")
    numbered = _CODE_PAGE.fullmatch(name)
    if numbered:
        name = _NUMBERED.get(numbered[1], f"cp{numbered[1]}")
    try:
        found = codecs.lookup(name.replace(" ", "-")).name
    except LookupError:
        return None
    return CHINESE if found in {"gbk", "gb2312"} else found


class Table:
    """A .dbf file."""

    def __init__(self, path: Path, *, encoding: str | None, cpg: Path | None) -> None:
        self._path = path
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(32)
            if len(head) < 32:
                raise faults.unreadable(_("属性表 .dbf 不完整。"))
            self.count, self._head, self._length = struct.unpack_from("<IHH", head, 4)
            fields = file.read(max(self._head - 32, 0))
        if self._length < 1 or self._head + self.count * self._length > size:
            raise faults.unreadable(_("属性表 .dbf 不完整。"))
        self._fields = _fields(fields)
        self.encoding = self._encoding(encoding, cpg)
        names = [self._name(name) for name, *_rest in self._fields]
        self._plan: Plan = attributes.plan(names, cut=True, encoding=self.encoding)
        self._needed = {place for _attribute, _take, places in self._plan for place in places}

    def rows(self) -> Iterator[Attributes | None]:
        """Read the rows; None for a deleted one.

        :raises FileUnusable: unreadable - the text is in another encoding
        """
        for record in self._records():
            if record[:1] == DELETED:
                yield None
            else:
                values = [self._value(record, place) if place in self._needed else None for place in self._all]
                yield attributes.read(self._plan, values)

    @property
    def _all(self) -> range:
        return range(len(self._fields))

    def _records(self) -> Iterator[bytes]:
        for block in self._blocks():
            for start in range(0, len(block), self._length):
                yield block[start : start + self._length]

    def _blocks(self) -> Iterator[bytes]:
        left = self.count
        with self._path.open("rb") as file:
            file.seek(self._head)
            while left:
                block = file.read(min(left, RECORDS) * self._length)
                if not block:
                    raise faults.unreadable(_("属性表 .dbf 不完整。"))
                yield block
                left -= len(block) // self._length

    def _value(self, record: bytes, place: int) -> Any:
        _name, kind, start, length, decimals = self._fields[place]
        if kind not in TEXT_TYPES:
            return None
        raw = record[start : start + length].strip(b" \x00")
        if kind in "NF":
            text = raw.decode("ascii", "ignore").strip("*")
            return attributes.number(text) if decimals else text
        return self._decode(raw)

    def _decode(self, raw: bytes) -> str:
        try:
            return raw.decode(self.encoding)
        except UnicodeDecodeError as error:
            if error.end == len(raw) and len(raw) - error.start < 4:
                # the field was too short for the last character
                return raw[: error.start].decode(self.encoding)
        raise faults.unreadable(
            _("属性表的文字不是 {encoding} 编码，请用 --encoding 指明，或改正 .cpg 文件。"), encoding=self.encoding
        )

    def _name(self, raw: bytes) -> str:
        return raw.decode(self.encoding, "ignore")

    def _encoding(self, given: str | None, cpg: Path | None) -> str:
        if given:
            return codec(given) or given
        declared = codec(cpg.read_bytes()[:64].decode("latin-1")) if cpg else None
        if declared:
            return declared
        return "utf-8" if self._is_utf8() else CHINESE

    def _is_utf8(self) -> bool:
        """Tell whether all names and texts are valid UTF-8."""
        self.encoding = "utf-8"
        try:
            for name, *_rest in self._fields:
                self._decode(name)
            for block in self._blocks():
                try:
                    block.decode("utf-8")
                except UnicodeDecodeError:
                    # fields that cut a character make the whole block invalid: ask field by field
                    for start in range(0, len(block), self._length):
                        record = block[start : start + self._length]
                        for place in self._all:
                            self._value(record, place)
        except faults.FileUnusable:
            return False
        return True


def _fields(content: bytes) -> list[tuple[bytes, str, int, int, int]]:
    """Read name, type, place in the record, length and decimals of each field."""
    found = []
    at = 1
    for start in range(0, len(content) - 31, 32):
        entry = content[start : start + 32]
        if entry[0] in (0x0D, 0x00):
            break
        kind, length, decimals = chr(entry[11]), entry[16], entry[17]
        if kind == "C":
            # long texts borrow the byte of the decimals
            length, decimals = length + 256 * decimals, 0
        found.append((entry[:11].split(b"\0")[0].strip(), kind, at, length, decimals))
        at += length
    return found
