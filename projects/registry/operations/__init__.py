"""The verbs of the registry."""

from projects.registry.operations.access import give_mandate, grant_access, withdraw_mandate
from projects.registry.operations.assign import CodeTaken, assign_code, request_code
from projects.registry.operations.facts import FlowWouldChange, ProjectIsOver, record_facts
from projects.registry.operations.flow import SameFlow, override_flow
from projects.registry.operations.lifecycle import close, withdraw
from projects.registry.operations.register import NoFlow, register
from projects.registry.operations.units import NoParentUnit, SeveralUnits, ensure_unit, issue_unit

__all__ = [
    "CodeTaken",
    "FlowWouldChange",
    "NoFlow",
    "NoParentUnit",
    "ProjectIsOver",
    "SameFlow",
    "SeveralUnits",
    "assign_code",
    "close",
    "ensure_unit",
    "give_mandate",
    "grant_access",
    "issue_unit",
    "override_flow",
    "record_facts",
    "register",
    "request_code",
    "withdraw",
    "withdraw_mandate",
]
