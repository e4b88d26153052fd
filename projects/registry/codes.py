"""Project codes, engineering codes and their links: the grammar, pure.

A code is judged as given: nothing is trimmed, folded to half width or put into capitals. A form may `fold` what
was typed first, and must show the result. No list of regions, departments or types is consulted.

Sources: 发改投资〔2020〕1439号 and GB/T 40058-2021 (project codes since November 2020), 发改电〔2015〕501号
(2013 to 2020), GB 32100-2015 (USCC, in `portal.core.uscc`), ISO 7064 MOD 37,36.
"""

import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core import uscc
from portal.core.errors import Conflict, InvalidInput

_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CHARACTERS = _DIGITS + _LETTERS
_ALLOWED = frozenset(_CHARACTERS + "-")
_SHAPE = re.compile(
    r"(?P<project>(?P<time>[0-9]{4})-(?P<region>[0-9]{6})-(?P<third>[0-9]{2})-(?P<fourth>[0-9]{2})-(?P<serial>[0-9A-Z]{6}))"
    r"(?:-(?P<path>[0-9A-Z]+))?"
)
_CURRENT_SERIAL = re.compile(r"[0-9]{5}[0-9A-Z]")
_LEGACY_SERIAL = re.compile(r"[0-9]{6}")
_LEGACY_YEARS = range(2013, 2021)
_MONTHS = range(1, 13)

#: every pair of an engineering code in the order of issue: 01..99, then A0..ZZ
PAIRS = tuple(f"{number:02}" for number in range(1, 100)) + tuple(a + b for a in _LETTERS for b in _CHARACTERS)
_PLACE = {pair: place for place, pair in enumerate(PAIRS)}

LEVELS = 3
TAG_LENGTH = 16


class Kind(StrEnum):
    """What a code is, as far as its shape tells."""

    USCC = "uscc"
    PROJECT = "project"
    PROJECT_LEGACY = "project_legacy"
    ENGINEERING = "engineering"


class Reason(StrEnum):
    """Why a code is not valid: the first rule it breaks."""

    CHARSET = "charset"
    SHAPE = "shape"
    ALPHABET = "alphabet"
    REGION = "region"
    ORG_CHECK = "org_check"
    CHECK = "check"
    TIME = "time"
    SERIAL = "serial"
    PROJECT = "project"
    PATH_LENGTH = "path_length"
    PAIR_00 = "pair_00"


MESSAGES: Mapping[Reason, Promise] = {
    Reason.CHARSET: _("代码只能用半角数字、大写字母和连字符。请检查有没有空格、小写字母或全角字符。"),
    Reason.SHAPE: _("这不像项目代码、工程代码或统一社会信用代码。请对照原件，从头核对位数和连字符。"),
    Reason.ALPHABET: _("统一社会信用代码不用字母 I、O、S、V、Z。请看是否把数字 1、0、5、2 写成了字母。"),
    Reason.REGION: _("统一社会信用代码的第 3 至 8 位是行政区划，只能是数字。请对照营业执照核对。"),
    Reason.ORG_CHECK: _("统一社会信用代码的第 9 至 17 位对不上，多半有一位写错。请对照营业执照核对。"),
    Reason.CHECK: _("统一社会信用代码的末位对不上，多半有一位写错或两位颠倒。请对照营业执照核对。"),
    Reason.TIME: _("项目代码的第 3、4 位是月份，应为 01 至 12。请对照赋码通知核对前四位。"),
    Reason.SERIAL: _("项目代码的末六位不对：新代码是五位数字加一位校验，老代码是六位数字。请对照赋码通知核对。"),
    Reason.PROJECT: _("工程代码前面的项目代码不对。请先核对前 24 位。"),
    Reason.PATH_LENGTH: _("工程代码在项目代码之后应有 2 位、4 位或 6 位。请核对末段有没有少写一位。"),
    Reason.PAIR_00: _("工程代码每两位为一级，没有 00 这一级。请对照工程代码单核对。"),
}


class BadCode(InvalidInput):
    """A code that breaks the grammar; `reason` says where."""

    code = "bad_code"

    def __init__(self, code: str, reason: Reason) -> None:
        super().__init__(MESSAGES[reason], fields={"code": MESSAGES[reason]})
        self.given = code
        self.reason = reason


class PairsExhausted(Conflict):
    """All 1,035 pairs under one parent have been issued."""

    code = "pairs_exhausted"
    message = _("这一级的工程代码已经用完。请在上一级另立单元后再分。")


@dataclass(frozen=True, slots=True)
class ProjectCode:
    """The parts of a national project code; never computed here, only read."""

    text: str
    kind: Kind
    #: YYMM of the day the code was given, or the year in codes of 2013 to 2020
    time: str
    region: str
    #: the guiding central department, or the industry in codes of 2013 to 2020
    third: str
    #: the project type, or the filing procedure in codes of 2013 to 2020
    fourth: str
    serial: str


@dataclass(frozen=True, slots=True)
class EngineeringCode:
    """A unit of a project: parcel or phase (level 1), planning unit (2), permit section (3)."""

    project: ProjectCode
    path: str

    @property
    def text(self) -> str:
        return f"{self.project.text}-{self.path}"

    @property
    def pairs(self) -> tuple[str, ...]:
        return tuple(self.path[start : start + 2] for start in range(0, len(self.path), 2))

    @property
    def level(self) -> int:
        return len(self.path) // 2

    @property
    def parent(self) -> str:
        """Return the code without its last pair; for level 1 the project code."""
        return f"{self.project.text}-{self.path[:-2]}".rstrip("-")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text is, and the first reason why it is not valid."""

    code: str
    kind: Kind | None
    reason: Reason | None = None
    engineering: EngineeringCode | None = None

    @property
    def valid(self) -> bool:
        return self.reason is None

    @property
    def message(self) -> Promise | str:
        """Return what to do about an invalid code; empty for a valid one."""
        return MESSAGES[self.reason] if self.reason else ""


def judge(code: str) -> Verdict:
    """Tell what a text is and whether it is valid, by the first rule that fits."""
    if not _ALLOWED.issuperset(code):
        return Verdict(code, None, Reason.CHARSET)
    if len(code) == uscc.LENGTH and "-" not in code:
        return Verdict(code, Kind.USCC, uscc_fault(code))
    parts = _SHAPE.fullmatch(code)
    if parts is None:
        return Verdict(code, None, Reason.SHAPE)
    project, reason = _judge_project(parts)
    path = parts["path"]
    if path is None:
        return Verdict(code, project.kind, reason)
    engineering = EngineeringCode(project, path)
    if reason is not None:
        reason = Reason.PROJECT
    elif len(path) % 2 or len(path) > 2 * LEVELS:
        reason = Reason.PATH_LENGTH
    elif "00" in engineering.pairs:
        reason = Reason.PAIR_00
    return Verdict(code, Kind.ENGINEERING, reason, None if reason else engineering)


def uscc_fault(code: str) -> Reason | None:
    """Return the first reason why a text is no unified social credit code, or None."""
    fault = uscc.fault(code)
    return Reason(fault) if fault else None


def parse_project_code(code: str) -> ProjectCode:
    """Take a national project code apart, of either kind.

    :raises BadCode: it is none
    """
    verdict = judge(code)
    if verdict.reason is not None:
        raise BadCode(code, verdict.reason)
    parts = _SHAPE.fullmatch(code)
    if parts is None or parts["path"] is not None:
        raise BadCode(code, Reason.SHAPE)
    return _judge_project(parts)[0]


def parse_engineering_code(code: str) -> EngineeringCode:
    """Take an engineering code apart.

    :raises BadCode: it is none
    """
    verdict = judge(code)
    if verdict.reason is not None:
        raise BadCode(code, verdict.reason)
    if verdict.engineering is None:
        raise BadCode(code, Reason.SHAPE)
    return verdict.engineering


def next_pair(last: str | None) -> str:
    """Return the pair to issue after `last`, the one issued most recently under the same parent (None: none yet).

    Pairs are never reused, so the caller passes the last one *issued*, not the last one in use.

    :raises PairsExhausted: `last` was ZZ
    :raises BadCode: `last` is no pair we issue (a foreign code's pair, such as 0A)
    """
    if not last:
        return PAIRS[0]
    if last not in _PLACE:
        raise BadCode(last, Reason.PAIR_00 if last == "00" else Reason.SHAPE)
    if last == PAIRS[-1]:
        raise PairsExhausted
    return PAIRS[_PLACE[last] + 1]


def link_check(code: str) -> str | None:
    """Return the ISO 7064 MOD 37,36 check character over a code without its hyphens.

    It stands only in links (`k`), never in the code: against typing errors.

    :returns: None when the text has other characters, or nothing besides hyphens
    """
    body = code.replace("-", "")
    if not body or not _ALLOWED.issuperset(code):
        return None
    product = 36
    for character in body:
        total = (product + _CHARACTERS.index(character)) % 36 or 36
        product = total * 2 % 37
    return _CHARACTERS[(37 - product) % 36]


def link_tag(key: bytes, code: str) -> str:
    """Return the tag of a link (`s`): the first 16 hex digits of HMAC-SM3 over the code; against forgery."""
    mac = HMAC(key, hashes.SM3())
    mac.update(code.encode())
    return mac.finalize().hex()[:TAG_LENGTH]


def is_link_tag(key: bytes, code: str, tag: str) -> bool:
    """Tell whether a tag is the code's, in constant time."""
    return hmac.compare_digest(link_tag(key, code).encode(), tag.encode("utf-8", "replace"))


def fold(typed: str) -> str:
    """Return what was most likely meant by a typed code: half width, capitals, plain hyphens, no blanks.

    For forms, which show the result before they use it.
    """
    narrow = unicodedata.normalize("NFKC", typed).upper()
    plain = (
        ("-" if unicodedata.category(character) == "Pd" or character == "\N{MINUS SIGN}" else character)
        for character in narrow
    )
    return "".join(character for character in plain if not character.isspace())


def _judge_project(parts: re.Match[str]) -> tuple[ProjectCode, Reason | None]:
    time, serial = parts["time"], parts["serial"]
    legacy = int(time) in _LEGACY_YEARS
    kind = Kind.PROJECT_LEGACY if legacy else Kind.PROJECT
    project = ProjectCode(parts["project"], kind, time, parts["region"], parts["third"], parts["fourth"], serial)
    if not legacy and int(time[2:]) not in _MONTHS:
        return project, Reason.TIME
    if not (_LEGACY_SERIAL if legacy else _CURRENT_SERIAL).fullmatch(serial):
        return project, Reason.SERIAL
    return project, None
