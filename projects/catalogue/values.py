"""Clean one value of a form field: what was typed or sent goes in, a plain JSON value or a fault comes out. Pure.

| type | value |
| --- | --- |
| text, person, mobile, code, uscc | text |
| enum | the code of its list |
| int, decimal | number; a decimal has at most 15 significant digits, so that it reads back exactly |
| bool | true, false |
| date, daterange | "2026-03-01", {"start": "2026-03-01", "end": "2026-04-30"} |
| lonlat, geometry | [longitude, latitude] in degrees, a GeoJSON geometry |
| code_list, table | list of texts, list of objects by column |
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import uscc
from projects.catalogue import conditions, geojson, industries
from projects.catalogue.definitions import DECLARE_PREFIX, MAP_PREFIX, Catalogue, ColumnDef, FieldDef

CodeLists = Mapping[str, Mapping[str, str]]

MAX_TEXT = 2000
MAX_NAME = 60
MAX_ROWS = 500
MAX_DIGITS = 15
FIRST_YEAR, LAST_YEAR = 1949, 2099

#: national field of a region code, and of an industry code
REGION_FIELD, INDUSTRY_FIELD = "JSDDXZQH", "GBHY"
#: numbers in use begin with 13 to 19; 120 begins none and is kept for invented people (decisions: demo data)
_MOBILE = re.compile(r"1[3-9][0-9]{9}|120[0-9]{8}")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_CODE = re.compile(r"[0-9A-Z][0-9A-Z.-]{0,39}")
_REGION = re.compile(r"[0-9]{6}")

_USCC_FAULTS: Mapping[str, Promise] = {
    "charset": gettext_lazy("统一社会信用代码只有数字和大写字母。请检查有没有多余的符号。"),
    "shape": gettext_lazy("统一社会信用代码是 18 位。请对照营业执照，看有没有多一位或少一位。"),
    "alphabet": gettext_lazy("统一社会信用代码不用字母 I、O、S、V、Z。请看是否把数字 1、0、5、2 写成了字母。"),
    "region": gettext_lazy("统一社会信用代码的第 3 至 8 位是行政区划，只能是数字。请对照营业执照核对。"),
    "org_check": gettext_lazy("统一社会信用代码的第 9 至 17 位对不上，多半有一位写错。请对照营业执照核对。"),
    "check": gettext_lazy("统一社会信用代码的末位对不上，多半有一位写错或两位颠倒。请对照营业执照核对。"),
}


class ValueFault(Exception):
    """A value that cannot be taken; the message tells what to write instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a cleaner needs to know of a field or a column."""

    label: str
    options: Mapping[str, str]
    code_lists: CodeLists
    columns: tuple[ColumnDef, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    national_field: str | None = None


def clean(field: FieldDef, raw: object, code_lists: CodeLists) -> Any:
    """Return the plain JSON value that was meant, or None when nothing was given.

    Whether a value is required is asked elsewhere: an empty one is no fault here.
    :param code_lists: `Catalogue.code_lists` of the version the field belongs to
    :raises ValueFault: the value cannot be taken
    """
    rule = _Rule(
        label=field.label,
        options=code_lists.get(field.codes, {}) if field.codes else {},
        code_lists=code_lists,
        columns=field.columns,
        minimum=field.minimum,
        maximum=field.maximum,
        national_field=field.national_field,
    )
    return _clean(field.type, raw, rule)


def definition(catalogue: Catalogue, field: str) -> FieldDef | None:
    """Give the definition of a form field, or of the yes/no answer to a condition; None when there is neither."""
    if field in catalogue.fields:
        return catalogue.fields[field]
    for prefix, source in ((DECLARE_PREFIX, "applicant"), (MAP_PREFIX, "map")):
        condition = catalogue.conditions.get(field.removeprefix(prefix)) if field.startswith(prefix) else None
        if condition is not None and condition.may_be_declared:
            return FieldDef(
                id=field,
                label=condition.label,
                type="bool",
                unit=None,
                required=False,
                source=source,
                codes=None,
                columns=(),
                needed_by=(),
                note="",
                national_field=None,
                stage="*",
                form="",
                from_result=None,
                from_map=None,
                minimum=None,
                maximum=None,
                sort=len(catalogue.fields),
            )
    return None


def is_region(field: FieldDef) -> bool:
    """Tell whether its value is the code of one of the city's regions (national field 建设地点行政区划)."""
    return field.national_field == REGION_FIELD


def as_text(field: FieldDef, value: Any) -> str:
    """Write a cleaned value as it stands in an input of one line; a table or geometry as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if field.type == "lonlat":
        return ", ".join(str(part) for part in value)
    if field.type == "daterange":
        return f"{value['start']}/{value['end']}"
    if field.type == "code_list":
        return ", ".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _clean(kind: str, raw: object, rule: _Rule) -> Any:
    if raw is None or (isinstance(raw, str) and not raw.strip()) or raw in ([], {}, ()):
        return None
    return _CLEANERS[kind](raw, rule)


def line(raw: object, limit: int) -> str:
    """Return a text without odd characters; PostgreSQL cannot keep NUL or half of a surrogate pair.

    :raises ValueFault: no text, too long, or with control characters
    """
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise ValueFault(_("这里要填文字。"))
    text = str(raw).replace("\r\n", "\n").strip()
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t" for character in text):
        raise ValueFault(_("文字里有看不见的控制字符。请删去后重新输入，不要从别的软件直接粘贴。"))
    if len(text) > limit:
        raise ValueFault(_("最多 %(limit)d 个字，现有 %(length)d 个。请精简。") % {"limit": limit, "length": len(text)})
    return text


def _folded(raw: object) -> str:
    """Return a typed code in half width, in capitals and without blanks."""
    narrow = unicodedata.normalize("NFKC", line(raw, 200)).upper()
    return "".join(character for character in narrow if not character.isspace())


def _text(raw: object, _rule: _Rule) -> str:
    return line(raw, MAX_TEXT)


def _person(raw: object, _rule: _Rule) -> str:
    name = " ".join(line(raw, MAX_NAME).split())
    if not any(character.isalpha() for character in name):
        raise ValueFault(_("请填写姓名。"))
    return name


def _mobile(raw: object, _rule: _Rule) -> str:
    number = _folded(raw).replace("-", "").removeprefix("+86")
    if not _MOBILE.fullmatch(number):
        raise ValueFault(_("手机号是 13 至 19 开头的 11 位数字。请核对。"))
    return number


def _uscc(raw: object, _rule: _Rule) -> str:
    code = uscc.fold(line(raw, 200))
    fault = uscc.fault(code)
    if fault:
        raise ValueFault(str(_USCC_FAULTS[fault]))
    return code


def _code(raw: object, rule: _Rule) -> str:
    """Check a code by the grammar of the national exchange field it fills."""
    code = _folded(raw)
    if rule.national_field == INDUSTRY_FIELD:
        return _industry(code)
    if rule.national_field == REGION_FIELD and not _REGION.fullmatch(code):
        raise ValueFault(_("行政区划代码是 6 位数字。请从列表里选择。"))
    if not _CODE.fullmatch(code):
        raise ValueFault(_("代码只能用数字、字母、点和连字符，最多 40 位。请核对。"))
    return code


def _industry(code: str) -> str:
    if not industries.is_industry(code):
        raise ValueFault(_("请按国民经济行业分类（GB/T 4754）填写：两位大类，如 47；或门类字母加四位小类，如 P8331。"))
    return code


def _code_list(raw: object, rule: _Rule) -> list[str]:
    parts = re.split(r"[,，;；、\s]+", raw) if isinstance(raw, str) else raw
    if not isinstance(parts, list | tuple):
        raise ValueFault(_("请填写一个或几个代码，用逗号分开。"))
    return [_code(part, rule) for part in parts if not conditions.is_unknown(part)]


def _enum(raw: object, rule: _Rule) -> str:
    code = ("1" if raw else "0") if isinstance(raw, bool) else str(raw).strip()
    if code in rule.options:
        return code
    # A person who writes the word has said the same as one who picked the code.
    for key, word in rule.options.items():
        if word == code:
            return key
    raise ValueFault(_("请从这些里选一项：%(options)s。") % {"options": _("、").join(rule.options.values())})


def _bool(raw: object, _rule: _Rule) -> bool:
    answer = conditions.truth(raw)
    if answer is None:
        raise ValueFault(_("请回答“是”或“否”。"))
    return answer


def _number(raw: object, rule: _Rule) -> Decimal:
    typed = unicodedata.normalize("NFKC", raw) if isinstance(raw, str) else raw
    value = conditions.number(typed)
    if value is None or abs(value.adjusted()) > MAX_DIGITS or len(value.as_tuple().digits) > MAX_DIGITS:
        raise ValueFault(_("请填数字，不带单位，最多 %(digits)d 位。") % {"digits": MAX_DIGITS})
    lowest = Decimal(0) if rule.minimum is None else rule.minimum
    if value < lowest:
        raise ValueFault(_("不能小于 %(limit)s。请核对。") % {"limit": lowest})
    if rule.maximum is not None and value > rule.maximum:
        raise ValueFault(_("不能大于 %(limit)s。请核对。") % {"limit": rule.maximum})
    return value


def _int(raw: object, rule: _Rule) -> int:
    value = _number(raw, rule)
    if value != value.to_integral_value():
        raise ValueFault(_("请填整数。"))
    return int(value)


def _decimal(raw: object, rule: _Rule) -> int | float:
    value = _number(raw, rule)
    return int(value) if value == value.to_integral_value() else float(value)


def _day(raw: object) -> date:
    if isinstance(raw, date):
        return raw if type(raw) is date else date(raw.year, raw.month, raw.day)
    parts = _DATE.fullmatch(unicodedata.normalize("NFKC", raw).strip()) if isinstance(raw, str) else None
    try:
        day = date(*(int(part) for part in parts.groups())) if parts else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueFault(_("请按年-月-日填写日期，如 2026-03-01。"))
    return day


def _date(raw: object, _rule: _Rule) -> str:
    return _day(raw).isoformat()


def _daterange(raw: object, _rule: _Rule) -> dict[str, str]:
    if isinstance(raw, Mapping):
        ends: Sequence[object] = (raw.get("start"), raw.get("end"))
    elif isinstance(raw, str):
        ends = re.split(r"\s*(?:/|至|~|—)\s*", raw.strip())
    else:
        ends = raw if isinstance(raw, list | tuple) else ()
    if len(ends) != 2:
        raise ValueFault(_("请填写起止两个日期，如 2026-03-01/2026-04-30。"))
    start, end = _day(ends[0]), _day(ends[1])
    if end < start:
        raise ValueFault(_("止期早于起期。请核对两个日期。"))
    return {"start": start.isoformat(), "end": end.isoformat()}


def _lonlat(raw: object, _rule: _Rule) -> list[float]:
    if isinstance(raw, Mapping):
        parts: Sequence[object] = (raw.get("lon"), raw.get("lat"))
    elif isinstance(raw, str):
        parts = re.split(r"[,，;\s]+", raw.strip().strip("[]()（）"))
    else:
        parts = raw if isinstance(raw, list | tuple) else ()
    numbers = [conditions.number(part) for part in parts]
    if len(numbers) == 2 and numbers[0] is not None and numbers[1] is not None:
        lon, lat = float(numbers[0]), float(numbers[1])
        if -180 <= lon <= 180 and -90 <= lat <= 90:
            return [lon, lat]
    raise ValueFault(_("请填写经度和纬度（十进制度），经度在前，如 113.52, 22.27。"))


def _geometry(raw: object, _rule: _Rule) -> dict[str, Any]:
    try:
        return geojson.geometry(_parsed(raw))
    except geojson.NotGeoJson as fault:
        raise ValueFault(fault.message) from fault


def _table(raw: object, rule: _Rule) -> list[dict[str, Any]] | None:
    rows = _parsed(raw)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ValueFault(_("请按表格逐行填写。"))
    if len(rows) > MAX_ROWS:
        raise ValueFault(_("最多 %(limit)d 行。其余请作为材料上传。") % {"limit": MAX_ROWS})
    filled = [
        (number, row)
        for number, row in enumerate(rows, start=1)
        if not all(conditions.is_unknown(value) for value in row.values())
    ]
    # a line nobody filled in is no line
    return [_row(number, row, rule) for number, row in filled] or None


def _row(number: int, row: Mapping[str, object], rule: _Rule) -> dict[str, Any]:
    strange = set(row) - {column.id for column in rule.columns}
    if strange:
        raise ValueFault(
            _("第 %(row)d 行有这张表没有的列：%(columns)s。")
            % {"row": number, "columns": _("、").join(sorted(strange))}
        )
    cleaned: dict[str, Any] = {}
    for column in rule.columns:
        options = rule.code_lists.get(column.codes, {}) if column.codes else {}
        try:
            value = _clean(column.type, row.get(column.id), _Rule(column.label, options, rule.code_lists))
            if value is None and column.required:
                raise ValueFault(_("请填写。"))
        except ValueFault as fault:
            raise ValueFault(
                _("第 %(row)d 行“%(column)s”：%(fault)s")
                % {"row": number, "column": column.label, "fault": fault.message}
            ) from fault
        if value is not None:
            cleaned[column.id] = value
    return cleaned


def _parsed(raw: object) -> object:
    if not isinstance(raw, str):
        return raw
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


_CLEANERS: Mapping[str, Callable[[object, _Rule], Any]] = {
    "text": _text,
    "person": _person,
    "mobile": _mobile,
    "uscc": _uscc,
    "code": _code,
    "code_list": _code_list,
    "enum": _enum,
    "bool": _bool,
    "int": _int,
    "decimal": _decimal,
    "date": _date,
    "daterange": _daterange,
    "lonlat": _lonlat,
    "geometry": _geometry,
    "table": _table,
}
#: every type a field of the pack may have
TYPES = frozenset(_CLEANERS)
