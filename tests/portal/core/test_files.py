"""Files are judged by their content, kept once, and refused with a sentence that helps."""

import io
import zipfile
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter

from portal.core import files
from portal.core.clock import SHANGHAI
from portal.core.models import StoredBlob

AT = datetime(2026, 4, 14, 10, 0, tzinfo=SHANGHAI)
FORMATS = ("pdf", "jpg", "png", "dwg", "zip", "docx", "txt")


def pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def store(name: str, content: bytes, max_bytes: int = 1_000_000) -> StoredBlob:
    return files.store(SimpleUploadedFile(name, content), formats=FORMATS, max_bytes=max_bytes, at=AT)


def incoming() -> list[str]:
    from django.conf import settings

    return [path.name for path in (settings.FILE_STORE / "incoming").glob("*")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("总平面图.pdf", pdf()),
        ("junk-before.pdf", b"\n\n" + pdf()),
        ("照片.JPEG", b"\xff\xd8\xff\xe0rest"),
        ("图.png", b"\x89PNG\r\n\x1a\nrest"),
        ("总图.dwg", b"AC1032" + b"\0" * 50),
        ("界址点.txt", "J1,1,2462105.213".encode("gbk")),
        ("说明.docx", archive(word__document_xml=b"<w/>")),
        ("红线.zip", archive(a=b"1")),
    ],
)
def test_keeps_a_sound_file_and_gives_it_back(name, content):
    blob = store(name, content)

    assert files.open_blob(blob.sha256).read() == content
    assert blob.size_bytes == len(content)
    assert files.is_intact(blob.sha256)
    assert incoming() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("空.pdf", b"", "0 字节"),
        ("效果图.exe", b"MZ", "不收 exe 文件"),
        ("无名", b"abc", "没有扩展名"),
        ("假.pdf", b"<html>not a pdf</html>", "内容却不是"),
        ("半截.pdf", b"%PDF-1.7 and then nothing", "已损坏"),
        ("假.png", b"\xff\xd8\xff\xe0", "内容却不是"),
        ("假.docx", archive(other=b"1"), "内容却不是"),
        ("假.txt", b"\0\1\2", "内容却不是"),
        ("大.txt", b"x" * 2_000_000, "超过上限"),
        ("炸弹.zip", archive(bomb=b"\0" * 90_000_000), "内容却不是"),
    ],
)
def test_refuses_with_a_sentence_and_leaves_nothing_behind(name, content, says):
    with pytest.raises(files.FileRefused) as refusal:
        store(name, content)

    assert says in str(refusal.value)
    assert not StoredBlob.objects.exists()
    assert incoming() == []


@pytest.mark.django_db
def test_the_same_content_is_kept_once():
    first = store("a.pdf", pdf())
    second = store("b.pdf", pdf())

    assert first == second
    assert StoredBlob.objects.count() == 1


@pytest.mark.django_db
def test_notices_a_content_that_was_changed_on_disk():
    blob = store("a.txt", b"as it was")
    path = files.path_of(blob.sha256)
    path.chmod(0o600)
    path.write_bytes(b"as it is")

    assert not files.is_intact(blob.sha256)
