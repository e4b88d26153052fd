"""Links to a timer's ledger. A timer knows no owner, so whoever may see it is decided by the page that shows the
link: the link carries a signed token, made when that page was drawn, and nothing opens without one.
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


def ledger_url(timer_id: int) -> str:
    """Return the address of a timer's ledger; only for pages whose reader may see the timer."""
    token = _signer(settings.SECRET_KEY).sign(str(timer_id)).partition(":")[2]
    return f"{addresses.numbered('deadlines:ledger', timer_id)}?k={quote(token)}"


def require(timer_id: int, token: str) -> None:
    """Check that a token was made for this timer not long ago.

    :raises NotFound: it was not; the sentence does not say whether the timer exists
    """
    try:
        _signer(settings.SECRET_KEY).unsign(f"{timer_id}:{token}", max_age=LIFETIME)
    except signing.BadSignature as error:
        raise NotFound from error


@cache
def _signer(key: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(key=key, salt=_SALT)
