"""Read ideas: the list, one idea with opinions and conditions."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from blueprint.checks.models import CheckRun
from blueprint.ideas.models import Condition, Idea, Opinion
from blueprint.ideas.states import OpinionState
from blueprint.siting.models import SiteVersion
from portal.core.actor import Actor
from portal.core.counting import Rows


@dataclass(frozen=True, slots=True)
class Loaded:
    """An idea with everything its page shows."""

    idea: Idea
    version: SiteVersion
    versions: int
    opinions: list[Opinion]
    """Of the present round first."""
    conditions: list[Condition]
    """Of the present round."""
    run: CheckRun | None
    """The last check of the present boundary."""

    @property
    def current(self) -> list[Opinion]:
        return [each for each in self.opinions if each.round == self.idea.round]

    @property
    def earlier(self) -> list[Opinion]:
        return [each for each in self.opinions if each.round != self.idea.round]


def waiting(actor: Actor) -> Rows:
    """Return the opinions the actor's departments owe, for the number in the menu."""
    departments = actor.departments_for("idea.reply")
    return (Opinion.objects.filter(department_id__in=departments, state=OpinionState.ASKED),) if departments else ()


def listed(actor: Actor, *, most: int = 100) -> list[Idea]:
    """List the ideas an actor may see, those that wait for him first."""
    departments = actor.departments_for("idea.reply")
    rows = Idea.objects.visible_to(actor).select_related("site__department", "site__project")
    rows = rows.annotate(
        owed=Count("opinions", filter=Q(opinions__state=OpinionState.ASKED, opinions__department_id__in=departments)),
        asked=Count("opinions", filter=Q(opinions__state=OpinionState.ASKED)),
    )
    return list(rows.order_by("-owed", "-opened_at", "-pk")[:most])


def find(idea_id: int, actor: Actor) -> Loaded | None:
    """Return an idea the actor may see."""
    idea = Idea.objects.visible_to(actor).select_related("site__department", "site__project").filter(pk=idea_id).first()
    if idea is None:
        return None
    versions = list(idea.site.versions.order_by("-number"))
    opinions = list(idea.opinions.select_related("department").order_by("-round", "department_id"))
    conditions = Condition.objects.filter(opinion__idea=idea, opinion__round=idea.round)
    runs = CheckRun.objects.filter(version=versions[0]).done().newest_first()
    return Loaded(
        idea=idea,
        version=versions[0],
        versions=len(versions),
        opinions=opinions,
        conditions=list(conditions.select_related("opinion__department").order_by("pk")),
        run=runs.first(),
    )
