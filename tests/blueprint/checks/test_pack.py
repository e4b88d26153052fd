"""What the pack must say so that the rules can work."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from blueprint.checks import pack as section
from blueprint.checks.definitions import Definitions
from blueprint.layers import pack as layers
from portal.citypack.models import PackVersion

pytestmark = pytest.mark.django_db


def check_of(documents: dict[str, Any], code: str) -> dict[str, Any]:
    return next(row for row in documents["layers"]["checks"] if row["id"] == code)


def without_role(documents: dict[str, Any]) -> None:
    del check_of(documents, "chk_3lines")["roles"]["contain"]


def two_plans(documents: dict[str, Any]) -> None:
    check_of(documents, "chk_two_plan")["roles"]["plan_a"].append("L04.02.02")


def without_tolerance(documents: dict[str, Any]) -> None:
    del check_of(documents, "chk_red")["tolerance"]["sliver_ratio_m"]


def without_construction(documents: dict[str, Any]) -> None:
    del check_of(documents, "chk_two_plan")["construction"]


def without_a_check(documents: dict[str, Any]) -> None:
    documents["layers"]["checks"] = [row for row in documents["layers"]["checks"] if row["id"] != "chk_use"]


def masked_where_areas_are_told(documents: dict[str, Any]) -> None:
    check_of(documents, "chk_3lines")["roles"]["forbid"].append("L06.02.04")


def unknown_check(documents: dict[str, Any]) -> None:
    documents["layers"]["checks"].append({**check_of(documents, "chk_topo"), "id": "chk_noise"})


@pytest.mark.parametrize(
    ("spoil", "path", "word"),
    [
        (without_role, "checks[chk_3lines].roles.contain", "缺少"),
        (two_plans, "checks[chk_two_plan].roles.plan_a", "恰好"),
        (without_tolerance, "checks[chk_red].tolerance.sliver_ratio_m", "缺少"),
        (without_construction, "checks[chk_two_plan].construction", "缺少"),
        (without_a_check, "checks", "chk_use"),
        (masked_where_areas_are_told, "checks[chk_3lines].roles.forbid", "脱敏"),
        (unknown_check, "checks[chk_noise]", "拼写"),
    ],
)
def test_tells_what_a_rule_lacks(
    pack: PackVersion, spoil: Callable[[dict[str, Any]], None], path: str, word: str
) -> None:
    documents = copy.deepcopy(pack.documents)
    assert list(section.check(documents)) == []
    spoil(documents)

    (fault,) = section.check(documents)

    assert fault.path == path
    assert word in fault.reason


@pytest.mark.parametrize(
    ("owners", "path"),
    [
        ({"L05": "zrzy"}, "owners.L01.01.01"),
        ({"L99": "zrzy"}, "owners.L99"),
        ({"L05": "nobody"}, "owners.L05"),
    ],
)
def test_every_layer_is_kept_by_a_department(pack: PackVersion, owners: dict[str, str], path: str) -> None:
    documents = copy.deepcopy(pack.documents)
    documents["layers"]["owners"] = owners

    assert path in {fault.path for fault in layers.check(documents)}


def test_a_role_names_layers_there_are(pack: PackVersion) -> None:
    documents = copy.deepcopy(pack.documents)
    check_of(documents, "chk_red")["roles"]["issued"] = ["L13.99"]

    assert [fault.path for fault in layers.check(documents)] == ["checks[chk_red].roles.issued[1]"]


def test_a_subtopic_means_every_layer_in_it_and_the_longest_code_decides(pack: PackVersion) -> None:
    definitions = Definitions.from_documents(pack.documents["layers"])
    control = definitions.checks["chk_control"]

    assert control.layers("forbid") == tuple(f"L06.01.0{number}" for number in range(1, 7))
    assert control.role_of("L06.01.05", "forbid", "consult") == "forbid"
    assert control.role_of("L06.01.06", "forbid", "consult") == "consult"
    assert control.role_of("L06.02.01", "forbid", "consult") == "consult"
    assert definitions.owner("L06.02.05") != definitions.owner("L06.02.04")
    assert definitions.compared == {layer for layer in definitions.layer_names if layer[:6] in ("L04.01", "L06.01")}
