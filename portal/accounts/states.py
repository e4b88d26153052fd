"""The few lists of the slice that are not data of a city."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Body(models.TextChoices):
    """What a person belongs to."""

    ENTERPRISE = "enterprise", _("申报单位")
    DEPARTMENT = "department", _("审批部门")


class Scope(models.TextChoices):
    """How far an act reaches."""

    OWN = "own", _("本人或本单位")
    DEPARTMENT = "department", _("本部门")
    CITY = "city", _("全市")


class Layout(models.TextChoices):
    """The work place a role opens."""

    APPLICANT = "applicant", _("申报人")
    WINDOW = "window", _("窗口")
    DEPARTMENT = "department", _("审批部门")
    LEADER = "leader", _("领导")
    ADMIN = "admin", _("管理")


class Trade(models.TextChoices):
    """What a body does in construction."""

    OWNER = "owner", _("建设单位")
    GOV_OWNER = "gov_owner", _("政府投资建设单位")
    DESIGNER = "designer", _("设计单位")
    SURVEYOR = "surveyor", _("勘察测绘单位")
    BUILDER = "builder", _("施工单位")
    SUPERVISOR = "supervisor", _("监理单位")
    REVIEWER = "reviewer", _("施工图审查机构")
    INTERMEDIARY = "intermediary", _("中介服务机构")


class DepartmentKind(models.TextChoices):
    """What a department is in the city's administration."""

    GOV = "gov", _("行政机关")
    WINDOW = "window", _("综合窗口")
    AGENCY = "agency", _("代办机构")
    COORDINATION = "coordination", _("统筹机构")
    PUBLIC = "public", _("公共机构")
    UTILITY = "utility", _("市政公用企业")
    INTERMEDIARY = "intermediary", _("中介机构")
