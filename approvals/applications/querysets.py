"""Filters over applications with business names."""

from django.db import models
from django.db.models import Q

from approvals.applications.states import OPEN_STATES, ApplicationState
from portal.core.actor import Actor


class ApplicationQuerySet(models.QuerySet["Application"]):  # type: ignore[name-defined]  # noqa: F821
    def open(self) -> "ApplicationQuerySet":
        """Keep what is not ended."""
        return self.filter(state__in=OPEN_STATES)

    def waiting_at_window(self) -> "ApplicationQuerySet":
        """Keep what the window must answer, nearest notice date first."""
        return self.filter(state=ApplicationState.SUBMITTED).order_by("notice_due_on", "id")

    def correcting(self) -> "ApplicationQuerySet":
        """Keep what waits for the applicant to mend."""
        return self.filter(state=ApplicationState.CORRECTING).order_by("correction_due_on", "id")

    def visible_to(self, actor: Actor) -> "ApplicationQuerySet":
        """Keep what `policies.can_view` would allow; the two share a test."""
        rule = Q(pk__in=[])
        if actor.citywide("application.view"):
            # a draft belongs to the applicant alone until he hands it in
            rule |= ~Q(state=ApplicationState.DRAFT) | Q(created_by_id=actor.user_id)
        if actor.may_own("application.view"):
            rule |= Q(project__owner_id__in=actor.enterprise_ids) | Q(project_id__in=actor.project_ids)
        return self.filter(rule)
