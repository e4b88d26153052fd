"""Register a project: check, choose its flow, give it its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import Enterprise
from portal.citypack import queries as citypack
from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput
from portal.core.unit import operation
from projects.catalogue import queries as catalogue_queries
from projects.catalogue import values
from projects.catalogue.definitions import Catalogue
from projects.registry import codes, fields, flows, gateways, intake, policies, queries
from projects.registry.models import CodeRequest, Project
from projects.registry.operations import assign, facts, locks
from projects.registry.states import FactSource, ProjectState

MAX_NAME = 200


class NoFlow(Conflict):
    """No flow of the city fits these facts."""

    code = "no_flow"
    message = gettext_lazy("按所填内容没有适用的审批流程。请核对投资来源和工程类型，或到综合窗口咨询。")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A registration that was checked."""

    name: str
    facts: dict[str, Any]
    flow: str
    flow_reason: str


def register(
    *,
    name: str,
    region: str,
    facts: Mapping[str, object],
    owner_id: int,
    actor: Actor,
    at: datetime,
    code: str | None = None,
    parent_id: int | None = None,
    relation: str = "",
) -> Project:
    """Register a project under the code given, or under one that the issuer gives.

    With a platform as issuer the project stays `proposed` until the code arrives.
    :param facts: field id -> value; at least the fields that decide on the flow
    :param code: a national code the project already has, of either kind, exactly as written
    :param parent_id: the project this one is a phase or part of, with `relation`
    :raises NotAllowed: the actor may not register for this enterprise, or not under this parent
    :raises InvalidInput: `fields` names everything that is wrong or missing
    :raises NoFlow: no flow fits
    :raises CodeTaken: another project has the code
    """
    policies.require(policies.can_register(actor, owner_id))
    catalogue = catalogue_queries.catalogue(citypack.current_id())
    owner = Enterprise.objects.filter(pk=owner_id, is_active=True).first()
    if relation and parent_id is None:
        raise InvalidInput(
            fields={"relation": _("写了与上级项目的关系，却没有写上级项目。请补上级项目代码，或删去关系。")}
        )
    entry = _checked(catalogue, name, region, facts, owner, code, relation if parent_id else None)
    with operation():
        parent = None if parent_id is None else _parent(parent_id, actor)
        project = Project(
            name=entry.name,
            region=region,
            owner=owner,
            pack_version_id=catalogue.version_id,
            flow=entry.flow,
            flow_reason=entry.flow_reason,
            computed_flow=entry.flow,
            parent=parent,
            relation=relation if parent else "",
            registered_by_id=actor.user_id,
            registered_at=at,
        )
        _save_with_code(project, code, str(entry.facts.get(fields.INDUSTRY, "")), at)
        known = _known(catalogue, project, entry)
        _write(project, known, parent, actor, at)
        _announce(project, known, actor, at)
        return project


def _checked(
    catalogue: Catalogue,
    name: str,
    region: str,
    given: Mapping[str, object],
    owner: Enterprise | None,
    code: str | None,
    relation: str | None,
) -> _Entry:
    """Check a registration as a whole and say everything that is wrong at once."""
    problems: dict[str, str] = {}
    clean_name = ""
    try:
        # one line, whatever was pasted: it stands in headings and on papers
        clean_name = " ".join(values.line(name, MAX_NAME).split())
        if not clean_name:
            problems["name"] = _("请填写项目名称。")
    except values.ValueFault as fault:
        problems["name"] = fault.message
    if region not in catalogue.regions:
        problems["region"] = _("请从列表里选择建设地点：%(regions)s。") % {
            "regions": _("、").join(
                _("%(name)s（%(words)s）") % {"name": word, "words": key} for key, word in catalogue.regions.items()
            )
        }
    if owner is None:
        problems["owner"] = _("没有这个建设单位，或它已停用。请先注册单位。")
    if relation is not None and relation not in Project.Relation.values:
        problems["relation"] = _("请说明与上级项目的关系：%(relations)s。") % {
            "relations": _("、").join(str(label) for label in Project.Relation.labels)
        }
    if code is not None:
        try:
            codes.parse_project_code(code)
        except codes.BadCode as fault:
            problems["code"] = str(fault.message)
    taken = intake.take(catalogue, _without_identity(given, name=name, region=region, code=code, problems=problems))
    problems.update(taken.problems)
    cleaned = {field: value for field, value in taken.values.items() if value is not None}
    # Reasons are kept in the language of the city, whoever registers.
    with translation.override(settings.LANGUAGE_CODE):
        choice = flows.choose(catalogue, cleaned)
        reason = flows.sentence(choice)
    missing = intake.missing(catalogue, choice.missing)
    problems.update({field: problem for field, problem in missing.items() if field not in problems})
    if problems:
        raise InvalidInput(fields=problems)
    if choice.flow is None:
        raise NoFlow
    return _Entry(clean_name, cleaned, choice.flow.id, reason)


def _without_identity(
    given: Mapping[str, object], *, name: str, region: str, code: str | None, problems: dict[str, str]
) -> dict[str, object]:
    """Leave out facts that the registration itself gives; one that says something else is a fault."""
    identity: dict[str, object] = {
        fields.PROJECT_NAME: name,
        fields.SITE_REGION: region,
        fields.PROJECT_CODE: code,
    }
    rest: dict[str, object] = {}
    for field, value in given.items():
        if field not in identity and field not in fields.OWNER:
            rest[field] = value
        elif field in identity and value not in (None, "", identity[field]):
            problems[field] = _("这一项随项目登记，与登记的内容不一致。请删去或改成一致。")
    return rest


def _parent(parent_id: int, actor: Actor) -> Project:
    parent = locks.lock_open(parent_id)
    policies.require(policies.can_register(actor, parent.owner_id) or policies.can_amend(actor, parent))
    return parent


def _save_with_code(project: Project, code: str | None, industry: str, at: datetime) -> None:
    """Insert the project with the code it brings, or with one made here, or without one if a platform will give it."""
    if code is not None:
        project.code = code
        assign.insert(project)
        return
    issuer = gateways.issuer()
    if not issuer.immediate:
        project.state = ProjectState.PROPOSED
        project.save(force_insert=True)
        CodeRequest.objects.create(project=project, requested_at=at, next_try_at=at)
        return
    while True:
        # Somebody may have registered by hand a code that looks like the next of ours: then the one after it is free.
        project.code = issuer.issue(assign.application(project, industry=industry, at=at))
        try:
            assign.insert(project)
        except assign.CodeTaken:
            continue
        return


def _known(catalogue: Catalogue, project: Project, entry: _Entry) -> dict[FactSource, dict[str, Any]]:
    """Sort what is known at registration by its source; a pack without one of our own fields does not get it."""
    known: dict[FactSource, dict[str, Any]] = {
        FactSource.REGISTRY: {fields.PROJECT_NAME: project.name, fields.SITE_REGION: project.region},
        FactSource.APPLICANT: {},
        FactSource.E_CERT: facts.owner_facts(project.owner),
    }
    if project.code:
        known[FactSource.REGISTRY][fields.PROJECT_CODE] = project.code
    for field, value in entry.facts.items():
        known[intake.source_of(catalogue.fields.get(field))][field] = value
    ours = fields.IDENTITY | fields.OWNER
    return {
        source: {field: value for field, value in found.items() if field in catalogue.fields or field not in ours}
        for source, found in known.items()
    }


def _write(
    project: Project, known: dict[FactSource, dict[str, Any]], parent: Project | None, actor: Actor, at: datetime
) -> None:
    above = {} if parent is None else queries.fact_values(parent.pk)
    with translation.override(settings.LANGUAGE_CODE):
        licence = _("营业执照，%(uscc)s") % {"uscc": project.owner.uscc}
        inherited = _("与上级项目 %(code)s 相同") % {"code": parent.code} if parent else ""
    for source, found in known.items():
        note = licence if source == FactSource.E_CERT else ""
        same = {
            field: value
            for field, value in found.items()
            if not note and field not in fields.IDENTITY and field in above and above[field] == value
        }
        own = {field: value for field, value in found.items() if field not in same}
        facts.write(project, own, source=source, note=note, actor=actor, at=at)
        facts.write(project, same, source=source, note=inherited, actor=actor, at=at)


def _announce(project: Project, known: dict[FactSource, dict[str, Any]], actor: Actor, at: datetime) -> None:
    registered = project.state == ProjectState.REGISTERED
    topic = "registry.project.registered" if registered else "registry.project.proposed"
    audit.record(
        stream=project.audit_stream,
        action=topic,
        actor=actor,
        at=at,
        subject=project,
        data={
            "name": project.name,
            "region": project.region,
            "owner": project.owner_id,
            "flow": project.flow,
            "flow_reason": project.flow_reason,
            "pack_version": project.pack_version_id,
            "parent": project.parent_id,
            "facts": {source.value: found for source, found in known.items()},
        },
    )
    outbox.emit(topic, at=at, id=project.pk)
