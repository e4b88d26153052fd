"""Read runs with what belongs to them, and reports by their code."""

from __future__ import annotations

from blueprint.checks.models import CheckRun
from blueprint.checks.states import RunKind
from blueprint.reports.models import Report
from blueprint.reports.states import ReportState
from portal.core.actor import Actor


def find_run(run_id: int, actor: Actor) -> CheckRun | None:
    """Return a run of a site that the actor may see, with its boundary and its report."""
    return (
        CheckRun.objects.visible_to(actor)
        .of_kind(RunKind.SITE)
        .select_related("version__site__project__owner", "version__site__department", "report", "pack_version")
        .defer("pack_version__documents")
        .filter(pk=run_id)
        .first()
    )


def earlier(run: CheckRun, *, most: int = 20) -> list[CheckRun]:
    """List the other runs of the site that stand, the newest first."""
    if run.version is None:
        return []
    others = CheckRun.objects.of_site(run.version.site_id).done().exclude(pk=run.pk).select_related("version")
    return list(others.newest_first()[:most])


def newest_of_project(project_id: int) -> CheckRun | None:
    """Return the last run of a project's site that stands."""
    runs = CheckRun.objects.of_project(project_id).done().select_related("version__site__project", "report")
    found: CheckRun | None = runs.newest_first().first()
    return found


def by_code(code: str) -> Report | None:
    """Return the issued report of a verification code; one statement, known or not."""
    reports = Report.objects.select_related("department", "blob", "run")
    return reports.filter(verify_code=code, state=ReportState.ISSUED).first()
