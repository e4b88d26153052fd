"""Taking the row of an application before anything is decided about it."""

from approvals.applications.models import Application
from portal.core.errors import NotFound
from portal.core.prepared import Prepared


def lock(application_id: int) -> Application:
    """Lock an application for the running operation, with the project and unit it belongs to.

    `review` takes the stage runs of the project before it; nothing here goes back up to them.
    :raises NotFound: there is no such application
    """
    for application in _LOCKED(application_id):
        return application
    raise NotFound


_LOCKED = Prepared(
    lambda pk: (
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project__owner", "unit")
        .filter(pk=pk)
    )
)
