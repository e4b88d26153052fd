"""The blueprint as a page shows it: the layers of the pack by topic, and their editions for this reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Collate
from django.urls import reverse
from django.utils.translation import gettext as _

from blueprint.layers import policies
from blueprint.layers.models import Edition, Layer, Subtopic, Topic
from portal.core.actor import Actor
from portal.ui.maps import Tiles


@dataclass(frozen=True, slots=True)
class Line:
    """One layer, with its published editions, the current one first; none if the reader may not see them."""

    layer: Layer
    editions: tuple[Edition, ...]
    is_visible: bool
    drafts: tuple[Edition, ...] = ()
    """What waits to be published, for who keeps the layer."""

    @property
    def current(self) -> Edition | None:
        """Return the edition that counts."""
        return self.editions[0] if self.editions else None

    @property
    def pairs(self) -> list[tuple[Edition, Edition]]:
        """Return what can be compared, the older edition first: earlier ones with the current one, that with drafts."""
        if self.current is None:
            return []
        return [(older, self.current) for older in self.editions[1:]] + [(self.current, each) for each in self.drafts]

    @property
    def choices(self) -> tuple[Edition, ...]:
        """Return the editions that can be put on the map, the one that is put there first."""
        return self.editions + self.drafts


@dataclass(frozen=True, slots=True)
class Part:
    """A subtopic with its layers."""

    subtopic: Subtopic
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A topic with its subtopics; `shown` is how many of its layers are on at the start."""

    topic: Topic
    parts: tuple[Part, ...]
    count: int
    shown: int


@dataclass(frozen=True, slots=True)
class Tree:
    """All layers."""

    branches: tuple[Branch, ...]
    total: int
    with_data: int
    shown: int

    @property
    def lines(self) -> Iterable[Line]:
        """Return the layers in the order in which they are drawn."""
        return (line for branch in self.branches for part in branch.parts for line in part.lines)


def tree(actor: Actor) -> Tree:
    """Return all layers of the pack with the editions this actor may see; two queries, three for who keeps layers."""
    editions: dict[str, list[Edition]] = defaultdict(list)
    for edition in Edition.objects.visible_to(actor).order_by("layer", Collate("name", "C").desc()):
        editions[edition.layer_id].append(edition)
    drafts: dict[str, list[Edition]] = defaultdict(list)
    if policies.keeps_layers(actor):
        for edition in Edition.objects.drafts_for(actor).order_by("layer", Collate("name", "C").desc()):
            drafts[edition.layer_id].append(edition)
    groups: dict[str, dict[str, list[Line]]] = {}
    topics: dict[str, Topic] = {}
    subtopics: dict[str, Subtopic] = {}
    for layer in Layer.objects.listed().select_related("subtopic__topic").in_order():
        subtopic = layer.subtopic
        topics[subtopic.topic_id], subtopics[subtopic.code] = subtopic.topic, subtopic
        line = Line(
            layer,
            tuple(editions[layer.code]),
            is_visible=policies.can_see_layer(actor, layer),
            drafts=tuple(drafts[layer.code]),
        )
        groups.setdefault(subtopic.topic_id, {}).setdefault(subtopic.code, []).append(line)
    branches = tuple(
        _branch(topics[topic], tuple(Part(subtopics[code], tuple(lines)) for code, lines in parts.items()))
        for topic, parts in groups.items()
    )
    return Tree(
        branches=branches,
        total=sum(branch.count for branch in branches),
        with_data=len([code for code in editions if editions[code]]),
        shown=sum(branch.shown for branch in branches),
    )


def _branch(topic: Topic, parts: tuple[Part, ...]) -> Branch:
    lines = [line for part in parts for line in part.lines]
    return Branch(
        topic=topic,
        parts=parts,
        count=len(lines),
        shown=sum(bool(line.current) and line.layer.is_shown for line in lines),
    )


def base_tiles(actor: Actor) -> list[Tiles]:
    """Return the current editions of the layers that are on at the start: the ground under any map."""
    editions = Edition.objects.visible_to(actor).current().filter(layer__is_shown=True).select_related("layer")
    return [tiles_of(edition.layer, edition) for edition in sorted(editions, key=lambda each: each.layer_id)]


def tiles_of(layer: Layer, edition: Edition) -> Tiles:
    """Return an edition as a layer of tiles."""
    return Tiles(code=layer.code, name=layer.name, edition=edition.name, url=_address(edition), symbol=layer.symbol)


def catalogue(found: Tree) -> list[dict[str, Any]]:
    """Return what the script needs of every layer that can be switched on, in drawing order."""
    return [
        {
            "code": line.layer.code,
            "name": line.layer.name,
            "symbol": line.layer.symbol,
            "on": line.layer.is_shown and bool(line.editions),
            "editions": [{"id": each.pk, "name": called(each), "url": _address(each)} for each in line.choices],
        }
        for line in found.lines
        if line.choices
    ]


def called(edition: Edition) -> str:
    """Call an edition so that a draft is never taken for what counts, on paper either."""
    return _("%(name)s（草稿）") % {"name": edition.name} if edition.is_draft else edition.name


def _address(edition: Edition) -> str:
    return reverse("layers:tile", args=[edition.pk, 0, 0, 0]).replace("/0/0/0.mvt", "/{z}/{x}/{y}.mvt")
