"""Numbers that forms and addresses name: what no row of ours can have is read as none, and breaks no page."""

import pytest

from portal.core.http import whole_number

NO_NUMBERS = ["", "x", "-1", "1.5", " 1", "²", "٣", "9" * 19, "9" * 5000]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_of_ours_is_none(text: str) -> None:
    assert whole_number(text) is None


@pytest.mark.parametrize(("text", "read"), [("0", 0), ("17", 17), ("9" * 18, 10**18 - 1)])
def test_a_number_is_read(text: str, read: int) -> None:
    assert whole_number(text) == read
