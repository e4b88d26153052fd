"""The QR's link: its address, its picture, its check on arrival."""

from urllib.parse import parse_qs, urlsplit

import pytest

from projects.registry import codes, qr

CODE = "2601-449902-04-01-314155-01"


@pytest.fixture(autouse=True)
def public_url(settings):
    settings.PUBLIC_URL = "https://portal.example"


def asked(link):
    return {key: value[0] for key, value in parse_qs(urlsplit(link).query).items()}


def test_the_link_opens_the_public_progress_page():
    link = qr.link(CODE)

    assert link.startswith(f"https://portal.example/x/{CODE}?v=1&k=9&s=")
    assert len(asked(link)["s"]) == codes.TAG_LENGTH


def test_the_picture_is_scalable_and_carries_no_declaration():
    picture = qr.svg(CODE)

    assert picture.startswith("<svg")
    assert "viewBox" in picture
    assert qr.svg(CODE) == picture != qr.svg(CODE[:-3])


def test_a_link_on_arrival():
    query = asked(qr.link(CODE))

    assert qr.check(CODE, k=query["k"], s=query["s"]) == qr.Arrival.GENUINE
    assert qr.check(CODE) == qr.Arrival.PLAIN
    assert qr.check(CODE, k="9") == qr.Arrival.PLAIN
    assert qr.check(CODE.replace("14", "41"), k=query["k"], s=query["s"]) == qr.Arrival.MISTYPED
    assert qr.check(CODE, k=query["k"], s="0" * 16) == qr.Arrival.FORGED
    assert qr.check(CODE, k=query["k"], s="\ud800") == qr.Arrival.FORGED


def test_a_tag_made_with_another_key_is_forged(settings):
    query = asked(qr.link(CODE))
    settings.QR_KEY = "another-key"

    assert qr.check(CODE, k=query["k"], s=query["s"]) == qr.Arrival.FORGED
