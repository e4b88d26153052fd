"""Telling that a stage was opened again, because a decision it had been concluded by ended."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.review.models import StageRun
from approvals.review.queries import reopened
from portal.core.unit import operation
from portal.notices import operations as notices
from portal.notices.models import Tone
from projects.catalogue import queries as catalogues


def tell_reopened(*, run_id: int, at: datetime) -> None:
    """Tell the owner, the lead of the stage, and the departments whose later results rest on it; each once."""
    with operation():
        run = StageRun.objects.select_related("project", "unit", "lead").get(pk=run_id)
        if run.reopened_at is not None:
            notices.send_all(messages=list(_messages(run)), at=at)


def _messages(run: StageRun) -> Iterator[notices.Message]:
    project = run.project
    stage = catalogues.catalogue(project.pack_version_id).stages[run.stage].name
    title = _("%(project)s：“%(stage)s”阶段重新打开") % {"project": project.name, "stage": stage}
    why = _("这一阶段据以办结的决定已经失效。")
    key = f"review.stage.reopened/{run.pk}/{run.reopened_at.isoformat() if run.reopened_at else ''}"
    later = reopened.later_results(run)
    warning = _("后续阶段已有 %(n)s 项结果，须由作出决定的部门核对是否仍然成立。") % {"n": len(later)} if later else ""
    if project.code:
        yield notices.Message(
            kind="review.stage.reopened",
            title=title,
            body="".join([why, _("需要重新申请或等部门重新办理，办结后项目才能往下走。"), warning]),
            url=reverse("tracking:project", args=[project.code]),
            tone=Tone.ACTION,
            dedupe_key=f"{key}/owner",
            enterprise_id=project.owner_id,
        )
    told = {run.lead_id: "".join([why, warning])} if run.lead_id else {}
    for case in later:
        told.setdefault(
            case.department_id,
            why + _("本部门在后续阶段已作出决定，请核对是否仍然成立，不成立的依法撤销。"),
        )
    for department_id, body in told.items():
        yield notices.Message(
            kind="review.stage.reopened",
            title=title,
            body=body,
            url=reverse("review:stage", args=[run.pk]),
            tone=Tone.ACTION,
            dedupe_key=f"{key}/{department_id}",
            department_id=department_id,
        )
