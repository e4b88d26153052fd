"""Who may see the shapes of a layer: policy and queryset agree, and masked layers are for nobody."""

import copy

import pytest

from blueprint.layers import pack as section
from blueprint.layers import policies
from blueprint.layers.models import Edition, Layer
from blueprint.layers.states import Audience, EditionState
from blueprint.layers.visibility import AUDIENCE, of_layers
from portal.accounts.models import User
from portal.citypack.models import PackVersion
from portal.core.actor import Actor
from tests.cast import Person, as_actor
from tests.factories.blueprint import a_box, an_edition, feature

pytestmark = pytest.mark.django_db

PUBLIC, STAFF, KEPT, MASKED = "L04.01.01", "L06.02.05", "L12.03.03", "L06.02.04"


@pytest.fixture
def actors(outsider: User, applicant: User, planning_handler: User, leader: User, clerk: User) -> dict[str, Actor]:
    people = {
        "outsider": outsider,
        "applicant": applicant,
        "planner": planning_handler,
        "leader": leader,
        "clerk": clerk,
    }
    return {
        "visitor": Actor.anonymous(),
        "system": Actor.system("test"),
        **{name: as_actor(user) for name, user in people.items()},
    }


@pytest.mark.parametrize("name", ["visitor", "outsider", "applicant"])
def test_the_outsider_sees_public_layers_only(actors: dict[str, Actor], name: str) -> None:
    seen = Layer.objects.listed().visible_to(actors[name])

    assert set(seen.values_list("audience", flat=True)) == {Audience.PUBLIC}
    assert not seen.filter(is_masked=True).exists()


def test_policy_and_queryset_say_the_same_of_every_layer(actors: dict[str, Actor]) -> None:
    layers = list(Layer.objects.listed())
    for actor in actors.values():
        by_rows = set(Layer.objects.listed().visible_to(actor).values_list("code", flat=True))
        assert by_rows == {layer.code for layer in layers if policies.can_see_layer(actor, layer)}


@pytest.mark.parametrize(
    ("code", "who"),
    [
        (PUBLIC, {"visitor", "system", "outsider", "applicant", "planner", "leader", "clerk"}),
        (STAFF, {"system", "planner", "leader", "clerk"}),
        (KEPT, {"system", "planner"}),
        (MASKED, set()),
    ],
)
def test_who_sees_what(actors: dict[str, Actor], code: str, who: set[str]) -> None:
    layer = Layer.objects.get(code=code)
    assert {name for name, actor in actors.items() if policies.can_see_layer(actor, layer)} == who


def test_not_even_the_keeper_of_a_masked_layer_sees_its_shapes(person: Person) -> None:
    layer = Layer.objects.get(code=MASKED)
    keeper = as_actor(person("keeper", "handler", department=layer.departments[0], name="守一"))

    assert layer.is_masked
    assert not policies.can_see_layer(keeper, layer)


@pytest.mark.parametrize("state", [EditionState.LOADING, EditionState.DRAFT])
def test_nobody_sees_what_is_not_published(actors: dict[str, Actor], state: EditionState) -> None:
    edition = an_edition(PUBLIC, [feature(a_box(0, 0, 10, 10))], state=state)

    for actor in actors.values():
        assert not policies.can_see_edition(actor, edition)
        assert not Edition.objects.visible_to(actor).exists()


def test_editions_follow_their_layers(actors: dict[str, Actor]) -> None:
    editions = [an_edition(code, [feature(a_box(0, 0, 10, 10))]) for code in (PUBLIC, STAFF, KEPT, MASKED)]

    for actor in actors.values():
        by_rows = set(Edition.objects.visible_to(actor).values_list("layer", flat=True))
        assert by_rows == {each.layer_id for each in editions if policies.can_see_edition(actor, each)}


def test_a_layer_that_left_the_pack_is_shown_to_nobody(pack: PackVersion) -> None:
    edition = an_edition(PUBLIC, [feature(a_box(0, 0, 10, 10))])
    Layer.objects.filter(code=PUBLIC).update(is_listed=False)
    edition.refresh_from_db()

    assert not policies.can_see_edition(Actor.system("test"), edition)
    assert not Edition.objects.visible_to(Actor.system("test")).exists()


def test_the_nearest_line_of_the_pack_counts() -> None:
    document = {
        "visible_to": "staff",
        "symbols": {"L01": {"line": "#111111"}, "L01.01.02": {"line": "#222222"}},
        "topics": [
            {
                "id": "L01",
                "masked": True,
                "subtopics": [
                    {
                        "id": "L01.01",
                        "visible_to": ["here"],
                        "layers": [{"id": "L01.01.01"}, {"id": "L01.01.02", "visible_to": "public"}],
                    }
                ],
            },
            {"id": "L02", "subtopics": [{"id": "L02.01", "layers": [{"id": "L02.01.01", "shown": True}]}]},
        ],
    }

    found = of_layers(document)

    assert (found["L01.01.01"].audience, found["L01.01.01"].departments) == (Audience.DEPARTMENTS, ("here",))
    assert found["L01.01.02"].audience == Audience.PUBLIC
    assert [found[code].is_masked for code in found] == [True, True, False]
    assert found["L02.01.01"].audience == Audience.STAFF
    assert found["L02.01.01"].is_shown
    assert [found[code].symbol["line"] for code in found] == ["#111111", "#222222", "#7c8894"]


def test_the_check_names_departments_and_symbols_that_are_not_there(pack: PackVersion) -> None:
    changed = copy.deepcopy(pack.documents)
    changed["layers"]["topics"][0]["subtopics"][0]["visible_to"] = ["nobody"]
    changed["layers"]["topics"][0]["subtopics"][0]["layers"][0]["visible_to"] = ["nowhere"]
    changed["layers"]["symbols"]["L99"] = {}

    found = {(fault.path, fault.reason) for fault in section.check(changed)}

    assert found == {
        ("topics[L01].subtopics[L01.01].visible_to", "没有“nobody”这个部门"),
        ("topics[L01].subtopics[L01.01].layers[L01.01.01].visible_to", "没有“nowhere”这个部门"),
        ("symbols.L99", "没有“L99”这个图层"),
    }


@pytest.mark.parametrize("wrong", ["everybody", [], ["x", "x"], 3])
def test_the_shape_of_an_audience(wrong: object) -> None:
    assert list(AUDIENCE.faults(wrong, "layers.yaml", "visible_to"))
