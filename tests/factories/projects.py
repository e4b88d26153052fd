"""Projects as they come about: through the operations, with facts of the demo pack."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.accounts.models import Enterprise
from portal.core.actor import Actor
from projects.archive import operations as archive
from projects.archive.models import Document
from projects.registry import operations as registry
from projects.registry.models import Project

REGION = "449904"

#: 社会投资小型类
SMALL: dict[str, Any] = {
    "fund_source": "social",
    "project_basis": "3",
    "land_mode": "transfer",
    "with_scheme": False,
    "is_linear": False,
    "floor_area_m2": 7200,
    "land_area_m2": 6000,
    "plan_height_m": 18,
    "low_risk": True,
    "industry": "G5990",
}
#: 社会投资一般类
GENERAL: dict[str, Any] = {
    **SMALL,
    "floor_area_m2": 158000,
    "plan_height_m": 80,
    "low_risk": False,
    "industry": "K7010",
}
#: 政府投资房屋建筑类
GOV_BUILDING: dict[str, Any] = {
    "fund_source": "gov",
    "project_basis": "1",
    "land_mode": "alloc",
    "with_scheme": False,
    "is_linear": False,
    "floor_area_m2": 38500,
    "land_area_m2": 42000,
    "plan_height_m": 24,
    "low_risk": False,
    "industry": "P8331",
}
#: 政府投资线性类
GOV_LINEAR: dict[str, Any] = {**GOV_BUILDING, "is_linear": True, "floor_area_m2": 0, "industry": "E4813"}

#: the smallest file that is a PDF by its structure
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000053 00000 n \n0000000103 00000 n \ntrailer<</Size 4/Root 1 0 R>>\n"
    b"startxref\n170\n%%EOF\n"
)


def pdf(name: str = "材料.pdf", *, note: str = "") -> SimpleUploadedFile:
    """Return an upload; another note makes another content."""
    return SimpleUploadedFile(name, PDF + f"% {note}\n".encode(), content_type="application/pdf")


def a_project(
    *,
    owner: Enterprise,
    actor: Actor,
    at: datetime,
    facts: dict[str, Any] | None = None,
    name: str = "山前小型仓储用房",
    **more: Any,
) -> Project:
    """Register a project, 社会投资小型类 unless other facts are given."""
    return registry.register(
        name=name,
        region=more.pop("region", REGION),
        facts=SMALL if facts is None else facts,
        owner_id=owner.pk,
        actor=actor,
        at=at,
        **more,
    )


def a_document(
    *, project: Project, actor: Actor, at: datetime, material: str = "m_auth", note: str = "", **more: Any
) -> Document:
    """File a document of a project."""
    return archive.add_document(
        project_id=project.pk,
        material=material,
        title=more.pop("title", "授权委托书"),
        source=more.pop("source", "applicant"),
        upload=more.pop("upload", None) or pdf(note=note),
        actor=actor,
        at=at,
        **more,
    )
