"""Signing in and out, and one's own password."""

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import operations, sessions
from portal.accounts.forms import LoginForm, PasswordForm, show_refusal
from portal.accounts.lockout import client_address
from portal.core import clock
from portal.core.errors import InvalidInput


def safe_next(request: HttpRequest) -> str:
    """Return the page the visitor came for if it is one of ours, else his home page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # a page begins with a slash; anything else would be looked up as the name of a view
    return wanted if is_ours and wanted.startswith("/") else reverse("ui:home")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Sign in, companies and staff alike; roles decide what opens afterwards."""
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(safe_next(request))
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        username = form.cleaned_data["username"]
        user = auth.authenticate(request, username=username, password=form.cleaned_data["password"])
        if user is not None:
            key = sessions.new_key()
            person = operations.sign_in(
                user_id=user.pk, key=key, channel="page", address=client_address(request), at=at
            )
            sessions.open_session(request, person, key=key, at=at)
            return redirect(safe_next(request))
        operations.note_failed_sign_in(username=username, channel="page", address=client_address(request), at=at)
        form.add_error(None, _("用户名或密码不对，或者账号已停用。请核对后再输；忘记密码请联系本单位管理员重设。"))
    return render(
        request,
        "accounts/login.html",
        {"form": form, "next": request.POST.get("next") or request.GET.get("next") or ""},
        status=422 if form.errors else 200,
    )


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out of this browser."""
    if request.user.is_authenticated:
        operations.sign_out(user_id=request.user.pk, key=sessions.key_of(request), at=clock.now())
        auth.logout(request)
        messages.success(request, _("已退出登录。"))
    return redirect("accounts:login")


@sensitive_post_parameters("old", "new", "again")
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Change one's own password."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = operations.change_password(
                user_id=int(request.user.pk or 0),
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
                key=sessions.key_of(request),
                at=clock.now(),
            )
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            auth.update_session_auth_hash(request, user)
            messages.success(request, _("密码已修改，其他地方的登录已退出。"))
            return redirect("ui:home")
    due = getattr(request.user, "must_change_password", False)
    return render(request, "accounts/password.html", {"form": form, "due": due}, status=422 if form.errors else 200)
