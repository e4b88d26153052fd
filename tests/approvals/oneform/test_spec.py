"""The combined form: union of fields, questions, provenance, problems, extract. Pure: the pack's documents go in."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from approvals.oneform import extract, prefill, problems, spec
from approvals.oneform.prefill import Given, Known, Result
from portal.citypack import checking
from projects.catalogue.compiler import compile_catalogue
from projects.catalogue.definitions import Catalogue

SOCIAL = {
    "fund_source": "social",
    "project_basis": "3",
    "land_mode": "transfer",
    "is_linear": False,
    "floor_area_m2": 7200,
}


@lru_cache
def catalogue() -> Catalogue:
    directory = Path(settings.BASE_DIR) / "portal" / "citypack" / "packs" / "binhai"
    return compile_catalogue(version_id=1, number=1, documents=checking.check(directory).documents)


def build(items: list[str], *, stage: str, candidates: tuple[str, ...] = (), **facts: Any) -> spec.FormSpec:
    return spec.build(catalogue(), stage=stage, items=items, candidates=candidates, facts={**SOCIAL, **facts})


def test_a_field_is_asked_once_for_all_items_that_need_it() -> None:
    one, other = build(["S1-07"], stage="S1"), build(["S1-08"], stage="S1")
    both = build(["S1-07", "S1-08"], stage="S1")

    assert set(both.fields) == set(one.fields) | set(other.fields)
    shared = [field for section in both.sections for field in section.fields]
    assert len(shared) == len({field.id for field in shared})
    assert both.fields["far"].needed_by == ("S1-07", "S1-08")


def test_fields_of_other_items_are_left_out() -> None:
    form = build(["S1-08"], stage="S1")

    assert "far" in form.fields
    assert "eia_class" not in form.fields


def test_an_item_brings_fields_of_another_stages_form() -> None:
    """Which form a field stands in is the pack's order; what counts is who needs it."""
    needing = next(
        (field, item)
        for field in catalogue().fields.values()
        if field.stage not in ("*",)
        for item in field.needed_by
        if item in catalogue().items and catalogue().items[item].stage != field.stage
    )
    field, item = needing

    assert field.id in build([item], stage=catalogue().items[item].stage).fields


def test_a_condition_is_asked_as_a_question_until_it_is_answered() -> None:
    condition = catalogue().condition_of("S2-05")
    form = build(["S2-02"], stage="S2", candidates=("S2-05",))

    question = form.fields[condition.declare_field]
    assert question.type == "bool"
    assert question.required
    assert question.decides == ("S2-05",)
    assert question.label == condition.label


def test_a_field_that_decides_is_required_while_it_is_open() -> None:
    condition = next(
        condition
        for condition in catalogue().conditions.values()
        if any(not catalogue().fields[field].required for field in condition.field_ids)
    )
    field = next(field for field in condition.field_ids if not catalogue().fields[field].required)
    item = next(item for item in catalogue().items.values() if item.applies_when == condition.id)

    form = spec.build(catalogue(), stage=item.stage, items=[], candidates=(item.id,), facts={})

    assert form.fields[field].required


def test_what_the_map_has_answered_is_not_asked() -> None:
    condition = next((c for c in catalogue().conditions.values() if c.kind == "map"), None)
    assert condition is not None
    item = next(item for item in catalogue().items.values() if item.applies_when == condition.id)
    asked = spec.build(catalogue(), stage=item.stage, items=[item.id], candidates=(), facts={})
    mapped = spec.build(catalogue(), stage=item.stage, items=[item.id], candidates=(), facts={condition.map_fact: True})

    assert condition.declare_field in asked.fields
    assert condition.declare_field not in mapped.fields


def test_a_result_fills_its_field_and_is_read_only() -> None:
    form = build(["S1-07"], stage="S1")
    result = Result("S1-08", "滨规条〔2026〕008号", date(2026, 3, 1), attributes={"far": 1.2})

    known = prefill.known_values(form, facts={"far": Known(2.0, "applicant")}, results=[result])
    filled = prefill.fill(form, given={"far": Given(3.0, "applicant")}, known=known)

    assert filled["cond_no"].value == "滨规条〔2026〕008号"
    assert (filled["far"].value, filled["far"].source, filled["far"].read_only) == (1.2, "prior_result", True)


@pytest.mark.parametrize(
    ("given", "known", "value", "source", "read_only"),
    [
        (None, None, None, "", False),
        (None, Known(5, "registry"), 5, "registry", False),
        (Given(7, "applicant"), Known(5, "registry"), 7, "applicant", False),
        (Given(7, "applicant"), Known(5, "e_cert"), 5, "e_cert", True),
        (Given(None, "applicant"), Known(5, "registry"), None, "", False),
        (Given(7, "applicant"), Known(5, "registry", is_fixed=True), 5, "registry", True),
    ],
)
def test_authority_comes_before_the_answer_and_the_answer_before_the_rest(
    given: Given | None, known: Known | None, value: object, source: str, read_only: bool
) -> None:
    form = build(["S1-07"], stage="S1")
    filled = prefill.fill(
        form,
        given={"total_invest_wan": given} if given else {},
        known={"total_invest_wan": known} if known else {},
    )["total_invest_wan"]

    assert (filled.value, filled.source, filled.read_only) == (value, source, read_only)


def test_what_does_not_fit_the_field_is_not_known() -> None:
    form = build(["S1-07"], stage="S1")

    assert "total_invest_wan" not in prefill.known_values(form, facts={"total_invest_wan": Known("viel", "registry")})


def test_everything_wrong_is_said_at_once_in_the_order_of_the_form() -> None:
    form = build(["S1-07"], stage="S1")
    filled = prefill.fill(form, given={"contact_mobile": Given("12000001111", "applicant", typed="12x")}, known={})

    found = problems.problems(form, filled)

    required = [field.id for field in form.fields.values() if field.required]
    assert [problem.field for problem in found] == required
    said = {problem.field: problem.message for problem in found}
    assert "手机号" in said["contact_mobile"]
    assert said["site_address"].startswith("请填写")
    assert said["purpose"].startswith("请选择")


def test_a_department_gets_the_fields_of_its_items() -> None:
    form = build(["S1-04", "S1-07"], stage="S1")
    filled = prefill.fill(form, given={}, known={})

    part = extract.extract(form, filled, {"S1-04"})

    assert "owner_name" in part
    assert "land_use_type" not in part
    assert "land_use_type" in extract.extract(form, filled, {"S1-07"})
    assert extract.extract(form, filled, set()) == {}
