"""Sending and reading."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.unit import operation
from portal.notices.models import Notice, Reading, ReadUntil, Tone
from portal.notices.queries import MANY


@dataclass(frozen=True, slots=True)
class Message:
    """What `send_all` sends: as the parameters of `send`."""

    kind: str
    title: str
    dedupe_key: str
    body: str = ""
    url: str = ""
    tone: Tone = Tone.INFO
    user_id: int | None = None
    enterprise_id: int | None = None
    department_id: str | None = None


def send_all(*, messages: Sequence[Message], at: datetime) -> list[Notice]:
    """Send many notices in two statements, and return them in the same order; otherwise as `send`.

    :raises ValueError: one has not exactly one recipient
    """
    for message in messages:
        _require_one_recipient(message.user_id, message.enterprise_id, message.department_id)
    Notice.objects.bulk_create(
        (Notice(**{**asdict(message), "title": message.title[:120]}, created_at=at) for message in messages),
        ignore_conflicts=True,
    )
    sent = Notice.objects.in_bulk([message.dedupe_key for message in messages], field_name="dedupe_key")
    return [sent[message.dedupe_key] for message in messages]


def send(
    *,
    kind: str,
    title: str,
    dedupe_key: str,
    at: datetime,
    body: str = "",
    url: str = "",
    tone: Tone = Tone.INFO,
    user_id: int | None = None,
    enterprise_id: int | None = None,
    department_id: str | None = None,
) -> Notice:
    """Send a notice to exactly one person, enterprise or department.

    Sending the same `dedupe_key` again changes nothing and returns the first one, so a handler may run twice.
    :param url: a path of this portal, beginning with one slash
    :raises ValueError: not exactly one recipient
    """
    _require_one_recipient(user_id, enterprise_id, department_id)
    notice, _created = Notice.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "kind": kind,
            "tone": tone,
            "title": title[:120],
            "body": body,
            "url": url,
            "created_at": at,
            "user_id": user_id,
            "enterprise_id": enterprise_id,
            "department_id": department_id,
        },
    )
    return notice


def mark_read(*, notice_id: int, actor: Actor, at: datetime) -> Notice:
    """Note that the actor has seen a notice; seeing it again changes nothing.

    :raises NotFound: there is none for him
    """
    with operation():
        notice = Notice.objects.visible_to(actor).filter(pk=notice_id).first()
        if notice is None or actor.user_id is None:
            raise NotFound
        Reading.objects.get_or_create(notice=notice, user_id=actor.user_id, defaults={"read_at": at})
        return notice


def mark_all_read(*, actor: Actor, at: datetime) -> int:
    """Note that the actor has seen everything that is his, and return how much was new, up to MANY + 1."""
    if actor.user_id is None:
        return 0
    with operation():
        unread = Notice.objects.visible_to(actor).unread_by(actor).filter(created_at__lte=at)
        count = unread[: MANY + 1].count()
        ReadUntil.objects.update_or_create(user_id=actor.user_id, defaults={"until": at})
        return count


def _require_one_recipient(*recipients: object) -> None:
    if sum(recipient is not None for recipient in recipients) != 1:
        raise ValueError("a notice has exactly one recipient")
