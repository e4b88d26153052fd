"""The pages of ideas, through HTTP only."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse
from shapely.geometry import mapping

from blueprint.geometry import degrees
from blueprint.ideas.models import Condition, Idea, Opinion
from portal.accounts.models import User
from portal.core import clock
from tests.blueprint.ideas.conftest import Drain
from tests.cast import HOUSING, PLANNING
from tests.factories.blueprint import a_box

pytestmark = pytest.mark.django_db


def drawn(*sides: float) -> str:
    """Return what the map writes into its field."""
    return json.dumps(mapping(degrees.to_degrees(a_box(*sides), 4526)))


def test_from_the_form_to_the_list_of_conditions(
    client: Client, planning_handler: User, fire_reviewer: User, pack: object, drained: Drain
) -> None:
    client.force_login(planning_handler)
    form = {"title": "湾区学校", "summary": "36 班小学", "department": PLANNING, "way": "draw"}
    refused = client.post(reverse("ideas:new"), {**form, "title": "", "drawn": drawn(0, 0, 300, 200)})
    assert refused.status_code == 422
    assert "36 班小学" in refused.content.decode()
    assert client.post(reverse("ideas:new"), {**form, "drawn": "{"}).status_code == 422
    answer = client.post(reverse("ideas:new"), {**form, "drawn": drawn(0, 0, 300, 200)})
    idea = Idea.objects.get()
    page = reverse("ideas:idea", args=[idea.pk])
    assert answer["Location"] == page
    drained(clock.now())
    assert "看这块地的核查结论" in client.get(page).content.decode()
    assert client.post(reverse("ideas:ask", args=[idea.pk]), {}).status_code == 422
    client.post(reverse("ideas:ask", args=[idea.pk]), {"departments": [HOUSING]})

    client.force_login(fire_reviewer)
    assert "等您部门回复" in client.get(reverse("ideas:list")).content.decode()
    assert "本部门的意见" in client.get(page).content.decode()
    opinion = Opinion.objects.get()
    address = reverse("ideas:answer", args=[idea.pk, opinion.pk])
    assert client.post(address, {"position": "conditional"}).status_code == 422
    client.post(
        address,
        {
            "position": "conditional",
            "condition-0": "西南角留出消防车道",
            "on-map": "0",
            "condition-1": "配建停车位",
            "drawn": drawn(0, 0, 50, 50),
        },
    )
    first = Condition.objects.order_by("pk")[0]
    assert first.geom is not None
    assert first.geom.area == pytest.approx(2500, abs=1)

    client.force_login(planning_handler)
    html = client.get(page).content.decode()
    assert "条件清单" in html
    assert f'data-map-feature="C{first.pk}"' in html
    for condition in Condition.objects.all():
        client.post(reverse("ideas:meet", args=[idea.pk, condition.pk]), {"note": "已写入方案"})
    client.post(reverse("ideas:end", args=[idea.pk, "ripen"]))
    idea.refresh_from_db()
    assert idea.state == "mature"
    assert client.post(reverse("ideas:end", args=[idea.pk, "burn"])).status_code == 404


def test_takes_an_outline_from_the_blueprint(client: Client, planning_handler: User, pack: object) -> None:
    client.force_login(planning_handler)
    outline = drawn(0, 0, 300, 200)
    answer = client.post(reverse("ideas:new"), {"way": "draw", "drawn": outline})
    assert answer.status_code == 200
    assert answer.context["entry"].drawn == outline
    assert "errsum" not in answer.content.decode()
    assert not Idea.objects.exists()


def test_outsiders_get_nothing(client: Client, opened: Idea, applicant: User, fire_reviewer: User) -> None:
    client.force_login(applicant)
    assert client.get(reverse("ideas:list")).status_code == 403
    assert client.get(reverse("ideas:new")).status_code == 403
    for user in (applicant, fire_reviewer):
        client.force_login(user)
        assert client.get(reverse("ideas:idea", args=[opened.pk])).status_code == 404
        for name in ("redraw", "ask"):
            assert client.post(reverse(f"ideas:{name}", args=[opened.pk])).status_code == 404


@pytest.mark.parametrize("many", [3, 30])
def test_list_needs_a_fixed_number_of_queries(
    many: int,
    client: Client,
    planning_handler: User,
    opened: Idea,
    max_queries: Callable[[str], AbstractContextManager[None]],
) -> None:
    from blueprint.siting.models import Site

    for number in range(many):
        site = Site.objects.create(title=f"意向{number}", department_id=PLANNING, opened_at=opened.opened_at)
        Idea.objects.create(site=site, summary="甲", opened_by_name="乙", opened_at=opened.opened_at)
    client.force_login(planning_handler)
    client.get(reverse("ideas:list"))
    with max_queries("ideas.list"):
        assert client.get(reverse("ideas:list")).status_code == 200
