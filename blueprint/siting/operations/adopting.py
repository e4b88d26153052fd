"""Give the site of an idea to the project the idea has become."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy

from blueprint.siting import policies
from blueprint.siting.models import Site
from blueprint.siting.operations import facts
from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed
from portal.core.unit import operation
from projects.registry.operations import locks


class HasSite(Conflict):
    """The project has a boundary of its own."""

    code = "has_site"
    message = gettext_lazy("这个项目已经有自己的用地红线，不能再关联意向。")


def give_to_project(*, site_id: int, project_id: int, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Make a site without a project the project's own, write down what its boundary says, and return those facts.

    :raises NotAllowed: the actor may not see the project, or the site is another's already
    :raises ProjectIsOver: the project was closed or withdrawn
    :raises HasSite: the project has a boundary of its own
    :raises FlowWouldChange: what the boundary says would change the flow of a project that has begun to apply
    """
    with operation():
        project = locks.lock_open(project_id)
        site = Site.objects.select_for_update(of=("self",), no_key=True).get(pk=site_id)
        if site.project_id is not None or not policies.can_adopt(actor, project):
            raise NotAllowed
        # the lock on the project lets nobody else begin a site of it meanwhile
        if Site.objects.filter(project=project).exists():
            raise HasSite
        site.project = project
        site.save(update_fields=["project"])
        version = site.versions.newest_first()[:1].get()
        version.site = site
        changed = facts.write_down(version, actor=actor, at=at)
        topic = "siting.site.adopted"
        data = {"number": version.number, "changed": list(changed)}
        audit.record(stream=site.audit_stream, action=topic, actor=actor, at=at, subject=version, data=data)
        outbox.emit(topic, at=at, id=version.pk, site=site.pk, project=project.pk)
        return changed
