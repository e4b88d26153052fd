"""`check_code`: one JSON object per line, exit status, awkward arguments."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command


def check(*arguments: str) -> tuple[int, list[dict[str, object]]]:
    out, status = io.StringIO(), 0
    try:
        call_command("check_code", *arguments, stdout=out)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def test_answers_each_code_in_order() -> None:
    status, answers = check("2601-449902-04-01-314155", "2601-449902-04-01-314155-0101", "91350100M000100Y43")

    assert status == 0
    assert answers == [
        {"code": "2601-449902-04-01-314155", "kind": "project", "valid": True},
        {
            "code": "2601-449902-04-01-314155-0101",
            "kind": "engineering",
            "valid": True,
            "level": 2,
            "parent": "2601-449902-04-01-314155-01",
        },
        {"code": "91350100M000100Y43", "kind": "uscc", "valid": True},
    ]


def test_one_invalid_code_makes_the_status_1() -> None:
    status, answers = check("2018-440402-47-03-816285", "2601-449902-04-01-314155-0001", "")

    assert status == 1
    assert answers == [
        {"code": "2018-440402-47-03-816285", "kind": "project_legacy", "valid": True},
        {"code": "2601-449902-04-01-314155-0001", "kind": "engineering", "valid": False, "reason": "pair_00"},
        {"code": "", "kind": None, "valid": False, "reason": "shape"},
    ]


def test_link_gives_check_characters() -> None:
    status, answers = check("--link", "A12425GABC1234002", "2601-449902-04-01-314155-01")
    assert (status, [answer["k"] for answer in answers]) == (0, ["M", "9"])

    status, answers = check("--link", "--", "-", "A1")
    assert status == 1
    assert answers[0] == {"code": "-", "k": None, "reason": "charset"}
    assert answers[1]["code"] == "A1"


def test_codes_after_two_hyphens_may_look_like_options() -> None:
    status, answers = check("--", "--link", "-v", "--", "-")

    assert status == 1
    assert [answer["code"] for answer in answers] == ["--link", "-v", "--", "-"]
    assert [answer.get("reason") for answer in answers] == ["charset", "charset", "shape", "shape"]


def test_a_line_end_inside_a_code_stays_inside_its_line() -> None:
    status, answers = check("2601-449902-04-01-314155\n")

    assert (status, len(answers), answers[0]["reason"]) == (1, 1, "charset")


@pytest.mark.slow
def test_broken_bytes_and_a_foreign_terminal_do_no_harm() -> None:
    run = subprocess.run(
        [
            sys.executable,
            str(settings.BASE_DIR / "manage.py"),
            "check_code",
            "代码",
            b"\xff",
            "--",
            "--settings=no.such",
        ],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )

    lines = [json.loads(line) for line in run.stdout.decode().splitlines()]
    assert run.returncode == 1, run.stderr
    assert [line["code"] for line in lines] == ["代码", "\udcff", "--settings=no.such"]
