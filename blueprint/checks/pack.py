"""What the rules need of the pack's checks: every rule has its check, with the roles and tolerances it reads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext as _

from blueprint.checks.definitions import Definitions
from blueprint.checks.rules import RULES
from blueprint.layers.pack import FILE
from portal.citypack import queries as citypack
from portal.citypack import registry
from portal.citypack.faults import Fault
from portal.citypack.registry import Documents


def register() -> None:
    """Register the section; called once from the app's ready()."""
    registry.register("checks", reads=["layers"], check=check)


def check(documents: Documents) -> Iterator[Fault]:
    """Check that the pack gives every rule what it reads, and asks for no check without a rule."""
    definitions = Definitions.from_documents(documents["layers"])
    for code in definitions.checks.keys() - RULES.keys():
        yield Fault(FILE, f"checks[{code}]", _("没有这个核查规则，请检查拼写"))
    for code, rule in RULES.items():
        found = definitions.checks.get(code)
        if found is None:
            yield Fault(FILE, "checks", _("缺少核查“%s”") % code)
            continue
        for role in (*rule.needs.roles, *rule.needs.single):
            if role not in found.roles:
                yield Fault(FILE, f"checks[{code}].roles.{role}", _("缺少这个键"))
            elif role in rule.needs.single and len(found.layers(role)) != 1:
                yield Fault(FILE, f"checks[{code}].roles.{role}", _("应恰好指定一个图层"))
        for name in rule.needs.tolerance:
            if name not in found.tolerance:
                yield Fault(FILE, f"checks[{code}].tolerance.{name}", _("缺少这个键"))
        if rule.needs.construction and not found.construction:
            yield Fault(FILE, f"checks[{code}].construction", _("缺少这个键"))


def definitions(pack_version_id: int | None = None) -> Definitions:
    """Return the checks of a pack version, of the current one by default.

    :raises NoPack: no pack was loaded yet
    """
    return _definitions(pack_version_id if pack_version_id is not None else citypack.current_id())


@lru_cache(maxsize=8)
def _definitions(pack_version_id: int) -> Definitions:
    """Keep the last ones: the document of a version never changes, and it is a long one."""
    return Definitions.from_documents(citypack.document(pack_version_id, "layers"))
