"""What the import contracts cannot say: about clocks, maps, city names, and the size and words of files."""

import ast
import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from tests.architecture.sources import AREAS, ROOT, files, imported, show, slices

LONGEST_FILE = 400
CLOCK = ROOT / "portal/core/clock.py"
PACK = ROOT / "portal/citypack/packs/binhai"
# (object, attribute) calls that ask the machine what time it is.
CLOCK_CALLS = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
    ("time", "time"),
}
CODE = [
    path
    for path in files(".py", ".html", ".js", ".css", below=(*AREAS, "templates", "static"))
    if "vendor" not in path.parts
]
PYTHON = [path for path in CODE if path.suffix == ".py"]


def clock_readings(path: Path) -> list[str]:
    return [
        f"{show(path)}:{node.lineno}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in CLOCK_CALLS
        and (node.args == [] or node.func.attr == "now")
    ]


def test_only_the_clock_reads_the_clock() -> None:
    assert [place for path in PYTHON if path != CLOCK for place in clock_readings(path)] == []
    assert clock_readings(CLOCK), "the test would not notice a reading"


def test_templates_ask_the_view_for_the_time() -> None:
    assert [show(path) for path in CODE if path.suffix == ".html" and "{% now " in path.read_text("utf-8")] == []


def test_only_blueprint_imports_gis() -> None:
    gis = [
        show(path)
        for path in PYTHON
        if path.relative_to(ROOT).parts[0] != "blueprint"
        and any(name.startswith(("django.contrib.gis", "osgeo", "shapely")) for name in imported(path))
    ]
    assert gis == []


def pack_names() -> set[str]:
    """Return the names only the city pack may contain: places, bodies, items."""
    city = yaml.safe_load((PACK / "city.yaml").read_text("utf-8"))
    departments = yaml.safe_load((PACK / "departments.yaml").read_text("utf-8"))["departments"]
    items = yaml.safe_load((PACK / "items.yaml").read_text("utf-8"))["items"]
    names = {city["name"].split("（")[0], *(region["name"] for region in city["regions"])}
    names |= {enterprise["name"] for enterprise in city["enterprises"]}
    # A kind of private body (a drawing examiner) is an ordinary word, a public body is not.
    names |= {department["name"] for department in departments if department["kind"] != "intermediary"}
    names |= {item["name"] for item in items}
    # A name of two or three characters is an ordinary word.
    return {name for name in names if len(name) > 3} | {city["name"][:3]}


def pack_codes() -> set[str]:
    """Return the identifiers of departments and items."""
    departments = yaml.safe_load((PACK / "departments.yaml").read_text("utf-8"))["departments"]
    items = yaml.safe_load((PACK / "items.yaml").read_text("utf-8"))["items"]
    return {entry["id"] for entry in (*departments, *items)}


def test_no_name_of_the_city_in_code() -> None:
    names = re.compile("|".join(sorted(map(re.escape, pack_names()), key=len, reverse=True)))
    found = [f"{show(path)}: {match[0]}" for path in CODE for match in names.finditer(path.read_text("utf-8"))]
    assert found == []


def test_no_code_of_a_department_or_item_in_code() -> None:
    codes = re.compile(r"[\"'](" + "|".join(sorted(map(re.escape, pack_codes()))) + r")[\"']")
    found = [f"{show(path)}: {match[0]}" for path in CODE for match in codes.finditer(path.read_text("utf-8"))]
    assert found == []


def test_no_file_is_too_long() -> None:
    long = {
        show(path): len(path.read_text("utf-8").splitlines()) for path in (*CODE, *files(".py", below=("bin", "tests")))
    }
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE and "/migrations/" not in name} == {}


@pytest.mark.parametrize("folder", slices(), ids=show)
def test_every_slice_says_what_it_owns(folder: Path) -> None:
    words = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) or ""
    for word in ("Owns", "Does not own", "Before", "After"):
        assert re.search(rf"\b{word}\b", words, re.IGNORECASE), f"{show(folder)} does not say: {word}"


def test_every_slice_stands_in_the_rank_list() -> None:
    assert {".".join(folder.relative_to(ROOT).parts) for folder in slices()} == set(settings.SLICES)


def test_every_public_function_says_what_it_takes_and_gives() -> None:
    bare = [
        f"{show(path)}:{node.lineno} {node.name}"
        for path in PYTHON
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.returns is None
    ]
    assert bare == []


FORBIDDEN = re.compile(r"\b(TODO|FIXME|XXX)\b|except Exception\b|except:\s*$", re.MULTILINE)


# A queue must outlive any fault of a handler; it keeps the fault and tries again.
QUEUE = ROOT / "portal/core/outbox.py"


def test_nothing_is_left_for_later_and_nothing_swallowed() -> None:
    found = [
        f"{show(path)}: {match[0]}"
        for path in CODE
        for match in FORBIDDEN.finditer(path.read_text("utf-8"))
        if not (path == QUEUE and match[0] == "except Exception")
    ]
    assert found == []


def test_no_drawer_for_odds_and_ends() -> None:
    assert [show(path) for path in PYTHON if path.stem in {"utils", "helpers", "misc", "common"}] == []
