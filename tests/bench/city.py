"""The small city a bench runs in: the demo pack with one stage of ten one-step items, its people, one project."""

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from approvals.applications.models import Application
from approvals.review.models import StageRun
from approvals.review.states import StageState
from portal.accounts import actors
from portal.accounts.models import Enterprise, Membership, User
from portal.citypack import operations as citypack
from portal.core import clock
from portal.core.actor import Actor
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import ADVISORY_STAGE, Category
from tests.factories import projects as projects_factory
from tests.factories import review as factory

DEMO_PACK = Path(settings.BASE_DIR) / "portal" / "citypack" / "packs" / "binhai"
ITEMS = 10
#: what is decided in one step is promised within so many days
LONGEST_INSTANT = 3
SYSTEM = Actor.system("bench")
SINCE = datetime(2024, 1, 1, tzinfo=clock.SHANGHAI)


def load_pack() -> None:
    """Load the demo pack in which the items of the first stage of ten are decided in one step and wait for nothing."""
    with tempfile.TemporaryDirectory() as place:
        pack = Path(place) / "pack"
        shutil.copytree(DEMO_PACK, pack)
        _simplify(pack)
        citypack.load(directory=pack, actor=SYSTEM, at=clock.now())


def _simplify(pack: Path) -> None:
    document = yaml.safe_load((pack / "items.yaml").read_text(encoding="utf-8"))
    always = next(name for name, rule in document["conditions"].items() if rule["kind"] == "always")
    flow, stage = place()
    flows = yaml.safe_load((pack / "flows.yaml").read_text(encoding="utf-8"))["flows"]
    own = next(each for each in flows if each["id"] == flow)["stages"]
    chosen = set(next(each for each in own if each["stage"] == stage)["items"])
    results = {item["result"]["material_id"] for item in document["items"]}
    for item in document["items"]:
        if item["id"] in chosen:
            earlier = dict.fromkeys([*item["prereq"], *item["soft_prereq"], *item["data_from"]])
            item |= {
                "category": Category.INSTANT.value,
                "applies_when": always,
                "promised_days": min(item["promised_days"], LONGEST_INSTANT),
                "prereq": [],
                "soft_prereq": [],
                "data_from": [each for each in earlier if each not in chosen],
                "materials": [each for each in item["materials"] if each not in results],
            }
    (pack / "items.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")


def place() -> tuple[str, str]:
    """Name the flow and the stage of ten items."""
    flows = yaml.safe_load((DEMO_PACK / "flows.yaml").read_text(encoding="utf-8"))["flows"]
    return next(
        (flow["id"], stage["stage"])
        for flow in flows
        for stage in flow["stages"]
        if stage["stage"] != ADVISORY_STAGE and len(stage["items"]) == ITEMS
    )


def an_application(at: datetime) -> Application:
    """Hand in the one application that all others are copies of: its stage open, those before concluded."""
    flow, stage = place()
    owner = Enterprise.objects.first() or Enterprise.objects.create(
        uscc="91449900MA9T0001XX", name="测量用企业", legal_person="法人甲", owner_type="有限责任公司", created_at=SINCE
    )
    project = factory.a_running_project(owner=owner, actor=SYSTEM, at=at, facts=projects_factory.GENERAL, name="测量")
    project.flow = project.computed_flow = flow
    project.save(update_fields=["flow", "computed_flow"])
    before = [other.id for other in catalogues.current_catalogue().main_stages]
    runs = StageRun.objects.filter(project=project)
    runs.filter(stage__in=before[: before.index(stage)]).update(state=StageState.CONCLUDED, concluded_at=at)
    runs.filter(stage=stage).update(state=StageState.OPEN, opened_at=at)
    return factory.at_the_window(project=project, stage=stage, actor=SYSTEM, at=at)


def person(name: str, role: str, department: str) -> Actor:
    """Return somebody of a department with one role."""
    user, created = User.objects.get_or_create(username=name, defaults={"name": name})
    if created:
        Membership.objects.create(user=user, role_id=role, department_id=department, active_from=SINCE)
    return actors.build(user)


def clerk() -> Actor:
    """Return a clerk of the window."""
    windows = (each for each in catalogues.current_catalogue().departments.values() if each.kind == "window")
    return person("bench-clerk", "clerk", next(windows).id)


def handlers() -> dict[str, Actor]:
    """Return a handler of every department that reviews."""
    catalogue = catalogues.current_catalogue()
    return {
        department: person(f"bench-{department}", "handler", department)
        for department in sorted({item.department for item in catalogue.items.values()})
    }


def yesterday() -> datetime:
    """Return a moment of office hours some days ago, when what is measured was handed in."""
    now = clock.now()
    return (now - timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)


def changed(values: dict[str, Any], k: int, step: int, *columns: str) -> None:
    """Raise foreign keys of a copy by k steps."""
    for column in columns:
        if values.get(column) is not None:
            values[column] += k * step
