"""Describe what a person must do and with what: tasks, material slots, files, problems to mend, steps.

All words come ready to show; the partials of the same name draw them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.core import counting
from portal.ui.fields import Option
from portal.ui.lights import Light


@dataclass(frozen=True)
class Task:
    """Hold one thing the reader must do: imperative headline with the date, why, and one button."""

    headline: str
    why: str
    url: str
    label: str
    primary: bool = False


class SlotState(StrEnum):
    """Say where a material stands."""

    NOT_NEEDED = "not_needed"
    RECEIVED = "received"
    UPLOADING = "uploading"
    MISSING = "missing"
    MISMATCH = "mismatch"
    PROMISED = "promised"
    EXPIRED = "expired"


SLOT_LIGHTS: dict[SlotState, Light] = {
    SlotState.NOT_NEEDED: Light.DONE,
    SlotState.RECEIVED: Light.DONE,
    SlotState.UPLOADING: Light.WAIT,
    SlotState.MISSING: Light.WAIT,
    SlotState.MISMATCH: Light.NO,
    SlotState.PROMISED: Light.DUE,
    SlotState.EXPIRED: Light.LATE,
}


@dataclass(frozen=True)
class SlotFile:
    """Hold one file in a slot; ``remove_url`` takes it out again."""

    name: str
    size_bytes: int
    at: datetime
    url: str
    remove_url: str = ""


@dataclass(frozen=True)
class MaterialSlot:
    """Hold one needed material.

    ``state_words`` stand beside the shape (不用交, 已收, 缺, 容缺承诺 4月30日前). ``serves`` says for how many items it
    counts. ``source`` with ``source_words`` tell where a reused document comes from. ``upload_url`` makes the slot
    accept a file (fields ``slot`` and ``file``) or one of ``reusable`` (field ``reuse``).
    """

    id: str
    name: str
    state: SlotState
    state_words: str
    formats: str = ""
    accept: str = ""
    serves: str = ""
    note: str = ""
    problem: str = ""
    source: str = ""
    source_label: str = ""
    source_words: str = ""
    files: Sequence[SlotFile] = ()
    reusable: Sequence[Option] = ()
    upload_url: str = ""
    form_url: str = ""
    required: bool = True

    @property
    def light(self) -> Light:
        """Return the shape of the state."""
        return SLOT_LIGHTS[self.state]

    @property
    def open(self) -> bool:
        """Tell whether something must still be handed in."""
        return self.state in (SlotState.MISSING, SlotState.MISMATCH, SlotState.EXPIRED)


@dataclass(frozen=True)
class Upload:
    """Hold a file on its way or just arrived; ``percent`` None means no progress is shown."""

    name: str
    words: str
    light: Light | None = None
    percent: int | None = None
    url: str = ""
    url_label: str = ""


@dataclass(frozen=True)
class Problem:
    """Hold one problem of an application: what, how to mend it, for which item, and whether it is mended."""

    material: str
    problem: str
    remedy: str
    item: str
    light: Light
    state_words: str
    url: str = ""
    url_label: str = ""


@dataclass(frozen=True)
class Step:
    """Hold one step of a short procedure; ``url`` only where one may go back."""

    name: str
    done: bool = False
    current: bool = False
    url: str = ""


@dataclass(frozen=True)
class Opinion:
    """Hold an opinion given earlier in a case."""

    author: str
    step: str
    conclusion: str
    text: str
    at: datetime | date


@dataclass(frozen=True)
class Count:
    """Hold one count above a list; a click filters the list by it."""

    words: str
    number: int
    url: str
    light: Light | None = None
    current: bool = False
    at_least: bool = False

    @property
    def shown(self) -> str:
        """Return the number; above a thousand nobody counts: 1,000+."""
        return counting.words(self.number, at_least=self.at_least)
