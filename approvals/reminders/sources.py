"""Where the dates are: per event of reminders.yaml, the things whose date lies in a window and that nobody was told of.

Each reads along an index on the date, so a run costs what falls due and not what is open.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from approvals.applications.models import Application
from approvals.applications.states import ApplicationState
from approvals.certificates.models import Certificate
from approvals.certificates.states import IN_FORCE, CertificateState, ResultKind
from approvals.deadlines.states import TimerState
from approvals.push.models import Delivery
from approvals.push.states import DeliveryState
from approvals.reminders.models import Occasion
from approvals.reminders.plan import Step, Window
from approvals.reminders.recipients import Concern
from approvals.review.models import Case, StageRun
from approvals.review.states import CASE_RUNNING, TASK_OPEN, StageState
from portal.core import clock
from portal.core.models import AuditHead
from portal.core.workdays import ONE_DAY, Calendar
from projects.catalogue import queries as catalogues
from projects.registry.models import Project
from projects.registry.states import ProjectState

#: the lead of the stage under review, of whoever leads more than one the first
_LEAD_NOW = Subquery(
    StageRun.objects.filter(project=OuterRef("pk"), state=StageState.IN_REVIEW).order_by("pk").values("lead_id")[:1]
)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing whose date is to be told of."""

    subject_id: int
    on: date
    title: str
    url: str
    concern: Concern


@dataclass(frozen=True, slots=True)
class Place:
    """The regions that go by one calendar.

    :param named: these regions; empty: all but `others`
    :param hand_over_days: working days from the decision in which a result is handed over (行政许可法第44条)
    """

    calendar: Calendar
    named: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    hand_over_days: int = 10

    def where(self, path: str) -> Q:
        """Return the condition on a region."""
        if self.named:
            return Q(**{f"{path}__in": self.named})
        return ~Q(**{f"{path}__in": self.others}) if self.others else Q()


Source = Callable[[Window, Place], Iterator[Found]]


def cases(window: Window, place: Place) -> Iterator[Found]:
    """Cases by their promised day; what is paused or ended falls due no more."""
    rows = (
        Case.objects.filter(
            place.where("timer__region"),
            state__in=CASE_RUNNING,
            timer__state=TimerState.RUNNING,
            timer__promised_due_on__gt=window.after,
            timer__promised_due_on__lte=window.last,
        )
        .annotate(open_task=FilteredRelation("tasks", condition=Q(tasks__state__in=TASK_OPEN)))
        .annotate(assignee=F("open_task__assignee_id"), step=F("open_task__step"))
    )
    for row in _rows(
        rows,
        window.step,
        "timer__promised_due_on",
        "project__name",
        "service_item__name",
        "project_id",
        "project__owner_id",
        "department_id",
        "stage_run__lead_id",
        "assignee",
        "step",
    ):
        pk, on, project, item, project_id, owner_id, department, lead, assignee, step = row
        yield Found(
            pk,
            on,
            f"{project} {item}",
            reverse("review:case", args=[pk]),
            Concern(project_id, owner_id, department, lead or "", assignee, step or ""),
        )


def stages(window: Window, place: Place) -> Iterator[Found]:
    """Stages under review by the promised day of their own clock."""
    rows = StageRun.objects.filter(
        place.where("timer__region"),
        timer__state=TimerState.RUNNING,
        timer__promised_due_on__gt=window.after,
        timer__promised_due_on__lte=window.last,
    )
    for pk, on, name, stage, version, project_id, owner_id, lead in _rows(
        rows,
        window.step,
        "timer__promised_due_on",
        "project__name",
        "stage",
        "project__pack_version_id",
        "project_id",
        "project__owner_id",
        "lead_id",
    ):
        url = reverse("review:stage", args=[pk])
        words = catalogues.catalogue(version).stages[stage].name
        yield Found(pk, on, f"{name} {words}", url, Concern(project_id, owner_id, lead or "", lead or ""))


def answers(window: Window, place: Place) -> Iterator[Found]:
    """Applications at the window by the last day to answer."""
    rows = Application.objects.filter(
        place.where("project__region"),
        state=ApplicationState.SUBMITTED,
        notice_due_on__gt=window.after,
        notice_due_on__lte=window.last,
    )
    yield from _applications(rows, window.step, "notice_due_on", "window:console")


def corrections(window: Window, place: Place) -> Iterator[Found]:
    """Applications being mended by the last day to supply."""
    rows = Application.objects.filter(
        place.where("project__region"),
        state=ApplicationState.CORRECTING,
        correction_due_on__gt=window.after,
        correction_due_on__lte=window.last,
    )
    yield from _applications(rows, window.step, "correction_due_on", "applications:application")


def certificates(window: Window, place: Place) -> Iterator[Found]:
    """Certificates in force by the end of their validity."""
    yield from _certificates(window, place, ~Q(kind=ResultKind.LETTER))


def letters(window: Window, place: Place) -> Iterator[Found]:
    """Preliminary letters in force by the end of their validity."""
    yield from _certificates(window, place, Q(kind=ResultKind.LETTER))


def hand_overs(window: Window, place: Place) -> Iterator[Found]:
    """Papers not handed over yet by the last day to do so, which follows from the day of the decision."""
    calendar = place.calendar
    for day in calendar.workdays(window.after, window.last):
        number = calendar.number(day) - place.hand_over_days
        # decided on a rest day, it counts from the working day before
        decided = calendar.nth(number), calendar.nth(number + 1) - ONE_DAY
        rows = Certificate.objects.filter(
            place.where("project__region"), state=CertificateState.ISSUED, decided_on__range=decided
        )
        for pk, _decided_on, title, paper, name, project_id, owner_id in _rows(
            rows, window.step, "decided_on", "title", "number", "project__name", "project_id", "project__owner_id"
        ):
            url = reverse("certificates:detail", args=[paper])
            yield Found(pk, day, f"{name} {title}", url, Concern(project_id, owner_id))


def deliveries(window: Window, place: Place) -> Iterator[Found]:
    """Results pushed to a department and not acknowledged, by the day they were sent."""
    rows = Delivery.objects.filter(
        place.where("project__region"),
        state=DeliveryState.SENT,
        department__isnull=False,
        sent_at__gte=_midnight(window.after + ONE_DAY),
        sent_at__lt=_midnight(window.last + ONE_DAY),
    )
    for pk, sent_at, title, project_id, owner_id, department in rows.order_by("pk").values_list(
        "pk", "sent_at", "title", "project_id", "project__owner_id", "department_id"
    ):
        if sent_at is None:
            continue
        concern = Concern(project_id, owner_id, department)
        yield Found(pk, clock.day_of(sent_at), title, reverse("push:received"), concern)


def projects(window: Window, place: Place) -> Iterator[Found]:
    """Projects under way by the day of their last event, whatever it was."""
    heads = AuditHead.objects.filter(
        last_at__gte=_midnight(window.after + ONE_DAY), last_at__lt=_midnight(window.last + ONE_DAY)
    )
    quiet = {stream: at for stream, at in heads.values_list("stream", "last_at") if at is not None}
    rows = Project.objects.filter(place.where("region"), state=ProjectState.REGISTERED, code__in=quiet)
    for pk, name, code, owner_id, lead in rows.order_by("pk").values_list("pk", "name", "code", "owner_id", _LEAD_NOW):
        concern = Concern(pk, owner_id, lead=lead or "")
        yield Found(pk, clock.day_of(quiet[code]), name, reverse("tracking:project", args=[code]), concern)


def _applications(rows: QuerySet[Application], step: Step, on: str, url_name: str) -> Iterator[Found]:
    for pk, day, number, name, project_id, owner_id in _rows(
        rows, step, on, "number", "project__name", "project_id", "project__owner_id"
    ):
        yield Found(pk, day, f"{name} {number}", reverse(url_name, args=[pk]), Concern(project_id, owner_id))


def _certificates(window: Window, place: Place, kind: Q) -> Iterator[Found]:
    rows = Certificate.objects.filter(
        kind,
        place.where("project__region"),
        state__in=IN_FORCE,
        valid_until__gt=window.after,
        valid_until__lte=window.last,
    )
    for pk, day, title, number, name, project_id, owner_id, department, lead in _rows(
        rows,
        window.step,
        "valid_until",
        "title",
        "number",
        "project__name",
        "project_id",
        "project__owner_id",
        "decision__case__department_id",
        "decision__case__stage_run__lead_id",
    ):
        url = reverse("certificates:detail", args=[number])
        yield Found(pk, day, f"{name} {title}", url, Concern(project_id, owner_id, department, lead or ""))


def _rows(rows: QuerySet[Any], step: Step, on: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Yield key, date and columns of what nobody was told of at this step."""
    told = Occasion.objects.filter(rule=step.rule, days=step.days, subject_id=OuterRef("pk"), on=OuterRef(on))
    yield from rows.filter(~Exists(told)).order_by("pk").values_list("pk", on, *columns).iterator(chunk_size=5000)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)


#: event of reminders.yaml -> where its dates are
SOURCES: dict[str, Source] = {
    "case_due": cases,
    "stage_due": stages,
    "notice_due": answers,
    "correction_due": corrections,
    "certificate_due": certificates,
    "letter_due": letters,
    "hand_over_due": hand_overs,
    "delivery_sent": deliveries,
    "last_event": projects,
}
