"""Build the frozen catalogue from the checked documents of a pack. Pure: the documents go in, definitions come out.

The documents were checked when they were loaded, so a missing key here is a fault of the program, not of the pack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeVar

from projects.catalogue import definitions as d

Doc = Mapping[str, Any]
T = TypeVar("T")

_UNITS = {"workday": d.Unit.WORKING, "calendar": d.Unit.CALENDAR}


def compile_catalogue(*, version_id: int, number: int, documents: Mapping[str, Doc]) -> d.Catalogue:
    """Build all definitions of one version from its documents (name of the file without .yaml -> content)."""
    city, flows, items, form = documents["city"], documents["flows"], documents["items"], documents["form"]
    enums = items["enums"]
    return d.Catalogue(
        version_id=version_id,
        number=number,
        city=city["name"],
        profile=city["profile"],
        departments=_by_id(documents["departments"]["departments"], _department),
        regions=MappingProxyType({row["code"]: row["name"] for row in city["regions"]}),
        stages=_frozen({row["id"]: _stage(row, sort) for sort, row in enumerate(flows["stages"])}),
        items=_frozen({row["id"]: _item(row, sort, items) for sort, row in enumerate(items["items"])}),
        flows=_by_id(flows["flows"], _flow),
        packages=_by_id(flows["packages"], _package),
        materials=_by_id(documents["materials"]["materials"], _material(documents["materials"])),
        results=_frozen({row["item"]: _result(row, documents["results"]) for row in documents["results"]["results"]}),
        serial_digits=documents["results"]["serial_digits"],
        conditions=_frozen({key: condition(key, row) for key, row in items["conditions"].items()}),
        forms=_by_id(form["forms"], _form),
        fields=_fields(form),
        code_lists=MappingProxyType({key: MappingProxyType(dict(row)) for key, row in form["code_lists"].items()}),
        joint=_by_id(documents["joint"]["kinds"], _joint),
        labels=MappingProxyType(
            {
                "item_type": MappingProxyType(dict(enums["type"])),
                "commitment": MappingProxyType(dict(enums["commitment"])),
                "special_procedure": MappingProxyType(
                    {row["id"]: row["name"] for row in documents["clock"]["special_procedures"]}
                ),
                "material_source": MappingProxyType(dict(documents["materials"]["enums"]["source"])),
            }
        ),
    )


def condition(key: str, row: Doc) -> d.ConditionDef:
    """Build one condition; a flow's own condition has no kind and is read from fields."""
    return d.ConditionDef(
        id=key,
        label=row.get("label", key),
        kind=d.ConditionKind(row.get("kind", "field")),
        all=_clauses(row.get("all")),
        any=_clauses(row.get("any")),
        intersects=tuple(row.get("intersects") or ()),
    )


def _frozen(rows: dict[str, T]) -> Mapping[str, T]:
    return MappingProxyType(rows)


def _by_id(rows: Iterable[Doc], build: Callable[[Doc], T]) -> Mapping[str, T]:
    return MappingProxyType({row["id"]: build(row) for row in rows})


def _clause(row: Doc) -> d.Clause:
    value = row["value"]
    return d.Clause(field=row["field"], op=row["op"], value=tuple(value) if isinstance(value, list) else value)


def _clauses(rows: Iterable[Doc] | None) -> tuple[d.Clause, ...]:
    return tuple(_clause(row) for row in rows or ())


def _department(row: Doc) -> d.DepartmentDef:
    return d.DepartmentDef(
        id=row["id"],
        name=row["name"],
        short=row["short"],
        kind=row["kind"],
        number_word=row.get("number_word") or row["short"],
    )


def _stage(row: Doc, sort: int) -> d.StageDef:
    return d.StageDef(id=row["id"], name=row["name"], lead=row["lead"], standard_no=row["standard_no"], sort=sort)


def _item(row: Doc, sort: int, document: Doc) -> d.ItemDef:
    points = row.get("check_points") or document.get("check_points", {}).get(row["type"], ())
    return d.ItemDef(
        id=row["id"],
        name=row["name"],
        stage=row["stage"],
        stream=row["stream"],
        department=row["dept"],
        type=row["type"],
        category=d.Category(row["category"]),
        statutory_days=row["statutory_days"],
        promised_days=row["promised_days"],
        unit=_UNITS[row["statutory_unit"]],
        prereq=tuple(row["prereq"]),
        soft_prereq=tuple(row["soft_prereq"]),
        data_from=tuple(row["data_from"]),
        materials=tuple(row["materials"]),
        tolerable=tuple(row["tolerable_materials"]),
        result=d.ItemResult(name=row["result"]["name"], material_id=row["result"]["material_id"]),
        applies_when=row["applies_when"],
        milestone=row["milestone"],
        latest_stage=row["latest_stage"],
        legal_basis=row["legal_basis"],
        commitment=row["commitment"],
        tolerance=row["tolerance"],
        special_procedures=tuple(row["special_procedures"]),
        fee=row.get("fee"),
        check_points=tuple(d.CheckPoint(id=point["id"], label=point["label"]) for point in points),
        sort=sort,
    )


def _flow(row: Doc) -> d.FlowDef:
    return d.FlowDef(
        id=row["id"],
        name=row["name"],
        hint=row["hint"],
        national_flow_type=row["national_flow_type"],
        priority=row["priority"],
        condition=condition(row["id"], {"label": row["name"], **row["condition"]}),
        stages=_frozen({stage["stage"]: _flow_stage(stage) for stage in row["stages"]}),
        parallel=tuple(row["parallel"]),
        promised_override=MappingProxyType(dict(row["promised_override"])),
        limit_variants=tuple(
            d.LimitVariant(stage=variant["stage"], when=_clause(variant["when"]), limit_days=variant["limit_days"])
            for variant in row["limit_variants"]
        ),
        total_limit_days=row["total_limit_days"],
    )


def _flow_stage(row: Doc) -> d.FlowStageDef:
    return d.FlowStageDef(
        stage=row["stage"],
        name=row["name"],
        lead=row["lead"],
        limit_days=row["limit_days"],
        items=tuple(row["items"]),
        release=row.get("release", "at_once"),
        milestones=row.get("milestones", "all"),
    )


def _package(row: Doc) -> d.PackageDef:
    return d.PackageDef(
        id=row["id"],
        name=row["name"],
        base=row["base"],
        condition=condition(row["id"], {"label": row["name"], **row["condition"]}),
        remove=tuple(row["remove"]),
        add=tuple(row["add"]),
        total_limit_days=row["total_limit_days"],
    )


def _material(document: Doc) -> Callable[[Doc], d.MaterialDef]:
    """Give the builder of materials that knows the file rules of their source."""
    rules = document["file_rules"]

    def build(row: Doc) -> d.MaterialDef:
        rule = {**rules[row["source"]], **(row.get("files") or {})}
        return d.MaterialDef(
            id=row["id"],
            name=row["name"],
            source=row["source"],
            reusable=row["reusable"],
            produced_by=row["produced_by"],
            e_cert=row["e_cert"],
            tolerable=row["tolerable"],
            correction_days=row["default_correction_days"],
            formats=tuple(rule["formats"]),
            max_bytes=rule["max_mb"] * 1024 * 1024,
            note=row["note"] or "",
        )

    return build


def _result(row: Doc, document: Doc) -> d.ResultDef:
    kind = d.ResultKind(row["kind"])
    return d.ResultDef(
        item=row["item"],
        kind=kind,
        title=row["title"],
        material_id=row["material_id"],
        validity_days=row.get("validity_days"),
        number_series=row.get("number_series") or document["default_number_series"],
        # versions loaded before refusals had a series of their own signed them with this letter
        refusal_series=document.get("refusal_number_series") or f"N{document['default_number_series']}",
        serial_digits=row.get("serial_digits") or document["serial_digits"],
        template=row.get("template") or document["templates"][kind.value],
        attributes=tuple(
            d.ResultAttribute(
                id=value["id"],
                label=value["label"],
                type=value["type"],
                unit=value.get("unit"),
                limits=d.FieldLimit(**value["limits"]) if "limits" in value else None,
            )
            for value in row.get("attributes") or ()
        ),
    )


def _form(row: Doc) -> d.FormDef:
    return d.FormDef(
        id=row["id"], stage=row["stage"], name=row["name"], fields=tuple(field["id"] for field in row["fields"])
    )


def _fields(document: Doc) -> Mapping[str, d.FieldDef]:
    fields: dict[str, d.FieldDef] = {}
    for form in document["forms"]:
        for row in form["fields"]:
            fields[row["id"]] = _field(row, form, sort=len(fields))
    return MappingProxyType(fields)


def _field(row: Doc, form: Doc, *, sort: int) -> d.FieldDef:
    origin = row.get("from")
    plotted = row.get("map")
    return d.FieldDef(
        id=row["id"],
        label=row["label"],
        type=row["type"],
        unit=row.get("unit"),
        required=row["required"],
        source=row["source"],
        codes=row.get("codes"),
        columns=tuple(_column(column) for column in row.get("columns") or ()),
        needed_by=tuple(row["needed_by"]),
        note=row.get("note") or "",
        national_field=row.get("national_field"),
        stage=form["stage"],
        form=form["id"],
        from_result=d.FromResult(item=origin["item"], attribute=origin["attribute"]) if origin else None,
        from_map=(
            d.FromMap(gives=d.MapGives(plotted["gives"]), layers=tuple(plotted.get("layers") or ()))
            if plotted
            else None
        ),
        minimum=_decimal(row.get("min")),
        maximum=_decimal(row.get("max")),
        sort=sort,
    )


def _column(row: Doc) -> d.ColumnDef:
    return d.ColumnDef(
        id=row["id"],
        label=row["label"],
        type=row["type"],
        unit=row.get("unit"),
        required=row.get("required", False),
        codes=row.get("codes"),
    )


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _joint(row: Doc) -> d.JointDef:
    return d.JointDef(
        id=row["id"],
        name=row["name"],
        # versions loaded before there were two forms told only of meetings
        form=d.JointForm(row.get("form", d.JointForm.SESSION)),
        document=row["document"],
        number_word=row.get("number_word", ""),
        lead=row["lead"],
        participants=tuple(row["participants"]),
        items=tuple(row["items"]),
        days=row["days"],
        opinion_days=row["opinion_days"],
        silence=row["silence"],
        rounds=row["rounds"],
        special_procedure=row.get("special_procedure"),
        results=tuple(d.JointResult(id=result["id"], name=result["name"]) for result in row.get("results", ())),
    )
