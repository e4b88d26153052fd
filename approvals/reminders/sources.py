"""Where the dates are: per event of reminders.yaml, the things whose date lies in a window and that nobody was told of.

Each reads along an index on the date, so a run costs what falls due and not what is open.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Case as Choice
from django.db.models import (
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    SmallIntegerField,
    Subquery,
    Value,
    When,
)
from django.urls import reverse

from approvals.applications.models import Application
from approvals.applications.states import ApplicationState
from approvals.certificates.models import Certificate
from approvals.certificates.states import IN_FORCE, CertificateState, ResultKind
from approvals.deadlines.states import TimerState
from approvals.push.models import Delivery
from approvals.push.states import DeliveryState
from approvals.reminders.models import Occasion
from approvals.reminders.plan import Course
from approvals.reminders.recipients import Concern
from approvals.review.models import Case, Commitment, ReviewTask, StageRun, Tolerance
from approvals.review.states import CASE_RUNNING, TASK_OPEN, CommitmentState, StageState, TaskState, ToleranceState
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
    """One thing whose date is to be told of.

    :param key: what names it in its address
    """

    subject_id: int
    on: date
    title: str
    key: str
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


Source = Callable[[Course, Place], Iterator[Found]]


def cases(course: Course, place: Place) -> Iterator[Found]:
    """Cases by their promised day; what is paused or ended falls due no more."""
    rows = (
        Case.objects.filter(
            place.where("timer__region"),
            state__in=CASE_RUNNING,
            timer__state=TimerState.RUNNING,
        )
        .annotate(open_task=FilteredRelation("tasks", condition=Q(tasks__state__in=TASK_OPEN)))
        .annotate(assignee=F("open_task__assignee_id"), step=F("open_task__step"))
    )
    for row in _rows(
        rows,
        course,
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
            str(pk),
            Concern(project_id, owner_id, department, lead or "", assignee, step or ""),
        )


def unclaimed(course: Course, place: Place) -> Iterator[Found]:
    """Steps that nobody has taken out of their department's pool, by the day they came to it."""
    rows = ReviewTask.objects.filter(
        place.where("case__project__region"),
        state=TaskState.WAITING,
        opened_at__gte=_midnight(course.after + ONE_DAY),
        opened_at__lt=_midnight(course.last + ONE_DAY),
    )
    for pk, opened_at, project, item, project_id, owner_id, department in rows.order_by("pk").values_list(
        "pk",
        "opened_at",
        "case__project__name",
        "case__service_item__name",
        "case__project_id",
        "case__project__owner_id",
        "department_id",
    ):
        # whoever distributes the department's own work, not the lead of the stage
        concern = Concern(project_id, owner_id, department, lead=department)
        yield Found(pk, clock.day_of(opened_at), f"{project} {item}", "", concern)


def stages(course: Course, place: Place) -> Iterator[Found]:
    """Stages under review by the promised day of their own clock."""
    rows = StageRun.objects.filter(
        place.where("timer__region"),
        timer__state=TimerState.RUNNING,
    )
    for pk, on, name, stage, version, project_id, owner_id, lead in _rows(
        rows,
        course,
        "timer__promised_due_on",
        "project__name",
        "stage",
        "project__pack_version_id",
        "project_id",
        "project__owner_id",
        "lead_id",
    ):
        words = catalogues.catalogue(version).stages[stage].name
        yield Found(pk, on, f"{name} {words}", str(pk), Concern(project_id, owner_id, lead or "", lead or ""))


def answers(course: Course, place: Place) -> Iterator[Found]:
    """Applications at the window by the last day to answer."""
    rows = Application.objects.filter(
        place.where("project__region"),
        state=ApplicationState.SUBMITTED,
    )
    yield from _applications(rows, course, "notice_due_on")


def corrections(course: Course, place: Place) -> Iterator[Found]:
    """Applications being mended by the last day to supply."""
    rows = Application.objects.filter(
        place.where("project__region"),
        state=ApplicationState.CORRECTING,
    )
    yield from _applications(rows, course, "correction_due_on")


def certificates(course: Course, place: Place) -> Iterator[Found]:
    """Certificates in force by the end of their validity."""
    yield from _certificates(course, place, ~Q(kind=ResultKind.LETTER))


def letters(course: Course, place: Place) -> Iterator[Found]:
    """Preliminary letters in force by the end of their validity."""
    yield from _certificates(course, place, Q(kind=ResultKind.LETTER))


def hand_overs(course: Course, place: Place) -> Iterator[Found]:
    """Papers not handed over yet by the last day to do so, which follows from the day of the decision."""
    calendar, days = place.calendar, place.hand_over_days
    first = calendar.number(course.after) + 1 - days
    last = calendar.number(course.last) - days
    if first > last:
        return
    # decided on a rest day, it counts from the working day before
    decided = calendar.nth(first), calendar.nth(last + 1) - ONE_DAY
    rows = Certificate.objects.filter(
        place.where("project__region"), state=CertificateState.ISSUED, decided_on__range=decided
    )
    for pk, decided_on, title, paper, name, project_id, owner_id in rows.order_by("pk").values_list(
        "pk", "decided_on", "title", "number", "project__name", "project_id", "project__owner_id"
    ):
        on = calendar.nth(calendar.number(decided_on) + days)
        yield Found(pk, on, f"{name} {title}", paper, Concern(project_id, owner_id))


def deliveries(course: Course, place: Place) -> Iterator[Found]:
    """Results pushed to a department and not acknowledged, by the day they were sent."""
    rows = Delivery.objects.filter(
        place.where("project__region"),
        state=DeliveryState.SENT,
        department__isnull=False,
        sent_at__gte=_midnight(course.after + ONE_DAY),
        sent_at__lt=_midnight(course.last + ONE_DAY),
    )
    for pk, sent_at, title, project_id, owner_id, department in rows.order_by("pk").values_list(
        "pk", "sent_at", "title", "project_id", "project__owner_id", "department_id"
    ):
        if sent_at is None:
            continue
        concern = Concern(project_id, owner_id, department)
        yield Found(pk, clock.day_of(sent_at), title, "", concern)


def projects(course: Course, place: Place) -> Iterator[Found]:
    """Projects under way by the day of their last event, whatever it was."""
    heads = AuditHead.objects.filter(
        last_at__gte=_midnight(course.after + ONE_DAY), last_at__lt=_midnight(course.last + ONE_DAY)
    )
    quiet = {stream: at for stream, at in heads.values_list("stream", "last_at") if at is not None}
    rows = Project.objects.filter(place.where("region"), state=ProjectState.REGISTERED, code__in=quiet)
    for pk, name, code, owner_id, lead in rows.order_by("pk").values_list("pk", "name", "code", "owner_id", _LEAD_NOW):
        concern = Concern(pk, owner_id, lead=lead or "")
        yield Found(pk, clock.day_of(quiet[code]), name, code, concern)


def tolerances(course: Course, place: Place) -> Iterator[Found]:
    """Grants with material to come by the day it must be supplied."""
    rows = Tolerance.objects.filter(place.where("decision__case__project__region"), state=ToleranceState.OPEN)
    yield from _promises(rows, course, "due_on", "decision__case__")


def supplied_tolerances(course: Course, place: Place) -> Iterator[Found]:
    """Deferred material that came and that nobody has looked at, by the day it came."""
    rows = Tolerance.objects.filter(
        place.where("decision__case__project__region"),
        state=ToleranceState.SUPPLIED,
        supplied_at__gte=_midnight(course.after + ONE_DAY),
        supplied_at__lt=_midnight(course.last + ONE_DAY),
    )
    columns = ("pk", "project__name", "service_item__name", "project_id", "project__owner_id", "department_id")
    for pk, at, case_id, name, item, project_id, owner_id, department in rows.order_by("pk").values_list(
        "pk", "supplied_at", *("decision__case__" + column for column in columns)
    ):
        if at is not None:
            concern = Concern(project_id, owner_id, department)
            yield Found(pk, clock.day_of(at), f"{name} {item}", str(case_id), concern)


def checks(course: Course, place: Place) -> Iterator[Found]:
    """Commitments by the day until which they are to be checked."""
    rows = Commitment.objects.to_check().filter(place.where("case__project__region"))
    yield from _promises(rows, course, "check_due_on", "case__")


def rectifications(course: Course, place: Place) -> Iterator[Found]:
    """Commitments found broken, by the day they must be put right."""
    rows = Commitment.objects.filter(place.where("case__project__region"), state=CommitmentState.RECTIFYING)
    yield from _promises(rows, course, "rectify_by", "case__")


def _promises(rows: QuerySet[Any], course: Course, on: str, case: str) -> Iterator[Found]:
    columns = ("pk", "project__name", "service_item__name", "project_id", "project__owner_id", "department_id")
    for pk, day, case_id, name, item, project_id, owner_id, department in _rows(
        rows, course, on, *(case + column for column in columns)
    ):
        yield Found(pk, day, f"{name} {item}", str(case_id), Concern(project_id, owner_id, department))


def _applications(rows: QuerySet[Application], course: Course, on: str) -> Iterator[Found]:
    for pk, day, number, name, project_id, owner_id in _rows(
        rows, course, on, "number", "project__name", "project_id", "project__owner_id"
    ):
        yield Found(pk, day, f"{name} {number}", str(pk), Concern(project_id, owner_id))


def _certificates(course: Course, place: Place, kind: Q) -> Iterator[Found]:
    rows = Certificate.objects.filter(
        kind,
        place.where("project__region"),
        state__in=IN_FORCE,
    )
    for pk, day, title, number, name, project_id, owner_id, department, lead in _rows(
        rows,
        course,
        "valid_until",
        "title",
        "number",
        "project__name",
        "project_id",
        "project__owner_id",
        "decision__case__department_id",
        "decision__case__stage_run__lead_id",
    ):
        yield Found(pk, day, f"{name} {title}", number, Concern(project_id, owner_id, department, lead or ""))


def _rows(rows: QuerySet[Any], course: Course, on: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Yield key, date and columns of what lies in a course and nobody was told of at its step."""
    steps = Choice(
        *(When(**{f"{on}__gt": window.after}, then=Value(window.days)) for window in course.windows),
        output_field=SmallIntegerField(),
    )
    told = Occasion.objects.filter(
        subject_id=OuterRef("pk"), event=course.event, on=OuterRef(on), days=OuterRef("step_days")
    )
    found = rows.filter(**{f"{on}__gt": course.after, f"{on}__lte": course.last})
    yield from found.annotate(step_days=steps).filter(~Exists(told)).order_by("pk").values_list("pk", on, *columns)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of one event: who reads them, and the page of a thing that has one."""

    source: Source
    page: str
    query: str = ""


#: event of reminders.yaml -> where its dates are
SOURCES: dict[str, Dates] = {
    "case_due": Dates(cases, "review:case"),
    "stage_due": Dates(stages, "review:stage"),
    "task_arrived": Dates(unclaimed, "review:assignment", "?who=none"),
    "notice_due": Dates(answers, "window:console"),
    "correction_due": Dates(corrections, "applications:application"),
    "tolerance_due": Dates(tolerances, "review:mine"),
    "tolerance_supplied": Dates(supplied_tolerances, "review:case"),
    "commitment_due": Dates(checks, "review:case"),
    "rectify_due": Dates(rectifications, "review:mine"),
    "certificate_due": Dates(certificates, "certificates:detail"),
    "letter_due": Dates(letters, "certificates:detail"),
    "hand_over_due": Dates(hand_overs, "certificates:detail"),
    "delivery_sent": Dates(deliveries, "push:received"),
    "last_event": Dates(projects, "tracking:project"),
}


def url_of(occasion: Occasion) -> str:
    """Return the address of the thing an occasion is about; the list of reminders where its event is no more."""
    dates = SOURCES.get(occasion.event)
    if dates is None:
        return reverse("reminders:reminders")
    return reverse(dates.page, args=[occasion.key] if occasion.key else []) + dates.query
