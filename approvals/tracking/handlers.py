"""Tell people what was entrusted to them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core import outbox
from portal.notices import operations as notices
from projects.registry.models import Project


@outbox.handler("registry.mandate.given", name="tracking.tell_mandate_given")
def tell_mandate_given(payload: dict[str, Any], at: datetime) -> None:
    """Tell a person that he may act for a project."""
    project = Project.objects.select_related("owner").get(pk=payload["id"])
    with translation.override(settings.LANGUAGE_CODE):
        title = _("%(owner)s 授权您代办项目") % {"owner": project.owner.name}
        body = _("%(project)s：您可以填写申报、补正材料、查看进度；提交和撤回仍由建设单位办理。") % {
            "project": project.name
        }
    url = reverse("tracking:project", args=[project.code]) if project.code else ""
    notices.send(
        kind="mandate.given",
        title=title,
        body=body,
        url=url,
        dedupe_key=f"mandate-given/{project.pk}/{payload['user']}/{at.isoformat()}",
        at=at,
        user_id=payload["user"],
    )


@outbox.handler("registry.mandate.withdrawn", name="tracking.tell_mandate_withdrawn")
def tell_mandate_withdrawn(payload: dict[str, Any], at: datetime) -> None:
    """Tell a person that he may no longer act for a project."""
    project = Project.objects.select_related("owner").get(pk=payload["id"])
    with translation.override(settings.LANGUAGE_CODE):
        title = _("%(owner)s 收回了代办授权") % {"owner": project.owner.name}
        body = _("您不能再查看和办理“%(project)s”。有疑问请联系建设单位。") % {"project": project.name}
    notices.send(
        kind="mandate.withdrawn",
        title=title,
        body=body,
        dedupe_key=f"mandate-withdrawn/{project.pk}/{payload['user']}/{at.isoformat()}",
        at=at,
        user_id=payload["user"],
    )
