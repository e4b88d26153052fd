"""The floor of `flow`: the rows a finished flow has left, written again for another project in plain psycopg2.

The same rows in the same number of transactions, the same locks and updates, one statement per table, with all values
known beforehand: no rule is asked, nothing is computed, no row is read but to lock it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2
from django.db import connection
from django.db.models import Model

from approvals.applications.models import Application, ApplicationItem, ApplicationNotice
from approvals.deadlines.models import Timer, TimerEvent
from approvals.review.models import Case, Decision, Opinion, ReviewTask, StageRun
from portal.core.models import AuditEvent, OutboxMessage
from projects.registry.models import Project, ProjectAccess
from tests.bench.measure import Taken, cpu_and_wall

#: ids of the rows written again begin here, out of the way of the sequences
APART = 1_000_000_000


@dataclass(frozen=True)
class Left:
    """Rows of one model that a flow has left, as columns and values."""

    model: type[Model]
    rows: list[dict[str, Any]]


class PlainFlow:
    """Writes a finished flow again and again.

    :param done: id of an application that has gone through the portal
    :param step: how far the ids of one copied project are from those of the next
    """

    def __init__(self, *, done: int, step: int) -> None:
        self._application = Application.objects.select_related("project").get(pk=done)
        self._step = step
        project = self._application.project
        cases = Case.objects.filter(project=project)
        timers = Timer.objects.filter(
            pk__in=[*cases.values_list("timer", flat=True), self._run().timer_id, self._application.timer_id]
        ).order_by("pk")
        events = AuditEvent.objects.filter(stream=project.audit_stream).order_by("number")
        turn = events.filter(action="review.task.claimed").values_list("number", flat=True).first() or 0
        self._begin = [
            _left(Timer, [timer for timer in timers if timer.pk != self._application.timer_id]),
            _left(TimerEvent, TimerEvent.objects.filter(timer__in=timers).exclude(type__in=("submitted", "decided"))),
            _left(ApplicationNotice, ApplicationNotice.objects.filter(application=self._application)),
            _left(ProjectAccess, ProjectAccess.objects.filter(project=project)),
            Left(Case, [{**row, "decision_id": None} for row in _left(Case, cases).rows]),
            _left(ReviewTask, ReviewTask.objects.filter(case__in=cases).order_by("pk")),
        ]
        self._said_first = _left(AuditEvent, events.filter(number__lt=turn))
        said = list(events.filter(number__gte=turn))
        n = cases.count()
        self._each = [
            [
                _left(Opinion, Opinion.objects.filter(case=case)),
                _left(Decision, Decision.objects.filter(case=case)),
                _left(TimerEvent, TimerEvent.objects.filter(timer=case.timer_id, type="decided")),
                _left(AuditEvent, said[index * len(said) // n : (index + 1) * len(said) // n]),
            ]
            for index, case in enumerate(cases.order_by("pk"))
        ]
        self._ends = _left(
            TimerEvent,
            TimerEvent.objects.filter(timer__in=(self._run().timer_id, self._application.timer_id), type="decided"),
        )
        # what was there before the flow has a copy in every project already
        self._before: dict[type[Model], set[Any]] = {
            Project: {project.pk},
            Application: {self._application.pk},
            ApplicationItem: set(ApplicationItem.objects.filter(application=done).values_list("pk", flat=True)),
            StageRun: set(project.stage_runs.values_list("pk", flat=True)),
            Timer: {self._application.timer_id},
        }
        self._new: dict[type[Model], set[Any]] = defaultdict(set)
        for left in [*self._begin, *(each for part in self._each for each in part)]:
            self._new[left.model] |= {row["id"] for row in left.rows}

    def measure(self, *, places: Sequence[int]) -> Taken:
        """Write the flow once for each of these copied projects, given as how many steps away they are."""
        self._session = psycopg2.connect(**connection.get_connection_params())
        try:
            return cpu_and_wall(lambda k: self._flow(places[k]), n=len(places))
        finally:
            self._session.close()

    def _flow(self, away: int) -> None:
        project = self._application.project_id + away * self._step
        application = self._application.pk + away * self._step
        run = self._run().pk + away * self._step
        stream = f"plain-{project}"
        with self._session, self._session.cursor() as cursor:
            cursor.execute("SELECT id FROM review_stagerun WHERE project_id = %s ORDER BY id FOR UPDATE", [project])
            cursor.execute("SELECT id FROM applications_application WHERE id = %s FOR UPDATE", [application])
            cursor.execute(
                "UPDATE applications_materialslot SET verdict = 'complete' WHERE application_id = %s", [application]
            )
            for left in self._begin:
                self._insert(cursor, left, away)
            cursor.execute("UPDATE review_stagerun SET state = 'in_review' WHERE id = %s", [run])
            cursor.execute("UPDATE applications_application SET state = 'accepted' WHERE id = %s", [application])
            cursor.execute(
                "UPDATE deadlines_timer SET state = 'running' WHERE id = "
                "(SELECT timer_id FROM applications_application WHERE id = %s)",
                [application],
            )
            self._say(cursor, self._said_first, away, stream)
        for index, each in enumerate(self._each):
            with self._session, self._session.cursor() as cursor:
                self._complete(cursor, each, away, project, stream)
                if index == len(self._each) - 1:
                    self._insert(cursor, self._ends, away)
                    for sql, pk in (
                        ("UPDATE review_stagerun SET state = 'concluded', concluded_at = now() WHERE id = %s", run),
                        ("UPDATE applications_application SET state = 'completed' WHERE id = %s", application),
                        ("UPDATE registry_project SET state = 'closed' WHERE id = %s", project),
                    ):
                        cursor.execute(sql, [pk])

    def _complete(self, cursor: Any, each: list[Left], away: int, project: int, stream: str) -> None:
        *written, said = each
        case = self._shift(Case, written[0].rows[0]["case_id"], away)
        cursor.execute("SELECT id FROM review_stagerun WHERE project_id = %s ORDER BY id FOR UPDATE", [project])
        cursor.execute(
            "SELECT c.id FROM review_case c JOIN review_reviewtask t ON t.case_id = c.id WHERE c.id = %s FOR UPDATE",
            [case],
        )
        for left in written:
            self._insert(cursor, left, away)
        cursor.execute("UPDATE core_sequence SET value = value + 1 WHERE name = 'plain'")
        cursor.execute("UPDATE review_reviewtask SET done_at = now() WHERE case_id = %s", [case])
        decision = self._shift(Decision, written[1].rows[0]["id"], away)
        cursor.execute(
            "UPDATE review_case SET changed_at = now(), decision_id = %s WHERE id = %s RETURNING timer_id",
            [decision, case],
        )
        cursor.execute("UPDATE deadlines_timer SET used_days = 1 WHERE id = %s", cursor.fetchone())
        self._say(cursor, said, away, stream)

    def _say(self, cursor: Any, said: Left, away: int, stream: str) -> None:
        """Write links and messages, one for one, with the chain's head before and after."""
        cursor.execute(
            "INSERT INTO core_audithead (stream, number, digest) VALUES (%s, 0, '') "
            "ON CONFLICT (stream) DO UPDATE SET number = core_audithead.number RETURNING number",
            [stream],
        )
        links = [{**row, "stream": stream} for row in said.rows]
        self._insert(cursor, Left(AuditEvent, links), away)
        _send(
            cursor,
            OutboxMessage,
            [
                {
                    "topic": row["action"],
                    "payload": row["data"],
                    "created_at": row["at"],
                    "next_try_at": row["at"],
                    "attempts": 0,
                    "last_error": "",
                }
                for row in said.rows
            ],
        )
        cursor.execute(
            "UPDATE core_audithead SET number = %s, digest = %s, last_at = now() WHERE stream = %s",
            [links[-1]["number"], links[-1]["digest"], stream],
        )

    def _insert(self, cursor: Any, left: Left, away: int) -> None:
        targets = {
            field.column: field.related_model
            for field in left.model._meta.concrete_fields
            if field.is_relation and isinstance(field.related_model, type)
        }
        rows = []
        for row in left.rows:
            copied = {
                column: self._shift(targets[column], value, away) if column in targets else value
                for column, value in row.items()
            }
            copied["id"] = row["id"] + APART + away * self._step
            for column in ("number", "verify_code"):
                if isinstance(copied.get(column), str):
                    copied[column] = f"{copied[column][:8]}-{copied['id']}"[:20]
            rows.append(copied)
        _send(cursor, left.model, rows)

    def _shift(self, model: type[Model], pk: Any, away: int) -> Any:
        if pk in self._before.get(model, ()):
            return pk + away * self._step
        return pk + APART + away * self._step if pk in self._new.get(model, ()) else pk

    def _run(self) -> StageRun:
        return StageRun.objects.get(project=self._application.project_id, stage=self._application.stage)


def _left(model: type[Model], rows: Iterable[Model]) -> Left:
    columns = [str(field.column) for field in model._meta.concrete_fields]
    keys = [row.pk for row in rows]
    with connection.cursor() as cursor:
        listed = ", ".join(f'"{column}"' for column in columns)
        cursor.execute(f"SELECT {listed} FROM {model._meta.db_table} WHERE id = ANY(%s) ORDER BY id", [keys])
        return Left(model, [dict(zip(columns, values, strict=True)) for values in cursor.fetchall()])


def _send(cursor: Any, model: type[Model], rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    columns = list(rows[0])
    listed = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(rows))
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({listed}) VALUES {places}",
        [_plain(value) for row in rows for value in row.values()],
    )


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
