"""The people of an enterprise, kept by its own administrator."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.accounts import policies
from portal.accounts.models import Enterprise, Membership, Role
from portal.accounts.operations.rows import new_membership, new_user, record
from portal.accounts.states import Body, Scope
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.unit import operation

MANAGE = "members.manage"


class LastAdministrator(Conflict):
    """Nobody would be left who could add people to the enterprise."""

    code = "last_administrator"
    message = _("本单位至少要留一名管理员。请先添加另一名申请人，再移出这一位。")


def add_member(
    *,
    enterprise_id: int,
    role_id: str,
    username: str,
    name: str,
    mobile: str,
    password: str,
    actor: Actor,
    at: datetime,
) -> Membership:
    """Make an account for one more person of the enterprise; the password has to be changed at first sign-in.

    :raises NotAllowed: the actor does not keep this enterprise's people
    :raises InvalidInput: the login is taken, or the role is not one of an enterprise
    """
    with operation():
        enterprise = _locked(enterprise_id)
        policies.require(policies.can_manage_members(actor, enterprise))
        role = Role.objects.filter(pk=role_id, is_active=True, bodies__contains=[Body.ENTERPRISE]).first()
        if role is None:
            raise InvalidInput(fields={"role": _("请从列表里选一个角色。")})
        user = new_user(username=username, name=name, mobile=mobile, password=password, must_change=True, at=at)
        membership = new_membership(user=user, role=role, enterprise=enterprise, at=at)
        record("member.added", actor=actor, at=at, subject=user, enterprise=enterprise.pk, role=role.pk)
        return membership


def end_member(*, membership_id: int, actor: Actor, at: datetime) -> Membership:
    """End a person's membership in the enterprise now; his past acts stay.

    :raises NotFound: no membership in force that the actor may know of
    :raises LastAdministrator: he is the only one who may add people
    """
    with operation():
        found = Membership.objects.active(at).filter(pk=membership_id, enterprise__isnull=False).first()
        if found is None or found.enterprise_id is None:
            raise NotFound
        # The enterprise's row is the one to wait at: two administrators removing each other leave one.
        enterprise = _locked(found.enterprise_id)
        if not policies.can_manage_members(actor, enterprise):
            raise NotFound
        membership = Membership.objects.active(at).select_related("user").filter(pk=membership_id).first()
        if membership is None:
            raise NotFound
        others = (
            Membership.objects.active(at)
            .filter(enterprise=enterprise, role__grants__act=MANAGE, role__grants__scope=Scope.OWN)
            .filter(user__is_active=True)
            .exclude(pk=membership_id)
        )
        if not others.exists():
            raise LastAdministrator
        membership.active_to = at
        membership.save(update_fields=["active_to"])
        record("member.ended", actor=actor, at=at, subject=membership.user, enterprise=enterprise.pk)
        return membership


def _locked(enterprise_id: int) -> Enterprise:
    enterprise = Enterprise.objects.select_for_update(of=("self",), no_key=True).filter(pk=enterprise_id).first()
    if enterprise is None:
        raise NotFound
    return enterprise
