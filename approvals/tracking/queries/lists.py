"""Lists over many projects: mine, published decisions, search."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.applications.models import Application
from approvals.applications.states import ApplicationState
from approvals.certificates.models import Certificate
from approvals.deadlines import queries as deadlines
from approvals.review.models import Case, Decision, StageRun
from approvals.review.states import CASE_RUNNING, StageState, overall
from approvals.tracking.queries import tasks
from portal.core import paging
from portal.core.actor import Actor
from portal.ui.lights import Light
from portal.ui.work import Task
from projects.catalogue import queries as catalogues
from projects.registry import codes
from projects.registry.models import Project

PAGE_SIZE = 20
FEW = 5
MOST_TASKS = 5
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project of a list: where it stands and whether something waits for the reader."""

    project: Project
    flow: str
    stage: str
    light: Light
    words: str
    due_on: date | None
    stations: tuple[tuple[str, str, str], ...]
    """(name, state, words of the state) of the main stages, for the small line."""
    running: int
    waiting_for_owner: int
    url: str


@dataclass(frozen=True, slots=True)
class ProjectPage:
    rows: tuple[ProjectRow, ...]
    next: str
    previous: str


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of the search."""

    kind: str
    title: str
    note: str
    url: str


def project_rows(*, actor: Actor, today: date, words: str = "", cursor: str = "") -> ProjectPage:
    """List the projects an actor may see, newest first; applicants see their own."""
    rows = (
        Project.objects.visible_to(actor)
        .select_related("owner")
        .prefetch_related(
            Prefetch("stage_runs", StageRun.objects.present().select_related("timer").order_by("pk"), to_attr="runs"),
        )
        .annotate(
            running_cases=Count("cases", filter=Q(cases__state__in=CASE_RUNNING), distinct=True),
            to_mend=Count(
                "applications",
                filter=Q(applications__state__in=[ApplicationState.CORRECTING, ApplicationState.DRAFT]),
                distinct=True,
            ),
        )
    )
    if words.strip():
        rows = rows.filter(Q(name__icontains=words.strip()) | Q(code__startswith=codes.fold(words)))
    page = paging.page(rows, by=("-registered_at", "-id"), cursor=cursor, size=PAGE_SIZE)
    return ProjectPage(tuple(_row(project, today) for project in page.items), page.next, page.previous)


def _row(project: Project, today: date) -> ProjectRow:
    catalogue = catalogues.catalogue(project.pack_version_id)
    flow = catalogue.flows[project.flow]
    runs: list[StageRun] = project.runs  # type: ignore[attr-defined]
    main = [stage for stage in catalogue.main_stages if stage.id in flow.stages]
    # of several units under way the one that is due first speaks for the project
    current = next(
        (
            min(found, key=lambda run: (run.timer.promised_due_on if run.timer else None) or date.max)
            for wanted in (StageState.IN_REVIEW, StageState.OPEN)
            for stage in main
            if (found := [run for run in runs if run.stage == stage.id and run.state == wanted])
        ),
        None,
    )
    light, words, due_on = Light.WAIT, str(project.get_state_display()), None
    if current is not None:
        words = str(current.get_state_display())
        if current.timer is not None and current.state == StageState.IN_REVIEW:
            shown = deadlines.light_words(current.timer, today)
            light, words = shown.shape, shown.words
            due_on = deadlines.promised_due_on(current.timer, today)
    elif not project.is_running:
        light = Light(project.tone)
    return ProjectRow(
        project=project,
        flow=flow.name,
        stage=flow.stages[current.stage].name if current else "",
        light=light,
        words=words,
        due_on=due_on,
        stations=tuple(
            (flow.stages[stage.id].name, state.value, str(state.label))
            for stage in main
            for state in [overall(run.state for run in runs if run.stage == stage.id)]
        ),
        running=project.running_cases,  # type: ignore[attr-defined]
        waiting_for_owner=project.to_mend,  # type: ignore[attr-defined]
        url=reverse("tracking:project", args=[project.code])
        if project.code
        else reverse("tracking:waiting_for_code", args=[project.pk]),
    )


def own_tasks(*, actor: Actor) -> list[Task]:
    """Return what waits for an applicant in all his projects, corrections first, at most five; one statement."""
    waiting = (
        Application.objects.filter(
            state__in=[ApplicationState.CORRECTING, ApplicationState.DRAFT], project__in=Project.objects.owned_by(actor)
        )
        .select_related("project")
        .order_by(F("correction_due_on").asc(nulls_last=True), "-changed_at", "pk")[:MOST_TASKS]
    )
    found = []
    for number, application in enumerate(waiting):
        catalogue = catalogues.catalogue(application.pack_version_id)
        task = tasks.of_application(application, stage=catalogue.stages[application.stage].name)
        headline = _("%(project)s：%(task)s") % {"project": application.project.name, "task": task.headline}
        found.append(replace(task, headline=headline, primary=number == 0))
    return found


def published_decisions(*, cursor: str = "", few: bool = False) -> paging.Page[Decision]:
    """List the newest decisions for the public: project, item, department, outcome, day; no persons."""
    rows = Decision.objects.in_force().select_related("case__project", "case__service_item", "case__department")
    return paging.page(rows, by=("-decided_at", "-id"), cursor=cursor, size=FEW if few else PAGE_SIZE)


def search(words: str, *, actor: Actor) -> list[Found]:
    """Find what an actor may see: projects by code or part of the name, the others by their exact number."""
    if not words:
        return []
    folded = codes.fold(words)
    projects = Project.objects.visible_to(actor).filter(Q(code__startswith=folded) | Q(name__icontains=words))
    found = [
        Found(_("项目"), project.name, str(project.code or ""), reverse("tracking:project", args=[project.code]))
        for project in projects.filter(code__isnull=False).order_by("-registered_at", "-id")[:MOST_FOUND]
    ]
    found += [
        Found(_("申报"), str(row.number), row.project.name, reverse("applications:application", args=[row.pk]))
        for row in Application.objects.visible_to(actor).filter(number=folded).select_related("project")
    ]
    found += [
        Found(_("办件"), row.number, row.service_item.name, reverse("review:case", args=[row.pk]))
        for row in Case.objects.visible_to(actor).filter(number=folded).select_related("service_item")
    ]
    found += [
        Found(_("证照文书"), row.number, row.title, reverse("certificates:detail", args=[row.number]))
        for row in Certificate.objects.filter(number=words)
    ]
    return found
