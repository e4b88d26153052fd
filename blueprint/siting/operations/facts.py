"""Write down to the project what its boundary says of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blueprint.geometry.stored import shape_of
from blueprint.layers import frames
from blueprint.siting import ground, policies
from blueprint.siting.derive import Derived, Rules
from blueprint.siting.models import Derivation, Site, SiteVersion
from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.errors import NotAllowed, NotFound
from portal.core.unit import operation
from projects.catalogue.definitions import MapGives
from projects.registry import operations as registry
from projects.registry import queries as projects
from projects.registry.models import Project
from projects.registry.operations import locks
from projects.registry.states import FactSource


class NoSite(NotFound):
    """The project has no boundary yet."""

    code = "no_site"
    message = gettext_lazy("项目还没有红线。请先画红线或上传红线文件。")


def recompute(*, project_id: int, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Read the current boundary against the newest editions and return the ids of the facts that changed.

    Nothing does this by itself: what applications rest on changes only when somebody who may fill in the project asks.
    :raises NotAllowed: the actor may not bring a boundary
    :raises ProjectIsOver: the project was closed or withdrawn
    :raises NoSite: there is no boundary
    :raises FlowWouldChange: the flow of a project that has begun to apply would change
    """
    with operation():
        project = locks.lock_open(project_id)
        if not policies.can_enter(actor, project):
            raise NotAllowed
        site = Site.objects.select_for_update(of=("self",), no_key=True).filter(project=project).first()
        version = site.versions.newest_first().first() if site else None
        if site is None or version is None:
            raise NoSite
        site.project = project
        version.site = site
        changed = write_down(version, actor=actor, at=at)
        topic = "siting.facts.recomputed"
        audit.record(
            stream=project.audit_stream,
            action=topic,
            actor=actor,
            at=at,
            subject=version,
            data={"number": version.number, "changed": list(changed)},
        )
        outbox.emit(topic, at=at, id=version.pk, project=project.pk, changed=list(changed))
        return changed


def write_down(version: SiteVersion, *, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Derive, keep what was derived, and record the facts; called inside an operation that has asked its policy."""
    project = version.site.project
    if project is None:
        return ()
    catalogue = projects.catalogue_of(project)
    found = ground.derived(shape_of(version.geom), catalogue=catalogue, frame=frames.frame())
    line = {
        field.id for field in catalogue.fields.values() if field.from_map and field.from_map.gives == MapGives.BOUNDARY
    }
    Derivation.objects.create(
        version=version,
        editions={layer: {"id": used.id, "name": used.name} for layer, used in found.editions.items()},
        regions=[{"code": row.code, "name": row.name, "share": row.share} for row in found.regions],
        values={key: value for key, value in found.values.items() if key not in line},
        derived_at=at,
        derived_by=actor.name,
    )
    values = to_record(project, found)
    with translation.override(settings.LANGUAGE_CODE):
        notes = _notes(version, found, ground.rules())
    return registry.record_facts(
        project_id=project.pk, values=values, source=FactSource.MAP, notes=notes, actor=actor, at=at
    )


def to_record(project: Project, found: Derived) -> dict[str, Any]:
    """Choose what is written: every answer, and nothing where the map said something before and now cannot tell.

    What the applicant declared while the map had no answer is left alone.
    """
    from_map = {key for key, fact in projects.facts(project).items() if fact.source == FactSource.MAP}
    return {key: value for key, value in found.values.items() if value is not None or key in from_map}


def _notes(version: SiteVersion, found: Derived, rules: Rules) -> dict[str, str]:
    """Say of each fact where exactly it comes from: 红线第 2 版；永久基本农田 2026."""
    line = _("红线第 %(number)d 版") % {"number": version.number}
    notes = {}
    for told in found.told:
        layers = [
            f"{rules.names.get(layer, layer)} {found.editions[layer].name}"
            for layer in told.layers
            if layer in found.editions
        ]
        notes[told.field] = _("；").join([line, *layers])
    return notes
