"""Who may see, sign for and send again a delivery."""

from approvals.push.models import Delivery
from approvals.push.states import DeliveryState, Receiver
from portal.core.actor import Actor
from portal.core.errors import NotAllowed


def require(allowed: bool) -> None:
    """Refuse unless allowed.

    :raises NotAllowed: the policy said no
    """
    if not allowed:
        raise NotAllowed


def can_view(actor: Actor, delivery: Delivery) -> bool:
    """The receiver, and who sees the whole city."""
    if actor.citywide("delivery.view"):
        return True
    if delivery.department_id is not None:
        return delivery.department_id in actor.departments_for("delivery.view")
    if delivery.enterprise_id is not None and actor.may_own("delivery.view"):
        return delivery.enterprise_id in actor.enterprise_ids or delivery.project_id in actor.project_ids
    return False


def can_acknowledge(actor: Actor, delivery: Delivery) -> bool:
    """The receiver alone signs, and only for what has reached him."""
    if delivery.state != DeliveryState.SENT:
        return False
    return is_receiver(actor, delivery)


def is_receiver(actor: Actor, delivery: Delivery) -> bool:
    """Tell whether the delivery is addressed to the actor's body."""
    if actor.is_system:
        return True
    if delivery.receiver == Receiver.DEPARTMENT:
        return delivery.department_id in actor.departments_for("delivery.acknowledge")
    if delivery.receiver == Receiver.APPLICANT:
        return actor.may_own("delivery.acknowledge") and delivery.enterprise_id in actor.enterprise_ids
    return False


def can_resend(actor: Actor) -> bool:
    """Who keeps the system running, city-wide."""
    return actor.may("delivery.resend")
