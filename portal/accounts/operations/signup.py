"""An enterprise joins with its credit code and its first person."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Enterprise, Role
from portal.accounts.operations.rows import new_membership, new_user, record
from portal.accounts.states import Trade
from portal.core import outbox, uscc
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.unit import operation

#: the role of an enterprise's first person, who may add the others
FIRST_ROLE = "applicant"


@dataclass(frozen=True, slots=True)
class NewEnterprise:
    """What an enterprise says about itself. `uscc` is folded already."""

    uscc: str
    name: str
    legal_person: str
    owner_type: str
    trade: str = Trade.OWNER


@dataclass(frozen=True, slots=True)
class FirstUser:
    """The first person of an enterprise."""

    username: str
    name: str
    mobile: str
    password: str


def sign_up(*, enterprise: NewEnterprise, user: FirstUser, at: datetime) -> Enterprise:
    """Register an enterprise with its first person, who becomes its administrator.

    :raises InvalidInput: the code is no credit code or already registered, or the login is taken;
        everything wrong at once, by field
    """
    if fault := uscc.fault(enterprise.uscc):
        raise InvalidInput(code=f"uscc_{fault}", fields={"uscc": _("统一社会信用代码不正确，请按营业执照核对。")})
    with operation():
        wrong: dict[str, object] = {}
        row = None
        try:
            with transaction.atomic():
                row = Enterprise.objects.create(
                    uscc=enterprise.uscc,
                    name=enterprise.name,
                    legal_person=enterprise.legal_person,
                    owner_type=enterprise.owner_type,
                    trade=enterprise.trade,
                    created_at=at,
                )
        except IntegrityError:
            wrong["uscc"] = _("这个单位已经注册。请联系本单位管理员，在“本单位人员”里为您添加账号。")
        try:
            person = new_user(username=user.username, name=user.name, mobile=user.mobile, password=user.password, at=at)
        except InvalidInput as error:
            wrong |= error.fields
        if wrong or row is None:
            raise InvalidInput(fields=wrong)
        new_membership(user=person, role=Role.objects.get(pk=FIRST_ROLE), enterprise=row, at=at)
        actor = Actor(user_id=person.pk, name=person.name, username=person.username)
        record("enterprise.signed_up", actor=actor, at=at, subject=row, uscc=row.uscc, username=person.username)
        outbox.emit("accounts.enterprise.signed_up", at=at, id=row.pk)
        return row
