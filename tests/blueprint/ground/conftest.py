"""The west of the demo city: two towns, a works area, the coast, a river; small enough to draw for every run."""

from typing import Any

import pytest
import yaml

from blueprint.geometry.frame import Frame
from blueprint.ground.drawing import Drawing
from blueprint.ground.drawn import Plan
from tests.conftest import DEMO_PACK

AREAS = {"东门", "青屏", "西港"}


def document(name: str) -> dict[str, Any]:
    return yaml.safe_load((DEMO_PACK / f"{name}.yaml").read_text("utf-8"))


def west(**changes: Any) -> Drawing:
    plan = document("ground")
    plan["size"] = [13, 25]
    plan["areas"] = [row for row in plan["areas"] if row["name"] in AREAS]
    plan["districts"] = [{"region": "449902", "seat": [8.0, 18.0]}]
    plan["towns"] = ["东门镇", "青屏镇", "西港镇"]
    plan["villages"] = {**plan["villages"], "count": 25}
    plan["heritage"] = [
        {"name": "石塔", "at": [10.6, 21.6], "radii": [0.07, 0.05], "care": 0.12, "kind": "unit"},
        {"name": "老街", "at": [10.9, 21.9], "radii": [0.2, 0.1], "care": 0.05, "kind": "quarter"},
    ]
    return Drawing(Plan({**plan, **changes}), Frame.from_city(document("city")))


@pytest.fixture(scope="session")
def drawing() -> Drawing:
    return west()
