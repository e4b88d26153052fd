"""The page of the one blueprint: the tree for each reader, what lies at a place, where something lies."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse
from pyproj import Transformer

from blueprint.layers import frames, maps, policies, spot, tree
from blueprint.layers.models import Edition
from blueprint.layers.states import EditionState
from portal.accounts.models import User
from portal.core.actor import Actor
from tests.cast import as_actor
from tests.factories.blueprint import CORNER, a_box, an_edition, feature

pytestmark = pytest.mark.django_db

BLOCKS, STAFF, MASKED, GROUND = "L05.01.04", "L06.02.05", "L06.02.04", "L01.02.01"
PAGE = reverse("layers:map")


def place(east: float, north: float) -> str:
    """Return a place in metres from the corner as degrees."""
    lon, lat = Transformer.from_crs(4526, 4490, always_xy=True).transform(CORNER[0] + east, CORNER[1] + north)
    return f"{lon:.9f}, {lat:.9f}"


@pytest.fixture
def ground(pack: object) -> None:
    an_edition(BLOCKS, [feature(a_box(0, 0, 50, 50), "old")], name="2023")
    block = feature(a_box(0, 0, 180, 200), "A", name="学府里", use="0701", far=2.5, height=60, project_code="2601-1")
    an_edition(BLOCKS, [block], name="2025")
    an_edition(BLOCKS, [feature(a_box(0, 0, 10, 10), "draft")], name="2027", state=EditionState.DRAFT)
    an_edition(STAFF, [feature(a_box(0, 0, 100, 100), "pipe", name="秘密管线")])
    an_edition(MASKED, [feature(a_box(0, 0, 100, 100), "secret", name="秘密地方")])
    an_edition(GROUND, [feature(a_box(-9000, -9000, 9000, 9000), "city")])


class TestTree:
    def test_has_all_layers_and_the_editions_of_those_the_reader_may_see(
        self, ground: None, planning_handler: User
    ) -> None:
        for actor, seen in (
            (Actor.anonymous(), {BLOCKS, GROUND}),
            (as_actor(planning_handler), {BLOCKS, STAFF, GROUND}),
        ):
            found = tree.tree(actor)
            assert (len(found.branches), found.total) == (15, 275)
            assert {line.layer.code for line in found.lines if line.current} == seen
            assert found.with_data == len(seen)

    def test_the_current_edition_comes_first_and_drafts_not_at_all(self, ground: None) -> None:
        line = next(line for line in tree.tree(Actor.anonymous()).lines if line.layer.code == BLOCKS)
        assert [edition.name for edition in line.editions] == ["2025", "2023"]

    def test_the_script_learns_of_nothing_else(self, ground: None) -> None:
        found = tree.tree(Actor.anonymous())
        shown = maps.whole(Actor.anonymous(), found)
        assert {entry["code"] for entry in shown["catalogue"]} == {BLOCKS, GROUND}
        assert all("{z}/{x}/{y}" in edition["url"] for entry in shown["catalogue"] for edition in entry["editions"])

    def test_any_other_map_stands_on_the_ground_layers(self, ground: None) -> None:
        assert [entry["code"] for entry in maps.view()["tiles"]] == [GROUND]


class TestPage:
    def test_says_what_a_masked_layer_does_and_that_others_are_not_for_all(self, client: Client, ground: None) -> None:
        html = client.get(PAGE).content.decode()
        assert "只答复需不需要征询" in html
        assert "政务人员" in html
        assert "2025 版" in html
        assert "秘密" not in html

    def test_hands_an_outline_on_where_the_reader_may_bring_it(
        self, client: Client, ground: None, applicant: User, clerk: User, planning_handler: User, leader: User
    ) -> None:
        bring, idea = reverse("siting:bring", args=["CODE"]), reverse("ideas:new")
        readers = (None, set()), (applicant, {bring}), (clerk, {bring}), (planning_handler, {idea}), (leader, set())
        for user, handed in readers:
            client.logout()
            if user is not None:
                client.force_login(user)
            html = client.get(PAGE).content.decode()
            assert {address for address in (bring, idea) if f'"{address}"' in html} == handed, user

    def test_needs_few_queries(
        self, client: Client, ground: None, max_queries: Callable[[str], AbstractContextManager[None]]
    ) -> None:
        client.get(PAGE)
        for number in range(30):
            an_edition(f"L07.01.0{number % 7 + 1}", [feature(a_box(0, 0, 5, 5))], name=f"20{number:02d}")
        with max_queries("layers.map"):
            client.get(PAGE)

    def test_answers_without_script(self, client: Client, ground: None) -> None:
        html = client.get(PAGE, {"place": place(90, 100)}).content.decode()
        assert "学府里" in html
        assert "X 2465100" in html

    @pytest.mark.parametrize("words", ["x", "%", "<b>", "1,2", "200,200", "9" * 60, "0,0", "-1 -1"])
    def test_bears_anything(self, client: Client, ground: None, words: str) -> None:
        for name in ("place", "q"):
            answer = client.get(reverse("layers:answer"), {name: words})
            assert answer.status_code == 200
            assert "<b>" not in answer.content.decode().replace("<b>学府里", "")


class TestSpot:
    def test_reads_all_layers_the_actor_may_see(self, ground: None, planning_handler: User, outsider: User) -> None:
        frame = frames.frame()
        where = spot.read_place(place(50, 50), frame)
        assert where

        def fids(actor: Actor) -> list[str]:
            return [hit.feature.fid for hit in spot.at(actor, where, frame).hits]

        assert fids(Actor.anonymous()) == ["city", "A"]
        assert fids(as_actor(outsider)) == ["city", "A"]
        assert fids(as_actor(planning_handler)) == ["city", "A", "pipe"]

    def test_reads_degrees_and_metres_in_any_order(self, ground: None) -> None:
        frame = frames.frame()
        lon, lat = (float(part) for part in place(90, 100).split(","))
        for text in (
            f"{lon}, {lat}",
            f"{lat} {lon}",
            f"X {CORNER[1] + 100} Y {CORNER[0] + 90}",
            f"{CORNER[0] + 90}，{CORNER[1] + 100}",
            f"X {CORNER[1] + 100} Y {CORNER[0] + 90 - 38_000_000}",
        ):
            assert spot.read_place(text, frame) == pytest.approx((lon, lat), abs=1e-7), text

    @pytest.mark.parametrize("text", ["", "学府里", "1 2 3", "120, 30", "X 1 Y 2", "9999999 99999999"])
    def test_knows_what_is_no_place(self, pack: object, text: str) -> None:
        assert spot.read_place(text, frames.frame()) is None

    @pytest.mark.parametrize("text", ["学府", "2601", "A"])
    def test_finds_by_name_code_and_number(self, ground: None, text: str) -> None:
        (found,) = spot.places(Actor.anonymous(), text, frames.frame())
        assert found.name == "学府里"
        assert found.west < found.east

    def test_the_outsider_does_not_find_hidden_names(self, ground: None, planning_handler: User) -> None:
        frame = frames.frame()
        assert spot.places(Actor.anonymous(), "秘密", frame) == []
        assert [each.name for each in spot.places(as_actor(planning_handler), "秘密", frame)] == ["秘密管线"]


class TestDrafts:
    """Who keeps a layer looks at a draft on the map before it counts; nobody else learns of it."""

    @pytest.fixture
    def draft(self, ground: None) -> Edition:
        return Edition.objects.get(layer=BLOCKS, name="2027")

    def test_queryset_and_policy_say_the_same(
        self, draft: Edition, planning_lead: User, planning_handler: User, fire_reviewer: User, applicant: User
    ) -> None:
        people = [as_actor(user) for user in (planning_lead, planning_handler, fire_reviewer, applicant)]
        may = [policies.can_see_draft(actor, draft) for actor in (Actor.anonymous(), *people)]
        assert may == [False, True, False, False, False]
        for actor, allowed in zip((Actor.anonymous(), *people), may, strict=True):
            assert Edition.objects.drafts_for(actor).filter(pk=draft.pk).exists() == allowed

    def test_a_masked_layer_is_drawn_for_nobody(self, ground: None, planning_lead: User) -> None:
        secret = an_edition(MASKED, [feature(a_box(0, 0, 9, 9), "x")], name="2030", state=EditionState.DRAFT)
        assert not Edition.objects.drafts_for(Actor.system("x")).filter(pk=secret.pk).exists()

    def test_it_is_a_choice_after_what_counts(self, draft: Edition, planning_lead: User) -> None:
        found = tree.tree(as_actor(planning_lead))
        line = next(line for line in found.lines if line.layer.code == BLOCKS)
        assert [edition.name for edition in line.choices] == ["2025", "2023", "2027"]
        assert [(older.name, newer.name) for older, newer in line.pairs] == [("2023", "2025"), ("2025", "2027")]
        names = {row["code"]: [each["name"] for each in row["editions"]] for row in tree.catalogue(found)}
        assert names[BLOCKS] == ["2025", "2023", "2027（草稿）"]

    def test_a_layer_with_nothing_else_is_off(self, ground: None, planning_lead: User) -> None:
        an_edition("L05.01.01", [feature(a_box(0, 0, 9, 9), "x")], name="2026", state=EditionState.DRAFT)
        row = next(each for each in tree.catalogue(tree.tree(as_actor(planning_lead))) if each["code"] == "L05.01.01")
        assert (row["on"], [each["name"] for each in row["editions"]]) == (False, ["2026（草稿）"])

    def test_page_and_tiles_are_for_the_keeper_alone(
        self, client: Client, draft: Edition, planning_lead: User, planning_handler: User
    ) -> None:
        tile = reverse("layers:tile", args=[draft.pk, 6, 52, 27])
        assert client.get(tile).status_code == 404
        client.force_login(planning_handler)
        assert client.get(tile).status_code == 404
        assert "2027 草稿" not in client.get(PAGE).content.decode()
        client.force_login(planning_lead)
        answer = client.get(tile)
        assert answer.status_code in (200, 204)
        assert answer["Cache-Control"].startswith("private")
        assert "2027 草稿" in client.get(PAGE).content.decode()
        assert f"edition={draft.pk}" in client.get(reverse("layers:draft", args=[draft.pk])).content.decode()
