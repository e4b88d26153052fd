"""Look at a boundary before it is used: it is kept for the person who brought it, until he uses or discards it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from blueprint.siting import policies
from blueprint.siting.boundaries import Boundary
from blueprint.siting.models import Site, SiteDraft, SiteVersion
from blueprint.siting.operations import facts, versions
from portal.core import audit
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed
from portal.core.unit import operation


class NoDraft(Conflict):
    """The person has no boundary that waits for him here: it was used or discarded meanwhile."""

    code = "no_site_draft"
    message = _("没有待确认的红线，可能已经用过或放弃了。请刷新页面看现行红线，或重新画一条。")


class DraftReplaced(Conflict):
    """The boundary the person looked at is not the one that waits: he brought another one meanwhile, in another tab."""

    code = "site_draft_replaced"
    message = _("您在别的页面又提交了一条红线，这里显示的就是新的那一条。请核对后再确认使用。")


def propose(*, project_id: int, boundary: Boundary, actor: Actor, at: datetime) -> SiteDraft:
    """Keep a boundary for its person to look at; the one he brought before is replaced.

    :raises NotAllowed: the actor may not bring a boundary, or is no person
    :raises ProjectIsOver: the project was closed or withdrawn
    """
    with operation():
        site = versions.open_site(project_id, actor, at)
        if site.project is None or actor.user_id is None or not policies.can_draft(actor, site.project):
            raise NotAllowed
        draft, _created = SiteDraft.objects.update_or_create(
            site=site,
            user_id=actor.user_id,
            defaults={
                **versions.columns_of(boundary),
                "blob": versions.kept(boundary, at),
                "typed": boundary.typed,
                "saved_at": at,
            },
        )
        _tell("siting.draft.saved", site, draft, actor, at)
        return draft


def use_draft(*, project_id: int, mark: str, actor: Actor, at: datetime, note: str = "") -> SiteVersion:
    """Make the boundary its person has looked at the current one; the second click finds nothing.

    :param mark: of the draft he looked at
    :raises NoDraft: there is none
    :raises DraftReplaced: it is another one by now
    :raises NotAllowed: the actor may not bring a boundary
    :raises SameBoundary: nothing is different from the current version
    :raises FlowWouldChange: the flow of a project that has begun to apply would change
    """
    with operation():
        site = versions.open_site(project_id, actor, at)
        draft = _own(site, actor)
        if draft.mark != mark:
            raise DraftReplaced
        columns = versions.columns_again(draft)
        version = versions.add_version(site=site, columns=columns, actor=actor, at=at, note=note)
        facts.write_down(version, actor=actor, at=at)
        draft.delete()
        return version


def discard_draft(*, project_id: int, actor: Actor, at: datetime) -> None:
    """Throw the boundary that waits away.

    A file it came as stays in the private store: contents are kept by digest, another row, or an upload that is under
    way at this moment, may name the same one. Without a row that names it nobody can open it.

    :raises NoDraft: there is none
    """
    with operation():
        site = versions.open_site(project_id, actor, at)
        draft = _own(site, actor)
        _tell("siting.draft.discarded", site, draft, actor, at)
        draft.delete()


def _own(site: Site, actor: Actor) -> SiteDraft:
    found = SiteDraft.objects.select_related("blob").filter(site=site, user_id=actor.user_id or 0).first()
    if found is None:
        raise NoDraft
    return found


def _tell(action: str, site: Site, draft: SiteDraft, actor: Actor, at: datetime) -> None:
    audit.record(
        stream=site.audit_stream,
        action=action,
        actor=actor,
        at=at,
        subject=draft,
        data={"origin": draft.origin, "area_m2": round(draft.area_m2, 2), "file": draft.file_name},
    )
