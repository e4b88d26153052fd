"""Photos and papers that come along with a reply, a point or a result."""

from datetime import datetime
from pathlib import PurePath

from portal.core import files
from portal.core.models import StoredBlob

FORMATS = frozenset({"pdf", "jpg", "png", "docx", "xlsx", "dwg", "zip"})
PHOTOS = frozenset({"pdf", "jpg", "png"})
MAX_BYTES = 50 * 1024 * 1024
MAX_NAME = 200


def take_in(
    upload: files.Upload | None, *, at: datetime, formats: frozenset[str] = FORMATS
) -> tuple[StoredBlob | None, str]:
    """Keep an upload and return it with its bare name; nothing uploaded is nothing kept.

    :raises FileRefused: wrong format, empty, broken or too large
    """
    if upload is None:
        return None, ""
    blob = files.store(upload, formats=formats, max_bytes=MAX_BYTES, at=at)
    name = "".join(letter for letter in PurePath((upload.name or "").replace("\\", "/")).name if letter.isprintable())
    return blob, name[-MAX_NAME:]
