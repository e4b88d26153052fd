"""A case as its applicant sees it: where it stands, what he was told, what he is asked for."""

from dataclasses import dataclass
from datetime import date

from approvals.deadlines import drawings
from approvals.deadlines.queries import LightWords
from approvals.review.models import Case
from approvals.review.pages.acts import CaseActs, case_acts
from approvals.review.queries.lanes import light_of
from portal.core.actor import Actor
from portal.ui.clockbar import ClockBar


@dataclass(frozen=True, slots=True)
class MyCase:
    """The applicant's page of one case."""

    case: Case
    light: LightWords
    bar: ClockBar | None
    acts: CaseActs


def my_case(case: Case, actor: Actor, *, today: date) -> MyCase:
    """Read the applicant's page of a case the actor may see."""
    return MyCase(
        case=case,
        light=light_of(case.state, case.timer, today),
        bar=drawings.clock_bar(case.timer, today, subject=f"{case.project.name} {case.service_item.name}"),
        acts=case_acts(case, actor, today=today),
    )
