"""Read the list of layers."""

from __future__ import annotations

from dataclasses import dataclass

from blueprint.layers.models import Edition, Layer, Subtopic, Topic
from portal.core.actor import Actor
from portal.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class SubtopicRow:
    """A subtopic with its layers that were asked for."""

    subtopic: Subtopic
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic with its subtopics that have any."""

    topic: Topic
    subtopics: tuple[SubtopicRow, ...]
    count: int


@dataclass(frozen=True, slots=True)
class LayerList:
    """The page of layers."""

    topics: tuple[TopicRow, ...]
    found: int
    total: int


def layer_list(*, text: str = "") -> LayerList:
    """List the layers by topic and subtopic; with a text only those it matches."""
    layers = Layer.objects.listed().select_related("subtopic__topic").in_order()
    found = list(layers.matching(text) if text else layers)
    total = len(found) if not text else Layer.objects.listed().count()
    groups: dict[str, dict[str, list[Layer]]] = {}
    topics: dict[str, Topic] = {}
    subtopics: dict[str, Subtopic] = {}
    for layer in found:
        subtopic = layer.subtopic
        topics[subtopic.topic_id] = subtopic.topic
        subtopics[subtopic.code] = subtopic
        groups.setdefault(subtopic.topic_id, {}).setdefault(subtopic.code, []).append(layer)
    rows = tuple(
        TopicRow(
            topic=topics[topic],
            subtopics=tuple(SubtopicRow(subtopics[code], tuple(entries)) for code, entries in parts.items()),
            count=sum(len(entries) for entries in parts.values()),
        )
        for topic, parts in groups.items()
    )
    return LayerList(topics=rows, found=len(found), total=total)


def edition_for(actor: Actor, edition_id: int) -> Edition:
    """Return a published edition whose shapes the actor may see, or a draft of a layer he keeps.

    :raises NotFound: there is none, or it is not for him; which of the two is not told
    """
    found = Edition.objects.visible_to(actor).select_related("layer").filter(pk=edition_id).first()
    if found is None:
        found = Edition.objects.drafts_for(actor).select_related("layer").filter(pk=edition_id).first()
    if found is None:
        raise NotFound
    return found


def current_editions(actor: Actor) -> list[Edition]:
    """Return the current edition of every layer the actor may see, in the order of the pack."""
    found = Edition.objects.visible_to(actor).current().select_related("layer__subtopic__topic")
    return sorted(found, key=lambda edition: str(edition.layer_id))


def edition_of(actor: Actor, code: str, *, name: str = "") -> Edition:
    """Return a layer's current edition, or the one of this name.

    :raises NotFound: there is none that the actor may see
    """
    editions = Edition.objects.visible_to(actor).filter(layer=code).select_related("layer__subtopic__topic")
    found = (editions.filter(name=name) if name else editions.current()).first()
    if found is None:
        raise NotFound
    return found
