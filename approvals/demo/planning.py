"""What the planners do on the one blueprint: whole-city runs, a report of a site, ideas before the departments."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import count
from random import Random

from django.db import transaction

from approvals.demo import papers
from approvals.demo.papers import Parcel
from approvals.demo.people import Cast
from approvals.demo.plans import Answer, Notion, Overlay, Plans, Term
from approvals.demo.times import Times
from blueprint.checks.models import CheckRun, Patch
from blueprint.citywide import operations as citywide
from blueprint.ground import strips
from blueprint.ground.lots import Lot
from blueprint.ideas import operations as ideas
from blueprint.ideas.models import Condition, Idea, Opinion
from blueprint.layers import frames
from blueprint.reports import operations as reports
from blueprint.siting import boundaries
from blueprint.siting.boundaries import Boundary
from portal.core import clock, outbox
from portal.core.actor import Actor

MANY = 10_000
Act = Callable[[datetime], None]


class Planner:
    """Writes what is not there yet; each run, report and idea is one transaction, whose news is delivered inside it."""

    def __init__(self, plans: Plans, *, people: Cast, times: Times, seed: int) -> None:
        self.plans = plans
        self.people = people
        self.times = times
        self.seed = seed

    def missing_ideas(self) -> list[Notion]:
        """Return the ideas that were not brought yet."""
        known = set(Idea.objects.values_list("site__title", flat=True))
        return [each for each in self.plans.ideas if each.title not in known]

    def run(self, told: Overlay) -> bool:
        """Have a run of the whole city computed, and give its patches to departments; False: it was done before."""
        asked = CheckRun.objects.citywide().filter(kind=told.kind)
        if (asked.filter(layers=[told.layer]) if told.layer else asked).exists():
            return False
        at = self.times.now
        with transaction.atomic(), outbox.hushed(), clock.frozen(at):
            run = citywide.start_run(kind=told.kind, layer=told.layer, actor=self._member("check.run"), at=at)
            # computes nothing while a worker looks for runs of people; then that worker finds this one as well
            citywide.work(at=at)
            run.refresh_from_db()
            if run.is_done:
                self._hand(run, told, at)
            outbox.drain(at=at, limit=MANY)
        return True

    def report(self, project: str) -> bool:
        """Have the report of a project's last check printed; False: there is one, or no check of such a project."""
        runs = CheckRun.objects.done().filter(version__site__project__name=project)
        run = runs.order_by("-pk").first()
        if run is None or runs.filter(report__isnull=False).exists():
            return False
        at = self.times.now
        with transaction.atomic(), outbox.hushed(), clock.frozen(at):
            reports.order_report(run_id=run.pk, actor=self._member("check.run"), at=at)
            outbox.drain(at=at, limit=MANY)
        return True

    def idea(self, told: Notion, lot: Lot) -> bool:
        """Bring an idea, put it before departments, let them answer."""
        with transaction.atomic(), outbox.hushed():
            Thinking(self, told, lot).tell()
        return True

    def _member(self, act: str) -> Actor:
        return member(self.people, act, self.plans.by, self.dice_of(act))

    def dice_of(self, what: str) -> Random:
        # no secret hangs on it, and the same must be told again
        return Random(f"{self.seed}/{what}")  # noqa: S311

    def _hand(self, run: CheckRun, told: Overlay, at: datetime) -> None:
        for handed in told.handed:
            free = Patch.objects.filter(run=run, owners__contains=[handed.to], settling__isnull=True)
            patch = free.order_by("-area_m2", "pk").first()
            if patch is None:
                continue
            asker, text = self._member("check.run"), handed.text
            settling = citywide.assign(patch_id=patch.pk, department_id=handed.to, text=text, actor=asker, at=at)
            if handed.answer:
                answerer = member(self.people, "check.view", handed.to, self.dice_of(handed.text))
                citywide.answer(settling_id=settling.pk, text=handed.answer, actor=answerer, at=at)


class Thinking:
    """One idea, moment by moment; what lies ahead of now has not happened."""

    def __init__(self, planner: Planner, told: Notion, lot: Lot) -> None:
        self.planner = planner
        self.told = told
        self.parcel = Parcel.of_lot(lot, use=told.use)
        self.dice = planner.dice_of(told.title)
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = count()

    def tell(self) -> None:
        """Write what has happened until now."""
        times = self.planner.times
        self._at(times.on(times.ago(self.told.ago), self.dice, early=True), self._open)
        while self._acts:
            moment, _number, act = heapq.heappop(self._acts)
            if moment > times.now:
                return
            with clock.frozen(moment):
                act(moment)
                outbox.drain(at=moment, limit=MANY)

    def _at(self, moment: datetime, act: Act) -> None:
        heapq.heappush(self._acts, (moment, next(self._order), act))

    def _later(self, moment: datetime, days: int, act: Act) -> None:
        self._at(self.planner.times.after(moment, days, self.dice), act)

    def _open(self, moment: datetime) -> None:
        drawn = boundaries.from_geojson(json.dumps(self.parcel.outline), frame=frames.frame())
        self.lead = member(self.planner.people, "idea.open", self.told.by, self.dice)
        self.idea = ideas.open_idea(
            title=self.told.title,
            summary=self.told.summary,
            department_id=self.told.by,
            boundary=drawn,
            actor=self.lead,
            at=moment,
        )
        if self.told.to:
            self._later(moment, self.told.asked_after, self._ask)

    def _ask(self, moment: datetime) -> None:
        ideas.ask(idea_id=self.idea.pk, departments=self.told.to, actor=self.lead, at=moment)
        for each in self.told.answers:
            self._later(moment, each.after, partial(self._answer, each))

    def _answer(self, said: Answer, moment: datetime) -> None:
        opinion = Opinion.objects.get(idea=self.idea, department_id=said.by)
        places = [(term, self._place(term)) for term in said.conditions]
        ideas.answer(
            opinion_id=opinion.pk,
            position=said.position,
            text=said.text,
            conditions=[(term.text, ideas.place_of(place) if place else None) for term, place in places],
            actor=member(self.planner.people, "idea.reply", said.by, self.dice),
            at=moment,
        )
        for term in said.conditions:
            if term.met:
                self._later(moment, 1, partial(self._meet, opinion.pk, term))

    def _meet(self, opinion_id: int, term: Term, moment: datetime) -> None:
        condition = Condition.objects.get(opinion_id=opinion_id, text=term.text)
        ideas.meet(condition_id=condition.pk, note=term.met, actor=self.lead, at=moment)

    def _place(self, term: Term) -> Boundary | None:
        if term.side is None:
            return None
        strip = papers.in_plane(strips.along(self.parcel.metres, term.side, term.width_m), {})
        return boundaries.from_geojson(json.dumps(strip), frame=frames.frame())


def member(people: Cast, act: str, department: str, dice: Random) -> Actor:
    """Return somebody of a department who may do an act.

    :raises LookupError: there is nobody
    """
    found = people.member(act, department, dice)
    if found is None:
        raise LookupError(f"nobody of {department} may {act}")
    return found
