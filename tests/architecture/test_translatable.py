"""Every sentence in Chinese reaches the catalogue, and lists are joined in the language of the reader."""

import ast
import re
from pathlib import Path

from tests.architecture.sources import AREAS, files, show

#: the names `makemessages` looks for; a call by any other name is never collected
COLLECTED = {"gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy", "pgettext", "_"}
COLLECTED |= {"pgettext_lazy", "gettext_noop"}
TRANSLATION = "django.utils.translation"
JOINED = re.compile(r"""["'][、，；]["']\.join\(""")
JOINED_IN_TEMPLATE = re.compile(r"""\|join:["'][、，；]["']""")


def _hidden(path: Path) -> list[str]:
    """Return the names under which a module calls gettext without `makemessages` seeing it."""
    return [
        alias.asname
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION
        for alias in node.names
        if alias.asname and "gettext" in alias.name and alias.asname not in COLLECTED
    ]


def test_gettext_is_called_by_a_name_that_is_collected() -> None:
    faults = {show(path): names for path in files(".py", below=AREAS) if (names := _hidden(path))}
    assert faults == {}


def test_lists_are_joined_by_a_translated_mark() -> None:
    python = [path for path in files(".py", below=AREAS) if JOINED.search(path.read_text(encoding="utf-8"))]
    pages = [
        path for path in files(".html", below=("templates",)) if JOINED_IN_TEMPLATE.search(path.read_text("utf-8"))
    ]
    assert [show(path) for path in (*python, *pages)] == []
