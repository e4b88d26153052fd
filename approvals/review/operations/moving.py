"""A new calendar has moved due days: write it into the projects' chains and tell those concerned."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.deadlines import operations as deadlines
from approvals.review.models import Case, StageRun
from approvals.review.states import CASE_RUNNING
from portal.core import audit
from portal.core.actor import Actor
from portal.core.unit import operation
from portal.notices import operations as notices
from portal.notices.models import Tone
from portal.ui import words

#: lines a message quotes
LINES = 8
_COLUMNS = (
    "project__name",
    "service_item__name",
    "timer__moves__promised_before_on",
    "timer__moves__promised_after_on",
)


def follow_calendar(*, moved: Sequence[Mapping[str, Any]], key: str, at: datetime) -> None:
    """Note which due days have moved, in one audit event each; one batch of a recount.

    :param moved: timers as `deadlines.timers.moved` names them: id, promised and statutory as [before, after]
    :param key: of this news
    """
    by_timer = {row["id"]: row for row in moved}
    actor = Actor.system(str(_("日历更新")))
    with operation():
        cases = Case.objects.filter(timer_id__in=by_timer, state__in=CASE_RUNNING)
        runs = StageRun.objects.filter(timer_id__in=by_timer)
        for action, rows in (("review.case.due_moved", cases), ("review.stage.due_moved", runs)):
            for row in rows.select_related("project").order_by("pk"):
                data = {name: by_timer[row.timer_id][name] for name in ("promised", "statutory")}
                audit.record(
                    stream=row.audit_stream, action=action, actor=actor, at=at, subject=row, data={**data, "for": key}
                )


def tell_moved(*, recount_id: int, at: datetime) -> None:
    """Tell each owner and each department in one message which due days a recount has moved, however many batches."""
    key = f"deadlines.recount/{recount_id}"
    with operation():
        rows = (
            Case.objects.filter(timer__moves__recount=recount_id, state__in=CASE_RUNNING)
            .order_by("pk")
            .values_list("project__owner_id", "department_id", "project__code", *_COLUMNS)
        )
        owners: dict[int, _Told] = defaultdict(_Told)
        departments: dict[str, _Told] = defaultdict(_Told)
        for owner_id, department_id, code, *moved in rows.iterator():
            owners[owner_id].add(code or "", *moved)
            departments[department_id].add(code or "", *moved)
        to_owners = [
            notices.Message(
                enterprise_id=owner_id,
                url=reverse("tracking:project", args=[told.code]),
                dedupe_key=f"{key}/enterprise/{owner_id}",
                **told.content(),
            )
            for owner_id, told in owners.items()
        ]
        to_departments = [
            notices.Message(
                department_id=department_id,
                url=reverse("review:inbox"),
                dedupe_key=f"{key}/department/{department_id}",
                **told.content(),
            )
            for department_id, told in departments.items()
        ]
        notices.send_all(messages=[*to_owners, *to_departments], at=at)
        deadlines.forget_moves(recount_id=recount_id)


@dataclass(slots=True)
class _Told:
    """What one reader is told: how many, and the first lines."""

    code: str = ""
    """Of the first project."""
    count: int = 0
    lines: list[str] = field(default_factory=list)

    def add(self, code: str, project: str, item: str, before: date | None, after: date | None) -> None:
        self.code = self.code or code
        self.count += 1
        if self.count <= LINES:
            days = {"before": words.short_day(before), "after": words.short_day(after)}
            self.lines.append(
                _("%(project)s %(item)s：%(before)s 改为 %(after)s") % {"project": project, "item": item, **days}
            )

    def content(self) -> dict[str, Any]:
        title = ngettext(
            "工作日历有变，%(n)s 件的应办结日已重新推算", "工作日历有变，%(n)s 件的应办结日已重新推算", self.count
        )
        more = [_("另有 %(n)s 件。") % {"n": self.count - LINES}] if self.count > LINES else []
        return {
            "kind": "review.due_moved",
            "title": title % {"n": self.count},
            "body": "\n".join([*self.lines, *more]),
            "tone": Tone.INFO,
        }
