"""One application, act by act: what the applicant and the window do at one sitting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from approvals.applications import operations as applications
from approvals.applications import queries
from approvals.applications.models import Application
from approvals.applications.states import Channel, Verdict
from approvals.demo import answers, papers
from approvals.demo.papers import Parcel
from approvals.demo.story import Book, Chapter
from approvals.review import operations as review
from portal.core import clock
from portal.core.actor import Actor
from projects.registry import queries as registry
from projects.registry.models import Project

LEAST_FAR = 0.01
ROUNDS = 4
"""An answer may bring in items that ask more; after so many rounds nothing new is asked."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What does not change while a project's story is told."""

    book: Book
    project: Project
    parcel: Parcel
    answers: Mapping[str, Any]
    dice: Random


def begin(chapter: Chapter, setting: Setting, *, received_on: date | None = None, actor: Actor, at: datetime) -> int:
    """Open an application and return its id.

    :param received_on: the day paper came over the counter; None: online
    """
    application = review.open_application(
        project_id=setting.project.pk,
        stage=chapter.stage,
        item_ids=list(chapter.items) if chapter.items else None,
        actor=actor,
        at=at,
        channel=Channel.ONLINE if received_on is None else Channel.COUNTER,
        paper_received_on=received_on,
        unit_id=_unit(chapter, setting),
    )
    return application.pk


def _unit(chapter: Chapter, setting: Setting) -> int | None:
    if not chapter.unit:
        return None
    return next(unit.pk for unit in registry.units(setting.project.pk) if unit.name == chapter.unit and unit.is_live)


def fill_in(application_id: int, setting: Setting, *, actor: Actor, at: datetime, half: bool = False) -> datetime:
    """Answer what the form asks and bring what it needs; return when it was done.

    :param half: stop in the middle, as a draft that somebody left lying
    """
    for _round in range(ROUNDS):
        application = _load(application_id)
        state = queries.form_of(application)
        wanted = _wanted(state, setting, at)
        if half:
            wanted = dict(list(wanted.items())[: max(1, len(wanted) // 2)])
        if not wanted:
            break
        at += timedelta(minutes=setting.dice.randint(2, 9))
        with clock.frozen(at):
            applications.save_answers(application_id=application_id, values=wanted, actor=actor, at=at)
        if half:
            return at
    return _bring(application_id, setting, actor=actor, at=at)


def mend(application_id: int, setting: Setting, *, actor: Actor, at: datetime) -> datetime:
    """Put a better file into each slot the notice names."""
    application = _load(application_id)
    for slot in application.slots.filter(verdict__in=[Verdict.MISSING, Verdict.WRONG]).order_by("sort"):
        at += timedelta(minutes=setting.dice.randint(1, 4))
        _attach(application, slot.material, setting, draft=2, actor=actor, at=at)
    return at


def find_fault(application_id: int, chapter: Chapter, setting: Setting, *, actor: Actor, at: datetime) -> None:
    """Check the materials, find one of the applicant's wrong, and tell it in the one notice."""
    application = _load(application_id)
    state = queries.materials_of(application, today=clock.day_of(at))
    own = [slot.slot for slot in state.slots if slot.files and not slot.is_brought_by_city]
    wrong = setting.dice.choice(own)
    applications.check_slot(slot_id=wrong.pk, verdict=Verdict.WRONG, remark=chapter.remark, actor=actor, at=at)
    applications.check_all(application_id=application_id, actor=actor, at=at)
    applications.request_correction(application_id=application_id, actor=actor, at=at)


def _wanted(state: queries.FormState, setting: Setting, at: datetime) -> dict[str, Any]:
    """Return the answers to everything that is asked and still empty."""
    day = clock.day_of(at)
    words = _words(setting)
    wanted: dict[str, Any] = {}
    for key, filled in state.filled.items():
        if not filled.is_empty or filled.typed is not None or not state.may_edit(key):
            continue
        value = None
        if key in setting.answers:
            value = answers.fill(setting.answers[key], words=words, day=day)
        elif filled.field.required or filled.field.is_question:
            value = answers.plain(filled.field.definition, filled.field.options)
        if value is not None:
            wanted[key] = value
    return wanted


def _words(setting: Setting) -> dict[str, Any]:
    known = registry.fact_values(setting.project.pk)
    return {
        **known,
        "far_built": max(LEAST_FAR, round(known["floor_area_m2"] / known["land_area_m2"], 2)),
        "name": setting.project.name.removesuffix("（虚构）"),
        "outline": setting.parcel.outline,
        "lonlat": setting.parcel.lonlat,
    }


def _bring(application_id: int, setting: Setting, *, actor: Actor, at: datetime) -> datetime:
    application = _load(application_id)
    slots = list(application.slots.filter(is_required=True, files__isnull=True).order_by("sort"))
    definitions = queries.catalogue_of(application).materials
    papers.print_ahead((definitions[slot.material] for slot in slots), draft=1)
    for slot in slots:
        at += timedelta(seconds=setting.dice.randint(20, 150))
        _attach(application, slot.material, setting, draft=1, actor=actor, at=at)
    return at


def _attach(
    application: Application, material: str, setting: Setting, *, draft: int, actor: Actor, at: datetime
) -> None:
    definition = queries.catalogue_of(application).materials[material]
    upload = papers.of(definition, draft=draft, project=setting.project.name, parcel=setting.parcel)
    with clock.frozen(at):
        applications.attach(application_id=application.pk, material=material, upload=upload, actor=actor, at=at)


def _load(application_id: int) -> Application:
    return Application.objects.select_related("project__owner", "unit").get(pk=application_id)
