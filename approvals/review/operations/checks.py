"""Ticking the check points of an item. Work in progress, as a draft is: official only with the opinion that follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from approvals.review import policies
from approvals.review.models import PointCheck, ReviewTask
from approvals.review.states import PointVerdict, Step, TaskState
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.transitions import TransitionRefused
from portal.core.unit import operation
from projects.catalogue import queries as catalogues

MOST_LETTERS = 1000


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of one point; without a verdict it is taken back."""

    verdict: str
    remark: str = ""


def mark_points(*, task_id: int, marks: Mapping[str, Mark], actor: Actor, at: datetime) -> None:
    """Tick check points of the step in hand; points that are not named stay as they are.

    :param marks: by the id of the point as the pack names it for the item
    :raises NotAllowed: actor does not work on this step, or it is not the handler's
    :raises InvalidInput: a point the item does not have, an unknown verdict, 不符合 without saying what
    :raises TransitionRefused: the step is done
    """
    with operation():
        task = (
            ReviewTask.objects.select_for_update(of=("self",), no_key=True)
            .select_related("case__application", "case__service_item")
            .filter(pk=task_id)
            .first()
        )
        if task is None:
            raise NotFound
        policies.require(task.step == Step.HANDLER and policies.can_do_task(actor, task))
        if not task.is_open:
            raise TransitionRefused(fields={"state": task.state, "to": TaskState.DONE.value})
        catalogue = catalogues.catalogue(task.case.application.pack_version_id)
        labels = {point.id: point.label for point in catalogue.items[task.case.service_item.code].check_points}
        _check(marks, labels)
        taken_back = [point for point, mark in marks.items() if not mark.verdict]
        if taken_back:
            PointCheck.objects.filter(task=task, point__in=taken_back).delete()
        PointCheck.objects.bulk_create(
            [
                PointCheck(
                    task=task,
                    point=point,
                    label=labels[point],
                    verdict=mark.verdict,
                    remark=mark.remark.strip(),
                    author_id=policies.person_id(actor),
                    author_name=actor.name,
                    marked_at=at,
                )
                for point, mark in marks.items()
                if mark.verdict
            ],
            update_conflicts=True,
            unique_fields=["task", "point"],
            update_fields=["label", "verdict", "remark", "author", "author_name", "marked_at"],
        )


def _check(marks: Mapping[str, Mark], labels: Mapping[str, str]) -> None:
    problems = {}
    for point, mark in marks.items():
        if point not in labels:
            problems[point] = _("本事项没有这个审查要点。")
        elif mark.verdict and mark.verdict not in PointVerdict.values:
            problems[point] = _("请选择符合、不符合或不涉及。")
        elif mark.verdict == PointVerdict.UNFIT and not mark.remark.strip():
            problems[point] = _("不符合的，写明哪里不符合。")
        elif len(mark.remark) > MOST_LETTERS:
            problems[point] = _("说明太长，最多 1000 字。")
    if problems:
        raise InvalidInput(fields=problems)
