"""Codes in general: what is built by the grammar is valid, a slip of the pen is found, and nothing breaks the judge."""

import string

from hypothesis import assume, given
from hypothesis import strategies as st

from portal.core import uscc
from projects.registry import codes
from projects.registry.codes import Kind, Reason

UPPER = string.digits + string.ascii_uppercase
digits = st.text(string.digits, min_size=1)


def numbers(length: int) -> st.SearchStrategy[str]:
    return st.text(string.digits, min_size=length, max_size=length)


times = st.builds("{}{:02}".format, numbers(2), st.integers(1, 12))
serials = st.builds("{}{}".format, numbers(5), st.sampled_from(UPPER))
projects = st.builds("{}-{}-{}-{}-{}".format, times, numbers(6), numbers(2), numbers(2), serials)
pairs = st.sampled_from(codes.PAIRS)
usccs = st.builds(
    lambda head, region, body: _whole(head + region + body),
    st.text(uscc.ALPHABET, min_size=2, max_size=2),
    numbers(6),
    st.text(uscc.ALPHABET, min_size=8, max_size=8),
)


def _whole(body: str) -> str:
    body += uscc.org_check(body[8:])
    return body + uscc.check(body)


@given(projects)
def test_current_project_codes_are_valid(code: str) -> None:
    verdict = codes.judge(code)

    assert (verdict.kind, verdict.reason) == (Kind.PROJECT, None)
    assert codes.parse_project_code(code).text == code


@given(projects, st.lists(pairs, min_size=1, max_size=3))
def test_engineering_codes_lead_back_to_their_project(project: str, path: list[str]) -> None:
    code = f"{project}-{''.join(path)}"
    for level in range(len(path), 0, -1):
        parsed = codes.parse_engineering_code(code)
        assert parsed.level == level
        code = parsed.parent
    assert code == project


@given(usccs)
def test_credit_codes_with_their_checks_are_valid(code: str) -> None:
    assert codes.judge(code).reason is None


@given(usccs, st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_one_wrong_character_of_a_credit_code_is_found(code: str, place: int, character: str) -> None:
    assume(code[place] != character)
    wrong = code[:place] + character + code[place + 1 :]

    assert codes.judge(wrong).reason in (Reason.REGION, Reason.ORG_CHECK, Reason.CHECK)


@given(st.text(UPPER, min_size=1, max_size=40), st.data())
def test_the_links_check_finds_a_wrong_character_and_a_swap(code: str, data: st.DataObject) -> None:
    check = codes.link_check(code)
    place = data.draw(st.integers(0, len(code) - 1))
    character = data.draw(st.sampled_from(UPPER))
    wrong = code[:place] + character + code[place + 1 :]
    assert (codes.link_check(wrong) == check) == (wrong == code)

    assert codes.link_check("-".join(code)) == check


@given(st.one_of(st.text(), st.text(UPPER + "-", max_size=40), projects.map(lambda code: code[:-1])))
def test_any_text_gets_one_verdict(text: str) -> None:
    verdict = codes.judge(text)

    assert verdict.valid == (verdict.reason is None) == (not verdict.message)
    assert verdict.kind is not None or verdict.reason in (Reason.CHARSET, Reason.SHAPE)
    assert (verdict.reason is Reason.CHARSET) == any(character not in UPPER + "-" for character in text)
    assert (codes.link_check(text) is None) == (verdict.reason is Reason.CHARSET or not text.replace("-", ""))
