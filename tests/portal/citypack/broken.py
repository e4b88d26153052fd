"""Break a copy of the demo pack: small changes to one file, and where to look for the fault."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from portal.citypack.checking import check
from portal.citypack.faults import Fault

PACK = Path(settings.BASE_DIR) / "portal" / "citypack" / "packs" / "binhai"

Edit = Callable[[Any], None]
Case = tuple[str, str, Edit, str, str]
"""File, what is wrong, the change, the key the fault must name, part of its reason."""


@cache
def original(name: str) -> str:
    document = yaml.load((PACK / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return json.dumps(document)


def edit(directory: Path, name: str, change: Edit) -> None:
    document = json.loads(original(name))
    change(document)
    # JSON with one entry to a line is YAML, too.
    text = json.dumps(document, ensure_ascii=False, indent=1)
    (directory / f"{name}.yaml").write_text(text, encoding="utf-8")


def faults_of(directory: Path) -> tuple[Fault, ...]:
    return check(directory).faults


def by_id(rows: list[dict[str, Any]], key: str) -> dict[str, Any]:
    return next(row for row in rows if row.get("id", row.get("item")) == key)


def item(document: Any, key: str) -> dict[str, Any]:
    return by_id(document["items"], key)


def put(collection: str, key: str, **values: Any) -> Edit:
    return lambda document: by_id(document[collection], key).update(values)


def put_field(key: str, **values: Any) -> Edit:
    def change(document: Any) -> None:
        fields = [field for form in document["forms"] for field in form["fields"]]
        by_id(fields, key).update(values)

    return change


def drop(collection: str, key: str, name: str) -> Edit:
    return lambda document: by_id(document[collection], key).pop(name)


def cases(rows: list[Case]) -> pytest.MarkDecorator:
    """Run a test once for each case."""
    return pytest.mark.parametrize(
        ("name", "change", "key", "reason"),
        [pytest.param(name, change, key, reason, id=f"{name}: {what}") for name, what, change, key, reason in rows],
    )


def assert_fault(directory: Path, name: str, change: Edit, key: str, reason: str) -> None:
    """Break a copy of the demo pack and look for the fault: file, key, reason and line."""
    copy = Path(shutil.copytree(PACK, directory / "pack"))
    edit(copy, name, change)

    found = [fault for fault in faults_of(copy) if fault.file == f"{name}.yaml" and fault.path.startswith(key)]

    assert found, faults_of(copy)
    assert any(reason in fault.reason for fault in found), found
    assert all(fault.line for fault in found), found
