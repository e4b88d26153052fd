"""The verbs of deliveries: plan, send, acknowledge, send again."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.certificates.models import Certificate
from approvals.push import planning, policies
from approvals.push.models import Attempt, Delivery
from approvals.push.states import DeliveryState, Receiver
from approvals.push.transports import TRANSPORTS, TransportFailed
from approvals.review.models import Case
from approvals.review.states import CaseState, Outcome
from portal.accounts.models import Membership
from portal.core import audit, clock, outbox
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.transitions import move
from portal.core.unit import attempt, operation
from portal.notices import operations as notices
from portal.notices.models import Tone
from projects.catalogue import queries as catalogues
from projects.planning import checklist
from projects.registry import queries as registry

#: a delivery that failed this often waits for a person
MOST_ATTEMPTS = 5
FIRST_DELAY = timedelta(minutes=1)


def plan(*, certificate_id: int, at: datetime) -> list[Delivery]:
    """Lay down who gets an issued paper: departments whose later items need it, the applicant, the archive.

    Doing it again adds only receivers that were not planned before. A refusal goes to the applicant alone.
    """
    with operation():
        certificate = (
            Certificate.objects.select_for_update(of=("self",), no_key=True)
            .select_related("project__owner", "decision__case__service_item", "decision__case__application")
            .filter(pk=certificate_id)
            .first()
        )
        if certificate is None:
            raise NotFound
        known = {
            (delivery.receiver, delivery.department_id)
            for delivery in Delivery.objects.filter(decision=certificate.decision)
        }
        wanted = [row for row in _receivers(certificate) if (row.receiver, row.department_id) not in known]
        for delivery in wanted:
            delivery.planned_at = at
            delivery.save(force_insert=True)
            audit.record(
                stream=delivery.audit_stream,
                action="push.delivery.planned",
                actor=Actor.system(_("系统")),
                at=at,
                subject=delivery,
                data={"receiver": delivery.receiver, "department": delivery.department_id},
            )
            outbox.emit("push.delivery.planned", at=at, id=delivery.pk)
        return wanted


def send(*, delivery_id: int, at: datetime) -> Delivery:
    """Try to deliver; every try is kept. A failure is tried again later, a last one is given up with a notice.

    Sending what was sent changes nothing.
    """
    with operation():
        delivery = _lock(delivery_id)
        if delivery.state not in (DeliveryState.PLANNED, DeliveryState.FAILED):
            return delivery
        actor = Actor.system(_("系统"))
        try:
            with attempt():
                TRANSPORTS[delivery.receiver](delivery, at)
        except TransportFailed as failure:
            return _failed(delivery, str(failure), actor=actor, at=at)
        Attempt.objects.create(delivery=delivery, at=at, succeeded=True)
        delivery.sent_at, delivery.next_try_at = at, None
        move(
            delivery,
            to=DeliveryState.SENT,
            actor=actor,
            at=at,
            topic="push.delivery.sent",
            fields=["sent_at", "next_try_at"],
        )
        if delivery.receiver == Receiver.ARCHIVE:
            _sign(delivery, name=_("项目档案"), actor=actor, at=at)
        return delivery


def acknowledge(*, delivery_id: int, actor: Actor, at: datetime) -> Delivery:
    """Sign for a delivery.

    :raises NotAllowed: actor is not of the receiver
    :raises TransitionRefused: signed for already, or not sent yet
    """
    with operation():
        delivery = _lock(delivery_id)
        policies.require(policies.is_receiver(actor, delivery))
        return _sign(delivery, name=actor.name, actor=actor, at=at)


def resend(*, delivery_id: int, actor: Actor, at: datetime) -> Delivery:
    """Send a failed or abandoned delivery again, at once and with all its tries before it.

    :raises NotAllowed: actor does not keep the system running
    :raises TransitionRefused: it did not fail
    """
    with operation():
        delivery = _lock(delivery_id)
        policies.require(policies.can_resend(actor))
        delivery.next_try_at = None
        move(
            delivery,
            to=DeliveryState.PLANNED,
            actor=actor,
            at=at,
            topic="push.delivery.planned",
            fields=["next_try_at"],
        )
        return delivery


def retry_due(*, at: datetime, limit: int = 500) -> int:
    """Try again what failed and is due; return how many were tried."""
    due = list(
        Delivery.objects.filter(state=DeliveryState.FAILED, next_try_at__lte=at)
        .order_by("next_try_at", "pk")
        .values_list("pk", flat=True)[:limit]
    )
    for delivery_id in due:
        send(delivery_id=delivery_id, at=at)
    return len(due)


def tell_revoked(*, certificate_id: int, at: datetime) -> None:
    """Tell everyone who got a paper that it is no longer in force."""
    certificate = Certificate.objects.select_related("decision").get(pk=certificate_id)
    for delivery in Delivery.objects.filter(decision=certificate.decision).exclude(receiver=Receiver.ARCHIVE):
        notices.send(
            enterprise_id=delivery.enterprise_id,
            department_id=delivery.department_id,
            kind="certificates.certificate.revoked",
            title=_("已撤销：%(title)s") % {"title": certificate.title},
            body=_("文号 %(number)s。理由：%(reason)s")
            % {"number": certificate.number, "reason": certificate.revoke_reason},
            url=reverse("certificates:detail", args=[certificate.number]),
            dedupe_key=f"revoked-{certificate.pk}-{delivery.pk}",
            at=at,
        )


def _receivers(certificate: Certificate) -> list[Delivery]:
    """Return unsaved deliveries, each carrying no more than its receiver may see."""
    decision, project = certificate.decision, certificate.project
    case = decision.case
    payload: dict[str, Any] = {
        "number": certificate.number,
        "item": case.service_item.code,
        "outcome": decision.outcome,
        "decided_on": certificate.decided_on.isoformat(),
        "valid_until": certificate.valid_until.isoformat() if certificate.valid_until else None,
        "document": certificate.document_id,
        "url": reverse("certificates:detail", args=[certificate.number]),
    }
    base = {"decision": decision, "project": project, "title": f"{project.name}：{certificate.title}"[:200]}
    applicant = Delivery(**base, receiver=Receiver.APPLICANT, enterprise=project.owner, payload=payload)
    if decision.outcome == Outcome.REJECTED:
        return [applicant]
    catalogue = catalogues.catalogue(case.application.pack_version_id)
    departments = planning.needed_by(
        catalogue,
        item=case.service_item.code,
        planned=checklist.build(catalogue, project.flow, registry.fact_values(project.pk)),
        done=frozenset(
            Case.objects.filter(
                project=project, state=CaseState.DECIDED, decision__outcome=Outcome.GRANTED
            ).values_list("service_item__code", flat=True)
        ),
    )
    return [
        *(
            Delivery(
                **base,
                receiver=Receiver.DEPARTMENT,
                department_id=department,
                needed_by=list(items),
                payload={**payload, "attributes": decision.attributes},
            )
            for department, items in departments.items()
        ),
        applicant,
        Delivery(**base, receiver=Receiver.ARCHIVE, payload=payload),
    ]


def _lock(delivery_id: int) -> Delivery:
    delivery = (
        Delivery.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project", "department", "enterprise")
        .filter(pk=delivery_id)
        .first()
    )
    if delivery is None:
        raise NotFound
    return delivery


def _sign(delivery: Delivery, *, name: str, actor: Actor, at: datetime) -> Delivery:
    delivery.acknowledged_at, delivery.acknowledged_by = at, name
    return move(
        delivery,
        to=DeliveryState.ACKNOWLEDGED,
        actor=actor,
        at=at,
        topic="push.delivery.acknowledged",
        fields=["acknowledged_at", "acknowledged_by"],
    )


def _failed(delivery: Delivery, error: str, *, actor: Actor, at: datetime) -> Delivery:
    Attempt.objects.create(delivery=delivery, at=at, succeeded=False, error=error[:300])
    tries = delivery.attempts.filter(succeeded=False).count()
    delivery.next_try_at = at + FIRST_DELAY * 2 ** min(tries - 1, 10)
    move(
        delivery,
        to=DeliveryState.FAILED,
        actor=actor,
        at=at,
        topic="push.delivery.failed",
        data={"error": error, "tries": tries},
        fields=["next_try_at"],
    )
    if tries >= MOST_ATTEMPTS:
        delivery.next_try_at = None
        move(
            delivery,
            to=DeliveryState.ABANDONED,
            actor=actor,
            at=at,
            topic="push.delivery.abandoned",
            fields=["next_try_at"],
        )
        _alarm(delivery, error, at=at)
    return delivery


def _alarm(delivery: Delivery, error: str, *, at: datetime) -> None:
    """Tell everyone who may send again that the portal has given up."""
    people = (
        Membership.objects.active(at)
        .filter(role__grants__act="delivery.resend")
        .values_list("user_id", flat=True)
        .distinct()
    )
    for user_id in people:
        notices.send(
            user_id=user_id,
            kind="push.delivery.abandoned",
            tone=Tone.WARNING,
            title=_("推送失败，已停止重发：%(title)s") % {"title": delivery.title[:80]},
            body=error,
            url=reverse("push:failures"),
            dedupe_key=f"abandoned-{delivery.pk}-{clock.day_of(at).isoformat()}-{user_id}",
            at=at,
        )
