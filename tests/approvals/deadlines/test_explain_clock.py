"""`explain_clock`: file in, JSON out, exit status."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

SOUND = {
    "statutory_days": 20,
    "promised_days": 10,
    "events": [{"type": "submitted", "at": "2026-04-01T09:00:00+08:00"}],
    "as_of": "2026-04-10",
}
FAULTY = {**SOUND, "promised_days": True}


def run(path: Path, content: str | bytes | object) -> tuple[int, Any, str]:
    if not isinstance(content, str | bytes):
        content = json.dumps(content)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    out, err, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command("explain_clock", str(path), stdout=out, stderr=err)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return status, json.loads(out.getvalue()), err.getvalue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "输入.json"


def test_an_object_is_answered_by_an_object(path: Path) -> None:
    status, told, _ = run(path, SOUND)

    assert (status, told["light"], told["errors"]) == (0, "green", [])
    assert set(told) >= {"received_on", "accepted_on", "deemed_accepted", "ended_on", "used", "due_on", "provisional"}


def test_a_list_is_answered_in_order_and_one_fault_makes_the_status_2(path: Path) -> None:
    status, told, notes = run(path, [SOUND, FAULTY, 7])

    assert status == 2
    assert told[0]["errors"] == []
    assert told[1:] == [
        {"errors": [{"index": None, "reason": "bad_field", "field": "promised_days"}]},
        {"errors": [{"index": None, "reason": "bad_input"}]},
    ]
    assert "请" in notes


def test_an_empty_list_is_answered_by_an_empty_list(path: Path) -> None:
    assert run(path, [])[:2] == (0, [])


@pytest.mark.parametrize(
    "content", ["", "{", b"\xff\xfe", "[NaN]", "null", "5", "[" * 100_000, '{"a": Infinity}'], ids=repr
)
def test_what_is_no_json_object_is_one_bad_input(path: Path, content: str | bytes) -> None:
    status, told, _ = run(path, content)

    assert (status, told) == (2, {"errors": [{"index": None, "reason": "bad_input"}]})


def test_a_missing_file_is_a_bad_input_too(tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("explain_clock", str(tmp_path / "none.json"), stdout=out, stderr=err)

    assert ended.value.code == 2
    assert json.loads(out.getvalue()) == {"errors": [{"index": None, "reason": "bad_input"}]}


def test_huge_numbers_are_no_days(path: Path) -> None:
    content = json.dumps(SOUND).replace('"statutory_days": 20', f'"statutory_days": {"9" * 5000}')
    status, told, _ = run(path, content)

    assert (status, told["errors"][0]["field"]) == (2, "statutory_days")


def test_chinese_is_written_as_such(path: Path) -> None:
    path.write_text(json.dumps(SOUND), encoding="utf-8")
    out = io.StringIO()
    call_command("explain_clock", str(path), stdout=out)

    assert "尚未受理" not in out.getvalue()
    assert "部门办理" in out.getvalue()
    assert len(out.getvalue().splitlines()) == 1
