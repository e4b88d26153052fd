"""What all pages of the window ask first."""

from approvals.applications import queries as applications
from approvals.applications.models import Application
from portal.core.actor import Actor
from portal.core.errors import NotFound


def require_act(actor: Actor, act: str) -> None:
    """Show the window's pages to who works there; to all others there is nothing.

    :raises NotFound: the actor has no such act
    """
    if not actor.citywide(act):
        raise NotFound


def at_window(application_id: int, actor: Actor) -> Application:
    """Give an application that the window may look at.

    :raises NotFound: there is none, or not for this actor
    """
    require_act(actor, "application.check")
    return applications.find(application_id, actor=actor)
