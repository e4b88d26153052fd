"""Lock a project for an operation."""

from django.utils.translation import gettext_lazy as _

from portal.core.errors import Conflict
from portal.core.prepared import Prepared
from projects.registry.models import Project
from projects.registry.queries import NoProject


class ProjectIsOver(Conflict):
    """The project was closed or withdrawn; nothing about it changes any more."""

    code = "project_over"
    message = _("项目已办结或已撤回，不能再改。如需继续，请重新登记项目。")


def lock(project_id: int) -> Project:
    """Lock a project against other changes; rows that only point to it may still be added.

    :raises NoProject: there is none
    """
    for found in _LOCKED(project_id):
        return found
    raise NoProject


_LOCKED = Prepared(lambda pk: Project.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk))


def lock_open(project_id: int) -> Project:
    """Lock a project that is not over.

    :raises NoProject: there is none
    :raises ProjectIsOver: it was closed or withdrawn
    """
    found = lock(project_id)
    if found.is_over:
        raise ProjectIsOver
    return found
