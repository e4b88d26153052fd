"""The tree of units and its forms: what the owner sees, types and is told; several runs of a stage side by side."""

import pytest
from django.urls import reverse

from approvals.review import operations as review
from projects.registry import operations as registry
from projects.registry.models import Unit
from projects.registry.operations import Part
from projects.registry.states import UnitState
from tests.cast import as_actor


@pytest.fixture
def owner(client, applicant):
    client.force_login(applicant)
    return client


@pytest.fixture
def divided(project, applicant, at):
    return review.divide(
        project_id=project.pk,
        unit_id=None,
        parts=[Part("东区厂房"), Part("西区宿舍", "GD-7")],
        actor=as_actor(applicant),
        at=at,
    )


def text(client, project, name="tracking:project", query=""):
    return client.get(reverse(name, args=[project.code]) + query).content.decode()


@pytest.mark.django_db
def test_an_undivided_project_offers_to_be_divided(owner, project):
    page = text(owner, project)

    assert "没有拆分，各阶段按整个项目申报" in page
    assert reverse("tracking:divide", args=[project.code]) in page
    assert reverse("tracking:merge", args=[project.code]) not in page


@pytest.mark.django_db
def test_divides_by_the_form_and_shows_the_tree(owner, project):
    answer = owner.post(
        reverse("tracking:divide", args=[project.code]),
        {"name": ["东区厂房", "", "西区宿舍"], "external_code": ["", "", "GD-7"]},
        follow=True,
    )

    page = answer.content.decode()
    assert "已拆成 2 个工程" in page
    assert [(unit.path, unit.name, unit.external_code) for unit in Unit.objects.order_by("code")] == [
        ("01", "东区厂房", ""), ("02", "西区宿舍", "GD-7"),
    ]  # fmt: skip
    for words in ("东区厂房", f"{project.code}-02", "GD-7", "每个工程各自申报、各自计时"):
        assert words in page


@pytest.mark.django_db
def test_divides_a_unit_into_the_next_level(owner, project, applicant, at):
    unit = registry.ensure_unit(project_id=project.pk, level=1, actor=as_actor(applicant), at=at)
    address = f"{reverse('tracking:divide', args=[project.code])}?unit={unit.code}"
    assert address in text(owner, project)
    assert unit.code in owner.get(address).content.decode()

    owner.post(reverse("tracking:divide", args=[project.code]), {"unit": unit.code, "name": ["甲", "乙"]})

    assert set(unit.children.values_list("name", flat=True)) == {"甲", "乙"}


@pytest.mark.django_db
def test_more_rows_keep_what_was_typed_and_change_nothing(owner, project):
    address = reverse("tracking:divide", args=[project.code])

    answer = owner.post(address, {"name": ["东区厂房", "", "", ""], "more": "1"})

    page = answer.content.decode()
    assert page.count('name="name"') == 8
    assert 'value="东区厂房"' in page
    assert not Unit.objects.exists()


@pytest.mark.django_db
def test_says_what_is_wrong_at_its_row_and_keeps_what_was_typed(owner, project):
    answer = owner.post(
        reverse("tracking:divide", args=[project.code]),
        {"name": ["甲", "", "甲", ""], "external_code": ["", "", "", "只有外部代码"]},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    for place in ("name-0-error", "name-2-error", "name-3-error"):
        assert f'id="{place}"' in page
    assert 'id="name-1-error"' not in page
    assert "只有外部代码" in page
    assert not Unit.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("names", [[], ["只有一个"]])
def test_asks_for_two_parts_at_least(owner, project, names):
    answer = owner.post(reverse("tracking:divide", args=[project.code]), {"name": names})

    assert answer.status_code == 422
    assert "请写出 2 到 99 个工程" in answer.content.decode()


@pytest.mark.django_db
def test_tells_what_stands_in_the_way(owner, project, applicant, at):
    review.open_application(project_id=project.pk, stage="S1", actor=as_actor(applicant), at=at)

    answer = owner.post(reverse("tracking:divide", args=[project.code]), {"name": ["甲", "乙"]})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "请先撤回它" in page
    assert 'value="乙"' in page


@pytest.mark.django_db
def test_merges_by_the_form(owner, project, divided):
    first, second = divided
    address = reverse("tracking:merge", args=[project.code])
    assert "东区厂房" in owner.get(address).content.decode()
    nothing = owner.post(address, {"units": [str(first.pk)], "name": ""})
    assert nothing.status_code == 422
    assert "请至少选两个工程" in nothing.content.decode()

    answer = owner.post(address, {"units": [str(first.pk), str(second.pk)], "name": "地下车库"}, follow=True)

    unit = Unit.objects.get(level=2)
    assert unit.prev_eng_code == [first.code, second.code]
    page = answer.content.decode()
    assert "立项用地规划许可（西区宿舍）" in page, "both are still on their way"
    assert f"已合并为 {unit.code}" in page
    assert "01 东区厂房、02 西区宿舍" in page
    assert "没有可以合并的工程" in owner.get(address).content.decode()
    twice = owner.post(address, {"units": [str(first.pk), str(second.pk)], "name": "又一次"})
    assert twice.status_code == 409


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["tracking:divide", "tracking:merge"])
@pytest.mark.parametrize(("who", "status"), [("leader", 403), ("other_applicant", 404), ("planning_handler", 404)])
def test_nobody_else_divides(client, request, project, name, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse(name, args=[project.code])).status_code == status
    assert client.post(reverse(name, args=[project.code]), {"name": ["甲", "乙"]}).status_code == status
    assert not Unit.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("units", ["²", "9" * 5000, "x", "-1"])
def test_merges_nothing_when_what_was_ticked_is_no_number(owner, project, divided, units):
    page = owner.post(f"/projects/{project.code}/merge/", {"units": [units, units], "name": "合"})
    assert page.status_code == 422


@pytest.mark.django_db
def test_a_unit_of_another_project_is_not_there(owner, register):
    mine, other = register("甲项目"), register("乙项目")
    stranger = registry.split_unit(
        project_id=other.pk,
        unit_id=None,
        parts=[Part("一"), Part("二")],
        actor=as_actor(other.registered_by),
        at=other.registered_at,
    )[0]

    answer = owner.get(f"{reverse('tracking:divide', args=[mine.code])}?unit={stranger.code}")

    assert answer.status_code == 404


@pytest.mark.django_db
def test_shows_each_unit_where_it_stands_and_lets_one_be_looked_at_alone(owner, project, divided):
    first, _second = divided
    page = text(owner, project)
    assert page.count("可以申报立项用地规划许可") >= 2
    assert "立项用地规划许可（东区厂房）" in page
    assert "立项用地规划许可（西区宿舍）" in page
    assert "2 个工程在办" in page
    assert "0 / 2 办结" in page

    alone = text(owner, project, query=f"?unit={first.code}")

    assert "立项用地规划许可（西区宿舍）" not in alone.split("工程划分")[0]
    assert "看整个项目" in alone
    assert text(owner, project, query="?unit=没有这个").count("看整个项目") == 0


@pytest.mark.django_db
def test_the_item_list_has_the_stages_of_every_unit_or_of_one(owner, project, divided):
    _first, second = divided

    page = text(owner, project, "tracking:items")
    alone = text(owner, project, "tracking:items", f"?unit={second.code}")

    assert 'id="stage-S1-01"' in page
    assert 'id="stage-S4-02"' in page
    assert 'id="stage-S1-01"' not in alone
    assert 'id="stage-S1-02"' in alone


@pytest.mark.django_db
def test_one_chooses_the_unit_before_the_form(owner, project, divided):
    _first, second = divided
    address = reverse("tracking:apply", args=[project.code, "S1"])
    choice = owner.post(address)
    assert choice.status_code == 200
    assert f"{address}?unit={second.code}" in choice.content.decode()

    answer = owner.post(address, {"unit": second.code})

    application = project.applications.get()
    assert answer.url == reverse("applications:form", args=[application.pk])
    assert application.unit == second
    assert "接着填立项用地规划许可（西区宿舍）" in text(owner, project)
    assert "可以申报立项用地规划许可（东区厂房）" in text(owner, project)


@pytest.mark.django_db
def test_a_parallel_item_is_for_one_unit_or_for_all(owner, project, divided):
    first, second = divided
    address = reverse("tracking:apply", args=[project.code, "P"])
    owner.post(address, {"items": ["S2-12"], "unit": first.code})
    owner.post(address, {"items": ["S2-12"], "unit": second.code})

    again = owner.post(address, {"items": ["S2-12"], "unit": second.code})

    assert again.status_code == 422
    assert set(project.applications.values_list("unit__name", flat=True)) == {"东区厂房", "西区宿舍"}
    page = text(owner, project)
    assert "东区厂房" in page.split("并行办理的事项")[1]


@pytest.mark.django_db
def test_the_list_of_projects_tells_one_state_for_each_stage(owner, project, divided):
    page = owner.get(reverse("tracking:projects")).content.decode()

    assert page.count('class="way"') == 1
    assert page.split('class="way"')[1].split("</ol>")[0].count("<li") == 4


@pytest.mark.django_db
def test_the_public_sees_the_line_of_the_engineering_code(client, project, divided):
    first, _second = divided

    whole = client.get(reverse("tracking:progress_of", args=[project.code])).content.decode()
    line = client.get(reverse("tracking:progress_of", args=[first.code])).content.decode()

    assert "0 / 2 办结" in whole
    assert "0 / 2 办结" not in line
    assert first.code in line


@pytest.mark.django_db
@pytest.mark.parametrize("count", [3, 30])
def test_a_divided_board_costs_a_fixed_number_of_statements(owner, project, applicant, at, max_queries, count):
    parts = [Part(f"第 {number} 标段") for number in range(count)]
    review.divide(project_id=project.pk, unit_id=None, parts=parts, actor=as_actor(applicant), at=at)

    with max_queries("tracking.project"):
        page = text(owner, project)

    assert page.count(f"{project.code}-") >= count


@pytest.mark.django_db
def test_a_unit_given_up_stays_in_the_tree_without_a_button(owner, project, applicant, at):
    draft = review.open_application(project_id=project.pk, stage="S1", actor=as_actor(applicant), at=at)
    review.withdraw(application_id=draft.pk, reason="改为分期", actor=as_actor(applicant), at=at)
    owner.post(reverse("tracking:divide", args=[project.code]), {"name": ["一期", "二期"]})

    page = text(owner, project)

    void = Unit.objects.get(state=UnitState.VOID)
    assert void.code in page
    assert f"?unit={void.code}" not in page
