"""The optimistic lock of a case: every act counts its version up, every form names the one it was begun from."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from approvals.review.models import Case
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotFound

#: columns that `touched` sets, for the save that follows it
CHANGED = ("version", "changed_at", "changed_by")


class StaleCase(Conflict):
    """The case has moved on since the form was opened; `fields` tell both versions, and who changed it when."""

    code = "stale"
    message = _("这个办件在您打开之后又变了，您的操作没有生效，写的内容还在本页。请先看变化，再决定是否继续。")


def lock_case(case_id: int, *, related: tuple[str, ...] = ("project",)) -> Case:
    """Lock a case and read what the act needs of its neighbours.

    :raises NotFound: there is none
    """
    case = Case.objects.select_for_update(of=("self",), no_key=True).select_related(*related).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    return case


def require_version(case: Case, version: int | None) -> None:
    """Refuse a form that was begun from an older version of a locked case.

    :param version: None when the caller looked at no form: a machine, a handler of news
    :raises StaleCase: somebody was quicker
    """
    if version is not None and version != case.version:
        raise stale(case, version)


def stale(case: Case, yours: int) -> StaleCase:
    """Return the refusal of an act that was begun from an older version."""
    return StaleCase(
        fields={
            "version": case.version,
            "yours": yours,
            "changed_by": case.changed_by,
            "changed_at": case.changed_at.isoformat() if case.changed_at else None,
        }
    )


def touched(case: Case, *, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Count a locked case up and return the columns to save with it."""
    case.version += 1
    case.changed_at, case.changed_by = at, actor.name[:80]
    return CHANGED


def touch(case: Case, *, actor: Actor, at: datetime) -> None:
    """Count a locked case up when nothing else of it is saved."""
    case.save(update_fields=touched(case, actor=actor, at=at))
