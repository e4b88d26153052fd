"""Tell departments: a run is ready, a patch is theirs, a patch was answered."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from blueprint.checks.models import CheckRun
from blueprint.citywide import queries
from blueprint.citywide.models import Settling
from blueprint.reports.pages.kinds import kind as kind_words
from portal.core import outbox
from portal.notices import operations as notices


@outbox.handler("citywide.run.done", name="citywide.tell_done")
@outbox.handler("citywide.run.failed", name="citywide.tell_failed")
def tell_finished(payload: dict[str, Any], at: datetime) -> None:
    """Tell the department that asked that its run is over."""
    run = CheckRun.objects.get(pk=payload["id"])
    if run.department_id is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        name = queries.title(run, queries.layer_names([run]))
        title = _("%(name)s算好了") % {"name": name} if run.is_done else _("%(name)s没有完成") % {"name": name}
        body = _("共 %(n)s 个差异图斑。") % {"n": run.result.get("patches", 0)} if run.is_done else run.error
    notices.send(
        kind="citywide.run",
        title=title,
        body=body,
        url=reverse("citywide:run", args=[run.pk]),
        dedupe_key=f"citywide-run/{run.pk}/{run.state}",
        at=at,
        department_id=run.department_id,
    )


@outbox.handler("citywide.patch.assigned", name="citywide.tell_assigned")
@outbox.handler("citywide.patch.handed_back", name="citywide.tell_handed_back")
def tell_assigned(payload: dict[str, Any], at: datetime) -> None:
    """Tell the department that a patch waits for it."""
    _tell(Settling.objects.select_related("patch").get(pk=payload["id"]), at, to_asker=False)


@outbox.handler("citywide.patch.answered", name="citywide.tell_answered")
def tell_answered(payload: dict[str, Any], at: datetime) -> None:
    """Tell who gave the patch that it was answered."""
    _tell(Settling.objects.select_related("patch__run").get(pk=payload["id"]), at, to_asker=True)


def _tell(settling: Settling, at: datetime, *, to_asker: bool) -> None:
    patch = settling.patch
    department = patch.run.department_id if to_asker else settling.department_id
    if department is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        words = {"code": patch.code, "kind": kind_words(patch.kind), "area": f"{patch.area_m2:,.1f}"}
        title = _("差异图斑 %(code)s 已答复") if to_asker else _("差异图斑 %(code)s 请处置")
        body = _("%(kind)s，%(area)s 平方米。") % words
    steps = settling.steps.count()
    notices.send(
        kind="citywide.patch",
        title=title % words,
        body=body,
        url=reverse("citywide:patch", args=[patch.pk]),
        dedupe_key=f"citywide-patch/{settling.pk}/{steps}",
        at=at,
        department_id=department,
    )
