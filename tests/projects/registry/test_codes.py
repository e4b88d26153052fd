"""The grammar of codes: every kind, every reason, and the order of the rules."""

import pytest

from projects.registry import codes
from projects.registry.codes import Kind, Reason

PROJECT = "2601-449902-04-01-314155"
LEGACY = "2018-440402-47-03-816285"


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        (PROJECT, Kind.PROJECT, None),
        ("2601-449902-04-01-31415X", Kind.PROJECT, None),
        ("2011-440402-04-01-816285", Kind.PROJECT, None),
        ("2012-440402-04-01-81628A", Kind.PROJECT, None),
        (LEGACY, Kind.PROJECT_LEGACY, None),
        ("2013-440402-47-03-816285", Kind.PROJECT_LEGACY, None),
        ("2020-440402-47-03-816285", Kind.PROJECT_LEGACY, None),
        ("2020-440402-47-03-81628A", Kind.PROJECT_LEGACY, Reason.SERIAL),
        ("2021-440402-47-03-816285", Kind.PROJECT, Reason.TIME),
        ("2010-440402-47-03-816285", Kind.PROJECT, None),
        ("2613-440402-04-01-816285", Kind.PROJECT, Reason.TIME),
        ("2600-440402-04-01-816285", Kind.PROJECT, Reason.TIME),
        ("2613-440402-04-01-A16285", Kind.PROJECT, Reason.TIME),
        ("2612-440402-04-01-A16285", Kind.PROJECT, Reason.SERIAL),
        ("2612-440402-04-01-8162AB", Kind.PROJECT, Reason.SERIAL),
        (f"{PROJECT}-01", Kind.ENGINEERING, None),
        (f"{PROJECT}-0101", Kind.ENGINEERING, None),
        (f"{PROJECT}-0A01ZZ", Kind.ENGINEERING, None),
        (f"{LEGACY}-010203", Kind.ENGINEERING, None),
        (f"{PROJECT}-0001", Kind.ENGINEERING, Reason.PAIR_00),
        (f"{PROJECT}-010000", Kind.ENGINEERING, Reason.PAIR_00),
        (f"{PROJECT}-001", Kind.ENGINEERING, Reason.PATH_LENGTH),
        (f"{PROJECT}-0", Kind.ENGINEERING, Reason.PATH_LENGTH),
        (f"{PROJECT}-01010101", Kind.ENGINEERING, Reason.PATH_LENGTH),
        (f"{PROJECT}-1001", Kind.ENGINEERING, None),
        ("2613-440402-04-01-816285-000", Kind.ENGINEERING, Reason.PROJECT),
        ("2601-449902-04-01-3141AB-01", Kind.ENGINEERING, Reason.PROJECT),
        (f"{PROJECT}-", None, Reason.SHAPE),
        (f"{PROJECT}-01-02", None, Reason.SHAPE),
        ("", None, Reason.SHAPE),
        ("-", None, Reason.SHAPE),
        ("2601-44990A-04-01-314155", None, Reason.SHAPE),
        (f"{PROJECT}\n", None, Reason.CHARSET),
        (f" {PROJECT}", None, Reason.CHARSET),
        ("2601–449902–04–01–314155", None, Reason.CHARSET),
        ("2601-449902-04-01-31415x", None, Reason.CHARSET),
        ("２６０１-449902-04-01-314155", None, Reason.CHARSET),
        ("٢٦٠١-449902-04-01-314155", None, Reason.CHARSET),
        ("91350100M000100Y43", Kind.USCC, None),
        ("91350100M000100Y44", Kind.USCC, Reason.CHECK),
        ("91350100M000100Y53", Kind.USCC, Reason.ORG_CHECK),
        ("9135010AM000100Y43", Kind.USCC, Reason.REGION),
        ("9135010AM000100I43", Kind.USCC, Reason.ALPHABET),
        ("91350100M000100Y4I", Kind.USCC, Reason.ALPHABET),
        ("91350100M000100Y4", None, Reason.SHAPE),
        ("91350100M000100Y-3", None, Reason.SHAPE),
    ],
)
def test_judges_by_the_first_rule_that_fits(code: str, kind: Kind | None, reason: Reason | None) -> None:
    verdict = codes.judge(code)

    assert (verdict.kind, verdict.reason) == (kind, reason)
    assert verdict.valid is (reason is None)
    assert (verdict.engineering is not None) is (kind is Kind.ENGINEERING and reason is None)


@pytest.mark.parametrize(
    ("code", "level", "parent", "pairs"),
    [
        (f"{PROJECT}-01", 1, PROJECT, ("01",)),
        (f"{PROJECT}-0102", 2, f"{PROJECT}-01", ("01", "02")),
        (f"{PROJECT}-0102A0", 3, f"{PROJECT}-0102", ("01", "02", "A0")),
    ],
)
def test_an_engineering_code_knows_its_level_and_parent(
    code: str, level: int, parent: str, pairs: tuple[str, ...]
) -> None:
    parsed = codes.parse_engineering_code(code)

    assert (parsed.text, parsed.level, parsed.parent, parsed.pairs) == (code, level, parent, pairs)
    assert parsed.project == codes.parse_project_code(PROJECT)


def test_a_project_code_is_taken_apart() -> None:
    parsed = codes.parse_project_code(LEGACY)

    assert (parsed.kind, parsed.time, parsed.region, parsed.third, parsed.fourth, parsed.serial) == (
        Kind.PROJECT_LEGACY,
        "2018",
        "440402",
        "47",
        "03",
        "816285",
    )


@pytest.mark.parametrize(
    ("code", "reason"),
    [("2613-440402-04-01-816285", Reason.TIME), (f"{PROJECT}-01", Reason.SHAPE), ("91350100M000100Y43", Reason.SHAPE)],
)
def test_what_is_no_project_code_is_refused_with_advice(code: str, reason: Reason) -> None:
    with pytest.raises(codes.BadCode) as refused:
        codes.parse_project_code(code)

    assert refused.value.reason is reason
    assert refused.value.fields == {"code": codes.MESSAGES[reason]}


def test_a_project_code_is_no_engineering_code() -> None:
    with pytest.raises(codes.BadCode) as refused:
        codes.parse_engineering_code(PROJECT)

    assert refused.value.reason is Reason.SHAPE


def test_every_reason_tells_what_to_do() -> None:
    assert set(codes.MESSAGES) == set(Reason)
    assert all("请" in str(message) for message in codes.MESSAGES.values())
    assert codes.judge("x").message == codes.MESSAGES[Reason.CHARSET]
    assert codes.judge(PROJECT).message == ""


def test_pairs_are_issued_in_order_until_none_is_left() -> None:
    issued, last = [], None
    for _ in codes.PAIRS:
        last = codes.next_pair(last)
        issued.append(last)

    assert issued[:2] == ["01", "02"]
    assert issued[98:101] == ["99", "A0", "A1"]
    assert issued[-1] == "ZZ"
    assert len(set(issued)) == len(issued) == 1035
    with pytest.raises(codes.PairsExhausted):
        codes.next_pair("ZZ")


@pytest.mark.parametrize("pair", ["00", "0A", "1", "aa"])
def test_a_foreign_pair_has_no_successor(pair: str) -> None:
    with pytest.raises(codes.BadCode):
        codes.next_pair(pair)


@pytest.mark.parametrize(
    ("code", "check"),
    [
        ("A12425GABC1234002", "M"),
        ("A1-24-25GABC1234002-", "M"),
        (f"{PROJECT}-01", "9"),
        ("", None),
        ("--", None),
        ("a1", None),
        ("Ａ1", None),
        ("A1\n", None),
    ],
)
def test_the_links_check_character(code: str, check: str | None) -> None:
    assert codes.link_check(code) == check


def test_the_links_tag_is_an_hmac_of_sm3() -> None:
    # openssl mac -digest SM3 -macopt key:secret HMAC
    assert codes.link_tag(b"secret", PROJECT) == "88cd801cd909baba"
    assert codes.is_link_tag(b"secret", PROJECT, codes.link_tag(b"secret", PROJECT))
    assert not codes.is_link_tag(b"other", PROJECT, codes.link_tag(b"secret", PROJECT))
    assert not codes.is_link_tag(b"secret", f"{PROJECT}-01", codes.link_tag(b"secret", PROJECT))
    assert not codes.is_link_tag(b"secret", PROJECT, "\udcff码")


@pytest.mark.parametrize(
    "typed",
    [f" {PROJECT}　", "２６０１－４４９９０２－04-01-314155", "2601–449902—04−01‐314155", "2601-449902-04 -01-314155"],
)
def test_a_form_may_fold_what_was_typed(typed: str) -> None:
    assert codes.fold(typed) == PROJECT
