"""The reviewer's unsent words. Nothing official: kept without an audit event, gone with the opinion."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from approvals.review import policies
from approvals.review.models import OpinionDraft, ReviewTask
from approvals.review.states import TaskState
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotFound
from portal.core.transitions import TransitionRefused
from portal.core.unit import operation


class DraftConflict(Conflict):
    """The draft was changed elsewhere meanwhile; both texts are kept for the eye."""

    code = "draft_changed"
    message = _("这份意见在别处改过。您的文字还在本页，请看差别后再保存。")


def save_draft(
    *, task_id: int, conclusion: str, text: str, version: int, actor: Actor, at: datetime, window: str = ""
) -> OpinionDraft:
    """Keep what was typed.

    :param version: the one this text was begun from; 0 for the first
    :param window: names the opened page, which may go on saving without learning its new version
    :raises DraftConflict: another window or person has saved since; its text and version are in `fields`
    :raises TransitionRefused: the step is done
    """
    with operation():
        task = ReviewTask.objects.select_for_update(of=("self",), no_key=True).filter(pk=task_id).first()
        if task is None:
            raise NotFound
        policies.require(policies.can_do_task(actor, task))
        if not task.is_open:
            raise TransitionRefused(fields={"state": task.state, "to": TaskState.DONE.value})
        draft = OpinionDraft.objects.filter(task=task).select_related("author").first()
        if draft is None:
            return OpinionDraft.objects.create(
                task=task,
                conclusion=conclusion,
                text=text,
                author_id=policies.person_id(actor),
                version=1,
                window=window,
                saved_at=at,
            )
        if draft.version != version and not (window and draft.window == window):
            raise DraftConflict(
                fields={
                    "version": draft.version,
                    "conclusion": draft.conclusion,
                    "text": draft.text,
                    "author": draft.author.name,
                    "saved_at": draft.saved_at.isoformat(),
                }
            )
        draft.conclusion, draft.text, draft.author_id, draft.saved_at = conclusion, text, policies.person_id(actor), at
        draft.window = window
        draft.version += 1
        draft.save(update_fields=["conclusion", "text", "author", "saved_at", "version", "window"])
        return draft
