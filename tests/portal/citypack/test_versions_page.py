"""The page of pack versions: what each version holds and changed, for those who look after the configuration."""

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.citypack import operations, queries
from portal.citypack.models import PackVersion
from portal.core.actor import Actor

PACK = Path(settings.BASE_DIR) / "portal" / "citypack" / "packs" / "binhai"
ITEM = "- id: S0-02\n"


@pytest.fixture
def changed(tmp_path: Path, pack: PackVersion, at: datetime) -> PackVersion:
    """A second version: one item renamed, one with other limits."""
    copy = Path(shutil.copytree(PACK, tmp_path / "pack"))
    path = copy / "items.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("name: 建设用地规划许可证核发", "name: 用地规划许可", 1)
    head, tail = text.split("- id: S1-08\n", 1)
    path.write_text(head + "- id: S1-08\n" + tail.replace("promised_days: 8", "promised_days: 7", 1), encoding="utf-8")
    return operations.load(directory=copy, actor=Actor.system("tests"), at=at + timedelta(days=1)).version


@pytest.mark.parametrize("who", ["city_admin", "system_admin"])
def test_shows_versions_and_changes(
    client: Client, request: pytest.FixtureRequest, who: str, changed: PackVersion
) -> None:
    client.force_login(request.getfixturevalue(who))

    page = client.get(reverse("citypack:versions")).content.decode()

    assert "第 2 版" in page
    assert changed.short_checksum in page
    assert "建设用地规划许可证核发 → 用地规划许可" in page
    assert "法定 20 天、承诺 8 天 → 法定 20 天、承诺 7 天" in page


@pytest.mark.parametrize("who", ["applicant", "clerk", "leader", "audit_admin", "outsider"])
def test_refuses_everybody_else(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    user: User = request.getfixturevalue(who)
    client.force_login(user)

    answer = client.get(reverse("citypack:versions"))

    assert answer.status_code == 403
    assert "校验值" not in answer.content.decode()


def test_sends_visitors_to_the_login(client: Client, pack: PackVersion) -> None:
    answer = client.get(reverse("citypack:versions"))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("accounts:login"))  # type: ignore[attr-defined]


def test_reads_all_versions_at_once(
    changed: PackVersion, max_queries: Callable[[str], AbstractContextManager[None]]
) -> None:
    with max_queries("citypack.versions"):
        rows = queries.versions()

    assert [row.version.number for row in rows] == [2, 1]
