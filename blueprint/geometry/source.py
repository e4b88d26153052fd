"""What every reader of a format gives: features in batches, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from blueprint.geometry.batch import Batch


@dataclass(slots=True)
class Remarks:
    """What a reader noticed on its way through the file."""

    repairs: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: m², where the file declares an area for all its features together
    declared_m2: float | None = None

    def note(self, code: str, **more: Any) -> None:
        """Note a repair once, however often it was needed."""
        self.repairs.setdefault(code, {"code": code, **more})


class Source(Protocol):
    """An opened file. `batches` may be called again; what was noticed is complete after the last batch."""

    remarks: Remarks

    def declared_crs(self) -> int | None:
        """Return the EPSG number of what the file says it is in.

        :raises FileUnusable: crs_unsupported
        """

    def batches(self) -> Iterator[Batch]:
        """Read the features.

        :raises FileUnusable: unreadable, empty_file
        """


@dataclass(frozen=True, slots=True)
class Given:
    """What was told about a file from outside."""

    path: Path
    encoding: str | None = None
