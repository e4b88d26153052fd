"""A new calendar has moved due days: write it into the projects' chains and tell those concerned."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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


def follow_calendar(*, moved: Sequence[Mapping[str, Any]], key: str, at: datetime) -> None:
    """Note which due days have moved, in one audit event each; tell owners and departments in one message each.

    :param moved: timers as `deadlines.timers.moved` names them: id, promised and statutory as [before, after]
    :param key: of this news; sent twice under the same key it is told once
    """
    by_timer = {row["id"]: row for row in moved}
    actor = Actor.system(str(_("日历更新")))
    with operation():
        cases = list(
            Case.objects.filter(timer_id__in=by_timer, state__in=CASE_RUNNING)
            .select_related("project", "service_item", "department")
            .order_by("pk")
        )
        runs = StageRun.objects.filter(timer_id__in=by_timer).select_related("project").order_by("pk")
        for action, rows in (("review.case.due_moved", cases), ("review.stage.due_moved", list(runs))):
            for row in rows:
                data = {name: by_timer[row.timer_id][name] for name in ("promised", "statutory")}
                audit.record(
                    stream=row.audit_stream, action=action, actor=actor, at=at, subject=row, data={**data, "for": key}
                )
        told = [case for case in cases if _is_shown(by_timer[case.timer_id])]
        notices.send_all(messages=[*_to_owners(told, by_timer, key), *_to_departments(told, by_timer, key)], at=at)


def _is_shown(row: Mapping[str, Any]) -> bool:
    before, after = row["promised"]
    return bool(before != after)


def _to_owners(cases: Sequence[Case], by_timer: Mapping[int, Any], key: str) -> list[notices.Message]:
    by_owner: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        by_owner[case.project.owner_id].append(case)
    return [
        notices.Message(
            enterprise_id=owner_id,
            url=reverse("tracking:project", args=[own[0].project.code]),
            dedupe_key=f"{key}/enterprise/{owner_id}",
            **_content(own, by_timer),
        )
        for owner_id, own in by_owner.items()
    ]


def _to_departments(cases: Sequence[Case], by_timer: Mapping[int, Any], key: str) -> list[notices.Message]:
    by_department: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_department[case.department_id].append(case)
    return [
        notices.Message(
            department_id=department_id,
            url=reverse("review:inbox"),
            dedupe_key=f"{key}/department/{department_id}",
            **_content(own, by_timer),
        )
        for department_id, own in by_department.items()
    ]


def _content(cases: Sequence[Case], by_timer: Mapping[int, Any]) -> dict[str, Any]:
    title = ngettext(
        "工作日历有变，%(n)s 件的应办结日已重新推算", "工作日历有变，%(n)s 件的应办结日已重新推算", len(cases)
    )
    lines = [
        _("%(project)s %(item)s：%(before)s 改为 %(after)s")
        % {
            "project": case.project.name,
            "item": case.service_item.name,
            "before": _day(by_timer[case.timer_id]["promised"][0]),
            "after": _day(by_timer[case.timer_id]["promised"][1]),
        }
        for case in cases[:LINES]
    ]
    if len(cases) > LINES:
        lines.append(_("另有 %(n)s 件。") % {"n": len(cases) - LINES})
    return {
        "kind": "review.due_moved",
        "title": title % {"n": len(cases)},
        "body": "\n".join(lines),
        "tone": Tone.INFO,
    }


def _day(text: str | None) -> str:
    return words.short_day(date.fromisoformat(text) if text else None)
