"""Filters over consultations, requests, sessions and points with business names."""

from django.db import models
from django.db.models import Q

from approvals.joint.states import (
    CONSULTATION_RUNNING,
    PARTICIPANT_PENDING,
    POINT_OPEN,
    SESSION_RUNNING,
    ParticipantState,
    RequestState,
)
from portal.core.actor import Actor

#: who sees the matters of a department: whoever asks, replies or takes part there
ACTS = ("consult.ask", "consult.reply", "joint.call", "joint.attend")


def concerned(actor: Actor) -> frozenset[str]:
    """Return the departments whose joint work the actor may see."""
    return frozenset().union(*(actor.departments_for(act) for act in ACTS))


class ConsultationQuerySet(models.QuerySet["Consultation"]):  # type: ignore[name-defined]
    def running(self) -> "ConsultationQuerySet":
        """Keep those whose asker has not ended them."""
        return self.filter(state__in=CONSULTATION_RUNNING)

    def visible_to(self, actor: Actor) -> "ConsultationQuerySet":
        """Keep what `policies.can_view_consultation` would allow; the two share a test.

        An addressee sees his own request, not what the others were asked and said.
        """
        if actor.citywide("case.view"):
            return self
        leads = actor.departments_for("stage.lead")
        return self.filter(
            Q(department_id__in=concerned(actor))
            | Q(stage_run__lead_id__in=leads)
            | Q(case__stage_run__lead_id__in=leads)
        )


class RequestQuerySet(models.QuerySet["Request"]):  # type: ignore[name-defined]
    def asked(self) -> "RequestQuerySet":
        """Keep what waits for a reply."""
        return self.filter(state=RequestState.ASKED)

    def pending_for(self, actor: Actor) -> "RequestQuerySet":
        """Keep what waits for a reply of the actor's departments."""
        return self.asked().filter(department_id__in=actor.departments_for("consult.reply"))

    def visible_to(self, actor: Actor) -> "RequestQuerySet":
        """Keep what `policies.can_view_request` would allow: the asked department, the asking one, the whole city."""
        if actor.citywide("case.view"):
            return self
        departments = concerned(actor)
        return self.filter(Q(department_id__in=departments) | Q(consultation__department_id__in=departments))


class SessionQuerySet(models.QuerySet["Session"]):  # type: ignore[name-defined]
    def running(self) -> "SessionQuerySet":
        """Keep those without a conclusion."""
        return self.filter(state__in=SESSION_RUNNING)

    def of_departments(self, departments: frozenset[str]) -> "SessionQuerySet":
        """Keep those that one of the departments leads or takes part in."""
        taking_part = self.model._meta.get_field("participants").related_model.objects.filter(
            department_id__in=departments
        )
        return self.filter(Q(lead_id__in=departments) | Q(pk__in=taking_part.values("session_id")))

    def of_applicant(self, actor: Actor) -> "SessionQuerySet":
        """Keep those on the actor's own projects."""
        if not actor.may_own("joint.follow"):
            return self.none()
        return self.filter(Q(project__owner_id__in=actor.enterprise_ids) | Q(project_id__in=actor.project_ids))

    def visible_to(self, actor: Actor) -> "SessionQuerySet":
        """Keep what `policies.can_view_session` would allow; the two share a test."""
        if actor.citywide("case.view"):
            return self
        return self.of_departments(concerned(actor)) | self.of_applicant(actor)


class ParticipantQuerySet(models.QuerySet["Participant"]):  # type: ignore[name-defined]
    def owing(self) -> "ParticipantQuerySet":
        """Keep those of running sessions whose opinion is still awaited."""
        return self.filter(state__in=PARTICIPANT_PENDING, session__state__in=SESSION_RUNNING)

    def waiting_for(self, actor: Actor) -> "ParticipantQuerySet":
        """Keep invitations without a reply and opinions still owed by the actor's departments."""
        return self.filter(
            state__in=[ParticipantState.INVITED, *PARTICIPANT_PENDING],
            session__state__in=SESSION_RUNNING,
            department_id__in=actor.departments_for("joint.attend"),
        )


class PointQuerySet(models.QuerySet["Point"]):  # type: ignore[name-defined]
    def open(self) -> "PointQuerySet":
        """Keep what is not mended yet."""
        return self.filter(state__in=POINT_OPEN)

    def blocking(self) -> "PointQuerySet":
        """Keep what stands in the way of a good conclusion."""
        return self.open().filter(is_mandatory=True)
