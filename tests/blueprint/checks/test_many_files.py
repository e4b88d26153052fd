"""Sixteen files and more are checked two at a time; what is printed does not tell."""

import io
import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from blueprint.checks import instant
from portal.citypack.models import PackVersion
from tests.factories.blueprint import a_box, an_edition, feature, geojson

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = instant.MANY + 4


def test_many_files_are_answered_in_their_order_as_each_alone(tmp_path: Path, pack: PackVersion) -> None:
    an_edition("L04.01.02", [feature(a_box(288, -50, 400, 250), "JN1")])
    files = []
    for number in range(COUNT):
        path = tmp_path / f"{number:02d}.geojson"
        path.write_bytes(geojson(feature(a_box(0, 0, 290 + number, 200), "P")) if number != 7 else b"{")
        files.append(path)

    def printed(*given: Path) -> Any:
        text = io.StringIO()
        with pytest.raises(SystemExit) if files[7] in given else nullcontext():
            call_command("check_site", *given, json=True, stdout=text)
        return json.loads(text.getvalue())

    together = printed(*files)

    assert [answer["file"] for answer in together] == [path.name for path in files]
    assert together[7]["error"]["code"] == "unreadable"
    for answer in together:
        assert answer.pop("timing_ms", 1) > 0
    for number in (0, 7, COUNT - 1):
        alone = printed(files[number])
        alone.pop("timing_ms", None)
        assert alone == together[number]
    assert [row["findings"][0]["overlap_m2"] for row in together if "error" not in row] == [
        200.0 * (2 + number) for number in range(COUNT) if number != 7
    ]
