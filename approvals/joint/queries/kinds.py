"""What the pack says about kinds of joint work."""

from approvals.review.models import Case, StageRun
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import JointDef, JointForm

#: stands for every department with a case of the stage
EVERYBODY = "*"


def opinion_kinds(version_id: int) -> dict[str, JointDef]:
    """Return the kinds of questions to other departments."""
    kinds = catalogues.catalogue(version_id).joint
    return {kind.id: kind for kind in kinds.values() if kind.form == JointForm.OPINION}


def session_kinds(version_id: int, *, stage: str) -> dict[str, JointDef]:
    """Return the kinds of sessions of a stage: those about one of its items, and those about none in particular."""
    catalogue = catalogues.catalogue(version_id)
    return {
        kind.id: kind
        for kind in catalogue.joint.values()
        if kind.form == JointForm.SESSION
        and (not kind.items or any(catalogue.items[item].stage == stage for item in kind.items))
    }


def participants_of(kind: JointDef, *, run: StageRun) -> set[str]:
    """Return the departments a kind invites for a stage."""
    named = set(kind.participants)
    if EVERYBODY in named:
        named.discard(EVERYBODY)
        named |= set(Case.objects.filter(stage_run=run).values_list("department_id", flat=True))
    return named
