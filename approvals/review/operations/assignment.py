"""Distributing the work of a department: who has which task. The clock is never touched."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from approvals.review import policies
from approvals.review.models import Opinion, ReviewTask
from approvals.review.operations import revisions
from approvals.review.states import CASE_RUNNING, TaskState
from portal.accounts.models import User
from portal.core import actor as actors
from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation
from portal.notices import operations as notices


def assign(*, task_id: int, user_id: int, actor: Actor, at: datetime, version: int | None = None) -> ReviewTask:
    """Put an open task into somebody's hand, whoever had it before; the same hand again changes nothing.

    What the one before has typed stays with the task. The due date stays what it is.
    :raises NotAllowed: the actor does not distribute the work of the task's department
    :raises TransitionRefused: the step is done
    :raises InvalidInput: `fields["user"]` says why this person cannot do the step
    :raises StaleCase: the case has changed since the form was opened
    """
    case_id = ReviewTask.objects.filter(pk=task_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound
    with operation():
        case = revisions.lock_case(case_id)
        task = (
            ReviewTask.objects.select_for_update(of=("self",), no_key=True).select_related("assignee").get(pk=task_id)
        )
        task.case = case
        policies.require(policies.can_assign(actor, department=task.department_id))
        if not task.is_open or case.state not in CASE_RUNNING:
            raise TransitionRefused(fields={"state": task.state, "to": TaskState.CLAIMED.value})
        person = User.objects.filter(pk=user_id, is_active=True).first()
        problem = _why_not(person, task)
        if person is None or problem:
            raise InvalidInput(fields={"user": problem})
        if task.assignee_id == person.pk:
            return task
        revisions.require_version(case, version)
        revisions.touch(case, actor=actor, at=at)
        before, task.assignee = task.assignee, person
        data = {
            "step": task.step,
            "assignee": person.pk,
            "assignee_name": person.name,
            "version": case.version,
        }
        if before is None:
            return move(
                task,
                to=TaskState.CLAIMED,
                actor=actor,
                at=at,
                topic="review.task.assigned",
                data=data,
                fields=["assignee"],
            )
        task.save(update_fields=["assignee"])
        audit.record(
            stream=task.audit_stream,
            action="review.task.reassigned",
            actor=actor,
            at=at,
            subject=task,
            data={**data, "before": before.pk, "before_name": before.name},
        )
        outbox.emit("review.task.reassigned", at=at, id=task.pk, before=before.pk)
        return task


def _why_not(person: User | None, task: ReviewTask) -> str:
    """Say why a person cannot do a step; empty when he can."""
    if person is None:
        return _("没有这个人，或他的账号已停用。请从列表里选。")
    if not policies.may_do_step(actors.for_user(person), step=task.step, department=task.department_id):
        return _("%(name)s 在本部门没有“%(step)s”权限，不能办这一步。") % {
            "name": person.name,
            "step": task.get_step_display(),
        }
    if Opinion.objects.filter(policies.spoken_by(person.pk), case_id=task.case_id).exclude(step=task.step).exists():
        return _("%(name)s 办过这个办件的另一个环节，各环节须由不同的人办理。") % {"name": person.name}
    return ""


def tell_assigned(*, task_id: int, at: datetime) -> None:
    """Tell a person what was put into his hand, if he still has it."""
    task = _told(task_id)
    if task is None or task.assignee_id is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        title = _("分派给您：%(project)s %(item)s（%(step)s）") % _words(task)
    notices.send(
        kind="review.assigned",
        title=title,
        url=reverse("review:case", args=[task.case_id]),
        dedupe_key=f"review.assigned/{task.pk}/{task.assignee_id}/{at.isoformat()}",
        at=at,
        user_id=task.assignee_id,
    )


def tell_reassigned(*, task_id: int, before_id: int, at: datetime) -> None:
    """Tell who has a task now, and who has it no longer."""
    task = _told(task_id)
    if task is None:
        return
    tell_assigned(task_id=task_id, at=at)
    with translation.override(settings.LANGUAGE_CODE):
        title = _("已改派他人：%(project)s %(item)s（%(step)s）") % _words(task)
        body = _("您写的意见草稿随件转给接办的人，不用再办。")
    notices.send(
        kind="review.reassigned",
        title=title,
        body=body,
        url=reverse("review:case", args=[task.case_id]),
        dedupe_key=f"review.reassigned/{task.pk}/{before_id}/{at.isoformat()}",
        at=at,
        user_id=before_id,
    )


def _told(task_id: int) -> ReviewTask | None:
    """Return a task with what its messages name; None when it is done and there is nothing to tell."""
    return ReviewTask.objects.open().select_related("case__project", "case__service_item").filter(pk=task_id).first()


def _words(task: ReviewTask) -> dict[str, str]:
    return {
        "project": task.case.project.name,
        "item": task.case.service_item.name,
        "step": task.get_step_display(),
    }
