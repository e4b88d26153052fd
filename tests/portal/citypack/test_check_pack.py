"""Checking a pack: every fault at once, files that cannot be read, the command. Single rules: test_faults.py."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.portal.citypack.broken import PACK, edit, faults_of, put


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the demo pack to break."""
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def test_demo_pack_has_no_fault() -> None:
    assert faults_of(PACK) == ()


def test_a_real_city_has_no_demo_people(copy: Path) -> None:
    edit(copy, "city", lambda document: document.update(enterprises=[], people=[], projects=[]))
    # what is told of the blueprint names projects too
    edit(copy, "demo", lambda document: (document.update(projects=[]), document.pop("blueprint")))

    assert faults_of(copy) == ()


def test_reports_all_faults_at_once(copy: Path) -> None:
    edit(copy, "items", put("items", "S1-07", dept="nobody"))
    edit(copy, "flows", put("flows", "soc_small", total_limit_days=19))
    edit(copy, "city", put("enterprises", "e01", uscc="1"))

    assert {"items.yaml", "flows.yaml", "city.yaml"} <= {fault.file for fault in faults_of(copy)}


def test_tells_the_line_of_a_fault(copy: Path) -> None:
    path = copy / "items.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    number = lines.index("- id: S1-07")
    number = next(n for n in range(number, len(lines)) if lines[n].startswith("  dept:"))
    lines[number] = "  dept: nobody"
    path.write_text("\n".join(lines), encoding="utf-8")

    assert [fault.line for fault in faults_of(copy) if fault.path == "items[S1-07].dept"] == [number + 1]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("version: 1\n  items: [", "YAML", id="broken"),
        pytest.param("version: 1\nversion: 1\n", "写了两次", id="key twice"),
        pytest.param("version: &a [1]\nother: *a\n", "别名", id="alias"),
        pytest.param("- just\n- a list\n", "最外层", id="not a mapping"),
        pytest.param("version: .nan\n", "有限", id="not a number"),
        pytest.param("", "最外层", id="empty"),
        pytest.param("version: " + "[" * 3000 + "]" * 3000, "", id="too deep"),
    ],
)
def test_refuses_yaml_that_cannot_be_trusted(copy: Path, text: str, reason: str) -> None:
    (copy / "metrics.yaml").write_text(text, encoding="utf-8")

    found = [fault for fault in faults_of(copy) if fault.file == "metrics.yaml"]

    assert any(reason in fault.reason for fault in found), found


def test_refuses_another_encoding(copy: Path) -> None:
    (copy / "metrics.yaml").write_bytes("version: 城市".encode("gbk"))

    assert any("UTF-8" in fault.reason for fault in faults_of(copy))


def test_names_missing_and_unknown_files(copy: Path) -> None:
    (copy / "roles.yaml").rename(copy / "rolls.yaml")

    found = {fault.file: fault.reason for fault in faults_of(copy)}

    assert "缺少" in found["roles.yaml"]
    assert "不认识" in found["rolls.yaml"]


@pytest.mark.parametrize("place", ["nowhere", "file"])
def test_says_when_there_is_no_directory(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")

    (fault,) = faults_of(tmp_path / place)

    assert "目录" in fault.reason


def test_command_succeeds_on_the_demo_pack() -> None:
    out = StringIO()

    call_command("check_pack", str(PACK), stdout=out)

    assert "92 个事项" in out.getvalue()


def test_command_fails_with_one_line_per_fault(copy: Path) -> None:
    edit(copy, "items", put("items", "S1-07", dept="nobody"))
    err = StringIO()

    with pytest.raises(SystemExit) as stopped:
        call_command("check_pack", str(copy), stderr=err)

    assert stopped.value.code == 1
    assert "items.yaml" in err.getvalue()
    assert "items[S1-07].dept" in err.getvalue()
