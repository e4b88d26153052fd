"""Beginning an application and filling in its form."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.applications import policies, queries, slots
from approvals.applications.models import Answer, Application, ApplicationItem
from approvals.applications.operations import guarding, materials, mending
from approvals.applications.operations.locking import lock
from approvals.applications.states import Channel
from approvals.oneform import problems, spec
from portal.core import audit, clock, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput
from portal.core.transitions import TransitionRefused
from portal.core.unit import attempt, operation
from projects.catalogue import conditions
from projects.catalogue.definitions import PARALLEL_STAGE, Catalogue
from projects.catalogue.models import ServiceItem
from projects.registry import flows
from projects.registry import operations as registry
from projects.registry.models import Project
from projects.registry.states import FactSource


class AlreadyOpen(Conflict):
    """The stage of this unit has an application under way."""

    code = "already_open"
    message = _("这个阶段已有一份正在办的申报。请继续办那一份。")


class UnknownFields(InvalidInput):
    """A field that this form does not ask was answered; nothing was saved."""

    message = _("有些字段不在这张表里，什么也没有保存。")


def create(
    *,
    project_id: int,
    unit_id: int | None,
    stage: str,
    item_ids: Sequence[str],
    actor: Actor,
    at: datetime,
    channel: str = Channel.ONLINE,
    paper_received_on: date | None = None,
) -> Application:
    """Begin the application of a stage: items, material slots, and every value that is known already.

    :param paper_received_on: day on which paper came over the counter; required for it, and not in the future
    :raises NotAllowed: actor is neither of the applicant's side nor, for paper, of the window
    :raises AlreadyOpen: this stage of the unit has an application under way
    :raises InvalidInput: no item, an unknown item, or a wrong day of receipt
    """
    with operation():
        project = Project.objects.select_related("owner").get(pk=project_id)
        policies.require(policies.can_create(actor, project, channel))
        _require_receipt_day(channel, paper_received_on, at)
        require_none_open(project_id=project_id, unit_id=unit_id, stage=stage)
        rows = _service_items(project, item_ids)
        is_parallel = stage == PARALLEL_STAGE
        application = Application.objects.create(
            project=project,
            unit_id=unit_id,
            stage=stage,
            is_parallel=is_parallel,
            channel=channel,
            pack_version_id=project.pack_version_id,
            created_by_id=actor.user_id,
            created_at=at,
            changed_at=at,
            paper_received_on=paper_received_on,
        )
        ApplicationItem.objects.bulk_create(ApplicationItem(application=application, service_item=row) for row in rows)
        _sync_slots(application, actor=actor, at=at)
        take_known(application, actor=actor, at=at)
        _record(application, "created", actor, at, {"stage": stage, "items": list(item_ids), "channel": channel})
        outbox.emit("applications.application.created", at=at, id=application.pk)
        return application


def require_none_open(*, project_id: int, unit_id: int | None, stage: str) -> None:
    """Refuse a second application beside one under way; the parallel stream may have several.

    :param unit_id: None for what belongs to the project as a whole
    :raises AlreadyOpen: this stage of the unit has an application under way
    """
    if stage == PARALLEL_STAGE:
        return
    opened = Application.objects.open().filter(reopened_at__isnull=True)
    if opened.filter(project_id=project_id, unit_id=unit_id, stage=stage).exists():
        raise AlreadyOpen


def save_answers(
    *,
    application_id: int,
    values: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    versions: Mapping[str, str] | None = None,
) -> queries.FormState:
    """Keep some answers of a form and return the whole form as it then stands.

    What can be taken becomes the field's value. What cannot is kept beside it as typed, with its problem, until it
    is mended: nothing typed is lost and nothing wrong is ever read as an answer. A field that an authority has
    delivered stays as delivered. An answer that decides which items are needed becomes a fact of the project at
    once; items and slots follow it, and a file already given is never lost. Refused, it changes nothing at all.
    :param versions: field -> `Filled.version` of what the writer had read; a field without one is written as it is
    :raises NotAllowed: actor is not of the applicant's side
    :raises TransitionRefused: the application is not open to changes
    :raises UnknownFields: a field is not asked by this form
    :raises NotToMend: while correcting, a field is changed that the notice has not opened
    :raises EditedMeanwhile: a field with a version was changed by somebody else since
    """
    with operation():
        application = lock(application_id)
        policies.require_view(actor, application)
        require_editable(application)
        policies.require(policies.can_edit(actor, application))
        state = queries.form_of(application)
        unknown = sorted(set(values) - set(state.spec.fields))
        if unknown:
            raise UnknownFields(fields={field: _("这张表不问这一项。") for field in unknown})
        guarding.require_open_fields(state, values)
        values = guarding.without_lost_updates(application, state, values, versions or {})
        accepted, refused = _judge(state, values)
        if not accepted and not refused:
            return state
        blocked = _become_facts(application, state, accepted, actor=actor, at=at)
        refused |= {field: values[field] for field in blocked}
        accepted = {field: value for field, value in accepted.items() if field not in blocked}
        _keep(application, accepted, refused, actor=actor, at=at)
        touch(application, at)
        _record(application, "answered", actor, at, {"fields": sorted({*accepted, *refused})})
        fresh = lock(application_id)
        if fresh.is_correcting:
            mending.tick_fields(fresh, accepted, at)
        return queries.form_of(fresh)


def require_editable(application: Application) -> None:
    """Refuse a change to what lies at the window or has ended.

    :raises TransitionRefused: it is neither a draft nor being corrected
    """
    if not application.is_editable:
        raise TransitionRefused(fields={"state": application.state})


def touch(application: Application, at: datetime) -> None:
    """Note when the applicant last changed something, for the words beside the save button."""
    application.changed_at = at
    application.save(update_fields=["changed_at"])


def take_known(application: Application, *, actor: Actor, at: datetime) -> None:
    """Write what is known into the answers: everything new, and what an authority has changed since."""
    state = queries.form_of(application)
    rows = {answer.field: answer for answer in application.answers.all()}
    changed = []
    for field, filled in state.filled.items():
        row = rows.get(field)
        known = filled.value is not None and (row is None or filled.read_only)
        if known and (row is None or (row.value, row.source) != (filled.value, filled.source)):
            changed.append(
                Answer(
                    application=application,
                    field=field,
                    value=filled.value,
                    source=filled.source,
                    source_note=filled.note,
                    changed_at=at,
                    changed_by=actor.name,
                )
            )
    _upsert(changed)


def recompute(application: Application, *, before: spec.Facts, after: spec.Facts, actor: Actor, at: datetime) -> None:
    """Let items come in and fall out by what the facts now say; only what an answer has changed is touched."""
    catalogue = queries.catalogue_of(application)
    rows = {row.service_item.code: row for row in application.items.select_related("service_item")}
    elsewhere = queries.items_under_way(application)
    added, removed = [], []
    for item in queries.candidates(application):
        was, now = (_applies(catalogue, item, facts) for facts in (before, after))
        if now is True and was is not True and item not in rows and item not in elsewhere:
            added.append(item)
        if now is False and was is not False and item in rows:
            removed.append(item)
    if not added and not removed:
        return
    ApplicationItem.objects.filter(pk__in=[rows[item].pk for item in removed]).delete()
    ApplicationItem.objects.bulk_create(
        ApplicationItem(application=application, service_item=row)
        for row in _service_items(application.project, added, may_be_empty=True)
    )
    _record(application, "items_changed", actor, at, {"added": added, "removed": removed})
    _sync_slots(application, actor=actor, at=at)


def _applies(catalogue: Catalogue, item: str, facts: spec.Facts) -> bool | None:
    return conditions.judge_item(catalogue, item, facts).value


def _require_receipt_day(channel: str, received_on: date | None, at: datetime) -> None:
    if channel != Channel.COUNTER:
        return
    if received_on is None:
        raise InvalidInput(fields={"paper_received_on": _("请填写纸质材料的收件日期。")})
    if received_on > clock.day_of(at):
        raise InvalidInput(fields={"paper_received_on": _("收件日期不能晚于今天。")})


def _service_items(project: Project, item_ids: Sequence[str], *, may_be_empty: bool = False) -> list[ServiceItem]:
    wanted = list(dict.fromkeys(item_ids))
    rows = {
        row.code: row
        for row in ServiceItem.objects.of_version(project.pack_version_id).filter(code__in=wanted).in_order()
    }
    unknown = [item for item in wanted if item not in rows]
    if unknown:
        raise InvalidInput(fields={"items": _("没有这些事项：%(items)s。") % {"items": _("、").join(unknown)}})
    if not rows and not may_be_empty:
        raise InvalidInput(fields={"items": _("没有要办的事项。请先在项目清单里确认要办哪些。")})
    return list(rows.values())


def _judge(state: queries.FormState, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part what was sent into what can be taken and what cannot; what changes nothing is left out."""
    accepted, refused = {}, {}
    for field, raw in values.items():
        filled = state.filled[field]
        if filled.read_only or not state.may_edit(field):
            continue
        value = problems.clean(state.spec, field, raw)
        if isinstance(value, problems.Problem):
            refused[field] = guarding.storable(raw)
        elif value != filled.value or filled.typed is not None or filled.source not in ("", FactSource.APPLICANT):
            if value == filled.value and filled.typed is None:
                continue  # confirming a prefilled value does not make it the applicant's own
            accepted[field] = value
    return accepted, refused


def _keep(
    application: Application,
    accepted: Mapping[str, Any],
    refused: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    rows = {row.field: row for row in application.answers.filter(field__in={*accepted, *refused})}
    changed = []
    for field in {*accepted, *refused}:
        row = rows.get(field) or Answer(application=application, field=field, source=FactSource.APPLICANT)
        row.changed_at, row.changed_by = at, actor.name
        if field in accepted:
            row.value, row.typed = accepted[field], None
            row.source, row.source_note = FactSource.APPLICANT, ""
        else:
            row.typed = refused[field]
        changed.append(row)
    _upsert(changed)


def _upsert(rows: list[Answer]) -> None:
    for row in rows:
        row.pk = None
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["application", "field"],
        update_fields=["value", "typed", "source", "source_note", "changed_at", "changed_by"],
    )


def _become_facts(
    application: Application, state: queries.FormState, accepted: Mapping[str, Any], *, actor: Actor, at: datetime
) -> frozenset[str]:
    """Tell the project what decides about its items, and what every later form would ask again.

    Returns the fields the project did not take because its flow would change under a running application; they are
    kept as typed until they are put back or the window corrects the flow.
    """
    catalogue = state.spec.catalogue
    common = {field.id for field in state.spec.fields.values() if field.definition.stage == spec.COMMON_STAGE}
    shared = spec.condition_fields(catalogue) | common
    facts = {field: value for field, value in accepted.items() if field in shared}
    before = queries.fact_values(application.project)
    blocked = frozenset(facts) & flows.reads(catalogue)
    try:
        with attempt():
            _record_facts(application, facts, actor=actor, at=at)
        blocked = frozenset()
    except registry.FlowWouldChange:
        _record_facts(
            application, {field: value for field, value in facts.items() if field not in blocked}, actor=actor, at=at
        )
    recompute(application, before=before, after=queries.fact_values(application.project), actor=actor, at=at)
    return blocked


def _record_facts(application: Application, facts: Mapping[str, Any], *, actor: Actor, at: datetime) -> None:
    if facts:
        registry.record_facts(
            project_id=application.project_id, values=facts, source=FactSource.APPLICANT, actor=actor, at=at
        )
        application.project.refresh_from_db()


def _sync_slots(application: Application, *, actor: Actor, at: datetime) -> None:
    materials.sync_slots(
        application,
        planned=slots.plan(
            queries.catalogue_of(application),
            stage=application.stage,
            items=queries.item_ids(application),
            applicable=queries.applicable_items(application),
        ),
        actor=actor,
        at=at,
    )


def _record(application: Application, verb: str, actor: Actor, at: datetime, data: Mapping[str, Any]) -> None:
    audit.record(
        stream=application.audit_stream,
        action=f"applications.application.{verb}",
        actor=actor,
        at=at,
        subject=application,
        data=data,
    )
