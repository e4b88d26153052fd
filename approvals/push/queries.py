"""Page-shaped reads of deliveries."""

from django.db.models import Max, Prefetch, QuerySet

from approvals.push.models import Attempt, Delivery
from approvals.push.states import DeliveryState, Receiver
from portal.core import paging
from portal.core.actor import Actor
from portal.core.counting import Rows


def unsigned(actor: Actor) -> Rows:
    """Return the deliveries that wait for a signature in the actor's departments, for his menu."""
    return (Delivery.objects.unsigned().filter(department_id__in=actor.departments_for("delivery.acknowledge")),)


def received(actor: Actor, *, state: str, cursor: str, size: int = paging.SIZE) -> paging.Page[Delivery]:
    """Return the results the actor's departments received, newest first."""
    rows = _loaded(Delivery.objects.visible_to(actor).filter(receiver=Receiver.DEPARTMENT))
    departments = actor.departments_for("delivery.view")
    if departments and not actor.citywide("delivery.view"):
        rows = rows.filter(department_id__in=departments)
    return paging.page(_in_state(rows, state), by=("-id",), cursor=cursor, size=size)


def mine(actor: Actor, *, state: str, cursor: str, size: int = paging.SIZE) -> paging.Page[Delivery]:
    """Return the results for the applicant's own projects, newest first."""
    rows = _loaded(Delivery.objects.visible_to(actor).filter(receiver=Receiver.APPLICANT))
    return paging.page(_in_state(rows, state), by=("-id",), cursor=cursor, size=size)


def failures(*, cursor: str, size: int = paging.SIZE) -> paging.Page[Delivery]:
    """Return what failed or was given up, newest first, with the time of its last try."""
    rows = (
        _loaded(Delivery.objects.undelivered())
        .annotate(last_try=Max("attempts__at"))
        .prefetch_related(Prefetch("attempts", Attempt.objects.order_by("pk")))
    )
    return paging.page(rows, by=("-id",), cursor=cursor, size=size)


def _in_state(rows: QuerySet[Delivery], state: str) -> QuerySet[Delivery]:
    return rows.filter(state=state) if state in DeliveryState.values else rows


def _loaded(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.select_related(
        "project",
        "department",
        "enterprise",
        "decision__case__service_item",
        "decision__case__department",
        "decision__certificate",
    )
