"""Rules every template of the house keeps: no inline style or script, parameters listed, styles only from tokens."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates/components").glob("*.html"))
SHEETS = sorted((ROOT / "static/css").rglob("*.css"))
TOKENS = {"tokens.css", "drawing.css"}
# Printed documents have their own sheet; the printer knows no variables.
DOCUMENT_SHEET = "paper.css"
# A document that becomes a PDF carries its own style; no browser policy watches over it.
PAPER = {"pdf", "certificates"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [path for path in TEMPLATES if not PAPER & set(path.parts)], ids=name)
def test_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=", text)
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "hx-on" not in text


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_a_component_lists_its_parameters_first(path: Path) -> None:
    first = path.read_text("utf-8").split("#}", 1)[0]
    assert first.startswith("{#")
    assert "Parameters:" in first


def test_components_are_included_with_only() -> None:
    loose = [
        f"{name(path)}: {match[0][:80]}"
        for path in TEMPLATES
        for match in re.finditer(r"{% include [\"']components/[^%]*%}", path.read_text("utf-8"))
        if not match[0].rstrip("%} ").endswith(" only")
    ]
    assert loose == []


def test_every_component_stands_in_the_style_guide() -> None:
    shown: set[str] = set()
    waiting = ["ui/styleguide.html"]
    while waiting:
        text = (ROOT / "templates" / waiting.pop()).read_text("utf-8")
        for found in re.findall(r"{% (?:include|extends) [\"']([^\"']+)[\"']", text):
            if found not in shown:
                shown.add(found)
                waiting.append(found)
    # Heads, feet and helpers of forms are shown by every page that has them.
    elsewhere = {"_head_light", "_foot", "_bound", "_form_errors", "_sort", "_table"}
    missing = {path.stem for path in COMPONENTS} - {Path(found).stem for found in shown} - elsewhere
    assert missing == set()


@pytest.mark.parametrize("path", [path for path in SHEETS if path.name not in {*TOKENS, DOCUMENT_SHEET}], ids=name)
def test_colours_come_from_tokens(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|rgba?\(|hsla?\(", text) == []


def test_every_variable_is_defined() -> None:
    texts = {path: path.read_text("utf-8") for path in SHEETS}
    defined = {found for text in texts.values() for found in re.findall(r"(--[\w-]+)\s*:", text)}
    used = {(name(path), found) for path, text in texts.items() for found in re.findall(r"var\((--[\w-]+)", text)}
    assert {entry for entry in used if entry[1] not in defined} == set()


def luminance(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(char * 2 for char in colour[1:])
    parts = [int(full[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(scope="module")
def tokens() -> dict[str, str]:
    text = "".join((ROOT / "static/css" / sheet).read_text("utf-8") for sheet in sorted(TOKENS))
    return dict(re.findall(r"--([\w-]+)\s*:\s*(#[0-9a-fA-F]{3,6})\b", text))


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((f"{state}-t", f"{state}-b") for state in ("ok", "due", "late", "hold", "wait")),
        *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "bg", "sunk")),
        *(("ink", f"heat-{step}") for step in range(4)),
        *((link, ground) for link in ("blue", "blue-d") for ground in ("paper", "bg", "tint")),
        ("ink-2", "heat-3"),
        ("ink-3", "heat-none"),
        ("on-navy-2", "navy"),
        ("white", "on-navy-cnt"),
        ("on-ink-link", "ink"),
    ],
)
def test_text_can_be_read(tokens: dict[str, str], text: str, ground: str) -> None:
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("shape", ["ok-s", "due-s", "late-s", "hold-s", "wait-s", "line-2", "src-map", "cinnabar"])
def test_shapes_and_edges_can_be_seen(tokens: dict[str, str], shape: str) -> None:
    assert contrast(tokens[shape], tokens["paper"]) >= 3
