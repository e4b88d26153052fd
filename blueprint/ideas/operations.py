"""The verbs of an idea: bring it, redraw it, ask departments, answer, let time pass, ripen, register, drop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.contrib.gis.geos import MultiPolygon
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blueprint.geometry.stored import geos_of
from blueprint.ideas import policies, rules
from blueprint.ideas.models import Condition, Idea, Opinion
from blueprint.ideas.states import Maturity, OpinionState, Position
from blueprint.siting import operations as siting
from blueprint.siting.boundaries import Boundary
from blueprint.siting.models import Site, SiteVersion
from blueprint.siting.operations import versions
from portal.accounts.models import Department
from portal.core import audit, calendars, clock, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.transitions import move, require_move
from portal.core.unit import operation
from projects.registry.models import Project

MAX_TITLE = 120


class OpinionsMissing(Conflict):
    """Departments owe their answers."""

    code = "opinions_missing"
    message = gettext_lazy("还有部门没有回复。回复期满后再定成熟度，或先催一催。")


class ConditionsOpen(Conflict):
    """A department disagrees, or a condition is not met."""

    code = "conditions_open"
    message = gettext_lazy("还有部门不同意，或者还有条件没有落实。请先落实条件，或修改方案重新征询。")


def open_idea(*, title: str, summary: str, department_id: str, boundary: Boundary, actor: Actor, at: datetime) -> Idea:
    """Bring an idea: a place and a purpose; its first check starts by itself.

    :raises NotAllowed: the actor does not plan for this department
    :raises InvalidInput: no title or no purpose
    """
    policies.require(policies.can_open(actor, department_id))
    faults = {}
    if not title.strip():
        faults["title"] = _("请写意向名称。")
    if not summary.strip():
        faults["summary"] = _("请写建什么、多大规模。")
    if faults:
        raise InvalidInput(fields=faults)
    with operation():
        site = Site.objects.create(title=title.strip()[:MAX_TITLE], department_id=department_id, opened_at=at)
        idea = Idea.objects.create(site=site, summary=summary.strip(), opened_by_name=actor.name, opened_at=at)
        _draw(site, boundary, actor, at)
        _tell(idea, "ideas.idea.opened", actor, at, title=site.title)
        return idea


def redraw(*, idea_id: int, boundary: Boundary, actor: Actor, at: datetime) -> SiteVersion:
    """Draw an idea anew; what departments said was said of the old boundary, so it is unripe again.

    :raises NotAllowed: it is another department's, or over
    :raises SameBoundary: nothing is different
    """
    with operation():
        idea = _lock(idea_id)
        policies.require(policies.can_lead(actor, idea))
        version = _draw(idea.site, boundary, actor, at)
        if idea.state != Maturity.GESTATION:
            for opinion in idea.opinions.filter(state=OpinionState.ASKED).select_for_update(no_key=True).order_by("pk"):
                move(opinion, to=OpinionState.OUTDATED, actor=actor, at=at, topic="ideas.opinion.outdated")
            move(idea, to=Maturity.GESTATION, actor=actor, at=at, topic="ideas.idea.redrawn")
        return version


def ask(*, idea_id: int, departments: Sequence[str], actor: Actor, at: datetime) -> list[Opinion]:
    """Put an idea before departments; they have the pack's working days, the day of asking does not count.

    :raises NotAllowed: it is another department's
    :raises InvalidInput: no department, or an unknown one
    :raises TransitionRefused: it was put before them already
    """
    asking = rules.current()
    with operation():
        idea = _lock(idea_id)
        policies.require(policies.can_lead(actor, idea))
        require_move(idea, to=Maturity.INCUBATION)
        chosen = sorted(set(departments) - {idea.site.department_id})
        if not chosen or Department.objects.filter(pk__in=chosen).count() != len(chosen):
            raise InvalidInput(fields={"departments": _("请选择要征询的部门。")})
        due_on = calendars.current().add_workdays(clock.day_of(at), asking.days)
        idea.round += 1
        opinions = [
            Opinion.objects.create(idea=idea, round=idea.round, department_id=each, asked_at=at, due_on=due_on)
            for each in chosen
        ]
        move(
            idea,
            to=Maturity.INCUBATION,
            actor=actor,
            at=at,
            topic="ideas.idea.asked",
            data={"departments": chosen, "due_on": due_on.isoformat()},
            fields=["round"],
        )
        return opinions


def answer(
    *,
    opinion_id: int,
    position: str,
    text: str,
    conditions: Sequence[tuple[str, MultiPolygon | None]],
    actor: Actor,
    at: datetime,
) -> Opinion:
    """Say what a department thinks of an idea, with conditions that may have a place.

    :param conditions: words and where, in metres of the work CRS
    :raises NotAllowed: actor is not of the department, or it has answered
    :raises InvalidInput: no position, conditions missing, or a refusal without words
    """
    with operation():
        opinion = _lock_opinion(opinion_id)
        policies.require(policies.can_answer(actor, opinion))
        said = [(words.strip(), place) for words, place in conditions if words.strip()]
        if position not in Position.values:
            raise InvalidInput(fields={"position": _("请选择同意、有条件同意或不同意。")})
        if position == Position.CONDITIONAL and not said:
            raise InvalidInput(fields={"conditions": _("有条件同意的，请写明条件。")})
        if position == Position.DISAGREE and not text.strip():
            raise InvalidInput(fields={"text": _("不同意的，请写明理由和怎样改可以同意。")})
        work_crs = opinion.idea.site.versions.order_by("-number").values_list("work_crs", flat=True)[0]
        for words, place in said:
            Condition.objects.create(opinion=opinion, text=words, geom=place, work_crs=work_crs)
        opinion.position, opinion.text = position, text.strip()
        opinion.author_name, opinion.answered_at = actor.name, at
        return move(
            opinion,
            to=OpinionState.ANSWERED,
            actor=actor,
            at=at,
            topic="ideas.opinion.answered",
            data={"position": position, "conditions": len(said)},
            fields=["position", "text", "author_name", "answered_at"],
        )


def meet(*, condition_id: int, note: str, actor: Actor, at: datetime) -> Condition:
    """Note how a condition is met; again replaces the note.

    :raises NotAllowed: the idea is another department's
    :raises InvalidInput: no words
    """
    with operation():
        condition = Condition.objects.select_for_update(of=("self",), no_key=True).filter(pk=condition_id).first()
        if condition is None:
            raise NotFound
        idea = condition.opinion.idea
        policies.require(policies.can_lead(actor, idea))
        if not note.strip():
            raise InvalidInput(fields={"note": _("请写怎样落实的。")})
        condition.met_at, condition.met_note = at, note.strip()[:200]
        condition.save(update_fields=["met_at", "met_note"])
        _tell(idea, "ideas.condition.met", actor, at, condition=condition.pk, note=condition.met_note)
        return condition


def ripen(*, idea_id: int, actor: Actor, at: datetime) -> Idea:
    """Call an idea ripe: everybody has answered or let the days pass, nobody disagrees, every condition is met.

    :raises NotAllowed: it is another department's
    :raises OpinionsMissing: somebody owes an answer
    :raises ConditionsOpen: somebody disagrees, or a condition is open
    """
    with operation():
        idea = _lock(idea_id)
        policies.require(policies.can_lead(actor, idea))
        require_move(idea, to=Maturity.MATURE)
        opinions = idea.opinions.filter(round=idea.round)
        if opinions.filter(state=OpinionState.ASKED).exists():
            raise OpinionsMissing
        open_conditions = Condition.objects.filter(opinion__in=opinions, met_at__isnull=True)
        if opinions.filter(position=Position.DISAGREE).exists() or open_conditions.exists():
            raise ConditionsOpen
        return move(idea, to=Maturity.MATURE, actor=actor, at=at, topic="ideas.idea.matured")


def register(*, idea_id: int, project_code: str, actor: Actor, at: datetime) -> Idea:
    """Link a ripe idea with the project it has become: its boundary and its checks are the project's from now on, and
    what the map says of it is written down to the project.

    :raises NotAllowed: it is another department's
    :raises InvalidInput: no such project, or one the actor has nothing to do with
    :raises ProjectIsOver: the project was closed or withdrawn
    :raises HasSite: the project has a boundary of its own
    :raises FlowWouldChange: the flow of a project that has begun to apply would change
    """
    with operation():
        idea = _lock(idea_id)
        policies.require(policies.can_lead(actor, idea))
        require_move(idea, to=Maturity.REGISTERED)
        code = project_code.strip()
        project = Project.objects.filter(code=code).first() if code else None
        if project is None or not policies.can_register(actor, idea, project):
            raise InvalidInput(fields={"project": _("没有您在办的这个项目。请核对代码；项目报到本部门以后才能关联。")})
        siting.give_to_project(site_id=idea.site_id, project_id=project.pk, actor=actor, at=at)
        idea.site.refresh_from_db(fields=["project"])
        return move(
            idea, to=Maturity.REGISTERED, actor=actor, at=at, topic="ideas.idea.registered", data={"project": code}
        )


def drop(*, idea_id: int, reason: str, actor: Actor, at: datetime) -> Idea:
    """Give an idea up.

    :raises NotAllowed: it is another department's
    :raises InvalidInput: no reason
    """
    with operation():
        idea = _lock(idea_id)
        policies.require(policies.can_lead(actor, idea))
        if not reason.strip():
            raise InvalidInput(fields={"reason": _("请写不再推进的原因。")})
        idea.ended_reason = reason.strip()[:200]
        return move(idea, to=Maturity.DROPPED, actor=actor, at=at, topic="ideas.idea.dropped", fields=["ended_reason"])


def sweep(*, at: datetime) -> int:
    """Count the silence of departments whose days are over as the pack says; an answer may come through the due day."""
    if rules.current().silence != rules.AGREE:
        return 0
    late = Opinion.objects.filter(state=OpinionState.ASKED, due_on__lt=clock.day_of(at)).order_by("pk")
    done = 0
    for pk in list(late.values_list("pk", flat=True)[:500]):
        with operation():
            opinion = _lock_opinion(pk)
            if opinion.state == OpinionState.ASKED:
                move(
                    opinion,
                    to=OpinionState.SILENT,
                    actor=Actor.system(_("系统")),
                    at=at,
                    topic="ideas.opinion.fell_silent",
                )
                done += 1
    return done


def _draw(site: Site, boundary: Boundary, actor: Actor, at: datetime) -> SiteVersion:
    columns = {**versions.columns_of(boundary), "blob": versions.kept(boundary, at)}
    return siting.add_version(site=site, columns=columns, actor=actor, at=at)


def place_of(boundary: Boundary) -> MultiPolygon:
    """Return a drawn place as a condition keeps it."""
    return cast(MultiPolygon, geos_of(boundary.shape.geometry))


def _lock(idea_id: int) -> Idea:
    found = Idea.objects.select_for_update(of=("self",), no_key=True).filter(pk=idea_id).first()
    if found is None:
        raise NotFound
    return Idea.objects.select_related("site").get(pk=idea_id)


def _lock_opinion(opinion_id: int) -> Opinion:
    found = Opinion.objects.select_for_update(of=("self",), no_key=True).filter(pk=opinion_id).first()
    if found is None:
        raise NotFound
    return Opinion.objects.select_related("idea__site").get(pk=opinion_id)


def _tell(idea: Idea, topic: str, actor: Actor, at: datetime, **data: object) -> None:
    audit.record(stream=idea.audit_stream, action=topic, actor=actor, at=at, subject=idea, data=data)
    outbox.emit(topic, at=at, id=idea.pk)
