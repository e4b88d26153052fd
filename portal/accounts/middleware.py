"""Sets `request.actor`, ends sessions that are over, and asks for a new password where one is due."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from portal.accounts import sessions
from portal.core import actor as actors
from portal.core import clock
from portal.core.http import is_htmx

ENDED = {
    "idle": _("您有一段时间没有操作，为了安全已自动退出。请重新登录，接着办理；自动保存过的内容都在。"),
    "absolute": _("本次登录时间已满，为了安全已自动退出。请重新登录，接着办理；自动保存过的内容都在。"),
    "replaced": _("您的账号在另一处登录，这里已退出。如果不是您本人，请马上重新登录并修改密码。"),
}


class ActorMiddleware:
    """Build the actor when somebody asks for it; a visitor without a session costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actors.for_user(request.user))  # type: ignore[attr-defined]
        if auth.SESSION_KEY not in request.session or not request.user.is_authenticated:
            return self.get_response(request)
        at = clock.now()
        ending = sessions.ending(request, at=at)
        if ending:
            return self._ended(request, ending)
        sessions.touch(request, at=at)
        if request.user.must_change_password and not self._may_pass(request):
            return redirect("accounts:password_change")
        return self.get_response(request)

    def _ended(self, request: HttpRequest, ending: sessions.Ending) -> HttpResponse:
        here = self._where(request)
        auth.logout(request)
        if request.path == reverse("accounts:login"):
            return self.get_response(request)
        headers = request.headers
        if "HX-Request" in headers or "X-Requested-With" in headers or headers.get("Sec-Fetch-Dest") == "empty":
            # The page stays as it is; its script offers the login box and repeats the act afterwards.
            answer = HttpResponse(str(ENDED[ending]), status=401, content_type="text/plain; charset=utf-8")
            answer["HX-Trigger"] = "portal:signed-out"
            return answer
        messages.warning(request, ENDED[ending])
        return redirect(f"{reverse('accounts:login')}?{urlencode({'next': here})}")

    @staticmethod
    def _where(request: HttpRequest) -> str:
        """Return the page to come back to: the one shown, not the address of an act."""
        if request.method == "GET" and not is_htmx(request):
            return request.get_full_path()
        shown = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
        if shown.netloc and shown.netloc != request.get_host():
            return "/"
        return (shown.path or "/") + (f"?{shown.query}" if shown.query else "")

    @staticmethod
    def _may_pass(request: HttpRequest) -> bool:
        open_paths = (reverse("accounts:password_change"), reverse("accounts:logout"), reverse("set_language"))
        return request.path in open_paths or request.path.startswith(settings.STATIC_URL)
