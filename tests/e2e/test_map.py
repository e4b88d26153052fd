"""The map of a page in a real browser: projection, linked list, drawing by pointer and by keyboard, life without it."""

import json
import random
from typing import Any

import pytest
from playwright.sync_api import Locator, Page
from pyproj import Transformer
from shapely.geometry import shape

from tests.e2e.conftest import Visit
from tests.e2e.visitor import PHONE, Visitor, wait_until

GUIDE = "/styleguide/"
PLANE = {"lon0": 114, "east0": 38_500_000}


def is_quiet(found: Locator) -> bool:
    return found.get_attribute("data-map-idle") is not None


def settled(page: Page) -> Locator:
    """Wait until the map of the page has drawn everything."""
    found = page.locator("[data-map]").first
    found.scroll_into_view_if_needed()
    wait_until(lambda: is_quiet(found), "the map")
    return found


@pytest.fixture
def guide(visit: Visit, pack: object) -> Visitor:
    visitor = visit()
    visitor.go(GUIDE)
    return visitor


def test_the_browser_projects_as_the_server_does(guide: Visitor) -> None:
    dice = random.Random(4526)
    places = [[dice.uniform(113, 115), dice.uniform(22, 23)] for _ in range(200)]

    found = guide.page.evaluate(
        """async ([places, plane]) => {
            const { toPlane, toDegrees } = await import("/static/js/map/projection.js");
            return places.map((place) => [toPlane(place, plane), toDegrees(toPlane(place, plane), plane)]);
        }""",
        [places, PLANE],
    )

    server = Transformer.from_crs(4490, 4526, always_xy=True)
    for place, (metres, degrees) in zip(places, found, strict=True):
        assert metres == pytest.approx(server.transform(*place), abs=1e-4)
        assert degrees == pytest.approx(place, abs=1e-10)


def drawn(page: Page) -> list[Any]:
    """Return the parcels of the field, as shapes in degrees."""
    text = page.locator("#styleguide-boundary").input_value()
    return [shape(feature["geometry"]) for feature in json.loads(text)["features"]] if text else []


def ring(page: Page, *corners: tuple[int, int]) -> None:
    """Click a ring on the map, closing it on its first corner."""
    box = page.locator("[data-map-canvas]").bounding_box()
    assert box
    for x, y in (*corners, corners[0]):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=3)
        page.mouse.click(box["x"] + x, box["y"] + y)


def test_draws_parcels_with_holes_and_takes_back(guide: Visitor) -> None:
    page = guide.page
    settled(page)
    page.get_by_label("吸附").uncheck()

    ring(page, (500, 150), (700, 150), (700, 350), (500, 350))
    wait_until(lambda: drawn(page), "the parcel")
    ring(page, (560, 200), (620, 200), (620, 260), (560, 260))
    wait_until(lambda: drawn(page)[0].interiors, "the hole")
    ring(page, (100, 150), (200, 150), (200, 250))
    wait_until(lambda: len(drawn(page)) == 2, "the second parcel")

    assert "2 个地块，挖去 1 处" in page.locator("[data-map-drawn]").inner_text()
    parcel = next(part for part in drawn(page) if part.interiors)
    assert parcel.area / (
        parcel.area + shape({"type": "Polygon", "coordinates": [parcel.interiors[0].coords]}).area
    ) == (pytest.approx(1 - 0.09, abs=0.01))
    page.get_by_role("button", name="退一步").click()
    wait_until(lambda: len(drawn(page)) == 1, "one parcel less")
    page.get_by_role("button", name="清空").click()
    wait_until(lambda: not drawn(page), "nothing")


def test_moves_a_corner(guide: Visitor) -> None:
    page = guide.page
    settled(page)
    page.get_by_label("吸附").uncheck()
    ring(page, (500, 150), (700, 150), (700, 350), (500, 350))
    wait_until(lambda: drawn(page), "the parcel")
    before = drawn(page)[0]
    box = page.locator("[data-map-canvas]").bounding_box()
    assert box

    page.get_by_role("button", name="改", exact=True).click()
    page.mouse.click(box["x"] + 600, box["y"] + 250)
    page.mouse.move(box["x"] + 700, box["y"] + 350)
    page.mouse.down()
    page.mouse.move(box["x"] + 760, box["y"] + 410, steps=8)
    page.mouse.up()

    wait_until(lambda: drawn(page)[0].area > before.area * 1.2, "the larger parcel")


def test_snaps_to_a_corner_that_is_there(guide: Visitor) -> None:
    page = guide.page
    settled(page)
    corner = page.evaluate(
        """() => {
            const config = JSON.parse(document.getElementById("styleguide-map-config").textContent);
            return config.overlays[0].features.features[0].geometry.coordinates[0][0];
        }"""
    )
    ring(page, (322, 427), (200, 300), (250, 200))
    wait_until(lambda: drawn(page), "the parcel")

    assert list(drawn(page)[0].exterior.coords[0]) == pytest.approx(corner, abs=1e-9)


def test_draws_by_keyboard(guide: Visitor) -> None:
    page = guide.page
    settled(page)
    page.get_by_label("吸附").uncheck()
    page.locator("canvas.maplibregl-canvas").focus()
    for key in ("Space", "ArrowRight", "Space", "ArrowDown", "Space"):
        page.keyboard.press(key)
        page.wait_for_timeout(700)
    page.keyboard.press("Enter")

    wait_until(lambda: drawn(page), "the parcel")
    assert len(drawn(page)[0].exterior.coords) == 4


def test_lights_the_row_of_a_shape_and_the_shape_of_a_row(guide: Visitor) -> None:
    page = guide.page
    settled(page)
    row = page.locator("[data-map-feature=F1]")

    row.get_by_role("button").focus()
    wait_until(lambda: "lit" in (row.get_attribute("class") or ""), "the lit row")
    page.locator("[data-map-feature=F2]").get_by_role("button").focus()
    wait_until(lambda: "lit" not in (row.get_attribute("class") or ""), "the other row")
    box = page.locator("[data-map-canvas]").bounding_box()
    assert box
    page.mouse.move(box["x"] + 800, box["y"] + 200)
    wait_until(lambda: "lit" in (row.get_attribute("class") or ""), "the row under the pointer")


def test_tells_degrees_and_metres_under_the_pointer(guide: Visitor) -> None:
    page = guide.page
    settled(page)
    page.locator("[data-map-canvas]").hover(position={"x": 400, "y": 300})

    words = page.locator("[data-map-place]").inner_text().split()
    lon, lat = (float(words[place].rstrip("°,")) for place in (1, 2))
    x, y = float(words[4]), float(words[6])
    east, north = Transformer.from_crs(4490, 4526, always_xy=True).transform(lon, lat)
    assert (y, x) == pytest.approx((east, north), abs=0.2)


def test_without_graphics_the_page_says_what_to_do_instead(visit: Visit, pack: object) -> None:
    visitor = visit()
    visitor.context.add_init_script("HTMLCanvasElement.prototype.getContext = () => null;")
    visitor.page.goto(GUIDE)
    found = visitor.page.locator("#styleguide-map")

    wait_until(lambda: found.get_attribute("data-map-state") == "none", "the map to give up")
    assert "没有 WebGL 2" in found.inner_text()
    assert visitor.page.locator("[data-map-feature=F1]").is_visible()


def test_fits_a_telephone(visit: Visit, pack: object) -> None:
    visitor = visit(screen=PHONE)
    visitor.go(GUIDE)
    settled(visitor.page)
    box = visitor.page.locator("#styleguide-map").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 375
