"""What the departments ask of an applicant in the cases of a project."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from approvals.review.models import Case
from approvals.review.states import CommitmentState, CorrectionState, ToleranceState


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing the applicant has to bring or put right by a day.

    :param kind: correction, tolerance or commitment
    """

    case_id: int
    item: str
    kind: str
    due_on: date


def asked_of(project_id: int) -> list[Asked]:
    """List what is asked in a project's cases, the nearest day first; one statement."""
    rows = (
        Case.objects.filter(project_id=project_id)
        .filter(
            Q(corrections__state=CorrectionState.REQUESTED)
            | Q(decision__tolerance__state=ToleranceState.OPEN)
            | Q(commitments__state=CommitmentState.RECTIFYING)
        )
        .annotate(
            correction_state=F("corrections__state"),
            mend_by=F("corrections__due_on"),
            tolerance_state=F("decision__tolerance__state"),
            supply_by=F("decision__tolerance__due_on"),
            commitment_state=F("commitments__state"),
            rectify_by=F("commitments__rectify_by"),
        )
        .values_list(
            "pk",
            "service_item__name",
            "correction_state",
            "mend_by",
            "tolerance_state",
            "supply_by",
            "commitment_state",
            "rectify_by",
        )
    )
    found = set()
    for pk, item, correction, mend_by, tolerance, supply_by, commitment, rectify_by in rows:
        if correction == CorrectionState.REQUESTED:
            found.add(Asked(pk, item, "correction", mend_by))
        if tolerance == ToleranceState.OPEN:
            found.add(Asked(pk, item, "tolerance", supply_by))
        if commitment == CommitmentState.RECTIFYING:
            found.add(Asked(pk, item, "commitment", rectify_by))
    return sorted(found, key=lambda asked: (asked.due_on, asked.case_id))
