"""The verbs of the registry."""

from projects.registry.operations.access import give_mandate, grant_access, grant_accesses, withdraw_mandate
from projects.registry.operations.assign import CodeTaken, assign_code, request_code
from projects.registry.operations.divisions import (
    AlreadyDivided,
    LowestLevel,
    Part,
    merge_units,
    split_unit,
    void_unit,
)
from projects.registry.operations.facts import FlowWouldChange, ProjectIsOver, record_facts
from projects.registry.operations.flow import SameFlow, override_flow
from projects.registry.operations.lifecycle import close, reopen, withdraw
from projects.registry.operations.register import NoFlow, register
from projects.registry.operations.units import NoParentUnit, SeveralUnits, ensure_unit, issue_unit

__all__ = [
    "AlreadyDivided",
    "CodeTaken",
    "FlowWouldChange",
    "LowestLevel",
    "NoFlow",
    "NoParentUnit",
    "Part",
    "ProjectIsOver",
    "SameFlow",
    "SeveralUnits",
    "assign_code",
    "close",
    "ensure_unit",
    "give_mandate",
    "grant_access",
    "grant_accesses",
    "issue_unit",
    "merge_units",
    "override_flow",
    "record_facts",
    "register",
    "reopen",
    "request_code",
    "split_unit",
    "void_unit",
    "withdraw",
    "withdraw_mandate",
]
