"""How units descend from each other, what a grant covers, which runs a stage needs: without a database."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.review.lines import WHOLE, Layout, Lines, lay_out, level_of

PC = "2601-449902-04-01-314155-"
LEVELS = {"S1": 1, "S2": 2, "S3": 3, "S4": 3}


def unit(path: str) -> str:
    return PC + path if path else WHOLE


def lines() -> Lines:
    """Two parcels merged at level 2 into 0101, which is divided in two; a third parcel beside them."""
    shape = {"01": "", "02": "", "03": "", "0101": "01 02", "010101": "0101", "010102": "0101", "0301": "03"}
    return Lines(
        {unit(path): tuple(unit(before) for before in (above.split() or [""])) for path, above in shape.items()}
    )


def test_the_level_is_told_by_the_code() -> None:
    assert [level_of(unit(path)) for path in ("", "01", "0101", "01A0ZZ")] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("", "03", True),
        ("01", "010101", True),
        ("02", "010101", True),
        ("02", "0101", True),
        ("01", "02", False),
        ("010101", "010102", False),
        ("03", "0101", False),
        ("0301", "03", True),
        # given up, so it is not listed: it descends as its code says
        ("0302", "03", True),
        ("0302", "0301", False),
    ],
)
def test_related(one: str, other: str, expected: bool) -> None:
    assert lines().related(unit(one), unit(other)) is expected
    assert lines().related(unit(other), unit(one)) is expected


@pytest.mark.parametrize(
    ("granted", "where", "expected"),
    [
        ("01", "0101", False),
        ("01 02", "0101", True),
        ("01 02", "010102", True),
        ("01 0101", "010102", True),
        ("", "010102", True),
        ("01 02", "0301", False),
        # the project as a whole has what every line has
        ("0101", "", False),
        ("0101 0301", "", True),
        ("010101", "0101", False),
        ("010101 010102", "01", True),
    ],
)
def test_what_was_granted_holds_for_a_merged_unit_when_all_it_came_from_have_it(
    granted: str, where: str, expected: bool
) -> None:
    places = {unit(path) for path in granted.split()} if granted else {WHOLE}

    assert lines().covers(places, unit(where)) is expected


def test_the_ends_are_the_units_of_one_stage() -> None:
    assert [end[-6:].lstrip("-") for end in lines().ends(1)] == [f"{PC}0{n}"[-6:].lstrip("-") for n in (1, 2, 3)]
    assert lines().ends(2) == (unit("0101"), unit("0301"))
    assert lines().ends(3) == (unit("010101"), unit("010102"), unit("0301"))
    assert Lines().ends(3) == (WHOLE,)


def test_the_undivided_path_ends_where_something_was_divided_or_merged() -> None:
    plain = Lines.by_grammar([unit("010101")])
    assert plain.below_undivided(WHOLE) == (unit("01"), unit("0101"), unit("010101"))
    assert plain.below_undivided(unit("0101")) == (unit("010101"),)
    assert lines().below_undivided(WHOLE) == ()
    assert lines().below_undivided(unit("03")) == (unit("0301"),)
    assert lines().below_undivided(unit("02")) == ()
    assert lines().below_undivided(unit("0101")) == ()


def test_an_undivided_project_needs_no_new_runs() -> None:
    runs = [(1, "S1", unit("01")), (2, "S2", unit("0101")), (3, "S3", WHOLE), (4, "S4", WHOLE)]

    assert lay_out(Lines.by_grammar([unit("0101")]), runs, LEVELS) == Layout((), ())


def test_dividing_below_the_first_level_leaves_the_first_stage_alone() -> None:
    runs = [(0, "S0", WHOLE), (1, "S1", unit("01")), (2, "S2", WHOLE), (3, "S3", WHOLE), (4, "S4", WHOLE)]
    divided = Lines.by_grammar([unit("0101"), unit("0102")])

    layout = lay_out(divided, runs, LEVELS)

    assert layout.retire == (2, 3, 4)
    assert layout.create == tuple((stage, unit(path)) for stage in ("S2", "S3", "S4") for path in ("0101", "0102"))


def test_merging_gives_one_run_to_both_and_leaves_the_third_alone() -> None:
    before = [
        (number, stage, unit(path))
        for number, (stage, path) in enumerate((stage, path) for stage in LEVELS for path in ("01", "02", "03"))
    ]
    merged = Lines({**lines().came_from})
    for path in ("010101", "010102"):
        del merged.came_from[unit(path)]  # type: ignore[attr-defined]

    layout = lay_out(merged, before, LEVELS)

    assert layout.retire == (3, 4, 6, 7, 9, 10)
    assert layout.create == tuple((stage, unit("0101")) for stage in ("S2", "S3", "S4"))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 3)), max_size=12))
def test_after_laying_out_every_stage_has_one_run_for_each_end(acts: list[tuple[int, int]]) -> None:
    """Divide at random and carry each layout out: the runs are always the ends, each once."""
    came_from: dict[str, tuple[str, ...]] = {}
    numbers = count(1)
    runs = [(next(numbers), stage, WHOLE) for stage in LEVELS]
    for pick, parts in acts:
        ends = [end for end in Lines(came_from).ends(3) if level_of(end) < 3]
        if not ends:
            break
        chosen = ends[pick % len(ends)]
        mates = [end for end in ends if level_of(end) == level_of(chosen) and end != WHOLE][:2]
        stem = f"{PC}" if chosen == WHOLE else chosen
        if parts == 1 and len(mates) == 2:
            came_from[f"{mates[0]}01"] = tuple(mates)
        else:
            for number in range(1, parts + 1):
                came_from[f"{stem}0{number}"] = (chosen,)
        layout = lay_out(Lines(came_from), runs, LEVELS)
        runs = [run for run in runs if run[0] not in layout.retire]
        runs += [(next(numbers), *place) for place in layout.create]
        assert lay_out(Lines(came_from), runs, LEVELS) == Layout((), ()), "laying out twice changes nothing"
        for stage, level in LEVELS.items():
            own = [run for _id, of, run in runs if of == stage]
            ends_now = Lines(came_from).ends(level)
            assert len(own) == len(ends_now)
            assert all(sum(Lines(came_from).related(run, end) for run in own) == 1 for end in ends_now)
