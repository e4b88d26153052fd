"""Everything the page of one case shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.applications import presenting
from approvals.applications import queries as applications
from approvals.applications.models import Application
from approvals.applications.queries import FormState
from approvals.applications.queries import materials as slots
from approvals.deadlines import drawings
from approvals.deadlines import queries as deadlines
from approvals.deadlines.queries import LightWords
from approvals.oneform import extract
from approvals.review import policies, routing
from approvals.review.models import Case, Hold, Opinion, OpinionDraft, ReviewTask
from approvals.review.queries import cases
from approvals.review.queries import points as checking
from approvals.review.queries.cases import EarlierResult
from approvals.review.queries.lanes import lane_of, light_of
from approvals.review.queries.points import Indicator, Point
from approvals.review.states import TASK_OPEN, PointVerdict, Step
from portal.core import audit, files
from portal.core.actor import Actor, StandIn
from portal.core.models import AuditEvent
from portal.ui.clockbar import ClockBar
from portal.ui.fields import Source
from portal.ui.lanes import Lane, in_order
from portal.ui.work import Opinion as OpinionView
from projects.archive.models import Document
from projects.catalogue.definitions import ResultAttribute
from projects.registry.queries import fact_text
from projects.registry.states import FactSource

CHIPS: dict[str, Source] = {
    FactSource.REGISTRY: Source.REGISTRY,
    FactSource.E_CERT: Source.CERTIFICATE,
    FactSource.PRIOR_RESULT: Source.PRIOR,
    FactSource.MAP: Source.MAP,
    FactSource.SYSTEM: Source.SYSTEM,
}
#: the column of the clock bar in the head of a case (static/css/pages/case.css)
HEADER_BAR_PX = 500


@dataclass(frozen=True, slots=True)
class Material:
    """A document of the application that this case may read."""

    name: str
    document: Document
    kind: str
    url: str
    is_inline: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the form extract."""

    label: str
    text: str
    source: str
    source_label: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form extract."""

    name: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """The page of one case for one reader."""

    case: Case
    light: LightWords
    due_on: date | None
    bar: ClockBar | None
    facts: tuple[tuple[str, str], ...]
    flow: str
    materials: tuple[Material, ...]
    sections: tuple[Section, ...]
    earlier: tuple[EarlierResult, ...]
    points: tuple[Point, ...]
    indicators: tuple[Indicator, ...]
    opinions: tuple[Opinion, ...]
    holds: tuple[Hold, ...]
    lanes: tuple[Lane, ...]
    history: tuple[AuditEvent, ...]
    task: ReviewTask | None
    draft: OpinionDraft | None
    attributes: tuple[ResultAttribute, ...]
    may_act: bool
    is_second_step: bool
    is_taken_by_other: bool
    stands_in: StandIn | None
    """For whom the reader would do this step."""
    may_hand_back: bool
    may_hold: bool
    reads_opinions: bool

    @property
    def may_mark(self) -> bool:
        """The handler ticks the points; those after him read them."""
        return self.may_act and self.task is not None and self.task.step == Step.HANDLER

    @property
    def verdicts(self) -> tuple[tuple[str, str], ...]:
        return tuple((choice.value, str(choice.label)) for choice in PointVerdict)

    @property
    def points_done(self) -> int:
        return sum(bool(point.verdict) for point in self.points)

    @property
    def unfit(self) -> int:
        """Return how many declared figures pass their bounds."""
        return sum(not indicator.fits for indicator in self.indicators)

    @property
    def lanes_done(self) -> int:
        return sum(lane.light in ("done", "no") for lane in self.lanes)

    @property
    def open_holds(self) -> tuple[Hold, ...]:
        return tuple(hold for hold in self.holds if hold.released_at is None)

    @property
    def earlier_opinions(self) -> tuple[OpinionView, ...]:
        """Return the opinions as the opinion box folds them."""
        return tuple(
            OpinionView(
                author=opinion.signed,
                step=opinion.get_step_display(),
                conclusion=opinion.get_conclusion_display(),
                text=opinion.text,
                at=opinion.given_at,
            )
            for opinion in self.opinions
        )

    @property
    def conclusions(self) -> tuple[tuple[str, str], ...]:
        """Return what the reader may conclude, value and word."""
        if self.task is None:
            return ()
        return tuple(
            (choice.value, str(choice.label)) for choice in routing.conclusions_for(deciding=self.task.is_deciding)
        )


def case_page(case: Case, actor: Actor, *, today: date) -> CasePage:
    """Read the page of a case the actor may see."""
    catalogue, item = cases.definition_of(case)
    application = _application(case)
    form = applications.form_of(application)
    task = (
        ReviewTask.objects.select_related("assignee").filter(case=case, state__in=TASK_OPEN).first()
        if case.is_running
        else None
    )
    if task is not None:
        task.case = case
    reads_opinions = policies.can_read_opinions(actor, case)
    opinions = tuple(case.opinions.order_by("pk")) if reads_opinions else ()
    second = task is not None and any(
        actor.user_id in (opinion.author_id, opinion.on_behalf_of_id) and opinion.step != task.step
        for opinion in opinions
    )
    may_do = task is not None and policies.can_do_task(actor, task)
    result = catalogue.results.get(item.id)
    return CasePage(
        case=case,
        light=light_of(case.state, case.timer, today),
        due_on=deadlines.promised_due_on(case.timer, today),
        bar=drawings.clock_bar(
            case.timer, today, width_px=HEADER_BAR_PX, subject=f"{case.project.name} {case.service_item.name}"
        ),
        facts=_key_figures(form, item.id),
        flow=catalogue.flows[case.project.flow].name,
        materials=_materials(application, item.id),
        sections=_sections(form, item.id),
        earlier=tuple(cases.earlier_results(case)),
        points=checking.points(case, item) if reads_opinions else (),
        indicators=checking.indicators(
            case,
            catalogue,
            item,
            declared={
                name: filled.value
                for name, filled in extract.extract(form.spec, form.filled, {item.id}).items()
                if not filled.is_empty
            },
        ),
        opinions=opinions,
        holds=tuple(case.holds.order_by("pk")),
        lanes=_lanes(case, actor, today=today),
        history=_history(case) if reads_opinions else (),
        task=task,
        draft=OpinionDraft.objects.select_related("author").filter(task=task).first() if may_do and task else None,
        attributes=result.attributes if result and task and task.is_deciding else (),
        may_act=may_do and not second,
        is_second_step=may_do and second,
        is_taken_by_other=task is not None
        and not policies.is_at_hand(actor, task)
        and policies.may_do_step(actor, step=task.step, department=task.department_id),
        stands_in=policies.standing_in(actor, task) if task and may_do else None,
        may_hand_back=task is not None and policies.can_hand_back(actor, task),
        may_hold=case.is_running and policies.can_hold(actor, case),
        reads_opinions=reads_opinions,
    )


def _application(case: Case) -> Application:
    return (
        Application.objects.select_related("project__owner", "unit", "timer")
        .prefetch_related("items__service_item", "answers", "project__facts")
        .get(pk=case.application_id)
    )


def _materials(application: Application, item: str) -> tuple[Material, ...]:
    return tuple(
        Material(
            name=slot.name,
            document=file.document,
            kind=file.document.blob.format,
            url=reverse("archive:document", args=[file.document_id]),
            is_inline=file.document.blob.format in files.INLINE_FORMATS,
        )
        for slot in slots.slots_with_files(application)
        if item in slot.items
        for file in slot.files.all()
    )


def _sections(state: FormState, item: str) -> tuple[Section, ...]:
    """Return the part of the form that this item has a reason to see, answered fields only."""
    found = []
    for section in extract.sections_for(state.spec, {item}):
        answers = tuple(
            Answer(
                label=filled.field.label.split("（", 1)[0],
                text=presenting.value_words(state, filled),
                source=CHIPS.get(filled.source, Source.APPLICANT),
                source_label=_source_words(filled.source),
            )
            for filled in (state.filled[field.id] for field in section.fields)
            if not filled.is_empty
        )
        if answers:
            found.append(Section(section.name, answers))
    return tuple(found)


def _source_words(source: str) -> str:
    """Name a source for the reviewer where the usual word speaks to the applicant, or says too little."""
    if source == FactSource.THIRD_PARTY:
        return str(FactSource.THIRD_PARTY.label)
    return "" if source in CHIPS else _("申请人填写")


def _key_figures(state: FormState, item: str) -> tuple[tuple[str, str], ...]:
    """Return the first measured values of the extract: three figures beside the name."""
    found = []
    for filled in extract.extract(state.spec, state.filled, {item}).values():
        definition = filled.field.definition
        if definition.type in ("int", "decimal") and definition.unit and not filled.is_empty:
            label = definition.label.split("（", 1)[0]
            found.append((label, fact_text(state.spec.catalogue, definition, filled.value)))
    return tuple(found[:3])


def _lanes(case: Case, actor: Actor, *, today: date) -> tuple[Lane, ...]:
    if case.stage_run is None:
        return ()
    rows = list(
        Case.objects.filter(stage_run=case.stage_run)
        .select_related("department", "timer", "service_item", "stage_run")
        .order_by("pk")
    )
    if not policies.can_view_stage(actor, case.stage_run, departments=frozenset(row.department_id for row in rows)):
        return ()
    return in_order(lane_of(row, today=today, url=_link(row, case, actor)) for row in rows)


def _link(row: Case, case: Case, actor: Actor) -> str:
    """Lead to a neighbour's case only who may open it."""
    row.project = case.project
    if row.pk == case.pk or not policies.can_view_case(actor, row):
        return ""
    return reverse("review:case", args=[row.pk])


def _history(case: Case) -> tuple[AuditEvent, ...]:
    """Return what happened to the case and its steps, newest first."""
    subjects: Iterable[tuple[str, list[str]]] = (
        (case._meta.label_lower, [str(case.pk)]),
        (ReviewTask._meta.label_lower, [str(pk) for pk in case.tasks.values_list("pk", flat=True)]),
    )
    events: list[Any] = []
    for label, ids in subjects:
        events.extend(audit.history(case.audit_stream).filter(subject_type=label, subject_id__in=ids)[:60])
    return tuple(sorted(events, key=lambda event: -event.number)[:60])
