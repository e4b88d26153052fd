"""Users and roles of the city, for those who keep them."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.accounts import operations, policies, queries
from portal.accounts.forms import GrantForm, PersonForm, ResetForm, show_refusal
from portal.accounts.models import User
from portal.accounts.states import Body
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.http import actor_of


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List people with their roles; search by name, login or mobile, filter by role and department."""
    actor = actor_of(request)
    policies.require(policies.can_see_people(actor))
    wanted = {name: request.GET.get(name, "").strip() for name in ("q", "role", "department")}
    page = queries.people(
        actor,
        text=wanted["q"],
        role=wanted["role"],
        department=wanted["department"],
        cursor=request.GET.get("cursor", ""),
        at=clock.now(),
    )
    context = {
        "page": page,
        "wanted": wanted,
        "roles": queries.roles(),
        "departments": queries.departments(),
        "may_create": policies.can_manage_people(actor),
    }
    return render(request, "accounts/people.html", context)


@sensitive_post_parameters("password")
@login_required
@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    """Make an account."""
    actor = actor_of(request)
    policies.require(policies.can_manage_people(actor))
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = operations.create_person(
                username=given["username"],
                name=given["person_name"],
                mobile=given["mobile"],
                password=given["password"],
                actor=actor,
                at=clock.now(),
            )
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已建账号 %(name)s。角色由安全管理员授予。") % {"name": user.name})
            return redirect("accounts:person", user.pk)
    return render(request, "accounts/new_person.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show one person: roles, state, and what the reader may do about them."""
    return _person_page(request, user_id)


def _visible(actor: Actor, user_id: int) -> User:
    policies.require(policies.can_see_people(actor))
    user = queries.person(actor, user_id=user_id, at=clock.now())
    if user is None:
        raise NotFound
    return user


def _grant_form(data: object = None) -> GrantForm:
    return GrantForm(
        data,
        roles=[(role.pk, role.name) for role in queries.roles(body=Body.DEPARTMENT)],
        departments=[(department.pk, department.name) for department in queries.departments()],
    )


def _person_page(
    request: HttpRequest, user_id: int, *, grant: forms.Form | None = None, reset: forms.Form | None = None
) -> HttpResponse:
    actor = actor_of(request)
    user = _visible(actor, user_id)
    wrong = next((form for form in (grant, reset) if form is not None and form.errors), None)
    context = {
        "nav_current": "accounts:people",
        "person": user,
        "may_close": policies.can_close_account(actor, user),
        "may_grant": policies.can_grant_role_to(actor, user),
        "grant": grant or _grant_form(),
        "reset": reset or ResetForm(person=user),
        "wrong": wrong,
    }
    return render(request, "accounts/person.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def grant_role(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a role in a department."""
    actor = actor_of(request)
    user = _visible(actor, user_id)
    form = _grant_form(request.POST)
    if form.is_valid():
        try:
            operations.grant_role(
                user_id=user.pk,
                role_id=form.cleaned_data["role"],
                department_id=form.cleaned_data["department"],
                actor=actor,
                at=clock.now(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已授予 %(name)s 新的角色，马上生效。") % {"name": user.name})
            return redirect("accounts:person", user.pk)
    return _person_page(request, user.pk, grant=form)


@login_required
@require_POST
def end_role(request: HttpRequest, membership_id: int) -> HttpResponse:
    """End a role of a person."""
    membership = operations.end_membership(membership_id=membership_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("已收回 %(name)s 的这个角色，马上生效。") % {"name": membership.user.name})
    return redirect("accounts:person", membership.user_id)


@login_required
@require_POST
def close_account(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close an account."""
    reason = request.POST.get("reason", "").strip()
    user = operations.close_account(user_id=user_id, reason=reason, actor=actor_of(request), at=clock.now())
    messages.success(request, _("%(name)s 的账号已停用，登录已全部退出。") % {"name": user.name})
    return redirect("accounts:person", user.pk)


@login_required
@require_POST
def open_account(request: HttpRequest, user_id: int) -> HttpResponse:
    """Open a closed account."""
    user = operations.open_account(user_id=user_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("%(name)s 的账号已启用。") % {"name": user.name})
    return redirect("accounts:person", user.pk)


@sensitive_post_parameters("password")
@login_required
@require_POST
def reset_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a person a first password again."""
    actor = actor_of(request)
    user = _visible(actor, user_id)
    form = ResetForm(request.POST, person=user)
    if form.is_valid():
        operations.reset_password(user_id=user.pk, password=form.cleaned_data["password"], actor=actor, at=clock.now())
        words = _("已为 %(name)s 重设密码。请当面告诉本人，下次登录须改密码。")
        messages.success(request, words % {"name": user.name})
        return redirect("accounts:person", user.pk)
    return _person_page(request, user.pk, reset=form)


@login_required
@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """Show what each role of the pack allows, and how many people hold it."""
    policies.require(policies.can_grant_roles(actor_of(request)))
    return render(request, "accounts/roles.html", {"roles": queries.roles_with_grants(at=clock.now())})
