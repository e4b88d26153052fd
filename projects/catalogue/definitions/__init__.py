"""Frozen definitions of one pack version. Pure: plain values in, no database, no clock.

Everything that was started under a version keeps reading that version's definitions, so they never change.
"""

from projects.catalogue.definitions.catalogue import Catalogue
from projects.catalogue.definitions.conditions import Clause, ConditionDef
from projects.catalogue.definitions.flows import (
    FlowDef,
    FlowStageDef,
    JointDef,
    JointForm,
    JointResult,
    LimitVariant,
    PackageDef,
)
from projects.catalogue.definitions.forms import ColumnDef, FieldDef, FormDef, FromMap, FromResult
from projects.catalogue.definitions.items import CheckPoint, DepartmentDef, ItemDef, StageDef
from projects.catalogue.definitions.papers import FieldLimit, ItemResult, MaterialDef, ResultAttribute, ResultDef
from projects.catalogue.definitions.words import (
    ADVISORY_STAGE,
    DECLARE_PREFIX,
    MAP_PREFIX,
    PARALLEL_STAGE,
    Category,
    ConditionKind,
    MapGives,
    ResultKind,
    Unit,
)

__all__ = [
    "ADVISORY_STAGE",
    "DECLARE_PREFIX",
    "MAP_PREFIX",
    "PARALLEL_STAGE",
    "Catalogue",
    "Category",
    "CheckPoint",
    "Clause",
    "ColumnDef",
    "ConditionDef",
    "ConditionKind",
    "DepartmentDef",
    "FieldDef",
    "FieldLimit",
    "FlowDef",
    "FlowStageDef",
    "FormDef",
    "FromMap",
    "FromResult",
    "ItemDef",
    "ItemResult",
    "JointDef",
    "JointForm",
    "JointResult",
    "LimitVariant",
    "MapGives",
    "MaterialDef",
    "PackageDef",
    "ResultAttribute",
    "ResultDef",
    "ResultKind",
    "StageDef",
    "Unit",
]
