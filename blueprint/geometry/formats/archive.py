"""The members of a zipped shapefile, unpacked with a limit on what comes out."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext_lazy as _

from blueprint.geometry import faults

#: bytes that come out of a zip; a shapefile cannot be larger
LARGEST = 8 << 30
#: so much is unpacked whatever it was packed to; beyond it a file that shrank more than tables and shapes do is none
HARMLESS = 64 << 20
MOST_PACKED = 250
MOST_MEMBERS = 10_000
NEEDED = (".shp", ".shx", ".dbf")
OPTIONAL = (".prj", ".cpg")


@dataclass(frozen=True, slots=True)
class Shapefile:
    """Where the files of an unpacked shapefile are."""

    shp: Path
    shx: Path
    dbf: Path
    prj: Path | None
    cpg: Path | None


def unpack(path: Path, into: Path) -> Shapefile:
    """Unpack the one shapefile of a zip.

    :raises FileUnusable: empty_file, unreadable
    """
    if path.stat().st_size == 0:
        raise faults.unusable(faults.EMPTY_FILE)
    try:
        with zipfile.ZipFile(path) as packed:
            members = _members(packed)
            _check_size(members)
            found = {ending: _extract(packed, member, into, ending) for ending, member in members.items()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        # also of members that are encrypted or packed in a way nobody uses
        raise faults.unreadable(_("压缩包损坏、有密码或不是 ZIP 格式。")) from None
    return Shapefile(found[".shp"], found[".shx"], found[".dbf"], found.get(".prj"), found.get(".cpg"))


def _members(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Find the one .shp and what belongs to it."""
    entries = packed.infolist()
    if len(entries) > MOST_MEMBERS:
        raise faults.unreadable(_("压缩包里的文件太多。"))
    files = [entry for entry in entries if not entry.is_dir() and not _is_shadow(entry.filename)]
    shapes = [entry for entry in files if entry.filename.casefold().endswith(".shp")]
    if not files:
        raise faults.unusable(faults.EMPTY_FILE)
    if len(shapes) != 1:
        words = _("压缩包里有 {count} 个 .shp，应当只有 1 个。") if shapes else _("压缩包里没有 .shp 文件。")
        raise faults.unreadable(words, count=len(shapes))
    stem = shapes[0].filename[:-4].casefold()
    beside = {entry.filename.casefold(): entry for entry in files}
    found = {ending: beside[stem + ending] for ending in (*NEEDED, *OPTIONAL) if stem + ending in beside}
    missing = [ending for ending in NEEDED if ending not in found]
    if missing:
        raise faults.unreadable(_("压缩包里缺少与 .shp 同名的 {names}。"), names=" ".join(missing))
    return found


def _is_shadow(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return "__MACOSX" in parts or parts[-1].startswith("._")


def _check_size(members: dict[str, zipfile.ZipInfo]) -> None:
    """Refuse what would fill the disk.

    :raises FileUnusable: unreadable
    """
    total = sum(member.file_size for member in members.values())
    packed = sum(member.compress_size for member in members.values())
    if total > LARGEST or (total > HARMLESS and total > MOST_PACKED * packed):
        raise faults.unreadable(_("压缩包解开后过大，像是压缩炸弹。"))


def _extract(packed: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path, ending: str) -> Path:
    target = into / f"shape{ending}"
    with packed.open(member) as content, target.open("wb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
    return target
