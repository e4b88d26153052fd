"""Filters over applications with business names."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from approvals.applications.states import OPEN_STATES, WITH_DEPARTMENTS, ApplicationState
from portal.core.actor import Actor


class ApplicationQuerySet(models.QuerySet["Application"]):  # type: ignore[name-defined]
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
        if actor.is_system:
            return self
        rule = Q(pk__in=[])
        if actor.citywide("application.view"):
            # a draft belongs to the applicant alone until he hands it in
            rule |= ~Q(state=ApplicationState.DRAFT) | Q(created_by_id=actor.user_id)
        if actor.may_own("application.view"):
            rule |= Q(project__owner_id__in=actor.enterprise_ids) | Q(project_id__in=actor.project_ids)
        departments = actor.departments_for("application.view")
        if departments:
            items = self.model._meta.get_field("items").related_model.objects
            rule |= Q(
                Exists(items.filter(application=OuterRef("pk"), service_item__department__in=departments)),
                state__in=WITH_DEPARTMENTS,
            )
        return self.filter(rule)

    def matching(self, text: str) -> "ApplicationQuerySet":
        """Keep those whose number, project or owner contains the text; all of them when it is blank."""
        text = text.strip()
        if not text:
            return self
        return self.filter(
            Q(number__icontains=text)
            | Q(project__name__icontains=text)
            | Q(project__code__istartswith=text)
            | Q(project__owner__name__icontains=text)
        )
