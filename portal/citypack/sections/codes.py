"""codes.yaml: grammars of the project and engineering codes, check characters, code lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from portal.citypack.shapes import VERSION, WORD, Anything, Either, ListOf, Number, Record, Table, Text
from portal.core import uscc

FILE = "codes.yaml"
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_TEXT_OR_LIST = Either((WORD, ListOf(WORD)), "文字或列表")
_REGION = r"\d{6}"
_TWO_DIGITS = Text(pattern=r"\d\d")
FILES = {
    "codes": Record(
        {
            "version": VERSION,
            "project_code": Record(
                {
                    "current": Record(
                        {"standard": WORD, "regex": WORD, "length": Number(1, 64), "segments": ListOf(Anything())}
                    ),
                    "legacy": Record({"standard": WORD, "regex": WORD, "segments": ListOf(WORD)}),
                    "local_issue": Record(
                        {"department": _TWO_DIGITS, "project_type": _TWO_DIGITS},
                        {
                            "by_industry": ListOf(
                                Record(
                                    {
                                        "from": _TWO_DIGITS,
                                        "to": _TWO_DIGITS,
                                        "department": _TWO_DIGITS,
                                        "project_type": _TWO_DIGITS,
                                    }
                                )
                            )
                        },
                    ),
                    "disambiguation": WORD,
                    "assigned_by": WORD,
                }
            ),
            "engineering_code": Record(
                {
                    "regex": WORD,
                    "levels": Table(WORD, key="[123]", least=3),
                    "rules": ListOf(WORD),
                    "max_length": Number(1, 64),
                    "examples": ListOf(WORD),
                }
            ),
            "qr": Record(
                {
                    "payload": WORD,
                    "check": WORD,
                    "tag": WORD,
                    "test_vectors": ListOf(Record({"input": WORD, "check": WORD}, {"note": WORD})),
                }
            ),
            "uscc": Record(
                {
                    "standard": WORD,
                    "length": Number(18, 18),
                    "alphabet": Text(pattern=r"[0-9A-Z]{31}"),
                    "parts": ListOf(WORD),
                    "algorithm": WORD,
                    "regex": WORD,
                    "org_code": WORD,
                }
            ),
            "item_codes": Table(WORD),
            "cert_id": Table(WORD),
            "gbt2260": Table(WORD, key=_REGION),
            "gbt4754_sections": Table(WORD, key="[A-T]"),
            "gbt4754_used": Table(WORD, key=r"\d\d"),
        }
    )
}


def mod_37_36(code: str) -> str:
    """Give the ISO 7064 MOD 37,36 check character of a code; other characters than letters and digits are skipped."""
    rest = 36
    for character in code.upper():
        if character in _ALPHANUMERIC:
            rest = (rest + _ALPHANUMERIC.index(character)) % 36 or 36
            rest = rest * 2 % 37
    return _ALPHANUMERIC[(37 - rest) % 36]


def check(documents: Documents) -> Iterator[Fault]:
    """Check that the grammars compile, keep apart what must be kept apart and fit their examples."""
    codes = documents["codes"]
    patterns = {
        "project_code.current.regex": codes["project_code"]["current"]["regex"],
        "project_code.legacy.regex": codes["project_code"]["legacy"]["regex"],
        "engineering_code.regex": codes["engineering_code"]["regex"],
        "uscc.regex": codes["uscc"]["regex"],
    }
    compiled: dict[str, re.Pattern[str]] = {}
    for path, pattern in patterns.items():
        try:
            compiled[path] = re.compile(pattern)
        except re.error as error:
            yield Fault(FILE, path, _("正则表达式写法有误：%s") % error)
    engineering = compiled.get("engineering_code.regex")
    for index, example in enumerate(codes["engineering_code"]["examples"]):
        if engineering and not engineering.fullmatch(example):
            yield Fault(FILE, f"engineering_code.examples[{index + 1}]", _("“%s”不符合工程代码的格式") % example)
    for index, vector in enumerate(codes["qr"]["test_vectors"]):
        wanted = mod_37_36(vector["input"])
        if wanted != vector["check"]:
            yield Fault(FILE, f"qr.test_vectors[{index + 1}].check", _("校验位算得 %s") % wanted)
    current, legacy = compiled.get("project_code.current.regex"), compiled.get("project_code.legacy.regex")
    sample = "2018-440402-47-03-816285"
    if current and legacy and (current.fullmatch(sample) or not legacy.fullmatch(sample)):
        yield Fault(FILE, "project_code.legacy.regex", _("旧版代码 %s 应只符合旧版格式") % sample)
    if codes["uscc"]["alphabet"] != uscc.ALPHABET:
        yield Fault(FILE, "uscc.alphabet", _("与国家标准的字符集不同，应为 %s") % uscc.ALPHABET)
