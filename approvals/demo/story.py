"""The stories of the pack as plain frozen values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

DOCUMENT = "demo"


class Ending(StrEnum):
    """How the application of a chapter ends, as far as the window and the applicant decide it."""

    DONE = "done"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CORRECTING = "correcting"
    REJECTED = "rejected"
    NOT_REQUIRED = "not_required"
    WITHDRAWN = "withdrawn"


class Pace(StrEnum):
    """Which part of their limits the departments use."""

    BRISK = "brisk"
    USUAL = "usual"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Special:
    """A special procedure on the item that the chapter watches; working days."""

    kind: str
    reason: str
    days: int
    after: int = 1
    ended_after: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An item that is not granted, and the law that rests on; None: the item's own."""

    item: str
    reason: str
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """More time for a case, asked for and, after some working days, agreed to."""

    item: str
    days: int
    reason: str
    after: int = 1
    decided_after: int | None = 1
    """None while it waits for the approver."""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a department finds missing after acceptance."""

    item: str
    problem: str
    label: str
    after: int = 1
    supplied_after: int | None = None
    """None while it is with the applicant."""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Commitment:
    """An item decided on a signed promise, and what its check has found."""

    item: str
    after: int = 0
    found: str = ""
    """Empty while the check is still to come."""
    checked_ago: int = 4
    """Working days before today on which it was checked."""
    rectify_days: int = 10


@dataclass(frozen=True, slots=True)
class Tolerance:
    """An item granted with material to come; working days."""

    item: str
    materials: tuple[str, ...]
    decided_ago: int
    days: int


@dataclass(frozen=True, slots=True)
class Revocation:
    """A grant that is taken back some working days later."""

    item: str
    reason: str
    basis: str
    after: int = 5


@dataclass(frozen=True, slots=True)
class Division:
    """The parts a project is divided into when a stage is done."""

    after: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a department, or an office of it (`department/office`), says to a question."""

    by: str
    position: str
    text: str = ""
    after: int = 1


@dataclass(frozen=True, slots=True)
class Ask:
    """A question of an item's department to others; working days after acceptance."""

    item: str
    kind: str
    to: tuple[str, ...]
    question: str
    after: int = 1
    days: int | None = None
    blocking: bool = False
    replies: tuple[Reply, ...] = ()
    closed_after: int | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Defect:
    """A point that a department puts on the list of a meeting."""

    by: str
    text: str
    remedy: str = ""
    mandatory: bool = True
    mended: str = ""
    """What the applicant reports; empty while it is not mended."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A joint session about the stage of a chapter, as far as it has come; working days one after another."""

    kind: str
    agenda: str
    place: str
    minutes: str
    after: int = 1
    held_after: int = 1
    silent: int = 0
    """So many participants have not given their opinion yet."""
    points: tuple[Defect, ...] = ()
    told_after: int = 2
    mend_days: int = 10
    mended_after: int = 2
    conclusion: str = ""
    """Empty while it is still going on."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One application of a project and what becomes of it; days are working days before today."""

    stage: str
    items: tuple[str, ...] | None = None
    ago: int | None = None
    """When it was handed in; None: some days after the chapter before."""
    watch: str | None = None
    """The item that is still under way today."""
    due_in: int | None = None
    """Days from today to the due day of the watched item; negative: late by so many."""
    waits_for: str = "handler"
    """The step on which the watched item lies."""
    pace: Pace = Pace.USUAL
    end: Ending = Ending.DONE
    reason: str = ""
    remark: str = ""
    """What the window found wrong, told in a correction notice."""
    mended_after: int | None = None
    paper_days: int | None = None
    """Brought on paper, and typed in so many days later."""
    refusal: Refusal | None = None
    special: Special | None = None
    extension: Extension | None = None
    correction: Correction | None = None
    commitment: Commitment | None = None
    tolerance: Tolerance | None = None
    revocation: Revocation | None = None
    unit: str = ""
    """Of a divided project: the part it is for."""
    asks: tuple[Ask, ...] = ()
    meeting: Meeting | None = None

    @property
    def added_days(self) -> int:
        """Return the days by which the due day of the watched item moves."""
        extended = self.extension
        return extended.days if extended and extended.item == self.watch and extended.decided_after is not None else 0


@dataclass(frozen=True, slots=True)
class Story:
    """One project and what happened to it."""

    name: str
    owner: str
    region: str
    registered: int
    facts: Mapping[str, Any]
    answers: Mapping[str, Any]
    chapters: tuple[Chapter, ...] = ()
    code: str | None = None
    parent: str | None = None
    agent: str | None = None
    division: Division | None = None
    lie: str = ""
    """How its site shall lie on the ground; empty: well."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where projects of a region lie: a point in degrees, the same in the city's plane, and addresses there."""

    lonlat: tuple[float, float]
    easting: float
    northing: float
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything the demo of a city tells."""

    stories: tuple[Story, ...]
    answers: Mapping[str, Any]
    sites: Mapping[str, Site]
    phrases: Mapping[str, tuple[str, ...]]
    enterprises: Mapping[str, str] = field(default_factory=dict)
    """Id in the pack -> credit code."""

    def first(self, count: int) -> tuple[Story, ...]:
        """Return the first stories; beyond what the pack tells, its stories again as later phases."""
        if count <= len(self.stories):
            return self.stories[:count]
        told = list(self.stories)
        while self.stories and len(told) < count:
            phase, place = divmod(len(told), len(self.stories))
            again = self.stories[place]
            name = _("%(name)s（第 %(number)d 批）") % {"name": again.name, "number": phase + 1}
            told.append(replace(again, name=name, code=None, parent=None))
        return tuple(told)


def read(documents: Mapping[str, Mapping[str, Any]]) -> Book:
    """Read the stories of a checked pack."""
    demo, city = documents[DOCUMENT], documents["city"]
    profiles = {profile["id"]: profile for profile in demo["profiles"]}
    known = {project["id"]: project for project in city["projects"]}
    return Book(
        stories=tuple(_story(entry, profiles, known) for entry in demo["projects"]),
        answers=demo["answers"],
        sites={
            site["region"]: Site(
                (site["lonlat"][0], site["lonlat"][1]),
                site["easting"],
                site["northing"],
                tuple(site["addresses"]),
            )
            for site in demo["sites"]
        },
        phrases={kind: tuple(texts) for kind, texts in demo["phrases"].items()},
        enterprises={enterprise["id"]: enterprise["uscc"] for enterprise in city["enterprises"]},
    )


def _story(entry: Mapping[str, Any], profiles: Mapping[str, Any], known: Mapping[str, Any]) -> Story:
    profile = profiles[entry["profile"]]
    facts = dict(profile["facts"])
    code, name = None, entry.get("name", "")
    if "project" in entry:
        project = known[entry["project"]]
        code, name = project["project_code"], project["name"]
        facts |= {key: project[key] for key in ("industry", "total_invest_wan", "land_area_m2", "floor_area_m2")}
    return Story(
        name=name,
        owner=entry["owner"],
        region=entry["region"],
        registered=entry["registered"],
        facts=facts | entry.get("facts", {}),
        answers=profile.get("answers", {}) | entry.get("answers", {}),
        chapters=tuple(_chapter(chapter) for chapter in entry.get("chapters", ())),
        code=code,
        parent=entry.get("parent"),
        agent=entry.get("agent"),
        division=Division(entry["divide"]["after"], tuple(entry["divide"]["parts"])) if "divide" in entry else None,
        lie=entry.get("lie", ""),
    )


_TURNS: dict[str, Callable[..., Any]] = {
    "extension": Extension,
    "correction": Correction,
    "commitment": Commitment,
    "revocation": Revocation,
}


def _chapter(entry: Mapping[str, Any]) -> Chapter:
    given = dict(entry)
    items = given.pop("items", None)
    refusal = given.pop("refusal", None)
    special = given.pop("special", None)
    meeting = given.pop("meeting", None)
    tolerance = given.pop("tolerance", None)
    turns = {name: kind(**given.pop(name)) for name, kind in _TURNS.items() if name in given}
    return Chapter(
        **turns,
        tolerance=Tolerance(**{**tolerance, "materials": tuple(tolerance["materials"])}) if tolerance else None,
        items=tuple(items) if items else None,
        refusal=Refusal(**refusal) if refusal else None,
        special=Special(**special) if special else None,
        pace=Pace(given.pop("pace", Pace.USUAL)),
        end=Ending(given.pop("end", Ending.DONE)),
        asks=tuple(_ask(ask) for ask in given.pop("asks", ())),
        meeting=_meeting(meeting) if meeting else None,
        **given,
    )


def _ask(entry: Mapping[str, Any]) -> Ask:
    given = dict(entry)
    replies = tuple(Reply(**reply) for reply in given.pop("replies", ()))
    return Ask(to=tuple(given.pop("to")), replies=replies, **given)


def _meeting(entry: Mapping[str, Any]) -> Meeting:
    given = dict(entry)
    return Meeting(points=tuple(Defect(**point) for point in given.pop("points", ())), **given)
