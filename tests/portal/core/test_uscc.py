"""The grammar of unified social credit codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import uscc

GOOD = "91350100M000100Y43"


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (GOOD, None),
        ("91350100M000100Y44", "check"),
        ("91350100m000100y43", "charset"),
        ("９1350100M000100Y43", "charset"),
        (f"{GOOD} ", "charset"),
        (f"{GOOD}\n", "charset"),
        ("", "shape"),
        (GOOD[:-1], "shape"),
        (f"{GOOD}0", "shape"),
        ("91350100-000100Y43", "shape"),
        ("9135010OM000100Y43", "alphabet"),
        ("91A50100M000100Y43", "region"),
        ("91350100M000100043", "org_check"),
    ],
)
def test_the_first_fault_is_told(code: str, fault: str | None) -> None:
    assert uscc.fault(code) == fault


@given(
    head=st.text(alphabet=uscc.ALPHABET, min_size=2, max_size=2),
    region=st.text(alphabet="0123456789", min_size=6, max_size=6),
    body=st.text(alphabet=uscc.ALPHABET, min_size=8, max_size=8),
    place=st.integers(0, 17),
    other=st.sampled_from(uscc.ALPHABET),
)
def test_one_changed_character_is_always_found(head: str, region: str, body: str, place: int, other: str) -> None:
    stem = head + region + body + uscc.org_check(body)
    code = stem + uscc.check(stem)
    assert uscc.fault(code) is None or uscc.org_check(body) not in uscc.ALPHABET

    changed = code[:place] + other + code[place + 1 :]
    assert changed == code or uscc.fault(changed) is not None


@pytest.mark.parametrize(
    "typed", [f" {GOOD.lower()}　", "９１３５０１００Ｍ０００１００Ｙ４３", "9135-0100 M000\t100Y·43"]
)
def test_typing_is_folded(typed: str) -> None:
    assert uscc.fold(typed) == GOOD
