"""Stages that were opened again, and what has been granted after them."""

from approvals.review.lines import WHOLE
from approvals.review.models import Case, StageRun
from approvals.review.queries.picture import lines
from approvals.review.states import Outcome
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import ADVISORY_STAGE


def later_results(run: StageRun) -> list[Case]:
    """Return the granted cases of later stages in the line of a stage's unit; two statements.

    The project and the unit must have been loaded.
    """
    project = run.project
    stages = list(catalogues.catalogue(project.pack_version_id).flows[project.flow].stages)
    later = stages[stages.index(run.stage) + 1 :] if run.stage in stages and run.stage != ADVISORY_STAGE else []
    granted = (
        Case.objects.filter(project=project, stage_run__stage__in=later, decision__outcome=Outcome.GRANTED)
        .select_related("department", "service_item", "application__unit")
        .order_by("pk")
    )
    known = lines(project.pk)
    own = run.unit.code if run.unit else WHOLE
    return [
        case for case in granted if known.related(case.application.unit.code if case.application.unit else WHOLE, own)
    ]
