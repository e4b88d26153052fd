"""Cleaning one value: each type takes what people mean and refuses the rest with a sentence."""

import dataclasses
import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.catalogue import queries, values
from projects.catalogue.definitions import ColumnDef, FieldDef

LISTS = {"fund": {"gov": "政府投资", "social": "社会投资"}, "yesno": {"1": "是", "0": "否"}}
SQUARE = [[[113.5, 22.2], [113.6, 22.2], [113.6, 22.3], [113.5, 22.2]]]
PLAIN = FieldDef(
    id="x", label="某项", type="text", unit=None, required=False, source="applicant", codes=None, columns=(),
    needed_by=(), note="", national_field=None, stage="*", form="form_common", from_result=None, from_map=None,
    minimum=None, maximum=None, sort=0,
)  # fmt: skip


def field(kind, **more):
    return dataclasses.replace(PLAIN, type=kind, **more)


def clean(kind, raw, **more):
    return values.clean(field(kind, **more), raw, LISTS)


TAKEN = [
    ("text", "  山前一路 8 号 ", "山前一路 8 号", {}),
    ("text", "甲\r\n乙", "甲\n乙", {}),
    ("text", 12, "12", {}),
    ("person", " 欧阳  大路 ", "欧阳 大路", {}),
    ("person", "张三（粤1442020202100001）", "张三（粤1442020202100001）", {}),
    ("mobile", "12000000001", "12000000001", {}),
    ("mobile", "+86 138-0013-8000", "13800138000", {}),
    ("mobile", "１３８００１３８０００", "13800138000", {}),
    ("uscc", "91449902ma9a00010f", "91449902MA9A00010F", {}),
    ("uscc", "91449902 MA9A-00010F", "91449902MA9A00010F", {}),
    ("code", "p8331", "P8331", {"national_field": "GBHY"}),
    ("code", "47", "47", {"national_field": "GBHY"}),
    ("code", "449902", "449902", {"national_field": "JSDDXZQH"}),
    ("code", "0701.01", "0701.01", {}),
    ("code_list", "01，02 03", ["01", "02", "03"], {}),
    ("code_list", ["01", ""], ["01"], {}),
    ("enum", "gov", "gov", {"codes": "fund"}),
    ("enum", "社会投资", "social", {"codes": "fund"}),
    ("enum", True, "1", {"codes": "yesno"}),
    ("enum", 0, "0", {"codes": "yesno"}),
    ("bool", "是", True, {}),
    ("bool", 0, False, {}),
    ("bool", "false", False, {}),
    ("int", "1,200", 1200, {}),
    ("int", 3.0, 3, {}),
    ("decimal", "7,200.50", 7200.5, {}),
    ("decimal", "１２．５", 12.5, {}),
    ("decimal", Decimal("0.1"), 0.1, {}),
    ("decimal", 0, 0, {}),
    ("decimal", -3, -3, {"minimum": Decimal(-5)}),
    ("date", "2026-03-01", "2026-03-01", {}),
    ("date", "2026年3月1日", "2026-03-01", {}),
    ("date", "2026/3/1", "2026-03-01", {}),
    ("date", date(2026, 3, 1), "2026-03-01", {}),
    ("date", datetime(2026, 3, 1, 8), "2026-03-01", {}),  # noqa: DTZ001 a naive one has a day all the same
    ("daterange", "2026-03-01/2026-04-30", {"start": "2026-03-01", "end": "2026-04-30"}, {}),
    ("daterange", ["2026-03-01", "2026-03-01"], {"start": "2026-03-01", "end": "2026-03-01"}, {}),
    ("daterange", {"start": "2026-03-01", "end": "2026-04-30"}, {"start": "2026-03-01", "end": "2026-04-30"}, {}),
    ("lonlat", "113.52, 22.27", [113.52, 22.27], {}),
    ("lonlat", {"lon": 113.52, "lat": "22.27"}, [113.52, 22.27], {}),
    ("lonlat", [113.52, 22.27], [113.52, 22.27], {}),
    ("geometry", {"type": "Point", "coordinates": [1, 2]}, {"type": "Point", "coordinates": [1, 2]}, {}),
    (
        "geometry",
        json.dumps({"type": "Feature", "properties": {"n": 1}, "geometry": {"type": "Polygon", "coordinates": SQUARE}}),
        {"type": "Polygon", "coordinates": SQUARE},
        {},
    ),
    (
        "geometry",
        {"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2, 3]}},
            {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}},
        ]},
        {"type": "GeometryCollection", "geometries": [
            {"type": "Point", "coordinates": [1, 2, 3]}, {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
        ]},
        {},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw", "meant", "more"), TAKEN)
def test_takes_what_is_meant(kind, raw, meant, more):
    found = clean(kind, raw, **more)

    assert found == meant
    assert type(found) is type(meant)
    assert clean(kind, found, **more) == found, "a cleaned value stays what it is"
    assert clean(kind, values.as_text(field(kind, **more), found), **more) == found, "and survives its own input"


REFUSED = [
    ("text", "一" * 2001, {}), ("text", "a\0b", {}), ("text", "\ud800", {}), ("text", True, {}), ("text", ["a"], {}),
    ("person", "123", {}), ("person", "名" * 61, {}),
    ("mobile", "110", {}), ("mobile", "12100000001", {}), ("mobile", "138001380000", {}),
    ("uscc", "91449902MA9A00010G", {}), ("uscc", "91449902MA9A0001F", {}), ("uscc", 5, {}),
    ("code", "A8331", {"national_field": "GBHY"}), ("code", "99", {"national_field": "GBHY"}),
    ("code", "U12", {"national_field": "GBHY"}), ("code", "44990", {"national_field": "JSDDXZQH"}),
    ("code", "；drop", {}), ("code", "A" * 41, {}), ("code_list", 7, {}), ("code_list", "甲,乙", {}),
    ("enum", "lottery", {"codes": "fund"}), ("enum", ["gov"], {"codes": "fund"}),
    ("bool", "maybe", {}), ("bool", 2, {}),
    ("int", 1.5, {}), ("int", "三", {}),
    ("decimal", -1, {}), ("decimal", "NaN", {}), ("decimal", "Infinity", {}), ("decimal", "1e400", {}),
    ("decimal", "1234567890123456", {}), ("decimal", True, {}), ("decimal", 101, {"maximum": Decimal(100)}),
    ("decimal", {"a": 1}, {}), ("decimal", "12 平方米", {}),
    ("date", "2026-02-30", {}), ("date", "26-3-1", {}), ("date", 20260301, {}), ("date", "1900-01-01", {}),
    ("daterange", "2026-03-01", {}), ("daterange", "2026-04-30/2026-03-01", {}), ("daterange", {"start": "x"}, {}),
    ("lonlat", "113.52", {}), ("lonlat", "200, 22", {}), ("lonlat", "113, 91", {}), ("lonlat", ["a", "b"], {}),
    ("geometry", "这里", {}), ("geometry", "[" * 100_000, {}), ("geometry", {"type": "Circle"}, {}),
    ("geometry", {"type": "Polygon", "coordinates": [SQUARE[0][:-1]]}, {}),
    ("geometry", {"type": "Polygon", "coordinates": [[]]}, {}),
    ("geometry", {"type": "Point", "coordinates": ["1", 2]}, {}),
    ("geometry", {"type": "Point", "coordinates": [float("nan"), 2]}, {}),
    ("geometry", {"type": "Point", "coordinates": [True, 2]}, {}),
    ("geometry", {"type": "LineString", "coordinates": [[1, 2]]}, {}),
    ("geometry", {"type": "Feature", "geometry": {"type": "Feature"}}, {}),
    ("geometry", {"type": "FeatureCollection", "features": []}, {}),
    ("geometry", {"type": "MultiPoint", "coordinates": [[1, 2]] * 50_001}, {}),
    ("geometry", {"type": ["Point"], "coordinates": [1, 2]}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw", "more"), REFUSED)
def test_refuses_what_is_not_meant_and_says_what_to_do(kind, raw, more):
    with pytest.raises(values.ValueFault) as fault:
        clean(kind, raw, **more)

    assert len(fault.value.message) > 4


@pytest.mark.parametrize("kind", sorted(values.TYPES))
@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}])
def test_nothing_is_no_fault(kind, nothing):
    assert clean(kind, nothing) is None


COLUMNS = (
    ColumnDef(id="name", label="单体名称", type="text", unit=None, required=True, codes=None),
    ColumnDef(id="area", label="面积", type="decimal", unit="平方米", required=False, codes=None),
    ColumnDef(id="fund", label="来源", type="enum", unit=None, required=False, codes="fund"),
)


def test_cleans_a_table_by_its_columns():
    rows = [
        {"name": " 1#楼 ", "area": "1,200", "fund": "政府投资"},
        {"name": "", "area": None},
        {"name": "2#楼", "area": ""},
    ]

    found = clean("table", rows, columns=COLUMNS)

    assert found == [{"name": "1#楼", "area": 1200, "fund": "gov"}, {"name": "2#楼"}]
    assert clean("table", json.dumps(rows), columns=COLUMNS) == found
    assert clean("table", [{"name": ""}], columns=COLUMNS) is None


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"name": "1#楼"}, {"area": 5}], "第 2 行“单体名称”"),
        ([{"name": "1#楼", "area": -5}], "第 1 行“面积”"),
        ([{"name": "1#楼", "fund": "x"}], "政府投资、社会投资"),
        ([{"name": "1#楼", "colour": "红"}], "colour"),
        ([1], "逐行"),
        ({"name": "1#楼"}, "逐行"),
        ("不是表", "逐行"),
        ([{"name": "1#楼"}] * 501, "500"),
    ],
)
def test_says_which_row_and_column_of_a_table_is_wrong(rows, words):
    with pytest.raises(values.ValueFault, match=words):
        clean("table", rows, columns=COLUMNS)


def test_every_field_of_the_pack_has_a_type_that_can_be_cleaned(pack):
    catalogue = queries.catalogue(pack.pk)

    kinds = {found.type for found in catalogue.fields.values()}
    kinds |= {column.type for found in catalogue.fields.values() for column in found.columns}
    assert kinds <= values.TYPES


def test_knows_the_answers_to_conditions_as_fields(pack):
    catalogue = queries.catalogue(pack.pk)

    declared, mapped = values.definition(catalogue, "declare.tree"), values.definition(catalogue, "map.forest")
    assert (declared.type, declared.label, declared.source) == ("bool", "涉及绿地或树木", "applicant")
    assert mapped.source == "map"
    for unknown in ("declare.nothing", "declare.gov", "declare.all", "nothing", "map."):
        assert values.definition(catalogue, unknown) is None
    assert values.definition(catalogue, "far") is catalogue.fields["far"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["Point", "type", "是", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(kind=st.sampled_from(sorted(values.TYPES)), raw=anything)
def test_whatever_comes_is_taken_or_refused_and_can_be_kept(kind, raw):
    try:
        found = values.clean(field(kind, codes="fund", columns=COLUMNS), raw, LISTS)
    except values.ValueFault:
        return

    kept = json.dumps(found, allow_nan=False)
    assert "\\u0000" not in kept
    assert json.loads(kept) == found
