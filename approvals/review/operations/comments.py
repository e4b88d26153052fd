"""All departments' comments of a stage in one paper to the applicant."""

from datetime import datetime

from django.utils.translation import gettext as _

from approvals.applications import operations as applications
from approvals.applications.models import Application, ApplicationNotice
from approvals.applications.states import NoticeKind
from approvals.review.models import Decision, StageRun
from approvals.review.operations import letters
from approvals.review.states import DecisionState
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.unit import operation
from projects.catalogue import queries as catalogues


def tell_comments(*, application_id: int, at: datetime) -> ApplicationNotice | None:
    """Gather what was decided and said in a completed application into one notice; None when nothing was decided.

    The lead of the stage writes it; in the parallel stream, the department of the first decision. A second call gives
    the paper that stands.
    """
    with operation():
        application = (
            Application.objects.select_for_update(of=("self",), no_key=True)
            .select_related("project__owner", "unit", "timer")
            .filter(pk=application_id)
            .first()
        )
        if application is None:
            raise NotFound
        standing = application.notices.filter(kind=NoticeKind.COMMENTS).first()
        if standing is not None:
            return standing
        decided = list(
            Decision.objects.filter(case__application=application)
            .exclude(state__in=[DecisionState.CORRECTED, DecisionState.REOPENED])
            .select_related("case__department", "case__service_item")
            .order_by("decided_at", "pk")
        )
        if not decided:
            return None
        lead = (
            StageRun.objects.filter(cases__application=application, lead__isnull=False)
            .values_list("lead_id", flat=True)
            .first()
        )
        catalogue = catalogues.catalogue(application.pack_version_id)
        return applications.issue_letter(
            application,
            kind=NoticeKind.COMMENTS,
            letter=letters.comments(decided, stage=catalogue.stages[application.stage].name),
            department=lead or decided[0].case.department_id,
            actor=Actor.system(_("系统")),
            at=at,
        )
