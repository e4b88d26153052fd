"""What a certificate says, built from the pack and the decision. Reads, never writes."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from approvals.applications.models import Answer
from approvals.certificates.states import ResultKind
from approvals.review.models import Decision
from approvals.review.states import Outcome
from portal.core import clock
from projects.catalogue import queries as catalogues
from projects.catalogue.conditions import word
from projects.catalogue.definitions import Catalogue, FieldDef, ResultAttribute, ResultDef

#: kinds of fields that fit into one line of a certificate and name nobody
PRINTABLE = frozenset({"text", "int", "decimal", "enum", "code", "date", "bool"})
MOST_ROWS = 12
Row = tuple[str, str]


def result_of(decision: Decision) -> ResultDef:
    """Return what the pack says about the result of a decision's item."""
    case = decision.case
    return catalogues.catalogue(case.application.pack_version_id).results[case.service_item.code]


def kind_of(decision: Decision) -> ResultKind:
    """Return the kind of paper a decision gives."""
    if decision.outcome == Outcome.REJECTED:
        return ResultKind.REFUSAL
    return ResultKind(result_of(decision).kind.value)


def valid_until(decision: Decision) -> date | None:
    """Return the last day of validity: the pack's calendar days from the day of the decision; None = for ever."""
    days = result_of(decision).validity_days
    if decision.outcome == Outcome.REJECTED or days is None:
        return None
    return clock.day_of(decision.decided_at) + timedelta(days=days)


def rows(decision: Decision) -> list[Row]:
    """Return what is printed in the table, label and value, in the order of the paper; no personal data.

    A line that a correction has put right reads as corrected.
    """
    return [(label, decision.corrections.get(label, value)) for label, value in _rows(decision)]


def _rows(decision: Decision) -> list[Row]:
    case = decision.case
    project, unit = case.project, case.application.unit
    catalogue = catalogues.catalogue(case.application.pack_version_id)
    found: list[Row] = [
        (_("建设单位"), project.owner.name),
        (_("项目名称"), project.name),
        (_("项目代码"), project.code or ""),
    ]
    if unit is not None:
        found.append((_("工程代码"), unit.code))
    found.append((_("建设地点"), catalogue.regions.get(project.region, project.region)))
    if decision.outcome == Outcome.REJECTED:
        return [*found, (_("申请事项"), case.service_item.name), (_("受理编号"), case.application.number or "")]
    result = catalogue.results[case.service_item.code]
    found.extend(_attribute_rows(result, decision.attributes))
    known = {label for label, _value in found}
    for row in _answer_rows(catalogue, decision, skip={attribute.id for attribute in result.attributes}):
        if len(found) < MOST_ROWS and row[0] not in known:
            found.append(row)
    until = valid_until(decision)
    if until is not None:
        found.append((_("有效期至"), chinese_day(until)))
    return found


def sentence(decision: Decision) -> str:
    """Return the legal sentence above the table; only a permit speaks of permitting."""
    case = decision.case
    item = catalogues.catalogue(case.application.pack_version_id).items[case.service_item.code]
    basis = _basis(item.legal_basis)
    kind = kind_of(decision)
    if kind == ResultKind.REFUSAL:
        return _("你单位申请办理的“%(item)s”，经审查，不符合规定的条件，依照%(basis)s，决定不予办理。") % {
            "item": item.name,
            "basis": basis,
        }
    patterns = {
        ResultKind.CERTIFICATE: _("根据%(basis)s，经审核，本项目符合规定的条件，颁发此证。"),
        ResultKind.LETTER: _("根据%(basis)s，经研究，现函告意见如下。本函不代替任何许可。"),
        ResultKind.DOCUMENT: _("根据%(basis)s，经审查，现就本项目出具如下意见。"),
        ResultKind.RECEIPT: _("你单位提交的材料已收悉。根据%(basis)s，予以登记，特此回执。"),
    }
    return patterns[kind] % {"basis": basis}


def chinese_day(day: date) -> str:
    """Write a day as documents do: 2026年4月16日."""
    return _("%(year)d年%(month)d月%(day)d日") % {"year": day.year, "month": day.month, "day": day.day}


def _basis(text: str) -> str:
    laws = [part.strip() for part in text.replace(";", "；").split("；") if part.strip()]
    joined = _("、").join(_quoted(law) for law in laws[:3])
    return _("%(laws)s和国家有关规定") % {"laws": joined} if joined else _("国家有关规定")


def _quoted(law: str) -> str:
    """Put the name of a law into its brackets and leave the article outside: 《土地管理法》第54条."""
    if law.startswith("《") or "〔" in law:
        return law
    name, mark, article = law.partition("第")
    if mark and name:
        return f"《{name}》第{article}"
    return f"《{law}》"


def _attribute_rows(result: ResultDef, values: Mapping[str, Any]) -> Iterator[Row]:
    for attribute in result.attributes:
        value = values.get(attribute.id)
        if value not in (None, ""):
            yield attribute.label, _measured(value, attribute)


def _measured(value: Any, attribute: ResultAttribute) -> str:
    text = _grouped(value) if attribute.type in ("int", "decimal") else str(value)
    return f"{text} {attribute.unit}" if attribute.unit else text


def _grouped(value: Any) -> str:
    try:
        return f"{float(value):,.2f}"
    except (TypeError, ValueError):
        return str(value)


def _answer_rows(catalogue: Catalogue, decision: Decision, *, skip: set[str]) -> Iterator[Row]:
    """Yield what the application says in fields that this item, by name, needs."""
    wanted = [
        field
        for field in catalogue.fields.values()
        if decision.case.service_item.code in field.needed_by and field.id not in skip and _is_printable(field)
    ]
    answers = dict(
        Answer.objects.filter(
            application_id=decision.case.application_id, field__in=[field.id for field in wanted]
        ).values_list("field", "value")
    )
    for field in wanted:
        value = answers.get(field.id)
        if value not in (None, "", []):
            yield field.label.split("（", 1)[0], word(catalogue, field, value)


def _is_printable(field: FieldDef) -> bool:
    return field.type in PRINTABLE and not field.columns
