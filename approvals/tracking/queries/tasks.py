"""What the applicant has to do for a project, the most urgent first, each with why and one button."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.applications.models import Application
from approvals.applications.states import ApplicationState
from approvals.review.queries.asked import Asked, asked_of
from approvals.tracking.queries.board import Board, StageLine
from blueprint.siting import queries as siting
from portal.ui import words
from portal.ui.work import Task
from projects.catalogue.definitions import ConditionKind


def tasks_of(board: Board) -> list[Task]:
    """Return the tasks of the applicant; nobody else has any here."""
    if not board.is_party or not board.project.is_running:
        return []
    tasks = [
        of_application(application, stage=board.stage_name(application.stage, application.unit))
        for state in (ApplicationState.CORRECTING, ApplicationState.DRAFT)
        for application in _open(board, state)
    ]
    tasks = [_answer(asked) for asked in asked_of(board.project.pk)] + tasks
    if _waits_for_boundary(board):
        tasks.append(_draw(board))
    tasks += [_begin(stage, board) for stage in board.main_stages if board.may_begin(stage)]
    if board.parallel is not None and board.may_begin(board.parallel):
        tasks.append(_choose_parallel(board.parallel, board))
    return [
        Task(headline=task.headline, why=task.why, url=task.url, label=task.label, primary=number == 0)
        for number, task in enumerate(tasks)
    ]


def _answer(asked: Asked) -> Task:
    """Say what a department asks for, and what follows when it does not come."""
    headlines = {
        "correction": _("按补正告知书补正“%(item)s”，%(day)s前交"),
        "tolerance": _("补齐“%(item)s”的容缺材料，%(day)s前交"),
        "commitment": _("按整改通知书整改“%(item)s”，%(day)s前完成"),
    }
    reasons = {
        "correction": _("部门一次性告知的问题补齐后接着办；逾期没补，可能不予办理。"),
        "tolerance": _("逾期没有补齐，已作出的决定自动失效。"),
        "commitment": _("逾期不整改或仍不符合条件的，撤销决定。"),
    }
    return Task(
        headline=headlines[asked.kind] % {"item": asked.item, "day": words.day(asked.due_on)},
        why=reasons[asked.kind],
        url=reverse("review:mine", args=[asked.case_id]),
        label=_("去办理"),
    )


def _open(board: Board, state: ApplicationState) -> list[Application]:
    found = {
        line.application.pk: line.application
        for line in board.all_items
        if line.application is not None and line.application.state == state
    }
    return [found[key] for key in sorted(found)]


def of_application(application: Application, *, stage: str) -> Task:
    """Return what an application under correction, or a draft, asks of the applicant."""
    return (
        _mend(application, stage) if application.state == ApplicationState.CORRECTING else _fill_in(application, stage)
    )


def _mend(application: Application, stage: str) -> Task:
    return Task(
        headline=_("补正%(stage)s的材料，%(day)s前交")
        % {"stage": stage, "day": words.day(application.correction_due_on)},
        why=_("告知书列的问题补齐后窗口接着办；到期没补就退件，需要重新申报。"),
        url=reverse("applications:form", args=[application.pk]),
        label=_("去补正"),
    )


def _fill_in(application: Application, stage: str) -> Task:
    return Task(
        headline=_("接着填%(stage)s申请表") % {"stage": stage},
        why=_("已填的内容都存着；检查并提交后窗口才会收到。"),
        url=reverse("applications:form", args=[application.pk]),
        label=_("接着填"),
    )


def _waits_for_boundary(board: Board) -> bool:
    """Tell whether a boundary would settle what is still open in the plan, and there is none yet."""
    asked = {
        condition.declare_field
        for condition in board.catalogue.conditions.values()
        if condition.kind == ConditionKind.MAP
    }
    is_open = any(asked.intersection(line.planned.unknown) for line in board.all_items if line.applies is None)
    return is_open and not siting.has_boundary(board.project.pk)


def _draw(board: Board) -> Task:
    return Task(
        headline=_("画出用地红线"),
        why=_("要不要办林地、河道、文物等事项由红线与图层比对得出；没有红线就要您逐项声明。"),
        url=reverse("siting:site", args=[board.project.code]),
        label=_("画红线"),
    )


def _begin(stage: StageLine, board: Board) -> Task:
    count = len(stage.applicable)
    url = reverse("tracking:apply", args=[board.project.code, stage.id])
    return Task(
        headline=ngettext(
            "可以申报%(stage)s了，一张表办 %(count)s 个事项", "可以申报%(stage)s了，一张表办 %(count)s 个事项", count
        )
        % {"stage": stage.full_name, "count": count},
        why=_promise(stage.limit_days),
        url=f"{url}?unit={stage.unit_code}" if stage.is_one_of_several else url,
        label=_("开始申报"),
    )


def _promise(days: int) -> str:
    """Say what an application is promised, and what is spared the applicant."""
    if not days:
        return _("项目已有的信息和材料会自动带入。")
    told = ngettext(
        "承诺 %(days)s 个工作日；项目已有的信息和材料会自动带入。",
        "承诺 %(days)s 个工作日；项目已有的信息和材料会自动带入。",
        days,
    )
    return told % {"days": days}


def _choose_parallel(stage: StageLine, board: Board) -> Task:
    choices = board.applicable(stage.id)
    count = sum(1 for line in choices if line.applies) or len(choices)
    return Task(
        headline=ngettext("还有 %(count)s 个并行事项随时可以申报", "还有 %(count)s 个并行事项随时可以申报", count)
        % {"count": count},
        why=_("它们不占阶段时间，但要在各自的最晚阶段前办完。"),
        url=reverse("tracking:apply", args=[board.project.code, stage.id]),
        label=_("选事项"),
    )
