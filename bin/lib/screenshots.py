"""Take the pictures of the README from a running demo portal, as the people of the demo city see it."""

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "screenshots"
DESK: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 375, "height": 760}
#: bytes; a README with larger pictures is no pleasure to open
LARGEST = 250_000

#: pages of the printed report that are shown: the conclusion, the map
REPORT_PAGES = ("1", "3")

#: leads to the page; False when this person has nothing to show there
Walk = Callable[[Page], bool]


def logins() -> list[dict[str, str]]:
    """Return who can sign in, as the portal's own command says."""
    asked = subprocess.run(
        [ROOT / "bin" / "manage", "demo_logins", "--json"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    found: list[dict[str, str]] = json.loads(asked.stdout[asked.stdout.index("[") :])
    return found


def save(picture: bytes, name: str) -> None:
    """Write a picture; one that is too large, with fewer colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    path = TARGET / f"{name}.png"
    image.save(path, optimize=True)
    for colours in (256, 128):
        if path.stat().st_size > LARGEST:
            image.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB")


def first(page: Page, selector: str) -> bool:
    """Follow the first link of a kind, if there is one."""
    found = page.locator(selector)
    if not found.count():
        return False
    found.first.click()
    page.wait_for_load_state("networkidle")
    return True


def projects_of(page: Page) -> list[str]:
    """List the addresses of the person's projects."""
    page.goto("/projects/")
    links = page.locator("main a").evaluate_all("links => links.map(link => link.pathname)")
    return list(dict.fromkeys(link for link in links if re.fullmatch(r"/projects/\d[^/]+/", link)))


def project(page: Page) -> bool:
    """Open the first project with cases under review: the one with most to tell."""
    for address in projects_of(page):
        page.goto(address)
        if page.locator("main .clock").count():
            return True
    return False


def form(page: Page) -> bool:
    """Go on with a draft, or begin an application."""
    for address in projects_of(page):
        page.goto(address)
        if first(page, 'main a[href$="/form/"]'):
            return True
        if not first(page, 'main .todo a[href*="/apply/"]:not([href*="/apply/P/"])'):
            continue
        page.locator("main form button.btn-primary").click()
        page.wait_for_load_state("networkidle")
        return True
    return False


def verification(page: Page) -> bool:
    """Verify a certificate of the signed-in applicant."""
    page.goto("/deliveries/mine")
    return first(page, 'main a[href^="/certificates/"]') and first(page, 'main a[href^="/v/"]')


def inbox(page: Page) -> bool:
    """Open an inbox in which something waits."""
    page.goto("/review/")
    return page.locator("tr[data-row]").count() > 5


def case(page: Page) -> bool:
    """Open a case of such an inbox with much to tell: its clock has stood still, and it has figures to compare."""
    if not inbox(page):
        return False
    links = page.locator("tr[data-row] [data-open]").evaluate_all("links => links.map(link => link.pathname)")
    for link in links:
        page.goto(link)
        if page.locator(".ch .d.paused").count() and page.locator("#indicators").count():
            page.locator("#site-panel").first.wait_for()
            return True
    return False


def idle(page: Page) -> bool:
    """Wait until the map of the page has drawn everything."""
    page.locator("[data-map][data-map-idle]").first.wait_for(timeout=30_000)
    page.wait_for_timeout(1500)
    return True


def on_map(path: str) -> Walk:
    """Return a walk to a page that is a map."""

    def walk(page: Page) -> bool:
        page.goto(path)
        return idle(page)

    return walk


def site(page: Page) -> bool:
    """Open the boundary of the first project that has one."""
    for address in projects_of(page):
        page.goto(address.replace("/projects/", "/sites/"))
        if page.locator('main a[href*="/versions/"]').count() and page.locator("[data-map]").count():
            return idle(page)
    return False


def check(page: Page) -> bool:
    """Open the check with the most findings among the first projects."""
    found: dict[str, int] = {}
    for address in projects_of(page)[:12]:
        page.goto(address.replace("/projects/", "/sites/"))
        links = page.locator('main a[href^="/checks/"]').evaluate_all("links => links.map(link => link.pathname)")
        for link in (each for each in links if re.fullmatch(r"/checks/\d+/", each)):
            page.goto(link)
            found[link] = page.locator(".fd[data-map-feature]").count()
    if not found:
        return False
    page.goto(max(found, key=found.__getitem__))
    return idle(page)


def at(path: str) -> Walk:
    """Return a walk to one address."""

    def walk(page: Page) -> bool:
        page.goto(path)
        return True

    return walk


#: name of the picture (the width of the screen is added), role of who looks, screen, how he gets there
PICTURES: tuple[tuple[str, str, ViewportSize, Walk], ...] = (
    ("home", "", DESK, at("/")),
    ("home", "", PHONE, at("/")),
    ("project", "applicant", DESK, project),
    ("project", "applicant", PHONE, project),
    ("form", "applicant", DESK, form),
    ("verification", "applicant", DESK, verification),
    ("window", "clerk", DESK, at("/window/")),
    ("inbox", "handler", DESK, inbox),
    ("case", "handler", DESK, case),
    ("dashboard", "leader", DESK, at("/dashboard/")),
    ("blueprint", "handler", DESK, on_map("/blueprint/")),
    ("site", "applicant", DESK, site),
    ("check", "applicant", DESK, check),
)


def visit(browser: Browser, address: str, person: dict[str, str] | None, screen: ViewportSize) -> Page:
    """Open a window, signed in as a person."""
    context = browser.new_context(base_url=address, viewport=screen, locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    if person:
        page.goto("/accounts/login/")
        page.locator("input[name=username]").fill(person["username"])
        page.locator("input[name=password]").fill(person["password"])
        page.locator("main form button.btn-primary").click()
        page.wait_for_load_state("networkidle")
    return page


def report(page: Page) -> bytes | None:
    """Picture two pages of the printed report of a check, side by side; None without a report or without poppler."""
    if not check(page) or shutil.which("pdftoppm") is None:
        return None
    order = page.locator("#paper button")
    if order.count():
        order.click()
    ready = page.locator('#paper a[href$=".pdf"]')
    ready.wait_for(timeout=60_000)
    printed = page.context.request.get(ready.get_attribute("href") or "").body()
    sheets = []
    for number in REPORT_PAGES:
        drawing = ["pdftoppm", "-png", "-r", "78", "-f", number, "-l", number, "-"]
        sheets.append(
            Image.open(io.BytesIO(subprocess.run(drawing, input=printed, capture_output=True, check=True).stdout))
        )
    both = Image.new("RGB", (sum(sheet.width for sheet in sheets), sheets[0].height), "white")
    for place, sheet in enumerate(sheets):
        both.paste(sheet, (place * sheet.width, 0))
    found = io.BytesIO()
    both.save(found, "PNG")
    return found.getvalue()


def main(arguments: list[str]) -> int:
    address = arguments[0] if arguments else "http://127.0.0.1:8000"
    chromium = next(
        (path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None
    )
    if chromium is None:
        print("No Chromium found: apt-get install chromium", file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    known = logins()
    wanted = set(arguments[1:])
    missing: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"]
        )
        for name, role, screen, walk in PICTURES:
            if wanted and name not in wanted:
                continue
            for person in [login for login in known if login["role"] == role] if role else [None]:
                page = visit(browser, address, person, screen)
                found = walk(page)
                if found:
                    page.wait_for_load_state("networkidle")
                    save(page.screenshot(), f"{name}-{screen['width']}")
                page.context.close()
                if found:
                    break
            else:
                print(f"{name}: nobody with the role {role} has anything to show", file=sys.stderr)
                missing.append(name)
        if not wanted or "report" in wanted:
            page = visit(browser, address, next(login for login in known if login["role"] == "applicant"), DESK)
            picture = report(page)
            if picture is None:
                missing.append("report")
            else:
                save(picture, "report-1280")
        browser.close()
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
