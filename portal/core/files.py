"""The private file store: content named by its SHA-256, checked before it is kept.

Files lie outside every served directory; who may read one is asked of the row above that names it.
A format is believed by its content, never by its name (domain.md 8, files).
"""

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from portal.core.errors import InvalidInput
from portal.core.models import StoredBlob

CHUNK_BYTES = 1 << 20

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "dwg": "image/vnd.dwg",
    "dxf": "image/vnd.dxf",
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ofd": "application/ofd",
    "txt": "text/plain; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}
#: formats a browser may show inside the page
INLINE_FORMATS = frozenset({"pdf", "jpg", "png"})
SYNONYMS = {"jpeg": "jpg", "json": "geojson"}


class Upload(Protocol):
    """What is needed of an uploaded file."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]: ...


class FileRefused(InvalidInput):
    """The file cannot be taken; the sentence says what to hand in instead."""

    code = "file_refused"


@dataclass(frozen=True, slots=True)
class _Limits:
    formats: Collection[str]
    max_bytes: int


def store(upload: Upload, *, formats: Collection[str], max_bytes: int, at: datetime) -> StoredBlob:
    """Check an upload and keep it; the same content is kept once.

    :param formats: allowed formats, keys of CONTENT_TYPES
    :param max_bytes: limit in bytes
    :raises FileRefused: empty, too large, wrong or broken; nothing is left behind
    """
    limits = _Limits(formats, max_bytes)
    if (upload.size or 0) > max_bytes:
        raise _too_large(upload.size or 0, limits)
    root = Path(settings.FILE_STORE)
    (root / "incoming").mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=root / "incoming", delete=False) as copy:
        path = Path(copy.name)
        try:
            for chunk in upload.chunks(CHUNK_BYTES):
                size += len(chunk)
                if size > max_bytes:
                    raise _too_large(size, limits)
                digest.update(chunk)
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
            if size == 0:
                raise FileRefused(_("这个文件是空的（0 字节）。请在电脑上打开确认有内容，再重新上传。"))
            name = upload.name or ""
            found = _check(path, name, limits)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return _keep(path, digest.hexdigest(), size, found, at)


def store_bytes(content: bytes, *, file_format: str, at: datetime) -> StoredBlob:
    """Keep a document the portal has made itself."""
    root = Path(settings.FILE_STORE)
    (root / "incoming").mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=root / "incoming", delete=False) as copy:
        copy.write(content)
        copy.flush()
        os.fsync(copy.fileno())
    return _keep(Path(copy.name), hashlib.sha256(content).hexdigest(), len(content), file_format, at)


def open_blob(sha256: str) -> BinaryIO:
    """Open a kept content for reading.

    :raises FileNotFoundError: the store has lost it, which is an alarm and no user's fault
    """
    return path_of(sha256).open("rb")


def path_of(sha256: str) -> Path:
    """Return where a content lies."""
    return Path(settings.FILE_STORE) / sha256[:2] / sha256


def is_intact(sha256: str) -> bool:
    """Tell whether the kept content still has its digest."""
    path = path_of(sha256)
    if not path.exists():
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == sha256


def human_size(size_bytes: int) -> str:
    """Return a size for people: 6.2 MB."""
    if size_bytes < 1024 * 1024:
        return f"{max(1, round(size_bytes / 1024))} KB"
    return f"{size_bytes / 1024 / 1024:.1f} MB"


def _keep(path: Path, sha256: str, size: int, file_format: str, at: datetime) -> StoredBlob:
    target = path_of(sha256)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chmod(path, 0o400)
    os.replace(path, target)
    blob, _created = StoredBlob.objects.get_or_create(
        sha256=sha256,
        defaults={
            "size_bytes": size,
            "content_type": CONTENT_TYPES[file_format],
            "format": file_format,
            "stored_at": at,
        },
    )
    return blob


def _too_large(size: int, limits: _Limits) -> FileRefused:
    return FileRefused(
        _("文件 %(size)s，超过上限 %(limit)s。请压缩，或拆成几个文件后再上传。")
        % {"size": human_size(size), "limit": human_size(limits.max_bytes)}
    )


def _check(path: Path, name: str, limits: _Limits) -> str:
    """Return the format the content has, after the name and the structure agree."""
    suffix = Path(name).suffix.lower().lstrip(".")
    claimed = SYNONYMS.get(suffix, suffix)
    allowed = _("、").join(sorted(limits.formats))
    if claimed not in limits.formats or claimed not in CONTENT_TYPES:
        raise FileRefused(
            _("不收 %(suffix)s 文件。请上传 %(allowed)s。")
            % {"suffix": suffix or _("没有扩展名的"), "allowed": allowed}
        )
    if not _CHECKS[claimed](path):
        raise FileRefused(
            _("文件名写的是 %(suffix)s，内容却不是，或者文件已损坏。请用原软件打开另存为 %(allowed)s 后再上传。")
            % {"suffix": suffix, "allowed": allowed}
        )
    return claimed


def _starts(path: Path, *magics: bytes) -> bool:
    with path.open("rb") as content:
        head = content.read(16)
    return any(head.startswith(magic) for magic in magics)


def _is_pdf(path: Path) -> bool:
    # only who is given a PDF needs it, and every process would take its time to start
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    # Readers tolerate bytes before the header and a broken cross-reference table; so do we.
    with path.open("rb") as content:
        if b"%PDF-" not in content.read(1024):
            return False
    try:
        with path.open("rb") as content:
            return len(PdfReader(content, strict=False).pages) > 0
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError):
        return False


def _zip_members(path: Path) -> list[str] | None:
    """Return the member names of a sound archive; None when broken or inflating beyond reason."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            inflated = sum(member.file_size for member in members)
            if inflated > max(200 * path.stat().st_size, 1 << 26) or len(members) > 20_000:
                return None
            return [member.filename for member in members]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None


def _is_zip(path: Path) -> bool:
    return bool(_zip_members(path))


def _has_member(member: str) -> Callable[[Path], bool]:
    def check(path: Path) -> bool:
        return member in (_zip_members(path) or [])

    return check


def _text(path: Path) -> str | None:
    raw = path.read_bytes()
    if b"\0" in raw:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _is_text(path: Path) -> bool:
    return bool((_text(path) or "").strip())


def _is_geojson(path: Path) -> bool:
    return (_text(path) or "").lstrip().startswith("{")


def _is_dxf(path: Path) -> bool:
    if _starts(path, b"AutoCAD Binary DXF"[:16]):
        return True
    with path.open("rb") as content:
        lines = [line.strip() for line in io.BytesIO(content.read(4096)).readlines()[:400]]
    return b"SECTION" in lines


_CHECKS: dict[str, Callable[[Path], bool]] = {
    "gpkg": lambda path: _starts(path, b"SQLite format 3\0"),
    "pdf": _is_pdf,
    "jpg": lambda path: _starts(path, b"\xff\xd8\xff"),
    "png": lambda path: _starts(path, b"\x89PNG\r\n\x1a\n"),
    "dwg": lambda path: _starts(path, b"AC10", b"AC1."),
    "dxf": _is_dxf,
    "zip": _is_zip,
    "docx": _has_member("word/document.xml"),
    "xlsx": _has_member("xl/workbook.xml"),
    "ofd": _has_member("OFD.xml"),
    "txt": _is_text,
    "geojson": _is_geojson,
}
