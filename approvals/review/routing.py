"""Which steps a case takes, what opens, what concludes. Pure: frozen values in, frozen values out.

The rules are those of decisions.md, "Stages, items, cases"; `settle` applies them to a picture of one project.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from approvals.review.lines import Lines
from approvals.review.states import STAGE_DONE, STAGE_TRANSITIONS, Conclusion, StageState, Step

ALL_STEPS = (Step.HANDLER, Step.CHECKER, Step.APPROVER)


def steps_of(*, instant: bool) -> tuple[Step, ...]:
    """Return the steps a case takes inside its department: 即办 items are decided by the handler at once."""
    return (Step.HANDLER,) if instant else ALL_STEPS


def is_deciding(step: str, *, instant: bool) -> bool:
    """Tell whether grant or reject is asked on this step."""
    return step == steps_of(instant=instant)[-1]


def conclusions_for(*, deciding: bool) -> tuple[Conclusion, ...]:
    """Return what may be said on a step."""
    if deciding:
        return (Conclusion.GRANT, Conclusion.REJECT)
    return (Conclusion.PASS, Conclusion.RETURN)


def step_after(step: str, conclusion: str, *, instant: bool) -> Step | None:
    """Return the step that follows a conclusion; a return begins again with the handler, None ends the case."""
    if conclusion == Conclusion.RETURN:
        return Step.HANDLER
    if conclusion == Conclusion.PASS:
        steps = steps_of(instant=instant)
        return steps[steps.index(Step(step)) + 1]
    return None


@dataclass(frozen=True, slots=True)
class Rule:
    """An item as it stands in the project's own list; `applies` None means that an answer is missing."""

    item: str
    stage: str
    applies: bool | None
    #: only those that apply to the project
    prerequisites: tuple[str, ...] = ()
    is_milestone: bool = False
    is_main: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """A stage of one unit; `unit` is its engineering code, or that of the line it will be issued in, empty for all."""

    id: int
    stage: str
    unit: str
    state: str


@dataclass(frozen=True, slots=True)
class Filing:
    """An application that is not ended: `is_accepted` False while it is a draft or at the window."""

    id: int
    stage: str
    unit: str
    is_accepted: bool
    is_parallel: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An item applied for, in an open or an ended application, with what became of it."""

    id: int
    filing: int
    item: str
    unit: str
    has_case: bool = False
    is_running: bool = False
    is_granted: bool = False
    is_refused: bool = False

    @property
    def is_waiting(self) -> bool:
        return not self.has_case


@dataclass(frozen=True, slots=True)
class Picture:
    """One project at one moment, read under the locks of its stage runs."""

    stages: tuple[str, ...]
    """Main stages in order."""
    rules: Mapping[str, Rule]
    runs: tuple[Run, ...]
    filings: tuple[Filing, ...]
    entries: tuple[Entry, ...]
    any_milestone: frozenset[str] = frozenset()
    """Stages that one granted milestone concludes."""
    ungated: frozenset[str] = frozenset()
    """Stages that open at once and gate nothing."""
    units: Mapping[str, tuple[str, ...]] | None = None
    """Of a divided project: what each of its units came from."""
    ended: int | None = None
    """The entry whose decision has just ended: only that opens a concluded stage again, never a changed fact."""

    @property
    def lines(self) -> Lines:
        """Return how the units descend from each other; where nothing was divided, their codes tell."""
        if self.units is not None:
            return Lines(self.units)
        rows: tuple[Run | Filing | Entry, ...] = (*self.runs, *self.filings, *self.entries)
        return Lines.by_grammar(row.unit for row in rows)


@dataclass(frozen=True, slots=True)
class Moves:
    """What has to happen next, in the order in which it is to be done."""

    open_entries: tuple[int, ...] = ()
    runs: tuple[tuple[int, StageState], ...] = ()
    complete: tuple[int, ...] = ()
    close_project: bool = False


def settle(picture: Picture) -> Moves:
    """Return every move the picture asks for; settling what has been settled asks for none."""
    return _Settling(picture).moves()


@dataclass
class _Settling:
    picture: Picture
    opening: set[int] = field(default_factory=set)
    lines: Lines = field(init=False)
    superseded: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.picture.lines
        self.superseded = frozenset(entry.id for entry in self.picture.entries if self._is_superseded(entry))

    def moves(self) -> Moves:
        self.opening = {entry.id for entry in self._waiting() if not self._unmet(entry)}
        complete = {filing.id for filing in self.picture.filings if self._is_finished(filing)}
        runs = self._runs(complete)
        states = {run.id: run.state for run in self.picture.runs} | {run: state.value for run, state in runs}
        return Moves(
            open_entries=tuple(entry.id for entry in self.picture.entries if entry.id in self.opening),
            runs=tuple(runs),
            complete=tuple(filing.id for filing in self.picture.filings if filing.id in complete),
            close_project=self._is_closed(states, complete),
        )

    # --- what opens ------------------------------------------------------------------------------------------------

    def _waiting(self) -> Iterable[Entry]:
        """Items of accepted applications that still apply and have no case."""
        accepted = {filing.id for filing in self.picture.filings if filing.is_accepted}
        return (
            entry
            for entry in self.picture.entries
            if self._waits(entry) and entry.filing in accepted and self._applies(entry.item)
        )

    def _waits(self, entry: Entry) -> bool:
        return entry.is_waiting and entry.id not in self.superseded

    def _is_superseded(self, entry: Entry) -> bool:
        """Tell whether an item left waiting in an application was applied for anew while that one was completed."""
        return entry.is_waiting and any(
            other.item == entry.item and other.id > entry.id and self.lines.related(other.unit, entry.unit)
            for other in self.picture.entries
        )

    def _applies(self, item: str) -> bool:
        rule = self.picture.rules.get(item)
        return rule is not None and rule.applies is not False

    def _unmet(self, entry: Entry) -> tuple[str, ...]:
        return tuple(
            item for item in self.picture.rules[entry.item].prerequisites if not self._granted(item, entry.unit)
        )

    def _granted(self, item: str, unit: str) -> bool:
        granted = {entry.unit for entry in self.picture.entries if entry.item == item and entry.is_granted}
        return bool(granted) and self.lines.covers(granted, unit)

    def _tries(self, item: str, unit: str) -> Iterable[Entry]:
        return (entry for entry in self.picture.entries if entry.item == item and self.lines.related(entry.unit, unit))

    # --- what is finished ------------------------------------------------------------------------------------------

    def _is_finished(self, filing: Filing) -> bool:
        if not filing.is_accepted:
            return False
        own = [entry for entry in self.picture.entries if entry.filing == filing.id]
        if any(entry.is_running or entry.id in self.opening for entry in own):
            return False
        return not any(
            self._waits(entry) and self._applies(entry.item) and self._can_still_open(entry, filing, frozenset())
            for entry in own
        )

    def _can_still_open(self, entry: Entry, filing: Filing, seen: frozenset[str]) -> bool:
        return all(self._can_still_be_granted(item, entry, filing, seen) for item in self._unmet(entry))

    def _can_still_be_granted(self, item: str, entry: Entry, filing: Filing, seen: frozenset[str]) -> bool:
        """Look for somebody who is at it; else whether it can be applied for beside this application."""
        if item in seen:
            return False
        tries = list(self._tries(item, entry.unit))
        filings = {other.id: other for other in self.picture.filings}
        for attempt in tries:
            if attempt.is_running or attempt.id in self.opening:
                return True
            owner = filings.get(attempt.filing)
            if not self._waits(attempt) or owner is None or not self._applies(item):
                continue
            if not owner.is_accepted or self._can_still_open(attempt, owner, seen | {item}):
                return True
        if any(not attempt.is_granted and (attempt.has_case or attempt.filing in filings) for attempt in tries):
            # refused, withdrawn, or stuck itself: a new application takes it and this item together
            return False
        rule = self.picture.rules[item]
        # the one open application of a stage that is not parallel is this one, and it leaves the item out
        return not rule.is_main or filing.is_parallel or rule.stage != filing.stage

    # --- stages ----------------------------------------------------------------------------------------------------

    def _runs(self, completing: set[int]) -> list[tuple[int, StageState]]:
        moved: list[tuple[int, StageState]] = []
        now = {run.id: run.state for run in self.picture.runs}
        order = {stage: index for index, stage in enumerate(self.picture.stages)}
        for run in sorted(self.picture.runs, key=lambda run: (order.get(run.stage, -1), len(run.unit), run.id)):
            for state in self._path(run, now, completing):
                moved.append((run.id, state))
                now[run.id] = state
        return moved

    def _path(self, run: Run, now: Mapping[int, str], completing: set[int]) -> list[StageState]:
        """Return the states a run passes through from here; concluded it stays until a decision it rests on ends."""
        if run.state == StageState.CONCLUDED and not self._has_lost(run):
            return []
        target = self._target(run, now, completing)
        if target == run.state or (run.state == StageState.CONCLUDED and target == StageState.NOT_NEEDED):
            return []
        passes = run.state in (StageState.WAITING, StageState.NOT_NEEDED, StageState.IN_REVIEW)
        if passes and target not in (StageState.OPEN, *STAGE_TRANSITIONS[StageState(run.state)]):
            return [StageState.OPEN, target]
        return [target]

    def _target(self, run: Run, now: Mapping[int, str], completing: set[int]) -> StageState:
        if run.state == StageState.WAITING and not self._may_open(run, now):
            return StageState.WAITING
        if run.state == StageState.OPEN and self._is_set_back(run, now):
            return StageState.WAITING
        has_filing = any(
            filing.stage == run.stage and not filing.is_parallel and self.lines.related(filing.unit, run.unit)
            for filing in self.picture.filings
            if filing.is_accepted and filing.id not in completing
        )
        needed = self._needed(run)
        if needed and self._is_concluded(run):
            return StageState.CONCLUDED
        if has_filing:
            return StageState.IN_REVIEW
        return StageState.NOT_NEEDED if needed is False else StageState.OPEN

    def _has_lost(self, run: Run) -> bool:
        """Tell whether the decision that has just ended was one on an item of this stage."""
        ended = next((entry for entry in self.picture.entries if entry.id == self.picture.ended), None)
        return (
            ended is not None
            and any(rule.item == ended.item for rule in self._main_rules(run))
            and self.lines.related(ended.unit, run.unit)
        )

    def _is_set_back(self, run: Run, now: Mapping[int, str]) -> bool:
        """Tell whether an open stage waits again: the one before was opened again, and nothing was applied for here."""
        return (
            self.picture.ended is not None
            and not any(
                filing.stage == run.stage and not filing.is_parallel and self.lines.related(filing.unit, run.unit)
                for filing in self.picture.filings
            )
            and not self._may_open(run, now)
        )

    def _needed(self, run: Run) -> bool | None:
        """Tell whether a main-stream item of the stage applies; None while an answer is missing."""
        verdicts = [rule.applies for rule in self._main_rules(run)]
        if any(verdicts):
            return True
        return None if None in verdicts else False

    def _main_rules(self, run: Run) -> list[Rule]:
        return [rule for rule in self.picture.rules.values() if rule.stage == run.stage and rule.is_main]

    def _may_open(self, run: Run, now: Mapping[int, str]) -> bool:
        """The stage before must be done for the unit's line; the first and the ungated ones are always open.

        A stage before that is not needed lets pass what the one before it lets pass.
        """
        if run.stage in self.picture.ungated or run.stage == self.picture.stages[0]:
            return True
        before = self.picture.stages[self.picture.stages.index(run.stage) - 1]
        runs = [
            other for other in self.picture.runs if other.stage == before and self.lines.related(other.unit, run.unit)
        ]
        return bool(runs) and all(
            now[other.id] == StageState.CONCLUDED
            or (now[other.id] == StageState.NOT_NEEDED and self._may_open(other, now))
            for other in runs
        )

    def _is_concluded(self, run: Run) -> bool:
        main = self._main_rules(run)
        milestones = [rule for rule in main if rule.is_milestone and rule.applies is not False]
        if milestones:
            granted = [self._granted(rule.item, run.unit) for rule in milestones]
            return any(granted) if run.stage in self.picture.any_milestone else all(granted)
        return all(self._granted(rule.item, run.unit) for rule in main if rule.applies is not False)

    def _is_closed(self, states: Mapping[int, str], completing: set[int]) -> bool:
        gating = [run for run in self.picture.runs if run.stage not in self.picture.ungated]
        return (
            bool(gating)
            and {run.stage for run in gating} >= set(self.picture.stages)
            and all(states[run.id] in STAGE_DONE for run in gating)
            and all(filing.id in completing for filing in self.picture.filings)
        )
