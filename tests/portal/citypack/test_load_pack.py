"""Loading a pack: one version per content, all or nothing, what was started keeps its version."""

import shutil
import threading
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from portal.accounts.models import User
from portal.citypack import operations, queries
from portal.citypack.models import PackVersion
from portal.core import audit
from portal.core.actor import Actor
from portal.core.errors import NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from projects.catalogue import queries as catalogue
from projects.catalogue.models import ServiceItem
from tests.cast import as_actor

PACK = Path(settings.BASE_DIR) / "portal" / "citypack" / "packs" / "binhai"
LOADER = Actor.system("tests")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def replace(directory: Path, name: str, old: str, new: str) -> None:
    path = directory / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def renamed(copy: Path) -> Path:
    replace(copy, "items.yaml", "name: 建设用地规划许可证核发", "name: 用地规划许可")
    return copy


def test_unchanged_content_makes_no_new_version(pack: PackVersion, at: datetime) -> None:
    events = AuditEvent.objects.filter(stream="pack").count()

    loaded = operations.load(directory=PACK, actor=LOADER, at=at)

    assert loaded.is_unchanged
    assert loaded.version == pack
    assert AuditEvent.objects.filter(stream="pack").count() == events


def test_comments_and_blank_lines_are_no_change(pack: PackVersion, copy: Path, at: datetime) -> None:
    replace(copy, "items.yaml", "version: 1\n", "# another remark\n\nversion: 1\n")

    assert operations.load(directory=copy, actor=LOADER, at=at).is_unchanged


def test_changed_content_becomes_the_current_version(pack: PackVersion, copy: Path, at: datetime) -> None:
    loaded = operations.load(directory=renamed(copy), actor=LOADER, at=at)

    assert loaded.created
    assert loaded.version.number == pack.number + 1
    assert queries.current() == loaded.version
    assert ServiceItem.objects.of_version(loaded.version.pk).get(code="S1-07").name == "用地规划许可"
    event = AuditEvent.objects.filter(stream="pack").order_by("-number")[0]
    assert (event.action, event.data["number"]) == ("citypack.version.loaded", loaded.version.number)
    assert OutboxMessage.objects.filter(topic="citypack.version.loaded", payload={"id": loaded.version.pk}).exists()
    assert audit.verify("pack") is None


def test_what_was_started_keeps_its_version(pack: PackVersion, copy: Path, at: datetime) -> None:
    operations.load(directory=renamed(copy), actor=LOADER, at=at)

    assert catalogue.catalogue(pack.pk).items["S1-07"].name == "建设用地规划许可证核发"
    assert catalogue.current_catalogue().items["S1-07"].name == "用地规划许可"
    assert ServiceItem.objects.of_version(pack.pk).get(code="S1-07").name == "建设用地规划许可证核发"


def test_content_of_an_older_version_makes_that_one_current_again(pack: PackVersion, copy: Path, at: datetime) -> None:
    operations.load(directory=renamed(copy), actor=LOADER, at=at)

    loaded = operations.load(directory=PACK, actor=LOADER, at=at + timedelta(days=1))

    assert loaded.activated
    assert loaded.version == pack
    assert queries.current() == pack
    assert PackVersion.objects.count() == 2


def test_a_fault_changes_nothing(pack: PackVersion, copy: Path, at: datetime) -> None:
    replace(renamed(copy), "items.yaml", "dept: zrzy", "dept: nobody")

    with pytest.raises(operations.BadPack) as refused:
        operations.load(directory=copy, actor=LOADER, at=at)

    assert any("nobody" in fault.reason for fault in refused.value.faults)
    assert list(PackVersion.objects.all()) == [pack]
    assert not ServiceItem.objects.filter(name="用地规划许可").exists()


def test_order_of_options_survives_the_database(pack: PackVersion) -> None:
    stored = queries.document(pack.pk, "form")["code_lists"]["land_mode"]

    assert list(stored)[:3] == ["alloc", "transfer", "transfer_with_scheme"]


def test_city_admin_may_load(city_admin: User, at: datetime) -> None:
    assert operations.load(directory=PACK, actor=as_actor(city_admin), at=at).is_unchanged


@pytest.mark.parametrize("who", ["system_admin", "audit_admin", "leader", "clerk", "applicant", "outsider"])
def test_nobody_else_may_load(request: pytest.FixtureRequest, who: str, copy: Path, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        operations.load(directory=renamed(copy), actor=as_actor(request.getfixturevalue(who)), at=at)

    assert PackVersion.objects.count() == 1


def test_database_keeps_one_current_version(pack: PackVersion, at: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PackVersion.objects.create(
            number=99, city="x", checksum="0" * 64, documents={}, loaded_at=at, loaded_by="x", is_current=True
        )


@pytest.mark.django_db(transaction=True)
def test_parallel_loads_of_one_content_make_one_version(pack: PackVersion, copy: Path, at: datetime) -> None:
    renamed(copy)
    start = threading.Barrier(3)
    results: list[operations.Loaded] = []

    def load() -> None:
        try:
            start.wait(timeout=30)
            results.append(operations.load(directory=copy, actor=LOADER, at=at))
        finally:
            connection.close()

    threads = [threading.Thread(target=load) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(result.created for result in results) == [False, False, True]
    assert PackVersion.objects.count() == 2
    assert PackVersion.objects.current().count() == 1


def test_command_tells_what_it_did(pack: PackVersion, copy: Path) -> None:
    def said() -> str:
        return _output("load_pack", str(copy))

    assert "没有变化" in said()
    renamed(copy)
    assert "已载入第 2 版" in said()
    assert "没有变化" in said()


def test_command_with_check_changes_nothing(pack: PackVersion, copy: Path) -> None:
    assert "没有错误" in _output("load_pack", str(renamed(copy)), "--check")
    assert PackVersion.objects.count() == 1


def test_command_fails_on_a_fault(pack: PackVersion, tmp_path: Path) -> None:
    err = StringIO()

    with pytest.raises(SystemExit) as stopped:
        call_command("load_pack", str(tmp_path / "nowhere"), stderr=err)

    assert stopped.value.code == 1
    assert "没有这个目录" in err.getvalue()


def _output(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()
