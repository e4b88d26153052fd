"""Write the catalogue rows of a version."""

from __future__ import annotations

from datetime import datetime

from portal.citypack.models import PackVersion
from portal.citypack.registry import Documents
from projects.catalogue.compiler import compile_catalogue
from projects.catalogue.definitions import Catalogue
from projects.catalogue.models import Flow, MaterialType, ResultType, ServiceItem, Stage


def apply(*, version: PackVersion, documents: Documents, at: datetime) -> None:
    """Write the rows of a version once; a version that becomes current again has them already."""
    if Stage.objects.of_version(version.pk).exists():
        return
    catalogue = compile_catalogue(version_id=version.pk, number=version.number, documents=documents)
    stages = Stage.objects.bulk_create(
        Stage(pack_version=version, code=stage.id, name=stage.name, lead=stage.lead or "", sort=stage.sort)
        for stage in catalogue.stages.values()
    )
    Flow.objects.bulk_create(
        Flow(pack_version=version, code=flow.id, name=flow.name, total_limit_days=flow.total_limit_days, sort=sort)
        for sort, flow in enumerate(catalogue.flows.values())
    )
    MaterialType.objects.bulk_create(
        MaterialType(pack_version=version, code=material.id, name=material.name, source=material.source, sort=sort)
        for sort, material in enumerate(catalogue.materials.values())
    )
    _items(version, catalogue, {stage.code: stage for stage in stages})


def _items(version: PackVersion, catalogue: Catalogue, stages: dict[str, Stage]) -> None:
    items = ServiceItem.objects.bulk_create(
        ServiceItem(
            pack_version=version,
            code=item.id,
            name=item.name,
            stage=stages[item.stage],
            department=item.department,
            type=item.type,
            category=item.category.value,
            statutory_days=item.statutory_days,
            promised_days=item.promised_days,
            unit=item.unit.value,
            is_milestone=item.milestone,
            sort=item.sort,
        )
        for item in catalogue.items.values()
    )
    ResultType.objects.bulk_create(
        ResultType(
            pack_version=version,
            item=item,
            kind=catalogue.results[item.code].kind.value,
            title=catalogue.results[item.code].title,
            validity_days=catalogue.results[item.code].validity_days,
        )
        for item in items
    )
