"""The composition root: every slice joins by one line, named by string.

PAGES are for people (a slice's urls.py), API is for machines (`urlpatterns` in its api.py, mounted under /api/v1/).
The order matters only where prefixes overlap.
"""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.views import SpectacularAPIView

PAGES: list[tuple[str, str]] = [
    ("", "portal.core.urls"),
    ("", "portal.ui.urls"),
    ("accounts/", "portal.accounts.urls"),
    ("notices/", "portal.notices.urls"),
    ("", "projects.catalogue.urls"),
    ("archive/", "projects.archive.urls"),
    ("", "blueprint.layers.urls"),
    ("checks/", "blueprint.checks.urls"),
    ("checks/", "blueprint.reports.urls"),
    ("sites/", "blueprint.siting.urls"),
    ("citywide/", "blueprint.citywide.urls"),
    ("ideas/", "blueprint.ideas.urls"),
    ("settings/pack/", "portal.citypack.urls"),
    ("clock/", "approvals.deadlines.urls"),
    ("applications/", "approvals.applications.urls"),
    ("window/", "approvals.window.urls"),
    ("review/", "approvals.review.urls"),
    ("joint/", "approvals.joint.urls"),
    ("", "approvals.certificates.urls"),
    ("deliveries/", "approvals.push.urls"),
    ("", "approvals.tracking.urls"),
    ("dashboard/", "approvals.supervision.urls"),
    ("reminders/", "approvals.reminders.urls"),
]

API: list[tuple[str, str]] = [
    ("", "portal.accounts.api"),
    ("", "blueprint.siting.api"),
    ("", "approvals.applications.api"),
    ("", "approvals.review.api"),
    ("", "approvals.joint.api"),
    ("", "approvals.certificates.api"),
    ("", "approvals.push.api"),
    ("", "approvals.tracking.api"),
    ("", "approvals.supervision.api"),
]

#: JSON first: a program that does not say what it wants can read that, and so can every reader of YAML
SCHEMA_FORMATS = [
    OpenApiJsonRenderer2,
    OpenApiJsonRenderer,
    OpenApiYamlRenderer2,
    OpenApiYamlRenderer,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/schema", SpectacularAPIView.as_view(renderer_classes=SCHEMA_FORMATS), name="schema"),
    *(path("api/v1/" + prefix, include(module)) for prefix, module in API),
    *(path(prefix, include(module)) for prefix, module in PAGES),
]

handler400 = "portal.ui.views.bad_request"
handler403 = "portal.ui.views.permission_denied"
handler404 = "portal.ui.views.page_not_found"
handler500 = "portal.ui.views.server_error"
