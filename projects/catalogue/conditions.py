"""The closed grammar of conditions: eq ne in le ge lt gt under `all` and `any`. Pure.

An answer is True, False or None. None means undetermined: a fact is missing that could still turn the answer.
Every answer carries its reason in words, because people must be able to object to it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from projects.catalogue.definitions import Catalogue, Clause, ConditionDef, ConditionKind, FieldDef

Facts = Mapping[str, object]

OPS = ("eq", "ne", "in", "le", "ge", "lt", "gt")

_ORDERED: dict[str, tuple[Callable[[Decimal, Decimal], bool], str, str]] = {
    # op: comparison, sign when it holds, sign when it does not
    "le": (operator.le, "≤", ">"),
    "lt": (operator.lt, "<", "≥"),
    "ge": (operator.ge, "≥", "<"),
    "gt": (operator.gt, ">", "≤"),
}
_TRUE = frozenset({"true", "1", "yes", "是"})
_FALSE = frozenset({"false", "0", "no", "否"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a condition with its reason and the fact ids that are missing for an answer."""

    value: bool | None
    reason: str
    unknown: tuple[str, ...] = ()

    @property
    def is_undetermined(self) -> bool:
        """Tell whether facts are missing that could still turn the answer."""
        return self.value is None


def judge(catalogue: Catalogue, condition: ConditionDef | str, facts: Facts) -> Verdict:
    """Answer a condition for a project's facts (field id -> value).

    A map condition is answered by the fact `map.<condition>`, which the blueprint writes; without it, like a
    declared one, by `declare.<condition>`.
    :raises KeyError: the catalogue has no condition of that id
    """
    definition = catalogue.conditions[condition] if isinstance(condition, str) else condition
    if definition.kind == ConditionKind.ALWAYS:
        return Verdict(True, _("所有项目都要办"))
    if definition.kind == ConditionKind.FIELD:
        return _judge_clauses(catalogue, definition, facts)
    return _judge_answer(definition, facts)


def judge_item(catalogue: Catalogue, item: str, facts: Facts) -> Verdict:
    """Answer whether an item applies to a project with these facts."""
    return judge(catalogue, catalogue.condition_of(item), facts)


def holds(catalogue: Catalogue, clause: Clause, facts: Facts) -> Verdict:
    """Answer one clause."""
    field = catalogue.fields[clause.field]
    raw = facts.get(clause.field)
    if is_unknown(raw):
        return Verdict(None, _("尚未填写%(field)s") % {"field": _subject(field)}, (field.id,))
    if clause.op in _ORDERED:
        return _compare(field, clause, raw)
    wanted = clause.value if isinstance(clause.value, list | tuple) else (clause.value,)
    met = any(same(raw, value) for value in wanted)
    if clause.op == "ne":
        met = not met
    sentence = _("%(field)s：%(value)s") if field.type == "bool" else _("%(field)s为%(value)s")
    return Verdict(met, sentence % {"field": _subject(field), "value": word(catalogue, field, raw)})


def is_unknown(value: object) -> bool:
    """Tell whether a fact is missing: nothing, or an empty text."""
    return value is None or (isinstance(value, str) and not value.strip())


def truth(value: object) -> bool | None:
    """Read a yes/no fact; None when it is neither."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    return True if text in _TRUE else False if text in _FALSE else None


def number(value: object) -> Decimal | None:
    """Read a number from a fact; thousands separators are tolerated; None when it is not a finite number."""
    if isinstance(value, bool):
        return None
    try:
        result = Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        return None
    return result if result.is_finite() else None


def same(actual: object, wanted: object) -> bool:
    """Compare a fact with a value of the pack by meaning, not by type: '1' is true for a yes/no question."""
    if isinstance(wanted, bool):
        return truth(actual) is wanted
    if isinstance(actual, bool):
        return truth(wanted) is actual
    if isinstance(wanted, int | float | Decimal):
        return number(actual) == number(wanted)
    return str(actual).strip() == str(wanted)


def word(catalogue: Catalogue, field: FieldDef, value: object) -> str:
    """Write a fact as people read it: the word of its code, a number with its unit, 是 or 否."""
    options = catalogue.options(field.codes)
    code = ("1" if value else "0") if isinstance(value, bool) else str(value).strip()
    if code in options:
        return str(options[code])
    if field.type == "bool":
        return _("是") if truth(value) else _("否")
    return measured(code, kind=field.type, unit=field.unit)


def measured(value: object, *, kind: str, unit: str | None) -> str:
    """Write a value of the pack: a number with thousands and its unit, anything else as it is.

    :param kind: type of the field or attribute
    """
    amount = number(value) if kind in ("int", "decimal") else None
    if amount is None:
        return str(value).strip()
    return f"{_grouped(amount)} {unit}" if unit else _grouped(amount)


def _judge_clauses(catalogue: Catalogue, condition: ConditionDef, facts: Facts) -> Verdict:
    parts = []
    if condition.all:
        parts.append(_every([holds(catalogue, clause, facts) for clause in condition.all]))
    if condition.any:
        parts.append(_some([holds(catalogue, clause, facts) for clause in condition.any]))
    return _every(parts) if parts else Verdict(True, _("所有项目都要办"))


def _judge_answer(condition: ConditionDef, facts: Facts) -> Verdict:
    if condition.kind == ConditionKind.MAP:
        found = facts.get(condition.map_fact)
        mapped = None if is_unknown(found) else truth(found)
        if mapped is not None:
            reason = _("红线核查：%(label)s") if mapped else _("红线核查：不属于“%(label)s”")
            return Verdict(mapped, reason % {"label": condition.label})
    given = facts.get(condition.declare_field)
    declared = None if is_unknown(given) else truth(given)
    if declared is None:
        return Verdict(None, _("尚未回答是否“%(label)s”") % {"label": condition.label}, (condition.declare_field,))
    reason = _("申请人声明：%(label)s") if declared else _("申请人声明：不属于“%(label)s”")
    return Verdict(declared, reason % {"label": condition.label})


def _every(verdicts: list[Verdict]) -> Verdict:
    """Join by and: one False decides even when others are unknown."""
    failed = [verdict for verdict in verdicts if verdict.value is False]
    if failed:
        return Verdict(False, _reasons(failed))
    open_ones = [verdict for verdict in verdicts if verdict.value is None]
    if open_ones:
        return Verdict(None, _reasons(open_ones), _unknown(open_ones))
    return Verdict(True, _reasons(verdicts))


def _some(verdicts: list[Verdict]) -> Verdict:
    """Join by or: one True decides even when others are unknown."""
    met = [verdict for verdict in verdicts if verdict.value is True]
    if met:
        return Verdict(True, _reasons(met))
    open_ones = [verdict for verdict in verdicts if verdict.value is None]
    if open_ones:
        return Verdict(None, _reasons(open_ones), _unknown(open_ones))
    return Verdict(False, _reasons(verdicts))


def _reasons(verdicts: Iterable[Verdict]) -> str:
    return _("，").join(dict.fromkeys(verdict.reason for verdict in verdicts))


def _unknown(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact for verdict in verdicts for fact in verdict.unknown))


def _compare(field: FieldDef, clause: Clause, raw: object) -> Verdict:
    actual, limit = number(raw), number(clause.value)
    if actual is None or limit is None:
        return Verdict(None, _("%(field)s不是数字") % {"field": _subject(field)}, (field.id,))
    comparison, sign, opposite = _ORDERED[clause.op]
    met = comparison(actual, limit)
    amount = f"{_grouped(actual)} {field.unit}" if field.unit else _grouped(actual)
    return Verdict(met, f"{_subject(field)} {amount} {sign if met else opposite} {_grouped(limit)}")


def _subject(field: FieldDef) -> str:
    """Drop the remark in brackets, which explains the field and not the reason."""
    return field.label.split("（", 1)[0] or field.label


def _grouped(value: Decimal) -> str:
    """Write a number with thousands commas and without trailing zeros: 7,200 and 23.5."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
