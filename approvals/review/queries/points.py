"""What a reviewer checks: the points of the item, and declared figures beside what earlier results allow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from approvals.review.models import Case, Decision, PointCheck
from approvals.review.queries.cases import draws_on
from approvals.review.queries.picture import lineage_results
from approvals.review.states import PointVerdict
from projects.catalogue.definitions import Catalogue, FieldDef, FieldLimit, ItemDef

SHAPES = {PointVerdict.FIT: "done", PointVerdict.UNFIT: "due", PointVerdict.NONE: "off"}
SIGNS = {"le": "≤", "ge": "≥", "eq": "="}


@dataclass(frozen=True, slots=True)
class Point:
    """One check point with what was said of it last."""

    id: str
    label: str
    verdict: str
    remark: str

    @property
    def shape(self) -> str:
        return SHAPES[PointVerdict(self.verdict)] if self.verdict else "wait"

    @property
    def words(self) -> str:
        return str(PointVerdict(self.verdict).label) if self.verdict else ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A declared figure beside the value that bounds it."""

    label: str
    unit: str
    sign: str
    limit: Decimal
    declared: Decimal
    #: title and number of the result that bounds it
    source: str
    number: str

    @property
    def fits(self) -> bool:
        if self.sign == SIGNS["le"]:
            return self.declared <= self.limit
        if self.sign == SIGNS["ge"]:
            return self.declared >= self.limit
        return self.declared == self.limit

    @property
    def gap(self) -> Decimal:
        return abs(self.declared - self.limit)


def points(case: Case, item: ItemDef) -> tuple[Point, ...]:
    """Return the check points of an item in the order of the pack, each with its newest answer; one statement.

    What a handler ticked before a return stands until he ticks it anew.
    """
    marks = {mark.point: mark for mark in PointCheck.objects.filter(task__case=case).order_by("task_id", "pk")}
    return tuple(
        Point(
            id=point.id,
            label=point.label,
            verdict=marks[point.id].verdict if point.id in marks else "",
            remark=marks[point.id].remark if point.id in marks else "",
        )
        for point in item.check_points
    )


def indicators(
    case: Case, catalogue: Catalogue, item: ItemDef, *, declared: Mapping[str, Any]
) -> tuple[Indicator, ...]:
    """Return the figures of the form that earlier results bound, the newest result of each item counting.

    :param declared: field id -> value, of the fields this item has a reason to see
    """
    bounded = {
        code: [(attribute, attribute.limits) for attribute in catalogue.results[code].attributes if attribute.limits]
        for code in draws_on(catalogue, item)
        if code in catalogue.results
    }
    wanted = {
        code: limits for code, limits in bounded.items() if any(limit.field in declared for _attribute, limit in limits)
    }
    if not wanted:
        return ()
    unit = case.application.unit.code if case.application.unit else ""
    newest = {
        decision.case.service_item.code: decision for decision in lineage_results(case.project, items=wanted, unit=unit)
    }
    found = [
        _indicator(decision, decision.attributes.get(attribute.id), limit, catalogue, declared)
        for code, limits in wanted.items()
        for decision in _given(newest, code)
        for attribute, limit in limits
    ]
    return tuple(row for row in found if row is not None)


def _given(newest: Mapping[str, Decision], code: str) -> Iterable[Decision]:
    return (newest[code],) if code in newest else ()


def _indicator(
    decision: Decision, value: Any, limit: FieldLimit, catalogue: Catalogue, declared: Mapping[str, Any]
) -> Indicator | None:
    bound, given = _number(value), _number(declared.get(limit.field))
    if bound is None or given is None:
        return None
    field: FieldDef = catalogue.fields[limit.field]
    return Indicator(
        label=field.label.split("（", 1)[0],
        unit=field.unit or "",
        sign=SIGNS[limit.op],
        limit=bound,
        declared=given,
        source=decision.title,
        number=decision.number,
    )


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
