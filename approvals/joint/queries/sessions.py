"""What a session still needs, and what its kind says."""

from approvals.joint.models import Session
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import JointDef, JointResult


def kind_of(session: Session) -> JointDef:
    """Return the definition a session was called under."""
    return catalogues.catalogue(session.project.pack_version_id).joint[session.kind]


def results_of(session: Session) -> tuple[JointResult, ...]:
    """Return what a session has to bring about beside its conclusion."""
    return kind_of(session).results


def missing_results(session: Session) -> list[JointResult]:
    """Return what it has not brought about yet; one query where the kind asks for anything."""
    wanted = results_of(session)
    given = set(session.results.values_list("result", flat=True)) if wanted else set()
    return [result for result in wanted if result.id not in given]
