"""Who issues project codes: this portal itself, or the platform of the province.

The national rule (发改投资〔2020〕1439号) lets the central platform generate every code, so the platform is the
rule; the local issuer serves a city that is not connected yet. Its codes end in L: the true check character is the
platform's business and is never computed here.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar, Protocol

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.citypack import queries as citypack
from portal.core import clock, sequences
from portal.core.errors import Conflict, DomainError

LOCAL_MARK = "L"
LAST_SERIAL = 99_999


class SerialsExhausted(Conflict):
    """All five-digit serials of a month and region have been issued."""

    code = "serials_exhausted"
    message = gettext_lazy("本月这个区域的项目代码已经用完。请联系系统管理员接入赋码平台，或下月再登记。")


class PlatformUnavailable(DomainError):
    """The platform could not be reached or did not answer properly; it is asked again later."""

    code = "platform_unavailable"
    http_status = 503
    message = gettext_lazy("赋码平台暂时没有答复，系统会自动重试。")


class PlatformRefused(DomainError):
    """The platform has looked at the application and gives no code; the message is the platform's own."""

    code = "platform_refused"
    message = gettext_lazy("赋码平台没有给这个项目赋码。请按平台的说明改正后联系窗口。")


@dataclass(frozen=True, slots=True)
class CodeApplication:
    """What an issuer needs to know of a project."""

    request_id: str
    """Stays the same when the application is repeated, so that a platform gives the same code again."""
    name: str
    region: str
    owner_name: str
    owner_uscc: str
    industry: str
    """GB/T 4754; empty when not known yet."""
    pack_version: int
    at: datetime


class CodeIssuer(Protocol):
    """Gives project codes."""

    #: True: answers at once, inside the transaction that registers. False: asked afterwards, outside of any.
    immediate: ClassVar[bool]

    def issue(self, application: CodeApplication) -> str | None:
        """Return a code, or None when it is not ready yet.

        :raises PlatformUnavailable: ask again later
        :raises PlatformRefused: asking again is of no use
        """
        ...


class LocalIssuer:
    """`YYMM-RRRRRR-DD-TT-NNNNNL`: a serial per month and region under a row lock."""

    immediate: ClassVar[bool] = True

    def issue(self, application: CodeApplication) -> str:
        """Draw the next code.

        :raises SerialsExhausted: the month's serials are used up
        """
        month = clock.day_of(application.at).strftime("%y%m")
        department, project_type = segments(local_rules(application.pack_version), application.industry)
        serial = sequences.next_value(f"project_code:{month}-{application.region}")
        if serial > LAST_SERIAL:
            raise SerialsExhausted
        return f"{month}-{application.region}-{department}-{project_type}-{serial:05d}{LOCAL_MARK}"


@lru_cache(maxsize=16)
def local_rules(pack_version: int) -> Mapping[str, Any]:
    """Read what a version of the pack says about codes made here; a version never changes."""
    rules: Mapping[str, Any] = citypack.document(pack_version, "codes")["project_code"]["local_issue"]
    return rules


def segments(rules: Mapping[str, Any], industry: str) -> tuple[str, str]:
    """Return segments 3 and 4 for an industry: those of its division's row, else the pack's default."""
    division = industry.lstrip("ABCDEFGHIJKLMNOPQRST")[:2]
    for row in rules.get("by_industry") or ():
        if row["from"] <= division <= row["to"]:
            return row["department"], row["project_type"]
    return rules["department"], rules["project_type"]


@dataclass(frozen=True, slots=True)
class PlatformIssuer:
    """Asks the platform over HTTP: JSON out, `{"code": ...}` back; 202 = not ready yet.

    :param url: address that takes applications
    :param token: bearer token; empty = none
    :param timeout_seconds: for connecting and for each read
    """

    url: str
    token: str = ""
    timeout_seconds: float = 10

    immediate: ClassVar[bool] = False

    def issue(self, application: CodeApplication) -> str | None:
        """Ask for a code; never inside a transaction."""
        status, answer = self._post({**asdict(application), "at": application.at.isoformat()})
        if status == 202:
            return None
        code = answer.get("code")
        if not isinstance(code, str) or not code:
            raise PlatformUnavailable(_("赋码平台的答复里没有项目代码。"))
        return code

    def _post(self, body: Mapping[str, object]) -> tuple[int, dict[str, Any]]:
        if urllib.parse.urlsplit(self.url).scheme not in ("http", "https"):
            raise PlatformUnavailable(_("没有配置赋码平台的地址（PORTAL_PLATFORM_URL）。"))
        request = urllib.request.Request(  # noqa: S310 the scheme is checked above
            self.url,
            data=json.dumps(body, ensure_ascii=False).encode(),
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                **({"Authorization": f"Bearer {self.token}"} if self.token else {}),
            },
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_seconds) as response:  # noqa: S310
                return response.status, _object(response.read())
        except urllib.error.HTTPError as error:
            raise _fault(error) from error
        except OSError as error:  # refused, unknown host, timed out, TLS
            raise PlatformUnavailable(_("连不上赋码平台：%(error)s") % {"error": error}) from error


def _fault(error: urllib.error.HTTPError) -> DomainError:
    """Tell a refusal from a fault that may pass: 408 and 429 are the only passing ones among the 4xx."""
    if error.code >= 500 or error.code in (401, 403, 408, 429):
        return PlatformUnavailable(_("赋码平台答复 %(status)d。") % {"status": error.code})
    try:
        said = _object(error.read()).get("message")
    except (PlatformUnavailable, OSError):
        said = None
    return PlatformRefused(str(said)[:300] if said else _("赋码平台答复 %(status)d。") % {"status": error.code})


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content or b"{}")
    except ValueError as error:
        raise PlatformUnavailable(_("赋码平台的答复不是 JSON。")) from error
    if not isinstance(answer, dict):
        raise PlatformUnavailable(_("赋码平台的答复不是 JSON 对象。"))
    return answer


def issuer() -> CodeIssuer:
    """Return the issuer the portal is set up with (settings.CODE_ISSUER: local or platform)."""
    if settings.CODE_ISSUER == "platform":
        return PlatformIssuer(settings.PLATFORM_URL, settings.PLATFORM_TOKEN, settings.PLATFORM_TIMEOUT_SECONDS)
    return LocalIssuer()
