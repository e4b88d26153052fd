"""Who may see how the approvals do: the whole city, or one's own department."""

from approvals.supervision import queries
from approvals.supervision.queries import Scope
from portal.core import clock
from portal.core.actor import Actor
from portal.core.counting import Rows
from portal.core.errors import NotAllowed

VIEW = "dashboard.view"


def can_view(actor: Actor) -> bool:
    """Leaders and supervisors; the lead of a department."""
    return actor.may(VIEW)


def scope_of(actor: Actor, *, region: str = "") -> Scope:
    """Return what an actor's numbers count.

    :raises NotAllowed: he may see none
    """
    if not can_view(actor):
        raise NotAllowed
    departments = None if actor.citywide(VIEW) else actor.departments_for(VIEW)
    return Scope(departments=departments, region=region)


def late(actor: Actor) -> Rows:
    """Return the late cases an actor may see, for the number in his menu."""
    return (queries.late(scope_of(actor), today=clock.today()),) if can_view(actor) else ()


def layout_of(actor: Actor) -> str:
    """Return the layout of the work place in which the actor sees the dashboard."""
    return "layouts/leader.html" if "leader" in actor.layouts else "layouts/department.html"
