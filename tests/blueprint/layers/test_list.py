"""The public list of layers: 15 topics, 54 subtopics, 275 layers, and a search."""

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from blueprint.layers import pack as section
from blueprint.layers import queries
from blueprint.layers.models import Layer, Subtopic, Topic
from portal.citypack.models import PackVersion

pytestmark = pytest.mark.django_db


def test_all_layers_of_the_pack_are_listed(pack: PackVersion) -> None:
    listed = queries.layer_list()

    assert (Topic.objects.count(), Subtopic.objects.count(), listed.found, listed.total) == (15, 54, 275, 275)
    assert len(listed.topics) == 15
    assert sum(row.count for row in listed.topics) == 275


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("等高线", {"L01.04.02"}),
        ("L01.01", {"L01.01.01", "L01.01.02", "L01.01.03"}),
        ("行政区界 市界", {"L01.02.01"}),
        ("没有这个词", set()),
    ],
)
def test_search_reads_names_codes_and_topics(pack: PackVersion, text: str, codes: set[str]) -> None:
    listed = queries.layer_list(text=text)

    assert {layer.code for row in listed.topics for part in row.subtopics for layer in part.layers} == codes
    assert (listed.found, listed.total) == (len(codes), 275)


def test_page_shows_layers_and_bears_any_search(client: Client, pack: PackVersion) -> None:
    assert "等高线" in client.get(reverse("layers:list")).content.decode()
    for text in ("%", "<i>", "\\", "没有这个词"):
        answer = client.get(reverse("layers:list"), {"q": text})
        assert answer.status_code == 200
        assert "<i>" not in answer.content.decode()


def test_page_needs_few_queries(
    client: Client, pack: PackVersion, max_queries: Callable[[str], AbstractContextManager[None]]
) -> None:
    client.get(reverse("layers:list"))
    with max_queries("layers.list"):
        client.get(reverse("layers:list"))


def test_a_later_pack_renames_and_hides_but_never_removes(pack: PackVersion, at: datetime) -> None:
    documents = copy.deepcopy(pack.documents)
    layers = documents["layers"]["topics"][0]["subtopics"][0]["layers"]
    layers[0]["name"] = "控制点"
    gone = layers.pop()

    section.apply(version=pack, documents=documents, at=at)

    assert Layer.objects.get(pk=layers[0]["id"]).name == "控制点"
    assert not Layer.objects.get(pk=gone["id"]).is_listed
    assert queries.layer_list().total == 274

    section.apply(version=pack, documents=pack.documents, at=at)

    assert Layer.objects.get(pk=gone["id"]).is_listed
    assert queries.layer_list().total == 275
