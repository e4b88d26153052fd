"""Who may do what with a project. `can_view` and `ProjectQuerySet.visible_to` say the same; a test holds them together.

A party is a person of the owner's, or one to whom the owner gave a mandate.
"""

from typing import Any

from django.utils.translation import gettext as _

from portal.core import actor as actors
from portal.core.actor import Actor
from portal.core.errors import NotAllowed
from projects.registry.models import Project
from projects.registry.states import AUTHORITATIVE


def require(allowed: bool) -> None:
    """Refuse an act that a policy did not allow.

    :raises NotAllowed: it was not
    """
    if not allowed:
        raise NotAllowed


def is_party(actor: Actor, project: Project) -> bool:
    """Tell whether a person stands on the applicant's side of a project."""
    return project.owner_id in actor.enterprise_ids or project.pk in actor.project_ids


def can_view(actor: Actor, project: Project) -> bool:
    """Tell whether an actor may see a project: city-wide roles, parties, departments that have to do with it."""
    if actor.citywide("project.view"):
        return True
    if actor.may_own("project.view") and is_party(actor, project):
        return True
    departments = actor.departments_for("project.view")
    return bool(departments) and project.accesses.filter(department_id__in=departments).exists()


def can_register(actor: Actor, owner_id: int) -> bool:
    """Tell whether an actor may register a project of this enterprise: its own people, or the window for anyone."""
    return actor.citywide("project.register") or (
        actor.may_own("project.register") and owner_id in actor.enterprise_ids
    )


def can_amend(actor: Actor, project: Project) -> bool:
    """Tell whether an actor may fill in what is known of a project: a party, or the window from the paper."""
    if actor.citywide("application.enter_paper"):
        return True
    return actor.may_own("application.draft") and is_party(actor, project)


def can_record(actor: Actor, project: Project, source: str) -> bool:
    """Tell whether an actor may bring facts of this source.

    What an authoritative source says is brought by whoever caused it (a decision, an import of the red line); the
    operation that reads the source has asked its own policy, so here it is enough that he may see the project.
    """
    return can_amend(actor, project) or (source in AUTHORITATIVE and can_view(actor, project))


def can_override_flow(actor: Actor) -> bool:
    """Tell whether an actor may set another flow than the computed one."""
    return actor.citywide("project.override_flow")


def can_assign_code(actor: Actor) -> bool:
    """Tell whether an actor may enter the code of a project that the platform has not answered."""
    return actor.citywide("project.register")


def can_issue_unit(actor: Actor, project: Project) -> bool:
    """Tell whether an actor may have an engineering code issued; the application of its level asks for it."""
    return can_amend(actor, project) or actor.citywide("application.accept")


def can_divide(actor: Actor, project: Project) -> bool:
    """Tell whether an actor may divide or merge the units of a project: the owner's own people, or the window."""
    return actor.citywide("project.divide") or (
        actor.may_own("project.divide") and project.owner_id in actor.enterprise_ids
    )


def can_give_mandate(actor: Actor, project: Project) -> bool:
    """Tell whether an actor may let another body's person act for the project, or end it: the owner's own people."""
    return actor.is_system or (actor.may_own("mandate.grant") and project.owner_id in actor.enterprise_ids)


def mandate_problem(actor: Actor, project: Project, person: Any) -> str:
    """Say why somebody cannot be given a mandate for a project; empty when he can.

    :param person: a user with an open account, None for nobody
    """
    if person is None:
        return _("没有这个用户。请核对用户名或手机号；还没有账号的，请他先注册。")
    if person.pk == actor.user_id:
        return _("这是您本人，不用授权。")
    found = actors.for_user(person)
    if project.owner_id in found.enterprise_ids:
        return _("%(name)s 是本单位的人，本来就能办理，不用授权。") % {"name": person.name}
    # who reviews, accepts or supervises must not stand on the applicant's side as well
    if any(grant.scope != "own" for grant in found.grants):
        return _("%(name)s 是审批部门的工作人员，不能受托代办。") % {"name": person.name}
    if not found.may_own("application.draft"):
        return _("%(name)s 没有申请人或代办员角色，不能受托。") % {"name": person.name}
    return ""


def can_withdraw(actor: Actor, project: Project) -> bool:
    """Tell whether an actor may give up a project: the owner's own people, or the window at their request."""
    return actor.citywide("project.withdraw") or (
        actor.may_own("project.withdraw") and project.owner_id in actor.enterprise_ids
    )
