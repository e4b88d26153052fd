"""Filling in the forms of the portal by hand: typing, choosing, leaving a field."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect

from approvals.applications import queries as applications
from tests.cast import as_actor
from tests.e2e.visitor import Visitor, wait_until
from tests.factories.applications import answer_for
from tests.journeys.driver import file_for


def put(page: Page, field: str, value: Any) -> None:
    """Answer one field as a person would."""
    around = page.locator(f'[id="{field}-field"]')
    if isinstance(value, bool):
        around.locator(f'input[type=radio][value="{str(value).lower()}"]').check()
    elif isinstance(value, dict) and "start" in value:
        around.locator(f'[name="{field}_from"]').fill(value["start"])
        around.locator(f'[name="{field}_to"]').fill(value["end"])
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for column, cell in value[0].items():
            put_one(around.locator(f'[name="{field}-0-{column}"]'), cell)
    elif isinstance(value, list) and value and isinstance(value[0], float):
        around.locator(f'[name="{field}_lon"]').fill(str(value[0]))
        around.locator(f'[name="{field}_lat"]').fill(str(value[1]))
    else:
        put_one(around.locator(f'[name="{field}"]'), value)


def put_one(control: Locator, value: Any) -> None:
    if control.evaluate("e => e.tagName") == "SELECT":
        control.select_option(str(value))
    else:
        control.fill(json.dumps(value) if isinstance(value, dict) else str(value))


def saved(visitor: Visitor) -> None:
    """Leave the field and wait for the page to say that everything is kept."""
    visitor.page.keyboard.press("Tab")
    status = visitor.page.locator("[data-save-status]").first
    wait_until(lambda: status.get_attribute("data-state") in ("saved", "failed"), "the autosave")
    assert status.get_attribute("data-state") == "saved", visitor.page.locator(".msg:visible").all_inner_texts()


def answer_everything(visitor: Visitor, application: int, user: Any, answers: dict[str, Any]) -> int:
    """Type an answer into each field that wants one, until none does; return how many were typed."""
    typed = 0
    for _round in range(6):
        state = applications.form_of(applications.find(application, actor=as_actor(user)))
        if not state.problems:
            break
        for field in state.problems:
            answer = answers.get(field, answer_for(state.spec.fields[field]))
            put(visitor.page, field, answer)
            typed += 1
        saved(visitor)
        visitor.page.reload()
    return typed


def upload(slot: Locator, name: str, content: bytes) -> None:
    """Choose a file for a slot; the page sends it by itself."""
    slot.locator("input[type=file]").set_input_files({"name": name, "mimeType": "", "buffer": content})


def bring_materials(visitor: Visitor) -> None:
    """Fill each slot that lacks something, with a file of a kind it takes."""
    page = visitor.page
    empty = page.locator("#materials > div > [data-slot]").filter(has=page.locator(".lt", has_text="缺"))
    while empty.count():
        left = empty.count()
        accepted = empty.first.locator("input[type=file]").get_attribute("accept") or ""
        file = file_for([kind.strip().removeprefix(".") for kind in accepted.split(",")])
        upload(empty.first, file.name, file.getvalue())
        expect(empty).to_have_count(left - 1)
