"""Tell one story: a queue of moments, each of which writes what happened then and lays down what follows."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date, datetime
from itertools import count
from random import Random

from approvals.applications import operations as applications
from approvals.applications.models import Application
from approvals.applications.states import ApplicationState
from approvals.demo import departments, papers, scenes, together, turns
from approvals.demo.papers import Parcel
from approvals.demo.people import Cast
from approvals.demo.story import Book, Chapter, Ending, Site, Story
from approvals.demo.times import Times
from approvals.review import operations as review
from approvals.review.models import StageRun
from approvals.review.states import StageState
from blueprint.ground.lots import Lot
from blueprint.layers import frames
from blueprint.siting import boundaries
from blueprint.siting import operations as siting
from portal.core import clock, outbox
from portal.core.actor import Actor
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import PARALLEL_STAGE
from projects.registry import operations as registry
from projects.registry import queries as projects
from projects.registry.models import Project

Act = Callable[[datetime], None]

#: an application in one of these still needs somebody
UNDER_WAY = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.CORRECTING, ApplicationState.ACCEPTED)
MANY = 10_000


class Telling:
    """The running story of one project; a moment that lies ahead of now ends it."""

    def __init__(
        self, story: Story, *, book: Book, cast: Cast, times: Times, seed: int, lot: Lot | None = None
    ) -> None:
        self.story = story
        self.lot = lot
        self.book = book
        self.cast = cast
        self.times = times
        # no secret hangs on it, and a story must be told the same again
        self.dice = Random(f"{seed}/{story.name}")  # noqa: S311
        self.owner = cast.applicant(cast.enterprise(book.enterprises[story.owner]))
        #: who fills in online: the owner's person, or the agent once he has his mandate
        self.writer = self.owner
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = count()
        self._main = [chapter for chapter in story.chapters if chapter.stage != PARALLEL_STAGE]
        self._beside = [chapter for chapter in story.chapters if chapter.stage == PARALLEL_STAGE]
        #: the application that the next chapter of the main line waits for; None before the first
        self._last: int | None = None
        self._is_planned = False
        #: application -> the chapter that tells of it
        self.chapters: dict[int, Chapter] = {}
        self.desk = departments.Desk(self)
        self.table = together.Table(self)
        self.turns = turns.Turns(self)
        self._is_divided = story.division is None

    def tell(self) -> None:
        """Write everything that has happened until now."""
        self.at(self.times.on(self.times.ago(self.story.registered), self.dice, early=True), self._register)
        while self._acts:
            moment, _number, act = heapq.heappop(self._acts)
            if moment > self.times.now:
                return
            with clock.frozen(moment):
                act(moment)
                outbox.drain(at=moment, limit=MANY)
            self.desk.look(moment)
            self._next_chapter(moment)

    def at(self, moment: datetime, act: Act) -> None:
        """Lay down what happens at a moment."""
        heapq.heappush(self._acts, (moment, next(self._order), act))

    def later(self, moment: datetime, days: int, act: Act) -> None:
        """Lay down what happens some working days later."""
        self.at(self.times.after(moment, days, self.dice), act)

    # --- the project -----------------------------------------------------------------------------------------------

    def _register(self, moment: datetime) -> None:
        story = self.story
        site = self.book.sites[story.region]
        parcel = self._parcel(site)
        parent = (
            Project.objects.filter(name=story.parent).values_list("pk", flat=True).first() if story.parent else None
        )
        facts = {**story.facts, "site_address": self.dice.choice(site.addresses), "site_lonlat": parcel.lonlat}
        self.project = review.register_project(
            name=story.name,
            region=story.region,
            facts=facts,
            owner_id=self.cast.enterprise(self.book.enterprises[story.owner]),
            code=story.code,
            parent_id=parent,
            relation=Project.Relation.PHASE if parent else "",
            actor=self.owner,
            at=moment,
        )
        self.catalogue = catalogues.catalogue(self.project.pack_version_id)
        self.flow = self.catalogue.flows[self.project.flow]
        self.setting = scenes.Setting(
            self.book, self.project, parcel, {**self.book.answers, **story.answers}, self.dice
        )
        if story.agent:
            agent = self.cast.agent(story.agent)
            registry.give_mandate(project_id=self.project.pk, user_id=agent.user_id or 0, actor=self.owner, at=moment)
            self.writer = self.cast.agent(story.agent)
        self.later(moment, 0, lambda at: self._enter_site(parcel, at))
        for chapter in self._beside:
            self._plan(chapter, earliest=moment)

    def _enter_site(self, parcel: Parcel, moment: datetime) -> None:
        """Upload the boundary, from which the map answers what the form would ask."""
        boundary = boundaries.from_upload(papers.site(self.story, parcel), frame=frames.frame())
        siting.enter_version(project_id=self.project.pk, boundary=boundary, actor=self.owner, at=moment)

    def _parcel(self, site: Site) -> Parcel:
        """Return the lot of the project; without one, a rectangle near the point of its region."""
        east, north = self.dice.randrange(-2400, 2400), self.dice.randrange(-1800, 1800)
        use = str(self.story.answers.get("land_use_type", ""))
        if self.lot is not None:
            return Parcel.of_lot(self.lot, use=use)
        area = float(self.story.facts["land_area_m2"])
        return Parcel.near(site, east=east, north=north, area_m2=area, use=use)

    def _next_chapter(self, moment: datetime) -> None:
        """Plan the next chapter of the main line once the one before has ended and its stage is open."""
        if self._is_planned or not self._main:
            return
        if self._last is not None and self._is_under_way(self._last):
            return
        division = self.story.division
        if division is not None and not self._is_divided and self._is_done(division.after):
            self._is_divided = self._is_planned = True
            self.later(moment, 2, self._divide)
            return
        chapter = self._main[0]
        open_ = StageRun.objects.filter(
            project=self.project, stage=chapter.stage, state__in=[StageState.OPEN, StageState.IN_REVIEW]
        )
        if open_.exists():
            self._is_planned = True
            self._plan(self._main.pop(0), earliest=moment)

    def _is_done(self, stage: str) -> bool:
        return StageRun.objects.filter(project=self.project, stage=stage, state=StageState.CONCLUDED).exists()

    def _divide(self, moment: datetime) -> None:
        parts = self.story.division.parts if self.story.division else ()
        # what was granted for the whole stays so; its unit is divided below that
        whole = [unit for unit in projects.units(self.project.pk) if unit.is_live]
        review.divide(
            project_id=self.project.pk,
            unit_id=whole[-1].pk if whole else None,
            parts=[registry.Part(name=name) for name in parts],
            actor=self.owner,
            at=moment,
        )
        self._is_planned = False

    def _is_under_way(self, application_id: int) -> bool:
        """Tell whether the main line waits for an application; what goes on after its stage is done holds nobody up."""
        application = Application.objects.get(pk=application_id)
        if application.state not in UNDER_WAY:
            return False
        return not self._is_done(application.stage)

    # --- an application --------------------------------------------------------------------------------------------

    def _plan(self, chapter: Chapter, *, earliest: datetime) -> None:
        """Find the day of handing in, and begin with the draft two or three days before."""
        start = self.times.after(earliest, self.dice.randint(1, 6), self.dice, early=True)
        handed_in = self._handed_in_on(chapter)
        if handed_in is not None:
            before = self.dice.randint(1, 3)
            day = self.times.calendar.add_workdays(handed_in, -before)
            start = max(start, self.times.on(day, self.dice, early=True))
        self.at(start, lambda moment: self._begin(chapter, moment))

    def _handed_in_on(self, chapter: Chapter) -> date | None:
        """Return the day on which the pack wants an application handed in; None: when the draft is ready."""
        if chapter.ago is not None:
            return self.times.ago(chapter.ago)
        if chapter.due_in is not None and chapter.watch is not None:
            promised = max(1, self.flow.promised_days(self.catalogue.items[chapter.watch]))
            paused = (chapter.special.ended_after or 0) if chapter.special else 0
            # accepted on the day after it was handed in
            return self.times.from_today(chapter.due_in - promised - paused - chapter.added_days - 1)
        return None

    def _begin(self, chapter: Chapter, moment: datetime) -> None:
        self._is_planned = False
        writer = self._writer(chapter)
        received_on = None
        if chapter.paper_days is not None:
            received_on = self.times.calendar.add_workdays(clock.day_of(moment), -chapter.paper_days)
        application = scenes.begin(chapter, self.setting, received_on=received_on, actor=writer, at=moment)
        self.chapters[application] = chapter
        if chapter.stage != PARALLEL_STAGE:
            self._last = application
        half = chapter.end is Ending.DRAFT
        done = scenes.fill_in(application, self.setting, actor=writer, at=moment, half=half)
        if half:
            return
        handed_in = self._handed_in_on(chapter)
        if chapter.paper_days is not None:
            self.later(done, 0, lambda at: self._hand_in(application, at))
        elif handed_in is not None and handed_in > clock.day_of(done):
            self.at(self.times.on(handed_in, self.dice), lambda at: self._hand_in(application, at))
        else:
            self.later(done, 0, lambda at: self._hand_in(application, at))

    def _hand_in(self, application: int, moment: datetime) -> None:
        chapter = self.chapters[application]
        signer = self.owner if chapter.paper_days is None else self._writer(chapter)
        applications.submit(application_id=application, actor=signer, at=moment)
        if chapter.end is Ending.SUBMITTED:
            return
        days = 1 if chapter.due_in is not None else self.dice.choice((0, 1, 1, 2, 3))
        self.later(moment, days, lambda at: self._answer(application, at))

    def _answer(self, application: int, moment: datetime) -> None:
        chapter = self.chapters[application]
        clerk = self.cast.clerk(self.dice)
        if chapter.remark:
            scenes.find_fault(application, chapter, self.setting, actor=clerk, at=moment)
            if chapter.mended_after is not None:
                self.later(moment, chapter.mended_after, lambda at: self._mend(application, at))
            return
        self._decide(application, clerk, moment)

    def _mend(self, application: int, moment: datetime) -> None:
        chapter = self.chapters[application]
        writer = self._writer(chapter)
        done = scenes.mend(application, self.setting, actor=writer, at=moment)
        with clock.frozen(done):
            applications.submit(application_id=application, actor=writer if chapter.paper_days else self.owner, at=done)
        if chapter.end is not Ending.SUBMITTED:
            self.later(done, 1, lambda at: self._decide(application, self.cast.clerk(self.dice), at))

    def _decide(self, application: int, clerk: Actor, moment: datetime) -> None:
        """Let the window answer, or the applicant give up."""
        chapter = self.chapters[application]
        match chapter.end:
            case Ending.REJECTED:
                applications.reject(application_id=application, reason=chapter.reason, actor=clerk, at=moment)
            case Ending.NOT_REQUIRED:
                applications.not_required(application_id=application, reason=chapter.reason, actor=clerk, at=moment)
            case Ending.WITHDRAWN if chapter.watch is None:
                self._withdraw(application, moment)
            case _:
                review.accept(application_id=application, actor=clerk, at=moment)
                self.table.lay(application, chapter, moment)
                self.turns.lay(application, chapter, moment)
                if chapter.end is Ending.WITHDRAWN:
                    self.later(moment, 4, lambda at: self._withdraw(application, at))

    def _withdraw(self, application: int, moment: datetime) -> None:
        reason = self.chapters[application].reason
        review.withdraw(application_id=application, reason=reason, actor=self.owner, at=moment)

    def _writer(self, chapter: Chapter) -> Actor:
        """Return who fills in; what came on paper is typed in by the window."""
        if chapter.paper_days is not None:
            return self.cast.window()
        return self.writer
