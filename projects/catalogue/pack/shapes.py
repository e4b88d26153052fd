"""What the catalogue's files look like."""

from portal.citypack.shapes import (
    IDENT,
    NOTE,
    VERSION,
    WORD,
    Either,
    Flag,
    ListOf,
    Maybe,
    Number,
    Record,
    Shape,
    Table,
    Text,
)
from projects.catalogue.conditions import OPS
from projects.catalogue.definitions import Category, ConditionKind, MapGives, ResultKind

ITEM_ID = Text(pattern=r"S\d-\d{2,3}", hint="S + 阶段 + - + 序号")
STAGE_ID = Text(pattern=r"S\d|P", hint="S0-S9, P")
MATERIAL_ID = Text(pattern=r"[mr]_[a-z0-9_]{1,36}", hint="m_… / r_…")
FIELD_TYPES = (
    "text",
    "int",
    "decimal",
    "bool",
    "date",
    "daterange",
    "enum",
    "code",
    "code_list",
    "uscc",
    "person",
    "mobile",
    "lonlat",
    "geometry",
    "table",
)
COLUMN_TYPES = ("text", "int", "decimal", "bool", "date", "enum", "person", "mobile")
SOURCES = ("registry", "e_cert", "prior_result", "map", "system", "third_party", "applicant")
MATERIAL_SOURCES = ("applicant", "e_cert", "prior_result", "third_party", "system")
FORMATS = ("pdf", "ofd", "jpg", "png", "dwg", "dxf", "zip", "docx", "xlsx", "txt", "geojson")
ITEM_TYPES = (
    "permit",
    "other_power",
    "filing",
    "assessment",
    "tech_review",
    "utility",
    "public",
    "confirm",
    "coordination",
    "fee",
    "supervision",
)

_DAYS = Number(0, 365)
_ITEM_IDS = ListOf(ITEM_ID, unique="")
_VALUE = Either((WORD, Number(fraction=True), Flag(), ListOf(WORD, least=1)), "文字、数字、true/false 或文字列表")
_CLAUSE = Record({"field": IDENT, "op": Text(choices=OPS), "value": _VALUE})
_CLAUSES = ListOf(_CLAUSE, least=1)
_FIELDS_CONDITION = Record({}, {"all": _CLAUSES, "any": _CLAUSES})

_CHECK_POINTS = ListOf(Record({"id": IDENT, "label": WORD}), unique="id", least=1)
_ITEM = Record(
    {
        "id": ITEM_ID,
        "name": WORD,
        "basic_code": Maybe(Text(pattern=r"[0-9A-Z]{10,40}", hint="10-40 位")),
        "stage": STAGE_ID,
        "stream": Text(choices=("main", "parallel")),
        "dept": IDENT,
        "type": Text(choices=ITEM_TYPES),
        "category": Text(choices=tuple(Category)),
        "statutory_days": _DAYS,
        "promised_days": _DAYS,
        "statutory_unit": Text(choices=("workday", "calendar")),
        "prereq": _ITEM_IDS,
        "materials": ListOf(MATERIAL_ID, unique=""),
        "result": Record({"name": WORD, "material_id": MATERIAL_ID}),
        "commitment": Text(choices=("none", "partial", "full")),
        "tolerance": Flag(),
        "special_procedures": ListOf(IDENT, unique=""),
        "applies_when": IDENT,
        "milestone": Flag(),
        "legal_basis": WORD,
        "verify": Flag(),
        "latest_stage": STAGE_ID,
        "data_from": _ITEM_IDS,
        "soft_prereq": _ITEM_IDS,
        "tolerable_materials": ListOf(MATERIAL_ID, unique=""),
    },
    {"fee": WORD, "check_points": _CHECK_POINTS},
)
ITEMS = Record(
    {
        "version": VERSION,
        "condition_kinds": Table(WORD),
        "enums": Record(
            {
                "type": Table(WORD, least=1),
                "category": Table(WORD, least=1),
                "commitment": Table(WORD, least=1),
                "special": Table(WORD, least=1),
            }
        ),
        "conditions": Table(
            Record(
                {"label": WORD, "kind": Text(choices=tuple(ConditionKind))},
                {
                    "all": _CLAUSES,
                    "any": _CLAUSES,
                    "intersects": ListOf(WORD, unique="", least=1),
                    "fallback": Text(choices=("declare",)),
                },
            ),
            key="[a-z][a-z0-9_]*",
            least=1,
        ),
        "items": ListOf(_ITEM, unique="id", least=1),
    },
    {"check_points": Table(_CHECK_POINTS)},
)

_FLOW_STAGE = Record(
    {
        "stage": STAGE_ID,
        "name": WORD,
        "lead": IDENT,
        "limit_days": _DAYS,
        "release": Text(choices=("at_once", "together")),
        "milestones": Text(choices=("all", "any")),
        "items": _ITEM_IDS,
    }
)
FLOWS = Record(
    {
        "version": VERSION,
        "stages": ListOf(
            Record({"id": STAGE_ID, "name": WORD, "lead": Maybe(IDENT), "standard_no": Number(0, 5)}),
            unique="id",
            least=2,
        ),
        "national_flow_types": Table(WORD, key=r"\d{1,2}", least=1),
        "selection_rule": WORD,
        "condition_ops": ListOf(Text(choices=OPS), unique=""),
        "flows": ListOf(
            Record(
                {
                    "id": IDENT,
                    "name": WORD,
                    "hint": WORD,
                    "national_flow_type": Number(1, 99),
                    "priority": Number(0, 1000),
                    "condition": _FIELDS_CONDITION,
                    "total_limit_days": Number(1, 3650),
                    "stages": ListOf(_FLOW_STAGE, unique="stage", least=1),
                    "parallel": _ITEM_IDS,
                    "promised_override": Table(_DAYS, key=r"S\d-\d{2,3}"),
                    "limit_variants": ListOf(
                        Record({"stage": STAGE_ID, "when": _CLAUSE, "limit_days": Number(1, 365)})
                    ),
                },
                {"note": NOTE, "alternative": ListOf(IDENT, unique="")},
            ),
            unique="id",
            least=1,
        ),
        "packages": ListOf(
            Record(
                {
                    "id": IDENT,
                    "name": WORD,
                    "base": IDENT,
                    "condition": _FIELDS_CONDITION,
                    "remove": _ITEM_IDS,
                    "add": _ITEM_IDS,
                    "total_limit_days": Number(1, 3650),
                },
                {"note": NOTE},
            ),
            unique="id",
        ),
    },
    {"package_rule": WORD, "counts": Record({}, {"flows": Number(0), "packages": Number(0)})},
)

_FILES: dict[str, Shape] = {"formats": ListOf(Text(choices=FORMATS), unique="", least=1), "max_mb": Number(1, 2048)}
MATERIALS = Record(
    {
        "version": VERSION,
        "enums": Record({"source": Table(WORD, least=len(MATERIAL_SOURCES))}),
        "file_rules": Record({source: Record(_FILES) for source in MATERIAL_SOURCES}),
        "materials": ListOf(
            Record(
                {
                    "id": MATERIAL_ID,
                    "name": WORD,
                    "source": Text(choices=MATERIAL_SOURCES),
                    "reusable": Flag(),
                    "produced_by": Maybe(ITEM_ID),
                    "e_cert": Maybe(WORD),
                    "note": NOTE,
                    "tolerable": Flag(),
                    "default_correction_days": _DAYS,
                },
                {"files": Record(_FILES)},
            ),
            unique="id",
            least=1,
        ),
    }
)

_KIND = Text(choices=tuple(ResultKind))
RESULTS = Record(
    {
        "version": VERSION,
        "kinds": Record({kind.value: WORD for kind in ResultKind}),
        "default_number_series": WORD,
        "serial_digits": Number(1, 12),
        "templates": Record({kind.value: IDENT for kind in ResultKind}),
        "results": ListOf(
            Record(
                {"item": ITEM_ID, "kind": _KIND, "title": WORD, "material_id": MATERIAL_ID},
                {
                    "validity_days": Number(1, 36500),
                    "number_series": WORD,
                    "serial_digits": Number(1, 12),
                    "template": IDENT,
                    "attributes": ListOf(
                        Record(
                            {"id": IDENT, "label": WORD, "type": Text(choices=("text", "int", "decimal", "date"))},
                            {
                                "unit": WORD,
                                "limits": Record({"field": IDENT, "op": Text(choices=("le", "ge", "eq"))}),
                            },
                        ),
                        unique="id",
                        least=1,
                    ),
                },
            ),
            unique="item",
        ),
    },
    {"refusal_number_series": WORD},
)

JOINT = Record(
    {
        "version": VERSION,
        "silence": Record({"agree": WORD, "remind": WORD}),
        "kinds": ListOf(
            Record(
                {
                    "id": IDENT,
                    "name": WORD,
                    "form": Text(choices=("opinion", "session")),
                    "document": WORD,
                    "number_word": WORD,
                    "lead": IDENT,
                    "participants": ListOf(WORD, unique="", least=1),
                    "items": _ITEM_IDS,
                    "days": Number(1, 365),
                    "opinion_days": Number(1, 365),
                    "silence": Text(choices=("agree", "remind")),
                    "rounds": Number(0, 9),
                    "special_procedure": Maybe(IDENT),
                },
                {"results": ListOf(Record({"id": IDENT, "name": WORD}), unique="id", least=1)},
            ),
            unique="id",
        ),
    }
)

_COLUMN = Record(
    {"id": IDENT, "label": WORD, "type": Text(choices=COLUMN_TYPES), "required": Flag()},
    {"unit": WORD, "codes": IDENT},
)
FORM = Record(
    {
        "version": VERSION,
        "code_lists": Table(Table(WORD, least=1), key="[a-z_]+"),
        "rules": ListOf(WORD),
        "forms": ListOf(
            Record(
                {
                    "id": IDENT,
                    "stage": Text(pattern=r"S\d|\*", hint="S1 / *"),
                    "name": WORD,
                    "fields": ListOf(
                        Record(
                            {
                                "id": IDENT,
                                "label": WORD,
                                "type": Text(choices=FIELD_TYPES),
                                "required": Flag(),
                                "source": Text(choices=SOURCES),
                                "needed_by": ListOf(WORD, unique="", least=1),
                            },
                            {
                                "unit": WORD,
                                "codes": IDENT,
                                "columns": ListOf(_COLUMN, unique="id", least=1),
                                "national_field": WORD,
                                "note": NOTE,
                                "from": Record({"item": ITEM_ID, "attribute": IDENT}),
                                "map": Record(
                                    {"gives": Text(choices=tuple(MapGives))},
                                    {"layers": ListOf(WORD, unique="", least=1)},
                                ),
                                "min": Number(fraction=True),
                                "max": Number(fraction=True),
                            },
                        ),
                        least=1,
                    ),
                }
            ),
            unique="id",
            least=1,
        ),
    }
)
