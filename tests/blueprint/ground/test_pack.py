"""A plan that names what is not there is refused with file, key and reason."""

import copy
from typing import Any

import pytest

from blueprint.ground import pack as section
from tests.blueprint.ground.conftest import document

NAMES = ("ground", "city", "layers", "landuse")


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    return {name: document(name) for name in NAMES}


def faults(documents: dict[str, Any], **changes: Any) -> list[str]:
    changed = {**documents, "ground": {**copy.deepcopy(documents["ground"]), **changes}}
    return [fault.path for fault in section.check(changed)]


def test_the_plan_of_the_demo_city_is_whole(documents):
    assert list(section.check(documents)) == []
    assert list(section.FILES["ground"].faults(documents["ground"], section.FILE, "")) == []


def test_a_city_without_a_plan_needs_nothing_else(documents):
    assert list(section.check({**documents, "ground": {"version": 1}})) == []
    assert list(section.FILES["ground"].faults({"version": 1}, section.FILE, "")) == []


def test_names_what_is_missing(documents):
    plan = documents["ground"]
    layer = [{"layer": "L99.01.01", "source": "x", "editions": {"2025": "plots"}}]
    assert faults(documents, layers=layer) == ["layers[L99.01.01]"]
    assert faults(documents, zones=[{"region": "1", "outline": [[0, 0], [1, 0], [1, 1]]}]) == ["zones[1].region"]
    town = {"id": "town", "middle": {"0999": 1}, "edge": {"070102": 1}}
    assert faults(documents, characters=[town]) == ["characters[town].middle.0999"]
    uses = [*plan["uses"], {"code": "9901", "green": [1, 2]}]
    assert faults(documents, uses=uses) == ["uses[9901]"]
    words = {key: text for key, text in plan["words"].items() if key != "dike"}
    assert faults(documents, words={**words, "road": "{a.b}"}) == ["words.dike", "words.road"]
    coast = {key: value for key, value in plan.items() if key != "coast"}
    assert [fault.path for fault in section.check({**documents, "ground": coast})] == ["coast"]


def test_a_theme_nobody_draws_is_refused(documents):
    plan = {**documents["ground"], "layers": [{"layer": "L01.02.01", "source": "x", "editions": {"2025": "moon"}}]}
    found = list(section.FILES["ground"].faults(plan, section.FILE, ""))
    assert [fault.path for fault in found] == ["layers[1].editions.2025"]
