"""Let an edition count."""

from __future__ import annotations

from datetime import datetime

from blueprint.layers import policies
from blueprint.layers.models import Edition
from blueprint.layers.states import EditionState
from portal.core.actor import Actor
from portal.core.transitions import move
from portal.core.unit import operation

PUBLISHED = "layers.edition.published"


def publish_edition(*, edition_id: int, actor: Actor, at: datetime) -> Edition:
    """Publish a draft: from now on checks use it where its name is the greatest, and nobody changes it.

    :raises NotAllowed: the actor does not publish this layer
    :raises TransitionRefused: it is published already
    """
    with operation():
        edition = Edition.objects.select_related("layer").select_for_update(of=("self",)).get(pk=edition_id)
        policies.require(policies.can_publish(actor, edition.layer))
        return publish(edition, actor=actor, at=at)


def publish(edition: Edition, *, actor: Actor, at: datetime) -> Edition:
    """Publish an edition that the running operation holds."""
    edition.published_at = at
    return move(
        edition,
        to=EditionState.PUBLISHED,
        actor=actor,
        at=at,
        topic=PUBLISHED,
        data={"layer": edition.layer_id, "edition": edition.name, "features": edition.feature_count},
        fields=["published_at"],
    )
