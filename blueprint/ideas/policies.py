"""Who may bring ideas, see them and answer."""

from blueprint.checks import policies as checks
from blueprint.ideas.models import Idea, Opinion
from blueprint.ideas.states import OpinionState
from blueprint.siting import policies as siting
from portal.core.actor import Actor
from projects.registry.models import Project

require = checks.require


def can_open(actor: Actor, department_id: str | None = None) -> bool:
    """Tell whether an actor may bring an idea in the name of a department (of any of his, if None)."""
    return actor.may("idea.open", department=department_id)


def can_view(actor: Actor, idea: Idea) -> bool:
    """Tell whether an actor may see an idea: its department, those that were asked, city-wide roles."""
    if actor.citywide("check.view"):
        return True
    departments = actor.departments_for("idea.reply")
    return idea.site.department_id in departments or (
        bool(departments) and idea.opinions.filter(department_id__in=departments).exists()
    )


def can_lead(actor: Actor, idea: Idea) -> bool:
    """Tell whether an actor may change an idea, put it before departments or end it: its own department."""
    return idea.is_open and actor.may("idea.open", department=idea.site.department_id)


def can_register(actor: Actor, idea: Idea, project: Project) -> bool:
    """Tell whether an actor may link an idea with a project: his own idea, a project he has to do with."""
    return can_lead(actor, idea) and siting.can_view(actor, project)


def can_answer(actor: Actor, opinion: Opinion) -> bool:
    """Tell whether an actor may answer for a department that was asked."""
    return opinion.state == OpinionState.ASKED and actor.may("idea.reply", department=opinion.department_id)
