"""Who may see and publish the city's configuration."""

from portal.core.actor import Actor
from portal.core.errors import NotAllowed


def can_view(actor: Actor) -> bool:
    """Tell whether the actor may see pack versions."""
    return actor.citywide("pack.view")


def can_publish(actor: Actor) -> bool:
    """Tell whether the actor may load a pack."""
    return actor.citywide("pack.publish")


def require(allowed: bool) -> None:
    """Go on only if a policy said yes.

    :raises NotAllowed: it said no
    """
    if not allowed:
        raise NotAllowed
