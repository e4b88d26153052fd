"""What the pack says of findings and of the report, in layers.yaml: here the departments it names are checked."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.citypack import registry
from portal.citypack.faults import Fault
from portal.citypack.registry import Documents

FILE = "layers.yaml"


def register() -> None:
    """Register the rules; called once from the app's ready()."""
    registry.register("reports", reads=("layers", "departments"), check=check)


def check(documents: Documents) -> Iterator[Fault]:
    """Check that departments exist, that every finding has a meaning, and that none stands behind the last one."""
    known = {row["id"] for row in documents["departments"]["departments"]}
    report = documents["layers"].get("report")
    if report is not None and report["department"] not in known:
        yield Fault(FILE, "report.department", _("没有“%s”这个部门") % report["department"])
    for definition in documents["layers"]["checks"]:
        meanings = definition.get("meanings", [])
        for index, meaning in enumerate(meanings):
            path = f"checks[{definition['id']}].meanings[{index + 1}]"
            for department in meaning["by"]:
                if department not in known:
                    yield Fault(FILE, f"{path}.by", _("没有“%s”这个部门") % department)
            is_last = index == len(meanings) - 1
            if is_last and "when" in meaning:
                yield Fault(FILE, path, _("最后一条不能写 when，否则有的结论没有说明"))
            if not is_last and "when" not in meaning:
                yield Fault(FILE, path, _("没有写 when，后面的说明永远用不到；请放到最后"))
