"""What the rules need of the pack's checks: every rule has its check, with the roles and tolerances it reads."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from blueprint.checks.definitions import Check, Definitions
from blueprint.checks.rules import RULES, indicators
from blueprint.layers.pack import FILE
from portal.citypack import registry
from portal.citypack.faults import Fault
from portal.citypack.registry import Documents

#: what the rules compare with the plan
DECLARED = ("use", *indicators.INDICATORS)


def register() -> None:
    """Register the section; called once from the app's ready()."""
    registry.register("checks", reads=["layers", "form"], check=check)


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
        if "masked" not in rule.needs.roles:
            yield from _told(found, definitions)
    fields = {field["id"] for form in documents["form"]["forms"] for field in form["fields"]}
    for name, declaring in definitions.declares.items():
        if name not in DECLARED:
            yield Fault(FILE, f"declares.{name}", _("不认识这个键，请检查拼写"))
        for index, field in enumerate(declaring):
            if field not in fields:
                yield Fault(FILE, f"declares.{name}[{index + 1}]", _("没有“%s”这个字段") % field)


def _told(check: Check, definitions: Definitions) -> Iterator[Fault]:
    """Refuse masked layers in a check that tells shapes and areas of what it reads."""
    for role in check.roles:
        for layer in check.layers(role):
            if layer in definitions.masked:
                words = _("“%s”是脱敏图层，这项核查会说出位置和面积，不能用它")
                yield Fault(FILE, f"checks[{check.code}].roles.{role}", words % layer)
