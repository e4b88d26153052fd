"""People, bodies, roles, memberships."""

import unicodedata
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _

from portal.accounts.querysets import (
    DelegationQuerySet,
    DepartmentQuerySet,
    EnterpriseQuerySet,
    MembershipQuerySet,
    UserQuerySet,
)
from portal.accounts.states import Body, DepartmentKind, Layout, Scope, Trade
from portal.core import clock

MOBILE = RegexValidator(r"^1\d{10}$", _("手机号是 1 开头的 11 位数字，请核对。"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates people; passwords are hashed here and nowhere else."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person who can sign in when a password is given."""
        fields.setdefault("created_at", clock.now())
        user: User = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person for Django's admin site; gives no role of the portal."""
        fields.setdefault("name", username)
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in. What he may do comes from memberships alone."""

    username = models.CharField(
        _("用户名"),
        max_length=40,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("这个用户名已有人使用，请换一个。")},
    )
    name = models.CharField(_("姓名"), max_length=40)
    mobile = models.CharField(_("手机号"), max_length=11, blank=True, validators=[MOBILE])
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_staff = models.BooleanField(_("可进后台"), default=False)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    created_at = models.DateTimeField(_("建立时间"), default=clock.now)
    #: made by the demo city; such an account opens nothing where settings.DEMO is off
    is_demo = models.BooleanField(_("演示账号"), default=False)
    #: keys of the sessions in force, newest first; a session whose key is not here has been replaced
    session_keys = ArrayField(models.CharField(max_length=32), verbose_name=_("有效会话"), default=list, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        constraints = [
            # 'Chen' and 'chen' on one list of people would be taken for each other
            models.CheckConstraint(condition=Q(username=Lower("username")), name="user_username_lower_case"),
        ]
        indexes = [
            GinIndex(
                OpClass(Upper("name"), name="gin_trgm_ops"),
                OpClass(Upper("username"), name="gin_trgm_ops"),
                name="user_search",
            ),
            models.Index(fields=["mobile"], name="user_mobile", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Return the one spelling under which a login is stored: half width, lower case, no blanks around."""
        return unicodedata.normalize("NFKC", username).strip().lower()

    @property
    def masked_mobile(self) -> str:
        """Return the number as lists show it: the first three and the last four digits."""
        return f"{self.mobile[:3]}****{self.mobile[-4:]}" if len(self.mobile) == 11 else self.mobile

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Enterprise(models.Model):
    """A body that applies, known by its unified social credit code."""

    uscc = models.CharField(
        _("统一社会信用代码"),
        max_length=18,
        unique=True,
        error_messages={"unique": _("这个单位已经注册。请联系本单位管理员为您添加账号。")},
    )
    name = models.CharField(_("单位名称"), max_length=100)
    legal_person = models.CharField(_("法定代表人"), max_length=40)
    owner_type = models.CharField(_("单位类型"), max_length=60)
    trade = models.CharField(_("业务身份"), max_length=12, choices=Trade.choices, default=Trade.OWNER)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("建立时间"))

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报单位")
        verbose_name_plural = _("申报单位")
        constraints = [
            models.CheckConstraint(condition=Q(uscc__regex=r"^[0-9A-Z]{18}$"), name="enterprise_uscc_shape"),
        ]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department of the city pack. Its id is the pack's; rows are closed, never deleted."""

    id = models.CharField(_("编号"), max_length=20, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    short = models.CharField(_("简称"), max_length=20)
    kind = models.CharField(_("类别"), max_length=12, choices=DepartmentKind.choices)
    sort = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)
    #: [{"id", "name"}]: sections whose people share the department's inbox
    sub_units = models.JSONField(_("内设机构"), default=list, blank=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("部门")
        verbose_name_plural = _("部门")

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A role of the city pack: what it is called, where it works, whose people hold it."""

    id = models.CharField(_("编号"), max_length=20, primary_key=True)
    name = models.CharField(_("名称"), max_length=40)
    layout = models.CharField(_("工作台"), max_length=12, choices=Layout.choices)
    #: kinds of bodies whose people may hold it
    bodies = ArrayField(models.CharField(max_length=12, choices=Body.choices), verbose_name=_("所属"))
    #: nobody may hold two separated roles (三员分立, GB/T 22239-2019)
    is_separated = models.BooleanField(_("互斥"), default=False)
    sort = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("角色")
        verbose_name_plural = _("角色")

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """One act a role allows, and how far."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="grants", verbose_name=_("角色"))
    act = models.CharField(_("动作"), max_length=60)
    name = models.CharField(_("动作名称"), max_length=60)
    scope = models.CharField(_("范围"), max_length=12, choices=Scope.choices)

    class Meta:
        verbose_name = _("角色权限")
        verbose_name_plural = _("角色权限")
        constraints = [models.UniqueConstraint(fields=["role", "act", "scope"], name="role_grant_once")]

    def __str__(self) -> str:
        return f"{self.role_id} {self.act} {self.scope}"


class Membership(models.Model):
    """A person has a role in a body for a time; `active_to` no longer belongs to it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("用户"))
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("角色"))
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("部门")
    )
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("单位")
    )
    sub_unit = models.CharField(_("内设机构"), max_length=20, blank=True)
    active_from = models.DateTimeField(_("起始时间"))
    active_to = models.DateTimeField(_("终止时间"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False, department__isnull=True)
                | Q(enterprise__isnull=True, department__isnull=False),
                name="membership_names_one_body",
            ),
            models.CheckConstraint(
                condition=Q(sub_unit="") | Q(department__isnull=False), name="membership_sub_unit_of_department"
            ),
            models.CheckConstraint(
                condition=Q(active_to__isnull=True) | Q(active_to__gt=F("active_from")), name="membership_ends_later"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "department"],
                condition=Q(active_to__isnull=True),
                nulls_distinct=False,
                name="membership_once_at_a_time",
            ),
            # for another body's project there are mandates; two employers would mix what is private to each
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(active_to__isnull=True, enterprise__isnull=False),
                name="membership_one_enterprise",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "role"], name="membership_of_department"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id} {self.department_id or self.enterprise_id or ''}"


class Delegation(models.Model):
    """A person is away for some days, and a colleague does his work in a department meanwhile.

    It gives the substitute no act that he does not have himself; it lets him at what the absent has in hand.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences", verbose_name=_("不在岗的人"))
    substitute = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="substitutions", verbose_name=_("代办人")
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    #: both days belong to it
    from_on = models.DateField(_("从"))
    until_on = models.DateField(_("到"))
    reason = models.CharField(_("事由"), max_length=100, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("安排人"))
    given_at = models.DateTimeField(_("安排时间"))
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("提前结束的人")
    )
    ended_at = models.DateTimeField(_("提前结束时间"), null=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("不在岗代办")
        verbose_name_plural = _("不在岗代办")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="delegation_ends_later"),
            models.CheckConstraint(condition=~Q(person=F("substitute")), name="delegation_names_two"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_by__isnull=False), name="delegation_ended_by_somebody"
            ),
            # an absent person has one substitute in a department on a day
            ExclusionConstraint(
                name="delegation_one_substitute_a_day",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("department", RangeOperators.EQUAL),
                    (
                        Func(F("from_on"), F("until_on"), Value("[]"), function="DATERANGE"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at__isnull=True),
            ),
        ]
        indexes = [
            # asked at every request of a reviewer: whom he stands in for today
            models.Index(fields=["substitute", "until_on"], name="delegation_of_substitute"),
            models.Index(fields=["department", "-until_on"], name="delegation_of_department"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.substitute_id} {self.from_on} - {self.until_on}"

    @property
    def is_ended_early(self) -> bool:
        return self.ended_at is not None

    def is_over(self, today: date) -> bool:
        """Tell whether nothing of it is still to come."""
        return self.is_ended_early or self.until_on < today

    def is_running(self, today: date) -> bool:
        return not self.is_over(today) and self.from_on <= today
