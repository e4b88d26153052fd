"""States of a project and of a unit, and the allowed moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProjectState(TextChoices):
    PROPOSED = "proposed", _("赋码中")
    REGISTERED = "registered", _("在办")
    CLOSED = "closed", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤回")


PROJECT_TRANSITIONS: dict[str, frozenset[str]] = {
    ProjectState.PROPOSED: frozenset({ProjectState.REGISTERED, ProjectState.WITHDRAWN}),
    ProjectState.REGISTERED: frozenset({ProjectState.CLOSED, ProjectState.WITHDRAWN}),
    # a stage is opened again, because a decision it rested on has ended
    ProjectState.CLOSED: frozenset({ProjectState.REGISTERED}),
    ProjectState.WITHDRAWN: frozenset(),
}

PROJECT_TONES = {
    ProjectState.PROPOSED: "wait",
    ProjectState.REGISTERED: "ok",
    ProjectState.CLOSED: "done",
    ProjectState.WITHDRAWN: "off",
}


class UnitState(TextChoices):
    """`closed`: stays what it is at its own level, but has no more units under it than those it was divided into."""

    ACTIVE = "active", _("有效")
    CLOSED = "closed", _("已拆分或合并")
    VOID = "void", _("作废")


UNIT_TRANSITIONS: dict[str, frozenset[str]] = {
    UnitState.ACTIVE: frozenset({UnitState.CLOSED, UnitState.VOID}),
    UnitState.CLOSED: frozenset(),
    UnitState.VOID: frozenset(),
}
#: what may be applied for at its own level
UNIT_LIVE = (UnitState.ACTIVE, UnitState.CLOSED)


class CodeRequestState(TextChoices):
    WAITING = "waiting", _("等待平台赋码")
    ANSWERED = "answered", _("已赋码")
    REFUSED = "refused", _("平台未予赋码")


CODE_REQUEST_TRANSITIONS: dict[str, frozenset[str]] = {
    CodeRequestState.WAITING: frozenset({CodeRequestState.ANSWERED, CodeRequestState.REFUSED}),
    # entered by the window from the platform's notice
    CodeRequestState.REFUSED: frozenset({CodeRequestState.ANSWERED}),
    CodeRequestState.ANSWERED: frozenset(),
}


class FactSource(TextChoices):
    """Where a value comes from; the provenance shown beside it."""

    REGISTRY = "registry", _("项目登记")
    E_CERT = "e_cert", _("电子证照")
    PRIOR_RESULT = "prior_result", _("前序结果")
    MAP = "map", _("红线图")
    SYSTEM = "system", _("系统算出")
    APPLICANT = "applicant", _("您填写")
    THIRD_PARTY = "third_party", _("中介成果")


#: a value from one of these is read-only for the applicant (decisions.md, Form)
AUTHORITATIVE = frozenset({FactSource.E_CERT, FactSource.PRIOR_RESULT, FactSource.MAP, FactSource.SYSTEM})
