"""Every verb of a boundary in every state of its project, with and without one that waits."""

from datetime import datetime

import pytest

from blueprint.siting import operations as siting
from blueprint.siting.models import SiteDraft, SiteVersion
from portal.core.actor import Actor
from portal.core.errors import DomainError
from projects.registry.models import Project
from projects.registry.operations import ProjectIsOver
from projects.registry.states import ProjectState
from tests.blueprint.siting.conftest import a_boundary
from tests.factories.blueprint import a_box

pytestmark = pytest.mark.django_db
OVER = (ProjectState.CLOSED, ProjectState.WITHDRAWN)
FIRST, SECOND = a_box(0, 0, 300, 200), a_box(0, 0, 200, 200)


def act(verb: str, project: Project, mark: str, actor: Actor, at: datetime) -> None:
    call = {"project_id": project.pk, "actor": actor, "at": at}
    match verb:
        case "enter":
            siting.enter_version(boundary=a_boundary(SECOND), **call)
        case "propose":
            siting.propose(boundary=a_boundary(SECOND), **call)
        case "use":
            siting.use_draft(mark=mark, **call)
        case "discard":
            siting.discard_draft(**call)
        case "recompute":
            siting.recompute(**call)


@pytest.mark.parametrize("verb", ["enter", "propose", "use", "discard", "recompute"])
@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("stands", [True, False])
@pytest.mark.parametrize("state", ProjectState.values)
def test_boundaries_come_while_the_project_goes_on(
    project: Project, owner_actor: Actor, at: datetime, state: str, stands: bool, waits: bool, verb: str
) -> None:
    call = {"project_id": project.pk, "actor": owner_actor, "at": at}
    if stands:
        siting.enter_version(boundary=a_boundary(FIRST), **call)
    mark = siting.propose(boundary=a_boundary(SECOND), **call).mark if waits else ""
    proposed = {"code": None} if state == ProjectState.PROPOSED else {}
    Project.objects.filter(pk=project.pk).update(state=state, **proposed)
    before = (SiteVersion.objects.count(), SiteDraft.objects.count())

    refusal: type[DomainError] | None = None
    if state in OVER:
        refusal = ProjectIsOver
    elif verb in ("use", "discard") and not waits:
        refusal = siting.NoDraft
    elif verb == "recompute" and not stands:
        refusal = siting.NoSite
    if refusal is not None:
        with pytest.raises(refusal):
            act(verb, project, mark, owner_actor, at)
        assert (SiteVersion.objects.count(), SiteDraft.objects.count()) == before
        return
    act(verb, project, mark, owner_actor, at)

    versions, drafts = before
    assert SiteVersion.objects.count() == versions + (verb in ("enter", "use"))
    assert SiteDraft.objects.count() == {"propose": 1, "use": 0, "discard": 0}.get(verb, drafts)
