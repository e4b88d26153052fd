"""A city full of open cases by COPY: copies of one accepted application, ten running cases each."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import Model

from approvals.applications.models import Application, ApplicationItem
from approvals.deadlines.models import Timer, TimerEvent
from approvals.review import operations as review
from approvals.review.models import Case, ReviewTask, StageRun
from portal.core import clock
from portal.core.models import AuditEvent, AuditHead, OutboxMessage, Sequence
from projects.registry.models import Project, ProjectFact, Unit
from tests.bench import city, data

#: ids of copies begin here; room for ten rows of a kind per project
FIRST = 10_000_000
KINDS = (Project, StageRun, Application, ApplicationItem, Timer, Case, ReviewTask)
Vary = Callable[[int], str]


class Crowd:
    """One template, copied as often as asked; every copy is a project with ten open tasks."""

    def __init__(self) -> None:
        data.empty(Project, Timer, OutboxMessage, AuditHead, AuditEvent, Sequence)
        city.load_pack()
        application = city.an_application(city.yesterday())
        review.accept(application_id=application.pk, actor=city.clerk(), at=city.yesterday())
        project = Project.objects.get(pk=application.project_id)
        cases = list(Case.objects.filter(project=project).order_by("pk"))
        self.departments = sorted({case.department_id for case in cases})
        self._rows: dict[type[Model], list[Model]] = {
            Project: [project],
            StageRun: [StageRun.objects.get(project=project, stage=application.stage)],
            Application: [Application.objects.get(pk=application.pk)],
            ApplicationItem: [case.application_item for case in cases],
            Timer: [case.timer for case in cases],
            Case: list(cases),
            ReviewTask: [case.tasks.get() for case in cases],
        }
        self._place = {model: {row.pk: place for place, row in enumerate(rows)} for model, rows in self._rows.items()}
        # what the template itself has open would be one of the crowd's
        with data.unchecked():
            for model in (ReviewTask, Case, TimerEvent, ApplicationItem, Application, StageRun, ProjectFact, Unit):
                model._base_manager.all()._raw_delete("default")
            Timer._base_manager.all()._raw_delete("default")

    def add(self, projects: Iterable[int], *, department: str | None = None, due: Callable[[int], date]) -> None:
        """Copy the template for these numbers of projects.

        :param department: whose all their tasks are; None: of whoever the items belong to
        :param due: number of a case (ten per project) -> its promised day
        """
        numbers = list(projects)
        with data.unchecked():
            for model in KINDS:
                columns, lines = self._lines(model, numbers, department, due)
                data.copy_lines(model, columns, lines)

    def settle(self) -> None:
        """Let the planner know the crowd."""
        data.settle_statistics(*KINDS)

    def _lines(
        self, model: type[Model], numbers: list[int], department: str | None, due: Callable[[int], date]
    ) -> tuple[list[str], Iterator[str]]:
        templates = [data.values_of(row) for row in self._rows[model]]
        size = len(templates)
        makers = [self._maker(model, values, place, size, department, due) for place, values in enumerate(templates)]

        def lines() -> Iterator[str]:
            for number in numbers:
                for parts in makers:
                    yield "\t".join([part if isinstance(part, str) else part(number) for part in parts]) + "\n"

        return list(templates[0]), lines()

    def _maker(
        self,
        model: type[Model],
        values: dict[str, Any],
        place: int,
        size: int,
        department: str | None,
        due: Callable[[int], date],
    ) -> list[str | Vary]:
        """Return each column's text, or a function of the project's number that makes it."""
        targets = {field.column: field.related_model for field in model._meta.concrete_fields if field.is_relation}
        parts: list[str | Vary] = []
        for column, value in values.items():
            target = targets.get(column)
            if column == "id":
                parts.append(_numbered(place, size))
            elif target in self._place and value in self._place[target]:
                parts.append(_numbered(self._place[target][value], len(self._rows[target])))
            elif column in ("timer_id", "unit_id") and target in (Timer, Unit):
                parts.append(r"\N")
            elif column == "department_id" and department is not None:
                parts.append(department)
            elif column in ("code", "number") and value:
                parts.append(partial(_code, place))
            elif column == "opened_at":
                # nobody is to be reminded of what lies unclaimed: it has just come
                parts.append(data.text(clock.now()))
            elif column in ("promised_due_on", "due_on"):
                parts.append(partial(_day, place, due, 0))
            elif column == "yellow_on":
                parts.append(partial(_day, place, due, -1))
            elif column == "red_on":
                parts.append(partial(_day, place, due, 1))
            else:
                parts.append(data.text(value))
        return parts


def _code(place: int, project: int) -> str:
    return f"{project:07d}-{place}"


def _day(place: int, due: Callable[[int], date], days: int, project: int) -> str:
    return (due(project * city.ITEMS + place) + timedelta(days=days)).isoformat()


def _numbered(place: int, size: int) -> Vary:
    return lambda k: str(FIRST + k * size + place)
