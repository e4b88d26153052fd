"""Roles in departments: given and ended by the security administrator."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts import policies
from portal.accounts.models import Department, Enterprise, Membership, Role
from portal.accounts.operations.rows import locked_user, new_membership, record
from portal.accounts.states import Body
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.unit import operation


class RoleNeedsBody(InvalidInput):
    """The role is held by people of another kind of body, or of one body and none was named."""

    code = "role_needs_body"


class SeparatedRoles(Conflict):
    """System, security and audit administration may not meet in one person (GB/T 22239-2019)."""

    code = "separated_roles"
    message = _("系统、安全、审计三种管理员不能由一人兼任。请先收回原来的角色，或换一个人。")


class AlreadyHeld(Conflict):
    """The person has this role in this body."""

    code = "already_held"
    message = _("这个人在这个部门已经有这个角色，不用再授予。")


def grant_role(
    *,
    user_id: int,
    role_id: str,
    actor: Actor,
    at: datetime,
    department_id: str = "",
    enterprise_id: int | None = None,
    sub_unit: str = "",
) -> Membership:
    """Give a person a role in a department or an enterprise, from now on.

    :raises NotAllowed: the actor does not give roles, or it is himself
    :raises RoleNeedsBody: the role is not held in such a body
    :raises SeparatedRoles: the person holds another of the separated roles
    :raises AlreadyHeld: he has it
    """
    with operation():
        user = locked_user(user_id)
        policies.require(policies.can_grant_role_to(actor, user))
        role = Role.objects.filter(pk=role_id, is_active=True).first()
        if role is None:
            raise InvalidInput(fields={"role": _("没有这个角色，请从列表里选。")})
        department = Department.objects.working().filter(pk=department_id).first() if department_id else None
        enterprise = Enterprise.objects.filter(pk=enterprise_id, is_active=True).first() if enterprise_id else None
        _require_body(role, department, enterprise)
        if department and sub_unit and sub_unit not in {unit["id"] for unit in department.sub_units}:
            raise InvalidInput(fields={"sub_unit": _("这个部门没有这个内设机构，请从列表里选。")})
        if role.is_separated and _holds_separated(user.pk, other_than=role.pk, at=at):
            raise SeparatedRoles
        try:
            with transaction.atomic():
                membership = new_membership(
                    user=user, role=role, department=department, enterprise=enterprise, sub_unit=sub_unit, at=at
                )
        except IntegrityError as error:
            raise AlreadyHeld from error
        record(
            "role.granted",
            actor=actor,
            at=at,
            subject=user,
            role=role.pk,
            department=department.pk if department else "",
            enterprise=enterprise.pk if enterprise else None,
        )
        return membership


def _require_body(role: Role, department: Department | None, enterprise: Enterprise | None) -> None:
    if department is not None and enterprise is None and Body.DEPARTMENT in role.bodies:
        return
    if enterprise is not None and department is None and Body.ENTERPRISE in role.bodies:
        return
    if Body.DEPARTMENT in role.bodies:
        raise RoleNeedsBody(fields={"department": _("这个角色要选所在部门。")})
    raise RoleNeedsBody(fields={"role": _("这个角色由申报单位自己设置，请该单位在“本单位人员”里添加。")})


def _holds_separated(user_id: int, *, other_than: str, at: datetime) -> bool:
    held = Membership.objects.active(at).filter(user_id=user_id, role__is_separated=True)
    return held.exclude(role_id=other_than).exists()


def end_membership(*, membership_id: int, actor: Actor, at: datetime) -> Membership:
    """End a role of a person now.

    :raises NotAllowed: the actor does not give roles, or it is himself
    :raises NotFound: there is no such membership in force
    """
    with operation():
        membership = (
            Membership.objects.active(at)
            .select_for_update(of=("self",), no_key=True)
            .select_related("user")
            .filter(pk=membership_id)
            .first()
        )
        if membership is None:
            raise NotFound
        policies.require(policies.can_grant_role_to(actor, membership.user))
        membership.active_to = at
        membership.save(update_fields=["active_to"])
        record("role.ended", actor=actor, at=at, subject=membership.user, role=membership.role_id)
        return membership
