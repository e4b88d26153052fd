"""Filters of layers."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Collate

from blueprint.layers.states import Audience, EditionState, JobState
from portal.core.actor import Actor


class LayerQuerySet(models.QuerySet[Any]):
    """Chainable filters."""

    def listed(self) -> Self:
        """Keep the layers of the current pack; others stay for the data that names them."""
        return self.filter(is_listed=True)

    def visible_to(self, actor: Actor) -> Self:
        """Keep layers whose shapes the actor may see; policies.can_see_layer says the same of one."""
        if actor.is_system:
            return self.filter(is_masked=False)
        admits = Q(audience=Audience.PUBLIC)
        if actor.departments:
            admits |= Q(audience=Audience.STAFF) | Q(departments__overlap=sorted(actor.departments))
        return self.filter(admits, is_masked=False)

    def matching(self, text: str) -> Self:
        """Keep layers in whose code, name, subtopic or topic all the typed words occur."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(name__icontains=word)
                | Q(code__istartswith=word)
                | Q(subtopic__name__icontains=word)
                | Q(subtopic__topic__name__icontains=word)
            )
        return found

    def in_order(self) -> Self:
        """Sort by code, which is the order of the pack."""
        return self.order_by("code")

    def kept_by(self, actor: Actor) -> Self:
        """Keep the layers for which the actor brings editions in; `policies.can_import` says the same of one."""
        if actor.citywide("layers.import"):
            return self
        return self.filter(keeper__in=actor.departments_for("layers.import"))


class EditionQuerySet(models.QuerySet[Any]):
    """Chainable filters."""

    def drafts(self) -> Self:
        """Keep what waits to be published."""
        return self.filter(state=EditionState.DRAFT)

    def published(self) -> Self:
        """Keep what counts: drafts and running imports are seen by nobody else."""
        return self.filter(state=EditionState.PUBLISHED)

    def visible_to(self, actor: Actor) -> Self:
        """Keep published editions of listed layers whose shapes the actor may see."""
        layers = self.model._meta.get_field("layer").related_model
        return self.published().filter(layer__in=layers.objects.listed().visible_to(actor))

    def drafts_for(self, actor: Actor) -> Self:
        """Keep drafts of listed layers the actor keeps and may see: he looks at them before they count."""
        layers = self.model._meta.get_field("layer").related_model
        return self.drafts().filter(layer__in=layers.objects.listed().visible_to(actor).kept_by(actor))

    def current(self) -> Self:
        """Keep the greatest published edition of each layer, by code points of its name (blueprint contract, 1)."""
        greatest = (
            self.model.objects.published()
            .filter(layer=models.OuterRef("layer"))
            .order_by(Collate("name", "C").desc())
            .values("pk")[:1]
        )
        return self.published().filter(pk=models.Subquery(greatest))


class FeatureQuerySet(models.QuerySet[Any]):
    """Chainable filters."""

    def of_editions(self, editions: Iterable[int]) -> Self:
        """Keep the features of these editions."""
        return self.filter(edition__in=list(editions))


class ImportJobQuerySet(models.QuerySet[Any]):
    """Chainable filters."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the imports into layers the actor keeps."""
        if actor.citywide("layers.import"):
            return self
        return self.filter(layer__keeper__in=actor.departments_for("layers.import"))

    def queued(self) -> Self:
        """Keep what waits for a worker."""
        return self.filter(state=JobState.QUEUED)

    def running(self) -> Self:
        """Keep what is worked on, or was when its worker was lost."""
        return self.filter(state=JobState.RUNNING)
