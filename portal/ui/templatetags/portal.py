"""Offer the words and drawings of the interface to templates: ``{% load portal %}``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from portal.core import addresses, nav
from portal.core.actor import Actor
from portal.ui import lanes, words
from portal.ui.home import PLACES
from portal.ui.lights import SHAPES, Light, shape_width
from portal.ui.linemap import LineMap
from portal.ui.linemap.drawing import Drawing, draw
from portal.ui.tiles import HeatCell

register = template.Library()

register.filter("day", words.day)
register.filter("weekday", words.weekday)
register.filter("short_day", words.short_day)
register.filter("clock_time", words.clock_time)
register.filter("moment", words.moment)
register.filter("span", words.span)
register.filter("week_span", words.week_span)
register.filter("chart_day", words.chart_day)
register.filter("number", words.number)
register.filter("money_wan", words.money_wan)
register.filter("area_m2", words.area_m2)
register.filter("file_size", words.file_size)
register.filter("short_code", words.short_code)


@register.filter
def full_day(value: date | datetime | None) -> str:
    """Say a day with year and weekday, as documents do: 2026年4月16日 周四."""
    return words.day(value, year=True)


@register.filter
def document_day(value: date | datetime | None) -> str:
    """Say a day with year, without weekday: 2026年4月16日."""
    return words.short_day(value, year=True)


@register.simple_tag
def day_tag(value: date | datetime | None) -> str:
    """Write a day as a ``time`` element that never breaks."""
    if value is None:
        return words.NONE
    return format_html('<time class="nw" datetime="{}">{}</time>', words.as_day(value).isoformat(), words.day(value))


@register.simple_tag
def moment_tag(value: datetime | None) -> str:
    """Write a moment as a ``time`` element that never breaks."""
    if value is None:
        return words.NONE
    return format_html('<time class="nw" datetime="{}">{}</time>', value.isoformat(), words.moment(value))


@register.simple_tag
@lru_cache(maxsize=len(Light))
def shape(light: str) -> SafeString:
    """Draw the shape of a light; the words beside it carry the meaning, so readers skip it."""
    known = Light(light)
    width = shape_width(known)
    # Both parts come from this module's own tables, never from a caller.
    return mark_safe(  # noqa: S308
        f'<svg class="shape {known.value}" width="{width}" height="12" viewBox="0 0 {width} 12" aria-hidden="true">'
        f"{SHAPES[known]}</svg>"
    )


@register.simple_tag
def light(state: str, said: str, pill: bool = False) -> SafeString:
    """Draw a light: shape and words."""
    return format_html("{}{}</span>", _light_begun(state, pill), said)


@lru_cache(maxsize=2 * len(Light))
def _light_begun(state: str, pill: bool) -> SafeString:
    return format_html('<span class="lt {}{}">{}', state, " pill" if pill else "", shape(state))


@register.filter
def numbered(number: int, name: str) -> str:
    """Return the address of a page for the number of a row, in lists; elsewhere the url tag is the way."""
    return addresses.numbered(name, number)


@register.filter
def headed(cells: Iterable[HeatCell], columns: Iterable[str]) -> Iterable[tuple[str, HeatCell]]:
    """Pair the cells of a row with the heads of their columns, for tables that become cards on a telephone."""
    return zip(columns, cells, strict=True)


@register.simple_tag
def shape_inner(light: str) -> SafeString:
    """Return the drawing of a light for use inside another picture, in a box of 12 by 12."""
    return mark_safe(SHAPES[Light(light)])  # noqa: S308 - our own table


@register.filter
def line_drawing(line: LineMap) -> Drawing:
    """Compute the geometry of a line map."""
    return draw(line)


@register.simple_tag
@lru_cache(maxsize=1024)
def day_cells(used: int, limit: int, light: str) -> SafeString:
    """Draw the small day cells of one case; a list has a thousand of them."""
    cells = lanes.day_cells(used=used, limit=limit, light=Light(light))
    return mark_safe("".join(f'<i class="{cell.value}"></i>' for cell in cells))  # noqa: S308 - our own names


@register.simple_tag
def lane_shapes(found: Iterable[lanes.Lane]) -> SafeString:
    """Draw one shape per lane, and say who has which light for who does not see them."""
    before, between = _lane_words(get_language())
    said = before + between.join([f"{lane.department} {lane.words}" for lane in found])
    shapes = mark_safe("".join([shape(lane.light) for lane in found]))  # noqa: S308 - our own table
    return format_html('<span class="lanes" role="img" aria-label="{}">{}</span>', said, shapes)


@lru_cache(maxsize=len(settings.LANGUAGES) + 1)
def _lane_words(_language: str | None) -> tuple[str, str]:
    return gettext("其他部门："), gettext("、")


@register.filter
def unlocalized(value: float) -> str:
    """Write a coordinate with a point, whatever the language; whole numbers without decimals."""
    return f"{value:g}"


@register.filter
def error_pairs(form: BaseForm) -> list[tuple[str, str]]:
    """Return the errors of a Django form as pairs of field id and words, for the error summary."""
    pairs = [("", str(error)) for error in form.non_field_errors()]
    return pairs + [(field.id_for_label, str(error)) for field in form for error in field.errors]


@register.filter
def control(field: BoundField, hint: str = "") -> SafeString:
    """Render the widget of a Django form field with the class, the hint and the error of the interface."""
    described = " ".join(
        f"{field.id_for_label}-{name}"
        for name, there in (("hint", hint or field.help_text), ("error", field.errors))
        if there
    )
    attrs: dict[str, Any] = {"aria-describedby": described} if described else {}
    if field.errors:
        attrs["aria-invalid"] = "true"
    if getattr(field.field.widget, "input_type", "") not in ("checkbox", "radio", "file"):
        attrs["class"] = f"{field.field.widget.attrs.get('class', '')} in".strip()
    return field.as_widget(attrs=attrs)


@register.simple_tag(takes_context=True)
def menu(context: template.Context, layout: str) -> list[dict[str, Any]]:
    """Return the entries of a layout's menu for the reader, with their counts and which one is current."""
    request: HttpRequest | None = context.get("request")
    actor = getattr(request, "actor", None) or Actor.anonymous()
    match = getattr(request, "resolver_match", None)
    current = context.get("nav_current") or (match.view_name if match else "")
    entries = []
    items = nav.items_for(actor, layout)
    numbers = nav.numbers_for(actor, items)
    for item in items:
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:
            # One missing page must not take down all others; a test asks that every entry leads somewhere.
            continue
        count = numbers.get(item.url_name, "")
        entries.append({"label": item.label, "url": url, "count": count, "current": item.url_name == current})
    return entries


@register.simple_tag(takes_context=True)
def work_places(context: template.Context) -> list[dict[str, Any]]:
    """Return the work places in which the reader has something to do, the one of his home page first."""
    actor = getattr(context.get("request"), "actor", None) or Actor.anonymous()
    return [{"layout": layout, "label": PLACES[layout]} for layout in nav.home_layouts(actor)]


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: object) -> str:
    """Return the query string of the present page with some parameters changed; None or empty removes one."""
    query: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else "?"
