"""Record what becomes known of a project, with its source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import Enterprise
from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput
from portal.core.unit import operation
from projects.catalogue import queries as catalogue_queries
from projects.catalogue import values as catalogue_values
from projects.catalogue.definitions import Catalogue
from projects.registry import fields, flows, intake, policies
from projects.registry.models import Project, ProjectFact
from projects.registry.operations.locks import ProjectIsOver, lock_open
from projects.registry.states import AUTHORITATIVE, FactSource

__all__ = ["FlowWouldChange", "ProjectIsOver", "owner_facts", "record_facts", "write"]


class FlowWouldChange(Conflict):
    """A fact that decides on the flow turns out differently after the project has begun to apply."""

    code = "flow_would_change"
    message = gettext_lazy("改了这些内容，审批流程就要变，而项目已开始申报。请到综合窗口办理流程更正。")


def record_facts(
    *,
    project_id: int,
    values: Mapping[str, object],
    source: str,
    actor: Actor,
    at: datetime,
    note: str = "",
    notes: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Record facts of one source and return the ids of those that changed; an empty value clears one.

    What an authoritative source has delivered is read-only for everyone else. A fact that decides on the flow changes
    the flow as long as no engineering code was issued; afterwards that is for the window.
    :param note: where exactly it comes from, for people: a document's number, the name of a layer
    :param notes: the same for single fields, by their ids
    :raises NotAllowed: the actor may not bring facts of this source
    :raises InvalidInput: `fields` names each value that cannot be taken
    :raises FlowWouldChange: see above
    :raises ProjectIsOver: the project was closed or withdrawn
    """
    with operation():
        project = lock_open(project_id)
        policies.require(policies.can_record(actor, project, source))
        catalogue = catalogue_queries.catalogue(project.pack_version_id)
        taken = intake.take(catalogue, values)
        known = {fact.field: fact for fact in project.facts.all()}
        changed = {
            field: value
            for field, value in taken.values.items()
            if (known[field].value if field in known else None) != value
            or (source in AUTHORITATIVE and field in known and known[field].source != source)
        }
        problems = {**taken.problems, **_read_only(changed, known, source)}
        if problems:
            raise InvalidInput(fields=problems)
        if not changed:
            return ()
        before = {field: fact.value for field, fact in known.items()}
        if flows.reads(catalogue) & set(changed):
            _choose_again(catalogue, project, {**before, **changed}, actor, at)
        write(project, changed, source=source, note=note, notes=notes, actor=actor, at=at)
        audit.record(
            stream=project.audit_stream,
            action="registry.facts.recorded",
            actor=actor,
            at=at,
            subject=project,
            data={
                "source": source,
                "values": changed,
                "before": {field: before[field] for field in changed if field in before},
                **({"note": note} if note else {}),
            },
        )
        outbox.emit("registry.facts.recorded", at=at, id=project.pk, fields=sorted(changed))
        return tuple(changed)


def write(
    project: Project,
    found: Mapping[str, Any],
    *,
    source: str,
    note: str,
    notes: Mapping[str, str] | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Write fact rows inside an operation; None deletes the row, the audit keeps what it was."""
    cleared = [field for field, value in found.items() if value is None]
    if cleared:
        ProjectFact.objects.filter(project=project, field__in=cleared).delete()
    ProjectFact.objects.bulk_create(
        [
            ProjectFact(
                project=project,
                field=field,
                value=value,
                source=source,
                source_note=(notes or {}).get(field, note)[:200],
                recorded_at=at,
                recorded_by=actor.name,
            )
            for field, value in found.items()
            if value is not None
        ],
        update_conflicts=True,
        unique_fields=["project", "field"],
        update_fields=["value", "source", "source_note", "recorded_at", "recorded_by"],
    )


def owner_facts(owner: Enterprise) -> dict[str, Any]:
    """Give what the owner's licence says; the enterprise was entered from it."""
    return {
        fields.OWNER_NAME: owner.name,
        fields.OWNER_USCC: owner.uscc,
        fields.OWNER_TYPE: owner.owner_type,
        fields.LEGAL_PERSON: owner.legal_person,
    }


def _read_only(changed: Mapping[str, Any], known: Mapping[str, ProjectFact], source: str) -> dict[str, str]:
    problems = {}
    for field in changed:
        if field in fields.IDENTITY:
            problems[field] = _("这一项随项目登记确定，不能在这里改。")
        elif source not in AUTHORITATIVE and field in known and known[field].is_authoritative:
            problems[field] = _("这一项由“%(source)s”提供，不能直接改。如有误，请联系提供部门更正。") % {
                "source": FactSource(known[field].source).label
            }
    return problems


def _choose_again(catalogue: Catalogue, project: Project, facts: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """Compute the flow anew, and refuse a change that would pull the ground from under running applications."""
    with translation.override(settings.LANGUAGE_CODE):
        choice = flows.choose(catalogue, {field: value for field, value in facts.items() if value is not None})
        reason = flows.sentence(choice)
    if choice.missing:
        raise InvalidInput(fields=intake.missing(catalogue, choice.missing))
    if choice.flow is None:
        raise FlowWouldChange
    before, overridden = project.flow, project.is_overridden
    project.computed_flow = choice.flow.id
    if not overridden:
        project.flow, project.flow_reason = choice.flow.id, reason
        if project.flow != before and project.units.exists():
            raise FlowWouldChange(fields={field: _label(catalogue, field) for field in flows.reads(catalogue)})
    project.save(update_fields=["flow", "flow_reason", "computed_flow"])
    if project.flow != before:
        audit.record(
            stream=project.audit_stream,
            action="registry.flow.changed",
            actor=actor,
            at=at,
            subject=project,
            data={"from": before, "to": project.flow, "reason": reason},
        )
        outbox.emit("registry.flow.changed", at=at, id=project.pk)


def _label(catalogue: Catalogue, field: str) -> str:
    definition = catalogue_values.definition(catalogue, field)
    return definition.label if definition else field
