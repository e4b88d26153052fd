"""Who may do what with an application. Button, view and operation ask the same function."""

from approvals.applications.models import Application, ApplicationNotice
from approvals.applications.states import LETTERS, WITH_DEPARTMENTS, ApplicationState, Channel, NoticeKind
from portal.core.actor import Actor
from portal.core.errors import NotAllowed, NotFound
from projects.registry.models import Project


def require(allowed: bool) -> None:
    """Refuse unless allowed.

    :raises NotAllowed: the policy said no
    """
    if not allowed:
        raise NotAllowed


def require_view(actor: Actor, application: Application) -> None:
    """Refuse an outsider as if there were nothing: a 403 would tell him that there is.

    :raises NotFound: the actor may not see the application
    """
    if not can_view(actor, application):
        raise NotFound


def require_window(actor: Actor, application: Application, act: str) -> None:
    """Let the window act; it may be told that something is only a draft, all others learn what they may see.

    :raises NotFound: the actor may not see the application
    :raises NotAllowed: he may see it, but is not of the window
    """
    if not actor.citywide(act):
        require_view(actor, application)
        raise NotAllowed


def owns(actor: Actor, project: Project) -> bool:
    """Tell whether the project belongs to the actor's enterprise, or he has a mandate for it."""
    return project.owner_id in actor.enterprise_ids or project.pk in actor.project_ids


def can_create(actor: Actor, project: Project, channel: str) -> bool:
    """The applicant and his agent online; the window for paper."""
    if channel == Channel.COUNTER:
        return actor.citywide("application.enter_paper")
    return actor.is_system or (actor.may_own("application.draft") and owns(actor, project))


def can_view(actor: Actor, application: Application) -> bool:
    """The applicant's side always; the city once it was handed in; a department what was accepted for its items.

    `ApplicationQuerySet.visible_to` keeps the same rows.
    """
    if actor.is_system:
        return True
    if actor.may_own("application.view") and owns(actor, application.project):
        return True
    if application.state == ApplicationState.DRAFT:
        # a draft belongs to who writes it until he hands it in: for paper that is the clerk
        return actor.citywide("application.view") and application.created_by_id == actor.user_id
    return actor.citywide("application.view") or bool(items_for(actor, application))


def items_for(actor: Actor, application: Application) -> frozenset[str]:
    """Name the items for whose sake a department may see its part of an accepted application."""
    if application.state not in WITH_DEPARTMENTS:
        return frozenset()
    departments = actor.departments_for("application.view")
    if not departments:
        return frozenset()
    return frozenset(
        item.service_item.code for item in application.items.all() if item.service_item.department in departments
    )


def can_withdraw(actor: Actor, application: Application) -> bool:
    """Who applied, while it is under way; an agent follows up, but never takes back."""
    return actor.is_system or (
        actor.may_own("application.withdraw") and application.project.owner_id in actor.enterprise_ids
    )


def sees_everything(actor: Actor, application: Application) -> bool:
    """Tell whether the actor sees the whole form; a department sees the extract of its items."""
    return (
        actor.is_system
        or actor.citywide("application.view")
        or (actor.may_own("application.view") and owns(actor, application.project))
    )


def sees_check(actor: Actor) -> bool:
    """See what the clerk has found so far; the applicant learns it from the one notice, complete."""
    return actor.citywide("application.check")


def can_edit(actor: Actor, application: Application) -> bool:
    """Change answers and materials: the applicant's side, or the window on paper it entered."""
    if not application.is_editable:
        return False
    return can_act_for_applicant(actor, application, "application.draft")


def can_submit(actor: Actor, application: Application) -> bool:
    """Hand in: who signs for the enterprise, or the window for paper. An agent fills in, he never signs."""
    return application.is_editable and can_act_for_applicant(actor, application, "application.submit")


def can_act_for_applicant(actor: Actor, application: Application, act: str) -> bool:
    """Tell whether the actor stands on the applicant's side of the counter for this act."""
    if actor.is_system:
        return True
    if application.is_paper and actor.citywide("application.enter_paper"):
        return True
    return actor.may_own(act) and owns(actor, application.project)


def can_check(actor: Actor, application: Application) -> bool:
    """Check the materials of what waits at the window."""
    return application.is_at_window and actor.citywide("application.check")


def can_request_correction(actor: Actor) -> bool:
    """Tell the applicant once what is missing (行政许可法第32条第4项)."""
    return actor.citywide("application.correct")


def can_read_paper(actor: Actor, application: Application, paper: ApplicationNotice) -> bool:
    """Who sees the whole application; a department its own letters, and what was told to all of a stage."""
    if sees_everything(actor, application):
        return True
    if paper.kind not in LETTERS:
        return False
    return paper.kind == NoticeKind.COMMENTS or paper.content.get("department") in actor.departments_for(
        "application.view"
    )
