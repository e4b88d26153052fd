"""Filters over stage runs, cases and tasks with business names."""

from datetime import date

from django.db import models
from django.db.models import Q

from approvals.deadlines.querysets import running_light_on
from approvals.review.states import (
    CASE_RUNNING,
    COMMITMENT_UNCHECKED,
    STAGE_DONE,
    TASK_OPEN,
    DecisionState,
    StageState,
    ToleranceState,
)
from portal.core.actor import Actor


class StageRunQuerySet(models.QuerySet["StageRun"]):  # type: ignore[name-defined]
    def present(self) -> "StageRunQuerySet":
        """Leave out the runs of units that were divided or merged since; others stand in their place."""
        return self.exclude(state=StageState.DIVIDED)

    def reopened(self) -> "StageRunQuerySet":
        """Keep stages that were concluded before and are not any more; `is_reopened` says the same of one."""
        return self.filter(reopened_at__isnull=False, state__in=[StageState.OPEN, StageState.IN_REVIEW])

    def done(self) -> "StageRunQuerySet":
        """Keep stages that no longer stand in the way of the next."""
        return self.filter(state__in=STAGE_DONE)

    def in_review(self) -> "StageRunQuerySet":
        return self.filter(state=StageState.IN_REVIEW)


class CaseQuerySet(models.QuerySet["Case"]):  # type: ignore[name-defined]
    def running(self) -> "CaseQuerySet":
        """Keep cases not yet ended."""
        return self.filter(state__in=CASE_RUNNING)

    def visible_to(self, actor: Actor) -> "CaseQuerySet":
        """Keep what `policies.can_view_case` would allow; the two share a test.

        A department sees its own cases; the lead of a stage all of them; an applicant those of his projects.
        """
        if actor.citywide("case.view"):
            return self
        rule = Q(pk__in=[])
        departments = actor.departments_for("case.view")
        if departments:
            rule |= Q(department_id__in=departments)
        leads = actor.departments_for("stage.lead")
        if leads:
            rule |= Q(stage_run__lead_id__in=leads)
        if actor.may_own("case.view"):
            rule |= Q(project__owner_id__in=actor.enterprise_ids) | Q(project_id__in=actor.project_ids)
        return self.filter(rule)


class ReviewTaskQuerySet(models.QuerySet["ReviewTask"]):  # type: ignore[name-defined]
    def open(self) -> "ReviewTaskQuerySet":
        """Keep tasks somebody still has to do."""
        return self.filter(state__in=TASK_OPEN)

    def held_by(self, who: str) -> "ReviewTaskQuerySet":
        """Keep the tasks of a person by his id, of nobody ("none"), or all of them ("")."""
        if who == "none":
            return self.filter(assignee=None)
        return self.filter(assignee_id=int(who)) if who else self

    def inbox_of(self, actor: Actor) -> "ReviewTaskQuerySet":
        """Keep open tasks this actor may do: by step and department, not in another's hand unless he stands in."""
        rule = Q(pk__in=[])
        for act, step in (("task.handle", "handler"), ("task.check", "checker"), ("task.approve", "approver")):
            departments = actor.departments_for(act)
            if departments:
                rule |= Q(step=step, department_id__in=departments)
        at_hand = Q(assignee=None) | Q(assignee_id=actor.user_id)
        for absent in actor.stands_in:
            at_hand |= Q(assignee_id=absent.person_id, department_id=absent.department)
        return self.open().filter(rule).filter(at_hand)

    def with_light(self, on: date) -> "ReviewTaskQuerySet":
        """Annotate `light`, by the days that an open task keeps of its case's clock."""
        return self.annotate(light=running_light_on(on))

    def listed_for(self, actor: Actor) -> "ReviewTaskQuerySet":
        """Keep open tasks for a list: what the actor may do, and everything for who sees the whole city."""
        return self.open() if actor.citywide("case.view") else self.inbox_of(actor)


class DecisionQuerySet(models.QuerySet["Decision"]):  # type: ignore[name-defined]
    def in_force(self) -> "DecisionQuerySet":
        """Keep what still holds: not corrected, reopened, revoked, given back or lapsed."""
        return self.filter(state=DecisionState.IN_FORCE)


class ToleranceQuerySet(models.QuerySet["Tolerance"]):  # type: ignore[name-defined]
    def overdue(self, today: date) -> "ToleranceQuerySet":
        """Keep those whose day has passed with material missing; what awaits the department's eye is not late."""
        return self.filter(state=ToleranceState.OPEN, due_on__lt=today)


class CommitmentQuerySet(models.QuerySet["Commitment"]):  # type: ignore[name-defined]
    def to_check(self) -> "CommitmentQuerySet":
        """Keep those whose check is still to be done."""
        return self.filter(state__in=COMMITMENT_UNCHECKED)
