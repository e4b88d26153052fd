"""The people of one's own enterprise."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import operations, policies, queries
from portal.accounts.forms import MemberForm, show_refusal
from portal.accounts.models import Enterprise
from portal.accounts.states import Body
from portal.core import clock
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.http import actor_of


def _own_enterprise(request: HttpRequest) -> Enterprise:
    actor = actor_of(request)
    enterprise = queries.enterprise_of(actor)
    if enterprise is None or not policies.can_manage_members(actor, enterprise):
        raise NotAllowed
    return enterprise


@sensitive_post_parameters("password")
@login_required
@require_http_methods(["GET", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    """Show who acts for one's enterprise, and add a person."""
    enterprise = _own_enterprise(request)
    roles = [(role.pk, role.name) for role in queries.roles(body=Body.ENTERPRISE)]
    form = MemberForm(request.POST or None, roles=roles)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            operations.add_member(
                enterprise_id=enterprise.pk,
                role_id=given["role"],
                username=given["username"],
                name=given["person_name"],
                mobile=given["mobile"],
                password=given["password"],
                actor=actor_of(request),
                at=clock.now(),
            )
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            words = _("已添加 %(name)s。请把用户名和初始密码当面告诉本人，首次登录须改密码。")
            messages.success(request, words % {"name": given["person_name"]})
            return redirect("accounts:members")
    context = {"enterprise": enterprise, "members": queries.members(enterprise, at=clock.now()), "form": form}
    return render(request, "accounts/members.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end_member(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Let a person no longer act for one's enterprise."""
    membership = operations.end_member(membership_id=membership_id, actor=actor_of(request), at=clock.now())
    words = _("%(name)s 已移出本单位，不能再代表本单位办事。")
    messages.success(request, words % {"name": membership.user.name})
    return redirect("accounts:members")
