"""Links to a timer's ledger. A timer knows no owner, so whoever may see it is decided by the page that shows the
link: the link carries a signed token, made when that page was drawn, and nothing opens without one. The page also
knows whose clock it is; what it says is signed with the token, so that a printed ledger names its case.
"""

from datetime import timedelta
from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.core import signing

from portal.core import addresses
from portal.core.errors import NotFound

_SALT = "approvals.deadlines.ledger"
#: long enough to read and print, too short to be worth passing on
LIFETIME = timedelta(days=1)


def ledger_url(timer_id: int, subject: str = "") -> str:
    """Return the address of a timer's ledger; only for pages whose reader may see the timer.

    :param subject: whose clock it is, for the head of the ledger
    """
    signed = _signer(settings.SECRET_KEY).sign(_text(timer_id, subject))
    token = signed.removeprefix(_text(timer_id, subject) + ":")
    # a token is letters, digits, - and _, with colons between its parts
    told = f"&of={quote(subject)}" if subject else ""
    return f"{addresses.numbered('deadlines:ledger', timer_id)}?k={token.replace(':', '%3A')}{told}"


def require(timer_id: int, token: str, subject: str = "") -> None:
    """Check that a token was made for this timer, and these words about it, not long ago.

    :raises NotFound: it was not; the sentence does not say whether the timer exists
    """
    try:
        _signer(settings.SECRET_KEY).unsign(f"{_text(timer_id, subject)}:{token}", max_age=LIFETIME)
    except signing.BadSignature as error:
        raise NotFound from error


def _text(timer_id: int, subject: str) -> str:
    return f"{timer_id}/{subject}" if subject else str(timer_id)


@cache
def _signer(key: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(key=key, salt=_SALT)
