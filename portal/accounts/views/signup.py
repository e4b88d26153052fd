"""An enterprise joins."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.accounts import operations, sessions
from portal.accounts.forms import SignUpForm, show_refusal
from portal.accounts.lockout import client_address
from portal.core import clock
from portal.core.errors import InvalidInput


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Register an enterprise with its first person, who is signed in at once."""
    if request.user.is_authenticated:
        return redirect("ui:home")
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at, given = clock.now(), form.cleaned_data
        try:
            enterprise = operations.sign_up(
                enterprise=operations.NewEnterprise(
                    uscc=given["uscc"],
                    name=given["name"],
                    legal_person=given["legal_person"],
                    owner_type=given["owner_type"],
                    trade=given["trade"],
                ),
                user=operations.FirstUser(
                    username=given["username"],
                    name=given["person_name"],
                    mobile=given["mobile"],
                    password=given["password"],
                ),
                at=at,
            )
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            first = enterprise.memberships.select_related("user").get().user
            key = sessions.new_key()
            person = operations.sign_in(
                user_id=first.pk, key=key, channel="page", address=client_address(request), at=at
            )
            sessions.open_session(request, person, key=key, at=at)
            messages.success(request, _("已注册 %(name)s，您是本单位管理员。") % {"name": enterprise.name})
            return redirect("ui:home")
    return render(request, "accounts/sign_up.html", {"form": form}, status=422 if form.errors else 200)
