"""The compiled catalogue: limits as the clock runs them, overrides of flows, what the files say."""

from pathlib import Path

import pytest
from django.conf import settings

from portal.citypack.checking import check
from portal.citypack.models import PackVersion
from portal.core.errors import NotFound
from projects.catalogue import queries
from projects.catalogue.compiler import compile_catalogue
from projects.catalogue.definitions import Catalogue, ResultKind, Unit
from projects.catalogue.models import Flow, MaterialType, ResultType, ServiceItem, Stage

PACK = Path(settings.BASE_DIR) / "portal" / "citypack" / "packs" / "binhai"


@pytest.fixture(scope="module")
def demo() -> Catalogue:
    return compile_catalogue(version_id=1, number=1, documents=check(PACK).documents)


def test_a_limit_of_no_days_runs_as_one_and_is_said_as_same_day(demo: Catalogue) -> None:
    item = demo.items["S1-04"]

    assert (item.promised_days, item.effective_promised_days, item.effective_statutory_days) == (0, 1, 1)
    assert item.is_same_day
    assert item.is_instant


def test_a_flow_promises_its_own_limits(demo: Catalogue) -> None:
    item = demo.items["S1-07"]

    assert item.effective_promised_days == 5
    assert demo.flows["soc_small"].promised_days(item) == 2
    assert demo.flows["soc_general"].promised_days(item) == 5
    assert demo.flows["soc_small"].promised_days(demo.items["S1-04"]) == 1


def test_units_are_told_apart(demo: Catalogue) -> None:
    assert demo.items["S1-11"].unit == Unit.CALENDAR
    assert demo.items["S1-07"].unit == Unit.WORKING


def test_main_line_has_four_stages(demo: Catalogue) -> None:
    assert [stage.id for stage in demo.main_stages] == ["S1", "S2", "S3", "S4"]
    assert demo.stages["P"].is_parallel
    assert demo.stages["S0"].is_advisory


def test_results_of_coordination_are_no_certificates(demo: Catalogue) -> None:
    assert demo.results["S4-10"].kind == ResultKind.DOCUMENT
    assert demo.results["S3-19"].kind == ResultKind.LETTER
    assert demo.results["S1-07"].is_certificate
    assert demo.results["S1-04"].kind == ResultKind.RECEIPT


def test_materials_take_the_file_rules_of_their_source_unless_they_have_their_own(demo: Catalogue) -> None:
    assert demo.materials["m_fund"].formats == ("pdf", "ofd", "jpg", "png", "docx")
    assert demo.materials["m_fund"].max_bytes == 50 * 1024 * 1024
    assert "dwg" in demo.materials["m_draw"].formats
    assert not demo.materials["r_s1_07"].from_applicant


def test_a_field_of_an_earlier_result_names_item_and_attribute(demo: Catalogue) -> None:
    origin = demo.fields["far"].from_result

    assert origin is not None
    assert (origin.item, origin.attribute) == ("S1-08", "far")
    assert [column.id for column in demo.fields["fund_plan"].columns] == ["source", "amount_wan", "proof"]


def test_definitions_cannot_be_changed(demo: Catalogue) -> None:
    with pytest.raises(TypeError):
        demo.items["S1-07"] = demo.items["S1-08"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        demo.items["S1-07"].promised_days = 1  # type: ignore[misc]


def test_a_version_is_compiled_once(pack: PackVersion) -> None:
    assert queries.catalogue(pack.pk) is queries.catalogue(pack.pk)
    assert queries.current_catalogue() is queries.catalogue(pack.pk)


def test_unknown_version_is_not_found(pack: PackVersion) -> None:
    with pytest.raises(NotFound):
        queries.catalogue(pack.pk + 100)


def test_rows_say_what_the_definitions_say(pack: PackVersion) -> None:
    found = queries.catalogue(pack.pk)
    rows = {row.code: row for row in ServiceItem.objects.of_version(pack.pk).select_related("stage", "result_type")}

    assert rows.keys() == found.items.keys()
    for code, item in found.items.items():
        row = rows[code]
        assert (row.name, row.stage.code, row.department) == (item.name, item.stage, item.department)
        assert (row.statutory_days, row.promised_days, row.unit) == (item.statutory_days, item.promised_days, item.unit)
        assert row.result_type.kind == found.results[code].kind
    assert Stage.objects.of_version(pack.pk).count() == len(found.stages)
    assert Flow.objects.of_version(pack.pk).count() == len(found.flows)
    assert MaterialType.objects.of_version(pack.pk).count() == len(found.materials)
    assert ResultType.objects.of_version(pack.pk).count() == len(found.items)
