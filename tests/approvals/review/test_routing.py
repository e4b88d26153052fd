"""What opens when, and what concludes a stage: cases without a database."""

from dataclasses import replace

import pytest

from approvals.review import routing
from approvals.review.routing import Entry, Filing, Picture, Rule, Run, settle
from approvals.review.states import Conclusion, StageState, Step, overall

UNIT = "2601-449902-04-01-314155-01"


def picture(**changes: object) -> Picture:
    base = Picture(
        stages=("A", "B"),
        rules={
            "a1": Rule("a1", "A", True),
            "a2": Rule("a2", "A", True, prerequisites=("a1",), is_milestone=True),
            "b1": Rule("b1", "B", True, is_milestone=True),
        },
        runs=(Run(1, "A", UNIT, StageState.IN_REVIEW), Run(2, "B", "", StageState.WAITING)),
        filings=(Filing(10, "A", UNIT, is_accepted=True, is_parallel=False),),
        entries=(
            Entry(100, 10, "a1", UNIT, has_case=True, is_running=True),
            Entry(101, 10, "a2", UNIT),
        ),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def granted(entry: Entry) -> Entry:
    return replace(entry, has_case=True, is_running=False, is_granted=True)


def refused(entry: Entry) -> Entry:
    return replace(entry, has_case=True, is_running=False, is_refused=True)


def test_instant_items_take_one_deciding_step() -> None:
    assert routing.steps_of(instant=True) == (Step.HANDLER,)
    assert routing.is_deciding(Step.HANDLER, instant=True)


def test_other_items_are_decided_by_the_third_person() -> None:
    assert routing.steps_of(instant=False) == (Step.HANDLER, Step.CHECKER, Step.APPROVER)
    assert [routing.is_deciding(step, instant=False) for step in routing.ALL_STEPS] == [False, False, True]


@pytest.mark.parametrize(
    ("step", "conclusion", "following"),
    [
        (Step.HANDLER, Conclusion.PASS, Step.CHECKER),
        (Step.CHECKER, Conclusion.PASS, Step.APPROVER),
        (Step.HANDLER, Conclusion.RETURN, Step.HANDLER),
        (Step.CHECKER, Conclusion.RETURN, Step.HANDLER),
        (Step.APPROVER, Conclusion.GRANT, None),
        (Step.APPROVER, Conclusion.REJECT, None),
    ],
)
def test_step_after(step: Step, conclusion: Conclusion, following: Step | None) -> None:
    assert routing.step_after(step, conclusion, instant=False) == following


def test_an_item_waits_while_its_prerequisite_is_under_review() -> None:
    assert settle(picture()) == routing.Moves()


def test_a_granted_prerequisite_opens_what_waits_for_it() -> None:
    first, second = picture().entries

    moves = settle(picture(entries=(granted(first), second)))

    assert moves.open_entries == (101,)
    assert moves.complete == ()


def test_a_prerequisite_that_does_not_apply_holds_nothing_up() -> None:
    rules = dict(picture().rules) | {
        "a1": Rule("a1", "A", False),
        "a2": Rule("a2", "A", True, is_milestone=True),
    }

    assert settle(picture(rules=rules)).open_entries == (101,)


def test_the_last_milestone_concludes_the_stage_and_opens_the_next() -> None:
    first, second = picture().entries

    moves = settle(picture(entries=(granted(first), granted(second))))

    assert moves.runs == ((1, StageState.CONCLUDED), (2, StageState.OPEN))
    assert moves.complete == (10,)
    assert not moves.close_project


def test_settling_twice_asks_for_nothing_more() -> None:
    first, second = picture().entries

    moves = settle(
        picture(
            entries=(granted(first), granted(second)),
            filings=(),
            runs=(Run(1, "A", UNIT, StageState.CONCLUDED), Run(2, "B", "", StageState.OPEN)),
        )
    )

    assert moves == routing.Moves()


def test_a_case_that_is_no_milestone_lives_on_after_the_conclusion() -> None:
    rules = dict(picture().rules) | {"a2": Rule("a2", "A", True, is_milestone=True)}
    first, second = picture().entries

    moves = settle(picture(rules=rules, entries=(first, granted(second))))

    assert moves.runs[0] == (1, StageState.CONCLUDED)
    assert moves.complete == ()


def test_a_refused_prerequisite_completes_the_application_and_leaves_the_stage_open() -> None:
    first, second = picture().entries

    moves = settle(picture(entries=(refused(first), second)))

    assert moves.open_entries == ()
    assert moves.complete == (10,)
    assert moves.runs == ((1, StageState.OPEN),)


def test_a_new_application_takes_the_refused_and_the_unopened_items() -> None:
    first, second = picture().entries

    moves = settle(
        picture(
            filings=(Filing(11, "A", UNIT, is_accepted=True, is_parallel=False),),
            entries=(refused(first), second, Entry(110, 11, "a1", UNIT), Entry(111, 11, "a2", UNIT)),
        )
    )

    assert moves.open_entries == (110,)
    assert moves.complete == ()


def test_what_waits_for_an_item_left_out_of_its_own_stage_cannot_open() -> None:
    only_second = picture().entries[1:]

    assert settle(picture(entries=only_second)).complete == (10,)


def test_what_waits_for_a_parallel_item_can_still_open() -> None:
    rules = dict(picture().rules) | {
        "a1": Rule("a1", "P", True, is_main=False),
    }

    moves = settle(picture(rules=rules, entries=picture().entries[1:]))

    assert moves == routing.Moves()


def test_a_prerequisite_on_another_unit_does_not_count() -> None:
    other = "2601-449902-04-01-314155-02"
    first, second = picture().entries

    moves = settle(picture(entries=(granted(replace(first, unit=other)), second)))

    assert moves.open_entries == ()


def test_a_prerequisite_is_found_on_the_ancestors_unit() -> None:
    first, second = picture().entries
    deeper = replace(second, unit=UNIT + "01")

    moves = settle(picture(entries=(granted(first), deeper)))

    assert moves.open_entries == (101,)


def test_without_a_milestone_every_main_item_must_be_granted() -> None:
    rules = {
        "a1": Rule("a1", "A", True),
        "a2": Rule("a2", "A", False, is_milestone=True),
        "a3": Rule("a3", "A", True),
        "b1": Rule("b1", "B", True),
    }
    first = granted(picture().entries[0])
    third = Entry(102, 10, "a3", UNIT, has_case=True, is_running=True)

    assert settle(picture(rules=rules, entries=(first, third))).runs == ()
    assert settle(picture(rules=rules, entries=(first, granted(third)))).runs[0] == (1, StageState.CONCLUDED)


def test_one_of_several_milestones_is_enough_where_the_flow_says_so() -> None:
    rules = {
        "a1": Rule("a1", "A", True, is_milestone=True),
        "a2": Rule("a2", "A", True, is_milestone=True),
        "b1": Rule("b1", "B", True),
    }
    first, second = picture().entries
    entries = (granted(first), replace(second, has_case=True, is_running=True))

    assert settle(picture(rules=rules, entries=entries)).runs == ()
    assert settle(picture(rules=rules, entries=entries, any_milestone=frozenset({"A"}))).runs == (
        (1, StageState.CONCLUDED),
        (2, StageState.OPEN),
    )


def test_an_unanswered_milestone_keeps_the_stage_from_concluding() -> None:
    rules = dict(picture().rules) | {"a3": Rule("a3", "A", None, is_milestone=True)}
    first, second = picture().entries

    assert settle(picture(rules=rules, entries=(granted(first), granted(second)))).runs == ((1, StageState.OPEN),)


def test_a_stage_in_which_nothing_applies_counts_as_done() -> None:
    stages = ("A", "B", "C")
    rules = {"b1": Rule("b1", "B", False), "c1": Rule("c1", "C", True)}
    runs = tuple(Run(index, stage, "", StageState.WAITING) for index, stage in enumerate(stages))

    moves = settle(Picture(stages=stages, rules=rules, runs=runs, filings=(), entries=()))

    assert moves.runs == (
        (0, StageState.NOT_NEEDED),
        (1, StageState.NOT_NEEDED),
        (2, StageState.OPEN),
    )


def test_a_stage_is_needed_again_when_an_item_begins_to_apply() -> None:
    runs = (Run(1, "A", "", StageState.NOT_NEEDED), Run(2, "B", "", StageState.OPEN))

    moves = settle(picture(runs=runs, filings=(), entries=()))

    assert moves.runs == ((1, StageState.OPEN),)


def test_the_advisory_stage_opens_at_once_and_gates_nothing() -> None:
    rules = {"z1": Rule("z1", "Z", True), "a1": Rule("a1", "A", True)}
    runs = (Run(1, "Z", "", StageState.WAITING), Run(2, "A", "", StageState.WAITING))

    moves = settle(Picture(stages=("A",), rules=rules, runs=runs, filings=(), entries=(), ungated=frozenset({"Z"})))

    assert dict(moves.runs) == {1: StageState.OPEN, 2: StageState.OPEN}


def test_a_withdrawn_application_leaves_the_stage_open() -> None:
    first, second = picture().entries
    closed = replace(first, is_running=False)

    assert settle(picture(filings=(), entries=(closed, second))).runs == ((1, StageState.OPEN),)


def test_the_project_closes_when_the_last_stage_is_done_and_nothing_is_open() -> None:
    first, second = picture().entries
    last = Entry(120, 12, "b1", UNIT + "01", has_case=True, is_granted=True)
    runs = (Run(1, "A", UNIT, StageState.CONCLUDED), Run(2, "B", UNIT + "01", StageState.IN_REVIEW))
    filing = Filing(12, "B", UNIT + "01", is_accepted=True, is_parallel=False)
    entries = (granted(first), granted(second), last)

    assert settle(picture(runs=runs, filings=(filing,), entries=entries)).close_project

    running = Filing(13, "P", UNIT, is_accepted=False, is_parallel=True)
    assert not settle(picture(runs=runs, filings=(filing, running), entries=entries)).close_project


# --- divided projects ------------------------------------------------------------------------------------------------

PROJECT = "2601-449902-04-01-314155"
EAST, WEST, BOTH = f"{PROJECT}-01", f"{PROJECT}-02", f"{PROJECT}-0101"


def merged(**changes: object) -> Picture:
    """Two parcels whose second stage is one for both."""
    base = picture(
        rules={
            "a1": Rule("a1", "A", True, is_milestone=True),
            "b1": Rule("b1", "B", True, prerequisites=("a1",), is_milestone=True),
        },
        units={EAST: ("",), WEST: ("",), BOTH: (EAST, WEST)},
        runs=(
            Run(1, "A", EAST, StageState.IN_REVIEW),
            Run(2, "A", WEST, StageState.IN_REVIEW),
            Run(3, "B", BOTH, StageState.WAITING),
        ),
        filings=(
            Filing(10, "A", EAST, is_accepted=True, is_parallel=False),
            Filing(11, "A", WEST, is_accepted=True, is_parallel=False),
        ),
        entries=(
            Entry(100, 10, "a1", EAST, has_case=True, is_running=True),
            Entry(101, 11, "a1", WEST, has_case=True, is_running=True),
        ),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def test_each_unit_has_its_stage_concluded_by_its_own_milestone() -> None:
    east, west = merged().entries

    moves = settle(merged(entries=(granted(east), west)))

    assert moves.runs == ((1, StageState.CONCLUDED),)
    assert moves.complete == (10,)


def test_a_merged_unit_waits_for_all_it_came_from() -> None:
    east, west = merged().entries

    moves = settle(merged(entries=(granted(east), granted(west))))

    assert moves.runs == ((1, StageState.CONCLUDED), (2, StageState.CONCLUDED), (3, StageState.OPEN))


def test_an_item_of_a_merged_unit_opens_when_its_prerequisite_is_granted_for_all() -> None:
    east, west = merged().entries
    filing = Filing(12, "B", BOTH, is_accepted=True, is_parallel=False)
    waiting = Entry(102, 12, "b1", BOTH)
    filings = (*merged().filings, filing)

    half = settle(merged(filings=filings, entries=(granted(east), west, waiting)))
    whole = settle(merged(filings=filings, entries=(granted(east), granted(west), waiting)))

    assert half.open_entries == ()
    assert 12 not in half.complete, "the other one is still under way"
    assert whole.open_entries == (102,)


def test_an_item_whose_prerequisite_was_refused_for_one_of_the_merged_cannot_open() -> None:
    east, west = merged().entries
    filing = Filing(12, "B", BOTH, is_accepted=True, is_parallel=False)
    entries = (granted(east), refused(west), Entry(102, 12, "b1", BOTH))

    moves = settle(merged(filings=(filing,), entries=entries))

    assert moves.open_entries == ()
    assert moves.complete == (12,)


def test_each_line_goes_on_by_itself() -> None:
    rules = merged().rules
    runs = (
        Run(1, "A", EAST, StageState.IN_REVIEW),
        Run(2, "A", WEST, StageState.OPEN),
        Run(3, "B", EAST, StageState.WAITING),
        Run(4, "B", WEST, StageState.WAITING),
    )
    east = granted(merged().entries[0])

    moves = settle(
        merged(rules=rules, units={EAST: ("",), WEST: ("",)}, runs=runs, filings=merged().filings[:1], entries=(east,))
    )

    assert moves.runs == ((1, StageState.CONCLUDED), (3, StageState.OPEN))
    assert not moves.close_project


def test_a_divided_project_closes_when_the_last_of_its_units_is_done() -> None:
    runs = (
        Run(1, "A", EAST, StageState.CONCLUDED),
        Run(2, "A", WEST, StageState.CONCLUDED),
        Run(3, "B", BOTH, StageState.IN_REVIEW),
    )
    east, west = (granted(entry) for entry in merged().entries)
    filing = Filing(12, "B", BOTH, is_accepted=True, is_parallel=False)
    last = Entry(102, 12, "b1", BOTH, has_case=True, is_granted=True)

    assert settle(merged(runs=runs, filings=(filing,), entries=(east, west, last))).close_project
    assert not settle(merged(runs=runs, filings=(), entries=(east, west))).close_project


def test_a_unit_given_up_counts_for_nothing() -> None:
    """A refused attempt for the whole, whose code was given up when it was divided."""
    whole = Entry(90, 9, "a1", f"{PROJECT}-03", has_case=True, is_refused=True)
    east, west = merged().entries

    assert settle(merged(entries=(whole, granted(east), granted(west)))).runs[-1] == (3, StageState.OPEN)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], StageState.WAITING),
        ([StageState.DIVIDED], StageState.WAITING),
        ([StageState.CONCLUDED, StageState.IN_REVIEW, StageState.OPEN], StageState.IN_REVIEW),
        ([StageState.CONCLUDED, StageState.WAITING], StageState.WAITING),
        ([StageState.CONCLUDED, StageState.OPEN, StageState.DIVIDED], StageState.OPEN),
        ([StageState.CONCLUDED, StageState.NOT_NEEDED], StageState.CONCLUDED),
        ([StageState.NOT_NEEDED, StageState.DIVIDED], StageState.NOT_NEEDED),
        ([StageState.CLOSED, StageState.CONCLUDED], StageState.CONCLUDED),
    ],
)
def test_a_stage_of_several_units_stands_where_the_foremost_work_is(
    states: list[StageState], expected: StageState
) -> None:
    assert overall(states) == expected
