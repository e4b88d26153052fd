"""Load a pack: the only way the city's configuration gets into the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from portal.citypack import policies, queries, registry
from portal.citypack.checking import Pack, check
from portal.citypack.faults import Fault
from portal.citypack.models import PackVersion
from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.unit import operation

STREAM = "pack"
TOPIC = "citypack.version.loaded"
# Any fixed number of our own: two loads at once wait for each other, whichever process they run in.
_LOCK = 7_042_611


class BadPack(InvalidInput):
    """The pack has faults; nothing was changed."""

    code = "bad_pack"
    message = _("城市配置有错，没有载入。请按所列文件和键逐条改正后再试。")

    def __init__(self, faults: tuple[Fault, ...]):
        self.faults = faults
        super().__init__(fields={f"{fault.file}: {fault.path}": fault.reason for fault in faults})


@dataclass(frozen=True, slots=True)
class Loaded:
    """The version that is current after the load, and whether the load changed anything."""

    version: PackVersion
    created: bool
    activated: bool
    """An older version of the same content became current again."""

    @property
    def is_unchanged(self) -> bool:
        """Tell whether this very content was current already."""
        return not (self.created or self.activated)


def load(*, directory: Path, actor: Actor, at: datetime) -> Loaded:
    """Check a pack directory and make it the current version, in one transaction.

    Content that is current already makes no new version; content of an older version makes that one current again.
    What runs keeps the version it started under.
    :raises NotAllowed: the actor may not publish packs
    :raises BadPack: the pack has faults
    """
    policies.require(policies.can_publish(actor))
    pack = check(directory)
    if pack.faults:
        raise BadPack(pack.faults)
    with operation():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        return _load(pack, actor, at)


def _load(pack: Pack, actor: Actor, at: datetime) -> Loaded:
    version = PackVersion.objects.filter(checksum=pack.checksum).first()
    if version and version.is_current:
        return Loaded(version, created=False, activated=False)
    PackVersion.objects.current().update(is_current=False)
    created = version is None
    if version is None:
        newest = PackVersion.objects.newest_first().values_list("number", flat=True).first()
        version = PackVersion.objects.create(
            number=(newest or 0) + 1,
            city=pack.documents["city"]["name"],
            checksum=pack.checksum,
            documents=dict(pack.documents),
            loaded_at=at,
            loaded_by=actor.name,
            is_current=True,
        )
    else:
        version.is_current = True
        version.save(update_fields=["is_current"])
    for section in registry.sections():
        if section.apply:
            section.apply(version=version, documents=pack.documents, at=at)
    audit.record(
        stream=STREAM,
        action=TOPIC,
        actor=actor,
        at=at,
        subject=version,
        data={"number": version.number, "checksum": version.checksum, "created": created},
    )
    outbox.emit(TOPIC, at=at, id=version.pk)
    transaction.on_commit(queries.forget)
    return Loaded(version, created=created, activated=not created)
