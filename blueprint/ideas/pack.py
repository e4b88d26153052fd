"""ideas.yaml: how many working days departments have, what their silence means, who is usually asked."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from blueprint.ideas.rules import AGREE, DOCUMENT, REMIND
from portal.citypack import registry
from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from portal.citypack.shapes import IDENT, VERSION, ListOf, Number, Record, Text

FILE = "ideas.yaml"
FILES = {
    DOCUMENT: Record(
        {
            "version": VERSION,
            "days": Number(1, 60),
            "silence": Text(choices=(AGREE, REMIND)),
            "usually_asked": ListOf(IDENT, unique="", least=1),
        }
    )
}


def register() -> None:
    """Register the section; called once from the app's ready()."""
    registry.register("ideas", files=FILES, reads=("departments",), check=check)


def check(documents: Documents) -> Iterator[Fault]:
    """Check that the departments exist."""
    known = {row["id"] for row in documents["departments"]["departments"]}
    for index, department in enumerate(documents[DOCUMENT]["usually_asked"]):
        if department not in known:
            yield Fault(FILE, f"usually_asked[{index + 1}]", _("没有“%s”这个部门") % department)
