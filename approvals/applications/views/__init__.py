"""The applicant's pages: the combined form, the correction, check and hand in, the application itself."""

from approvals.applications.views.filling import form
from approvals.applications.views.materials import material, material_add, material_remove
from approvals.applications.views.reading import application, check, notice, notice_pdf, submit
from approvals.applications.views.saving import save

__all__ = [
    "application",
    "check",
    "form",
    "material",
    "material_add",
    "material_remove",
    "notice",
    "notice_pdf",
    "save",
    "submit",
]
