"""Who may see the shapes of a layer. The querysets' visible_to() say the same of many."""

from __future__ import annotations

from blueprint.layers.models import Edition, Layer
from blueprint.layers.states import Audience, EditionState
from portal.core import nav
from portal.core.actor import Actor
from portal.core.errors import NotAllowed


def require(allowed: bool) -> None:
    """Go on only if a policy said yes.

    :raises NotAllowed: it said no
    """
    if not allowed:
        raise NotAllowed


def can_see_layer(actor: Actor, layer: Layer) -> bool:
    """Public layers are for all, others for those who serve the city or for the departments the pack names.

    The shapes of a masked layer are for nobody, not even for its keepers: checks answer yes or no.
    """
    if layer.is_masked:
        return False
    if actor.is_system or layer.audience == Audience.PUBLIC:
        return True
    if layer.audience == Audience.STAFF:
        return bool(actor.departments)
    return bool(actor.departments & set(layer.departments))


def can_see_edition(actor: Actor, edition: Edition) -> bool:
    """Only what is published, of a layer that is listed and that the actor may see."""
    return edition.state == EditionState.PUBLISHED and edition.layer.is_listed and can_see_layer(actor, edition.layer)


def can_see_draft(actor: Actor, edition: Edition) -> bool:
    """A draft is looked at by those who keep its layer; `EditionQuerySet.drafts_for` says the same."""
    layer = edition.layer
    return (
        edition.state == EditionState.DRAFT
        and layer.is_listed
        and can_see_layer(actor, layer)
        and can_import(actor, layer)
    )


def can_import(actor: Actor, layer: Layer) -> bool:
    """Editions are brought in by the department that the pack names as the layer's keeper."""
    return actor.citywide("layers.import") or layer.keeper in actor.departments_for("layers.import")


def can_publish(actor: Actor, layer: Layer) -> bool:
    """The same department lets them count."""
    return actor.citywide("layers.publish") or layer.keeper in actor.departments_for("layers.publish")


def keeps_layers(actor: Actor) -> bool:
    """Tell whether the actor brings editions of any layer in."""
    return actor.may("layers.import")


def layout_of(actor: Actor) -> str:
    """Return the layout template of the actor's first work place; applicants and visitors get the light one."""
    places = nav.home_layouts(actor)
    if not places:
        return "layouts/public.html"
    return f"layouts/{places[0]}.html"
