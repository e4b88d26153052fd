"""The lead department asks who holds a lane to get on with it."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from approvals.review import policies
from approvals.review.models import ReviewTask, Urge
from approvals.review.operations import revisions
from approvals.review.states import TASK_OPEN
from portal.core import audit, clock, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed
from portal.core.transitions import TransitionRefused
from portal.core.unit import operation
from portal.notices import operations as notices
from portal.notices.models import Tone


class UrgedToday(Conflict):
    """Once a day is enough."""

    code = "urged_today"
    message = _("今天已经催办过这个事项，明天可以再催。")


def urge(*, case_id: int, words: str, actor: Actor, at: datetime) -> Urge:
    """Tell who holds a case that its stage waits for it; at most once a day for each lane.

    :raises NotAllowed: actor does not lead the stage
    :raises TransitionRefused: the case has ended
    :raises UrgedToday: it was urged today already
    """
    with operation():
        case = revisions.lock_case(
            case_id, related=("project", "department", "service_item", "stage_run__lead", "timer")
        )
        if case.stage_run is None or not policies.can_urge(actor, case.stage_run):
            raise NotAllowed
        if not case.is_running:
            raise TransitionRefused(fields={"state": case.state, "to": "urged"})
        today = clock.day_of(at)
        if case.urges.filter(urged_on=today).exists():
            raise UrgedToday
        task = ReviewTask.objects.select_related("assignee").filter(case=case, state__in=TASK_OPEN).first()
        holder = task.assignee if task else None
        urge = Urge.objects.create(
            case=case,
            urged_on=today,
            urged_at=at,
            urged_by_id=policies.person_id(actor),
            urged_by_name=actor.name,
            told=holder.name if holder else case.department.name,
            words=words.strip(),
        )
        lead = case.stage_run.lead.short if case.stage_run.lead else actor.name
        notices.send(
            kind="review.case.urged",
            title=str(_("催办：%(project)s %(item)s")) % {"project": case.project.name, "item": case.service_item.name},
            body=urge.words or str(_("%(lead)s请尽快办理，本阶段在等这个事项。")) % {"lead": lead},
            url=reverse("review:case", args=[case.pk]),
            tone=Tone.ACTION,
            user_id=holder.pk if holder else None,
            department_id=None if holder else case.department_id,
            dedupe_key=f"review.urge/{urge.pk}",
            at=at,
        )
        audit.record(
            stream=case.audit_stream,
            action="review.case.urged",
            actor=actor,
            at=at,
            subject=case,
            data={"told": urge.told, "words": urge.words},
        )
        outbox.emit("review.case.urged", at=at, id=case.pk, urge=urge.pk)
        return urge
