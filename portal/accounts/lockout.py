"""What somebody meets who has typed a wrong password too often. The counting is django-axes'."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.errors import DomainError
from portal.core.http import PROBLEM, problem


class LockedOut(DomainError):
    """Too many wrong passwords for one login from one address."""

    code = "locked_out"
    http_status = 429
    message = _("密码连续输错次数过多，已暂停登录。请稍后再试，或请管理员为您重设密码。")


def client_address(request: HttpRequest) -> str:
    """Return the address a request comes from, behind as many proxies of our own as the settings say."""
    proxies = settings.AXES_IPWARE_PROXY_COUNT
    if proxies:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        # The last `proxies` entries were written by our own proxies; what stands before may be invented.
        if len(hops) >= proxies:
            return str(hops[-proxies])
    return str(request.META.get("REMOTE_ADDR") or "127.0.0.1")


def minutes_left(request: Any, username: str, *, at: datetime) -> int:
    """Return how many minutes this login stays locked from this address, at least 1."""
    latest = AccessAttempt.objects.filter(
        username=username,
        ip_address=client_address(request),
        attempt_time__gte=get_cool_off_threshold(request),
    ).aggregate(latest=Max("attempt_time"))["latest"]
    pause = get_cool_off(request) or timedelta()
    if latest is None:
        return max(1, ceil(pause.total_seconds() / 60))
    return max(1, ceil((latest + pause - at).total_seconds() / 60))


def response(request: Any, _original: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Answer a locked login with a page, or with problem+json for machines (settings.AXES_LOCKOUT_CALLABLE)."""
    username = (credentials or {}).get("username") or ""
    minutes = minutes_left(request, username, at=clock.now())
    if request.path.startswith("/api/"):
        answer: HttpResponse = JsonResponse(
            problem(LockedOut(fields={"minutes_left": minutes})), status=LockedOut.http_status, content_type=PROBLEM
        )
    else:
        answer = render(
            request,
            "accounts/locked.html",
            {"minutes": minutes, "username": username, "limit": settings.AXES_FAILURE_LIMIT},
            status=LockedOut.http_status,
        )
    answer["Retry-After"] = str(minutes * 60)
    return answer
