"""A field on screen: label bound to its input, errors and hints tied to it, nothing editable that is not his."""

import pytest
from django import forms
from django.template.loader import render_to_string

from portal.ui.fields import Column, FieldView, Option, Source


def shown(**values: object) -> str:
    view = FieldView(**{"id": "far", "label": "容积率", "type": "decimal", **values})  # type: ignore[arg-type]
    return render_to_string("components/_field.html", {"field": view})


def test_binds_the_label_and_describes_the_input_by_hint_and_error() -> None:
    html = shown(hint="规划条件 ≤ 1.0", error="容积率超过 1.0", value="1.2")
    assert '<label for="far">' in html
    assert 'aria-describedby="far-hint far-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="far-error"' in html
    assert "容积率超过 1.0" in html


def test_a_value_from_elsewhere_is_read_only_and_says_where_from() -> None:
    html = shown(source=Source.REGISTRY, read_only=True, value="1.2")
    assert "readonly" in html
    assert "项目登记" in html


def test_only_optional_fields_are_marked() -> None:
    assert "选填" not in shown()
    assert "选填" in shown(required=False)


def test_a_read_only_choice_shows_its_label_not_its_value() -> None:
    html = shown(type="enum", options=(Option("frame", "框架"),), value="frame", read_only=True)
    assert 'value="框架"' in html
    assert "<select" not in html


@pytest.mark.parametrize(("value", "checked"), [(True, "true"), (False, "false")])
def test_yes_and_no_are_two_radio_buttons(value: bool, checked: str) -> None:
    html = shown(type="bool", value=value)
    assert html.count('type="radio"') == 2
    assert f'value="{checked}"' in html.split(" checked")[0].rsplit("<input", 1)[1]


def test_nothing_is_chosen_before_it_is_answered() -> None:
    assert " checked" not in shown(type="bool", value=None)


def test_a_table_offers_its_rows_and_one_empty_row() -> None:
    columns = (Column("name", "名称"), Column("height", "高度", "m", numeric=True))
    html = shown(id="buildings", type="table", columns=columns, value=[{"name": "1#楼", "height": "23.6"}])
    assert 'name="buildings-0-name" value="1#楼"' in html
    assert 'name="buildings-1-height" value=""' in html
    assert 'name="buildings-count" value="2"' in html


def test_both_ends_of_a_span_and_a_coordinate_have_their_own_names() -> None:
    span = shown(id="build", type="daterange", value=("2026-06-01", "2027-12-31"))
    assert 'name="build_from" value="2026-06-01"' in span
    assert 'name="build_to" value="2027-12-31"' in span
    place = shown(id="site", type="lonlat", value=None)
    assert 'name="site_lon" value=""' in place
    assert 'name="site_lat" value=""' in place


def test_what_people_type_never_becomes_markup() -> None:
    assert "<b>" not in shown(type="text", value='"><b>x</b>')


class LoginForm(forms.Form):
    username = forms.CharField(label="用户名", help_text="单位账号或个人账号")
    remember = forms.BooleanField(label="记住我", required=False)


def test_a_django_form_gets_the_same_look_and_ties() -> None:
    form = LoginForm({"username": ""})
    html = render_to_string("components/_bound.html", {"field": form["username"]})
    assert 'class="in"' in html
    assert 'aria-describedby="id_username-hint id_username-error"' in html
    assert 'id="id_username-error"' in html


def test_the_error_summary_leads_to_each_field_in_the_same_words() -> None:
    form = LoginForm({"username": ""})
    html = render_to_string("components/_form_errors.html", {"form": form})
    words = str(form["username"].errors[0])
    assert f'<a href="#id_username">{words}</a>' in html
    assert "有 1 处要改" in html
