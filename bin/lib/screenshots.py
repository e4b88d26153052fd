"""Take the pictures of the README from a running demo portal, as the people of the demo city see it."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "screenshots"
DESK: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 375, "height": 760}
#: bytes; a README with larger pictures is no pleasure to open
LARGEST = 250_000

Walk = Callable[[Page], None]


def logins() -> list[dict[str, str]]:
    """Return who can sign in, as the portal's own command says."""
    asked = subprocess.run(
        [ROOT / "bin" / "manage", "demo_logins", "--json"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    found: list[dict[str, str]] = json.loads(asked.stdout[asked.stdout.index("[") :])
    return found


def save(picture: bytes, name: str) -> None:
    """Write a picture with few colours: pages are flat, nobody sees the difference."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    path = TARGET / f"{name}.png"
    for colours in (256, 128, 64):
        image.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            break
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB")


def first(page: Page, selector: str) -> None:
    """Open the first link of a kind."""
    page.locator(selector).first.click()
    page.wait_for_load_state("networkidle")


def project(page: Page) -> None:
    """Open the first project under review: the one with most to tell."""
    page.goto("/projects/")
    running = page.locator("main tr, main li, main article").filter(has_text="超期").locator('a[href^="/projects/2"]')
    (running if running.count() else page.locator('main a[href^="/projects/2"]')).first.click()


def form(page: Page) -> None:
    """Go on with a draft, or begin one."""
    page.goto("/projects/")
    drafts = page.locator('main a[href$="/form/"]')
    if drafts.count():
        drafts.first.click()
        return
    page.locator('main a[href*="/apply/"]').first.click()
    if page.locator("main input[name=items]").count():
        page.locator("main input[name=items]").first.check()
    page.locator("main form button.btn-primary").click()


def certificate(page: Page) -> None:
    """Verify a certificate of the signed-in applicant."""
    page.goto("/deliveries/mine")
    first(page, 'main a[href^="/certificates/"]')
    first(page, 'main a[href^="/v/"]')


def case(page: Page) -> None:
    page.goto("/review/")
    first(page, "tr[data-row] [data-open]")


def at(path: str) -> Walk:
    def walk(page: Page) -> None:
        page.goto(path)

    return walk


#: name of the picture, role and department of who looks, screen, how he gets there
PICTURES: tuple[tuple[str, str, str, ViewportSize, Walk], ...] = (
    ("home", "", "", DESK, at("/")),
    ("home-phone", "", "", PHONE, at("/")),
    ("project", "applicant", "", DESK, project),
    ("project-phone", "applicant", "", PHONE, project),
    ("form", "applicant", "", DESK, form),
    ("verification", "applicant", "", DESK, certificate),
    ("window", "clerk", "", DESK, at("/window/")),
    ("inbox", "handler", "", DESK, at("/review/")),
    ("case", "handler", "", DESK, case),
    ("dashboard", "leader", "", DESK, at("/dashboard/")),
)


def visit(browser: Browser, address: str, known: list[dict[str, str]], role: str, screen: ViewportSize) -> Page:
    """Open a window, signed in as the first person of a role who has something to show."""
    context = browser.new_context(
        base_url=address,
        viewport=screen,
        locale="zh-CN",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if role:
        person = next(login for login in known if login["role"] == role)
        page.goto("/accounts/login/")
        page.locator("input[name=username]").fill(person["username"])
        page.locator("input[name=password]").fill(person["password"])
        page.locator("main form button.btn-primary").click()
        page.wait_for_load_state("networkidle")
    return page


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
    wanted: set[Any] = set(arguments[1:])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, role, _department, screen, walk in PICTURES:
            if wanted and name not in wanted:
                continue
            page = visit(browser, address, known, role, screen)
            walk(page)
            page.wait_for_load_state("networkidle")
            save(page.screenshot(), name)
            page.context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
