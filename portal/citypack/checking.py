"""Check a pack directory as a whole: reading, shapes, rules across files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

from portal.citypack import registry
from portal.citypack.faults import Fault
from portal.citypack.reading import SUFFIX, Reading, read


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack directory after the check; usable only without faults."""

    documents: registry.Documents
    faults: tuple[Fault, ...]

    @property
    def checksum(self) -> str:
        """Give the SHA-256 of the content; comments and white space do not count, the order of entries does."""
        text = json.dumps(self.documents, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
        return hashlib.sha256(text.encode()).hexdigest()


def check(directory: Path) -> Pack:
    """Read and check a directory; changes nothing and reports every fault it can find at once."""
    reading = read(directory, names=registry.document_names())
    sections = registry.sections()
    broken = {name for name in registry.document_names() if name not in reading.documents}
    broken |= {fault.file.removesuffix(SUFFIX) for fault in reading.faults}
    faults = list(reading.faults)
    for section in sections:
        for name, shape in section.files.items():
            if name in reading.documents:
                found = list(shape.faults(reading.documents[name], name + SUFFIX, ""))
                faults += found
                if found:
                    broken.add(name)
    for section in sections:
        if section.check and not section.reads & broken:
            faults += section.check(reading.documents)
    return Pack(documents=reading.documents, faults=tuple(_placed(reading, faults)))


def _placed(reading: Reading, faults: list[Fault]) -> list[Fault]:
    """Give each fault its line and put them in the order in which somebody would mend them."""
    known = [
        fault if fault.line else replace(fault, line=reading.line_of(fault.file, fault.path))
        for fault in dict.fromkeys(faults)
    ]
    return sorted(known, key=lambda fault: (fault.file, fault.line or 0, fault.path, fault.reason))
