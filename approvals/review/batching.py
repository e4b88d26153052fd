"""What may be done to several tasks at once, and why a task is left out: one rule for preview, queue and execution."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from approvals.review import policies
from approvals.review.models import BatchEntry, Case, ReviewTask
from approvals.review.queries import tasklist
from approvals.review.states import BatchKind, CaseState, Conclusion, EntryState, Step
from portal.core.actor import Actor
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import ItemDef

#: the one kind of item whose conclusion is no legal decision (研判, 会商, 以函代证)
WITHOUT_LEGAL_EFFECT = "coordination"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A task that a batch cannot take, and why."""

    task: ReviewTask
    reason: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """Chosen tasks: those a batch takes and those it leaves out, in the order in which they were chosen."""

    taken: tuple[ReviewTask, ...]
    left_out: tuple[LeftOut, ...]


def sort_out(actor: Actor, *, kind: BatchKind, task_ids: Collection[int], batch_id: int | None = None) -> Sorted:
    """Tell which of the tasks a batch of this kind can take; three statements.

    Tasks of cases the actor may not see are left out without a word.
    :param batch_id: a batch that is being done: its own entries do not stand in its way
    """
    found = {
        task.pk: task
        for task in ReviewTask.objects.filter(
            pk__in=list(task_ids), case_id__in=Case.objects.visible_to(actor).values("pk")
        ).select_related(
            "assignee",
            "department",
            "case__project",
            "case__application__unit",
            "case__service_item",
            "case__timer",
        )
    }
    tasks = [found[pk] for pk in dict.fromkeys(task_ids) if pk in found]
    spoken = tasklist.own_steps(actor, (task.case_id for task in tasks))
    waiting = _waiting(tasks, batch_id)
    reasons = {
        task.pk: _("已在另一批里等着办理。")
        if task.pk in waiting
        else why_not(task, kind, actor=actor, spoken=spoken.get(task.case_id, frozenset()))
        for task in tasks
    }
    return Sorted(
        taken=tuple(task for task in tasks if not reasons[task.pk]),
        left_out=tuple(LeftOut(task, reasons[task.pk]) for task in tasks if reasons[task.pk]),
    )


def why_not(task: ReviewTask, kind: BatchKind, *, actor: Actor, spoken: Collection[str]) -> str:
    """Say why a batch cannot take a task; empty when it can. The task's case, application and item must be loaded.

    :param spoken: the steps of the case on which the actor has spoken
    """
    if not task.is_open or not task.case.is_running:
        return _("这一步已经办过。")
    if kind == BatchKind.HAND_BACK and policies.can_hand_back(actor, task):
        return ""
    if not policies.may_do_step(actor, step=task.step, department=task.department_id):
        return _("您没有%(department)s“%(step)s”环节的权限。") % {
            "department": task.department.short,
            "step": task.get_step_display(),
        }
    if kind == BatchKind.HAND_BACK:
        return _why_not_hand_back(task)
    if not policies.is_at_hand(actor, task):
        return _("%(name)s 已在办理。") % {"name": task.assignee.name if task.assignee else ""}
    if frozenset(spoken) - {task.step}:
        return _("您办过这个办件的另一个环节，请交同事。")
    if kind == BatchKind.CLAIM:
        return _why_not_claim(task, actor)
    if task.case.state == CaseState.HELD:
        return _("正在停办，须打开办件看过再办。")
    if task.is_deciding and not _may_be_granted_together(task):
        return _("这一步要作出决定，须打开办件逐件办理。")
    return ""


def has_legal_effect(item: ItemDef) -> bool:
    """Tell whether granting an item decides something; plain coordination that concludes no stage does not."""
    return item.type != WITHOUT_LEGAL_EFFECT or item.milestone


def conclusion_of(task: ReviewTask) -> Conclusion:
    """Return what 通过 means on this step; a batch never refuses and never returns."""
    return Conclusion.GRANT if task.is_deciding else Conclusion.PASS


def steps_after(tasks: Iterable[ReviewTask]) -> Mapping[str, int]:
    """Count the tasks by the words of what happens to them on 通过."""
    found: dict[str, int] = {}
    for task in tasks:
        words = _("办结") if task.is_deciding else _("送审核") if task.step == Step.HANDLER else _("送批准")
        found[words] = found.get(words, 0) + 1
    return found


def _why_not_hand_back(task: ReviewTask) -> str:
    if task.assignee is None:
        return _("还没有人领，不用交回。")
    return _("在 %(name)s 手上，由他交回。") % {"name": task.assignee.name}


def _why_not_claim(task: ReviewTask, actor: Actor) -> str:
    if task.assignee_id is None:
        return ""
    if task.assignee_id == actor.user_id:
        return _("已经是您领的。")
    return _("代同事办理的不用领取。")


def _may_be_granted_together(task: ReviewTask) -> bool:
    """A conclusion without legal effect whose result says nothing of its own that later items would read."""
    catalogue = catalogues.catalogue(task.case.application.pack_version_id)
    item = catalogue.items[task.case.service_item.code]
    result = catalogue.results.get(item.id)
    return not has_legal_effect(item) and not (result and result.attributes)


def _waiting(tasks: Iterable[ReviewTask], batch_id: int | None) -> frozenset[int]:
    rows = BatchEntry.objects.filter(task__in=[task.pk for task in tasks], state=EntryState.QUEUED)
    return frozenset(rows.exclude(batch=batch_id).values_list("task_id", flat=True))
