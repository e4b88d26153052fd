"""What the pack may not ask of a site."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from blueprint.siting import pack as section
from portal.citypack.models import PackVersion

pytestmark = pytest.mark.django_db
MASKED = "L06.02.04"


def field_of(documents: dict[str, Any], gives: str) -> dict[str, Any]:
    fields = (field for form in documents["form"]["forms"] for field in form["fields"])
    return next(field["map"] for field in fields if (field.get("map") or {}).get("gives") == gives)


def metres_inside(documents: dict[str, Any]) -> None:
    field_of(documents, "inside")["layers"].append(MASKED)


def metres_outside_of_its_subtopic(documents: dict[str, Any]) -> None:
    field_of(documents, "outside")["layers"] = ["L06.02"]


def districts(documents: dict[str, Any]) -> None:
    documents["layers"]["siting"]["districts"].append(MASKED)


@pytest.mark.parametrize("spoil", [metres_inside, metres_outside_of_its_subtopic, districts])
def test_square_metres_of_a_masked_layer_are_a_fault(
    pack: PackVersion, spoil: Callable[[dict[str, Any]], None]
) -> None:
    documents = copy.deepcopy(pack.documents)
    assert not list(section.check(documents))

    spoil(documents)

    (fault,) = section.check(documents)
    assert MASKED in str(fault)
    assert "脱敏" in str(fault)
