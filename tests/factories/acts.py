"""Cases in which something was asked or promised, as they come about through the operations."""

from datetime import datetime, timedelta

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review.models import Case, CaseCorrection, Commitment, Decision, Extension, Tolerance
from approvals.review.states import Conclusion
from portal.accounts.models import Enterprise
from portal.core.actor import Actor
from tests.factories import review as factory
from tests.factories.projects import GOV_BUILDING, pdf

#: an item with three steps, tolerable materials and a commitment for some cases
PROPOSAL = "S1-01"
TOLERABLE = "m_fund"


def a_proposal(*, owner: Enterprise, applicant: Actor, clerk: Actor, at: datetime) -> Case:
    """Return a case of a government project that may be decided with deferred material or by commitment."""
    return factory.case_of(an_application(owner=owner, applicant=applicant, clerk=clerk, at=at), PROPOSAL)


def an_application(*, owner: Enterprise, applicant: Actor, clerk: Actor, at: datetime) -> Application:
    project = factory.a_running_project(owner=owner, actor=applicant, at=at, facts=GOV_BUILDING, name="滨海第三小学")
    return factory.accepted(project=project, stage="S1", applicant=applicant, clerk=clerk, at=at, items=[PROPOSAL])


def handler_of(case: Case) -> Actor:
    return factory.member(case.department_id, "handler")


def approver_of(case: Case) -> Actor:
    return factory.member(case.department_id, "approver")


def an_extension(case: Case, *, at: datetime, days: int = 5) -> Extension:
    return review.ask_extension(case_id=case.pk, days=days, reason="需要补充论证", actor=handler_of(case), at=at)


def a_correction(case: Case, *, at: datetime) -> CaseCorrection:
    points = [review.Point(problem="缺少盖章", material=TOLERABLE), review.Point(problem="请说明", label="建设内容")]
    return review.ask_correction(case_id=case.pk, points=points, actor=handler_of(case), at=at)


def supplied(correction: CaseCorrection, *, applicant: Actor, at: datetime) -> CaseCorrection:
    point = correction.points.exclude(material="").get()
    return review.supply_correction(
        correction_id=correction.pk,
        uploads={point.pk: pdf("资金证明.pdf", note="2")},
        answer="已补",
        actor=applicant,
        at=at,
    )


def a_tolerance(case: Case, *, at: datetime, days: int = 7) -> Tolerance:
    """Grant a case with one material to come within some calendar days."""
    task = factory.up_to_decision(case, at=at)
    review.complete_task(
        task_id=task.pk,
        conclusion=Conclusion.GRANT,
        opinion="同意，容缺",
        deferred=[TOLERABLE],
        supply_by=at.date() + timedelta(days=days),
        actor=factory.member(case.department_id, task.step),
        at=at,
    )
    return Tolerance.objects.get(decision__case=case)


def a_commitment(case: Case, *, applicant: Actor, at: datetime) -> Commitment:
    return review.sign_commitment(case_id=case.pk, upload=pdf("承诺书.pdf"), actor=applicant, at=at)


def decided_by_commitment(case: Case, *, applicant: Actor, at: datetime) -> Commitment:
    """Sign and grant at once."""
    commitment = a_commitment(case, applicant=applicant, at=at)
    review.complete_task(
        task_id=factory.open_task(case).pk,
        conclusion=Conclusion.GRANT,
        opinion="已承诺",
        actor=handler_of(case),
        at=at,
    )
    commitment.refresh_from_db()
    return commitment


def in_force(case: Case) -> Decision:
    return Decision.objects.in_force().get(case=case)
