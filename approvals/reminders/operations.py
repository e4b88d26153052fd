"""The sweep: find what came near, came or passed, and tell each person once, in one message.

Exactly once, however often it runs or overlaps: an occasion is one row under a unique key, written with its reminders
in one transaction; a reminder is in a digest or it is not. A run that is killed is taken up where it stopped.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple, TypeVar

from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.reminders import plan, rules, words
from approvals.reminders.models import Occasion, Reminder
from approvals.reminders.plan import Course, Step, Window
from approvals.reminders.recipients import People
from approvals.reminders.sources import SOURCES, Found, url_of
from portal.core import clock
from portal.notices import operations as notices
from portal.notices.models import Tone

BATCH = 2000
#: recipients whose digests are written in one transaction
RECIPIENTS = 200
#: a person or an enterprise
Recipient = tuple[int | None, int | None]
T = TypeVar("T")
#: lines a digest quotes; the page has them all
LINES = 8


class Told(NamedTuple):
    """One reminder on its way into a digest."""

    id: int
    occasion_id: int
    on: date
    days: int


@dataclass(frozen=True, slots=True)
class Swept:
    """What a run did: new occasions, and messages sent."""

    occasions: int
    messages: int


def sweep(*, at: datetime) -> Swept:
    """Tell everybody of the dates of today's concern; running it again tells nothing twice."""
    people = People(at)
    known = rules.in_force()
    today = clock.day_of(at)
    occasions = 0
    for place in rules.places():
        for event, dates in SOURCES.items():
            for course in plan.courses(known, event, calendar=place.calendar, today=today):
                for batch in _batches(dates.source(course, place)):
                    for step, found in _by_step(batch, course):
                        occasions += _note(found, step=step, people=people, at=at)
    return Swept(occasions, send_digests(at=at))


def send_digests(*, at: datetime) -> int:
    """Write one message per person or enterprise for all reminders not sent yet, and say how many messages."""
    waiting = list(
        Reminder.objects.filter(notice=None)
        .order_by("user_id", "enterprise_id")
        .values_list("user_id", "enterprise_id")
        .distinct()
    )
    return sum(_digest(chunk, at=at) for chunk in _batches(waiting, RECIPIENTS))


def _by_step(batch: Iterable[Found], course: Course) -> Iterator[tuple[Step, list[Found]]]:
    by_window: dict[Window, list[Found]] = defaultdict(list)
    for found in batch:
        window = course.window_of(found.on)
        if window is not None:
            by_window[window].append(found)
    for window, each in by_window.items():
        for step in window.steps:
            yield step, each


def _note(batch: Sequence[Found], *, step: Step, people: People, at: datetime) -> int:
    """Write the occasions nobody has written yet, each with its reminders."""
    by_key = {(found.subject_id, found.on): found for found in batch}
    with transaction.atomic():
        new = _insert(by_key.values(), step, at)
        agents: Mapping[int, set[int]] = {}
        if any(people.is_agent(role) for role in step.to):
            concerned = (by_key[key].concern.project_id for key in new)
            agents = people.agents({project for project in concerned if project})
        told: list[tuple[int, int | None, int | None]] = []
        for key, occasion_id in new.items():
            concern = by_key[key].concern
            told.extend((occasion_id, user_id, None) for user_id in sorted(people.users(step.to, concern, agents)))
            if concern.owner_id and people.tells_owner(step.to):
                told.append((occasion_id, None, concern.owner_id))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO reminders_reminder (occasion_id, user_id, enterprise_id) "
                "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])",
                [[row[column] for row in told] for column in range(3)],
            )
    return len(new)


def _insert(batch: Iterable[Found], step: Step, at: datetime) -> dict[tuple[int, date], int]:
    """Insert occasions, leave out those another run was quicker with, and return the new ones' ids by key."""
    rows = sorted(batch, key=lambda found: (found.subject_id, found.on))
    with connection.cursor() as cursor:
        # always in the order of the key: two runs at once wait for each other, never in a circle
        cursor.execute(
            'INSERT INTO reminders_occasion (rule, days, event, subject_id, "on", title, key, found_at) '
            "SELECT %s, %s, %s, subject_id, day, title, key, %s "
            "FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::text[]) AS given (subject_id, day, title, key) "
            'ON CONFLICT DO NOTHING RETURNING subject_id, "on", id',
            [
                step.rule,
                step.days,
                step.event,
                at,
                [found.subject_id for found in rows],
                [found.on for found in rows],
                [found.title[:200] for found in rows],
                [found.key for found in rows],
            ],
        )
        return {(subject_id, on): pk for subject_id, on, pk in cursor.fetchall()}


def _digest(recipients: Sequence[Recipient], *, at: datetime) -> int:
    users = [user_id for user_id, _enterprise_id in recipients if user_id is not None]
    enterprises = [enterprise_id for _user_id, enterprise_id in recipients if enterprise_id is not None]
    with transaction.atomic():
        # what another run is sending in this moment is left to it
        rows = (
            Reminder.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(Q(user_id__in=users) | Q(enterprise_id__in=enterprises), notice=None)
            .order_by("pk")
            .values_list("pk", "user_id", "enterprise_id", "occasion_id", "occasion__on", "occasion__days")
        )
        unsent: dict[Recipient, list[Told]] = defaultdict(list)
        for pk, user_id, enterprise_id, occasion_id, on, days in rows:
            unsent[user_id, enterprise_id].append(Told(pk, occasion_id, on, days))
        for told in unsent.values():
            # what is longest past comes first
            told.sort(key=lambda each: (each.on, each.occasion_id))
        quoted = Occasion.objects.in_bulk({each.occasion_id for told in unsent.values() for each in told[:LINES]})
        names, today = rules.in_force().names, clock.day_of(at)
        sent = notices.send_all(
            messages=[_message(recipient, told, quoted, names, today=today) for recipient, told in unsent.items()],
            at=at,
        )
        pairs = [(each.id, notice.pk) for notice, told in zip(sent, unsent.values(), strict=True) for each in told]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE reminders_reminder SET notice_id = sent.notice "
                "FROM unnest(%s::bigint[], %s::bigint[]) AS sent (reminder, notice) WHERE id = sent.reminder",
                [[reminder for reminder, _notice in pairs], [notice for _reminder, notice in pairs]],
            )
    return len(sent)


def _message(
    recipient: Recipient,
    told: Sequence[Told],
    quoted: Mapping[int, Occasion],
    names: Mapping[str, str],
    *,
    today: date,
) -> notices.Message:
    lines = [words.line(quoted[each.occasion_id], names, today=today) for each in told[:LINES]]
    if len(told) > LINES:
        lines.append(_("另有 %(n)s 件，见提醒列表。") % {"n": len(told) - LINES})
    user_id, enterprise_id = recipient
    return notices.Message(
        kind="reminders.digest",
        title=words.title(len(told), late=sum(each.days > 0 for each in told)),
        body="\n".join(lines),
        url=url_of(quoted[told[0].occasion_id]) if len(told) == 1 else reverse("reminders:reminders"),
        tone=Tone.WARNING if any(each.days >= 0 for each in told) else Tone.INFO,
        user_id=user_id,
        enterprise_id=enterprise_id,
        # a reminder is in one digest only, so any one of them names it
        dedupe_key=f"reminders.digest/{told[0].id}",
    )


def _batches(rows: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch
