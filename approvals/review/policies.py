"""Who may do what in the review. Button, view and operation ask the same function."""

from django.db.models import Q

from approvals.applications import policies as application_policies
from approvals.applications.models import Application
from approvals.review.models import Case, Extension, ReviewTask, StageRun
from approvals.review.states import CaseState, Step
from portal.core.actor import Actor, StandIn
from portal.core.errors import NotAllowed
from projects.registry.models import Project

#: what a role must allow for each step
ACT_OF_STEP = {Step.HANDLER: "task.handle", Step.CHECKER: "task.check", Step.APPROVER: "task.approve"}


def require(allowed: bool) -> None:
    """Refuse unless allowed.

    :raises NotAllowed: the policy said no
    """
    if not allowed:
        raise NotAllowed


def person_id(actor: Actor) -> int:
    """Return who acts where only a person can: an opinion or a decision has an author.

    :raises NotAllowed: the system acts
    """
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id


def _owns(actor: Actor, project: Project) -> bool:
    return project.owner_id in actor.enterprise_ids or project.pk in actor.project_ids


def can_open_application(actor: Actor, project: Project) -> bool:
    """The owner and who has his mandate; the window for what comes over the counter."""
    return actor.may("application.enter_paper") or (actor.may_own("application.draft") and _owns(actor, project))


def can_accept(actor: Actor) -> bool:
    """The window, city-wide."""
    return actor.may("application.accept")


def can_withdraw(actor: Actor, application: Application) -> bool:
    """Who applied."""
    return application_policies.can_withdraw(actor, application)


def can_view_case(actor: Actor, case: Case) -> bool:
    """The case's department, the lead of its stage, the applicant, and who sees the whole city."""
    if actor.citywide("case.view"):
        return True
    if case.department_id in actor.departments_for("case.view"):
        return True
    if case.stage_run is not None and case.stage_run.lead_id in actor.departments_for("stage.lead"):
        return True
    return actor.may_own("case.view") and _owns(actor, case.project)


def can_read_opinions(actor: Actor, case: Case) -> bool:
    """What reviewers say to each other is for the authorities; the applicant gets the decision and its reason."""
    return actor.citywide("case.view") or (
        can_view_case(actor, case)
        and (
            case.department_id in actor.departments_for("case.view")
            or (case.stage_run is not None and case.stage_run.lead_id in actor.departments_for("stage.lead"))
        )
    )


def can_view_stage(actor: Actor, run: StageRun, *, departments: frozenset[str]) -> bool:
    """See the lanes of a stage: its lead, every department with a case in it, the owner, who sees the whole city.

    :param departments: those with a case in the stage
    """
    if actor.citywide("case.view"):
        return True
    own = actor.departments_for("case.view")
    if own & departments or run.lead_id in own | actor.departments_for("stage.lead"):
        return True
    return actor.may_own("case.view") and _owns(actor, run.project)


def act_of(step: str) -> str:
    """Return the act a step needs."""
    return ACT_OF_STEP[Step(step)]


def may_do_step(actor: Actor, *, step: str, department: str) -> bool:
    """Tell whether a role lets the actor do this step in this department."""
    return actor.may(act_of(step), department=department)


def can_do_task(actor: Actor, task: ReviewTask) -> bool:
    """Members of the department with the step's role, as long as nobody else has it; a substitute for the absent."""
    if actor.user_id is None or not may_do_step(actor, step=task.step, department=task.department_id):
        return False
    return is_at_hand(actor, task)


def is_at_hand(actor: Actor, task: ReviewTask) -> bool:
    """Tell whether nobody has the task, or the actor, or an absent colleague for whom he stands in."""
    return task.assignee_id in (None, actor.user_id) or standing_in(actor, task) is not None


def standing_in(actor: Actor, task: ReviewTask) -> StandIn | None:
    """Return the absent colleague who has the task and for whom the actor stands in, if it is so."""
    if task.assignee_id in (None, actor.user_id):
        return None
    return actor.standing_in_for(task.assignee_id, department=task.department_id)


def spoken_by(user_id: int | None) -> Q:
    """Return the condition on opinions that count as a person's own: his, and what a substitute said for him."""
    return Q(author_id=user_id) | Q(on_behalf_of_id=user_id)


def can_assign(actor: Actor, *, department: str) -> bool:
    """Who distributes the work of a department."""
    return actor.user_id is not None and actor.may("task.assign", department=department)


def can_hand_back(actor: Actor, task: ReviewTask) -> bool:
    """Who has it, and who assigns work in the department."""
    return task.assignee_id is not None and (
        task.assignee_id == actor.user_id or actor.may("task.assign", department=task.department_id)
    )


def can_batch(actor: Actor) -> bool:
    """Whoever works on steps of a department, or distributes them: what he may do with each task is asked anew."""
    return actor.user_id is not None and any(
        actor.departments_for(act) for act in (*ACT_OF_STEP.values(), "task.assign")
    )


def can_hold(actor: Actor, case: Case) -> bool:
    """Whoever works on the case in its department."""
    return any(actor.may(act, department=case.department_id) for act in ACT_OF_STEP.values())


def can_ask_extension(actor: Actor, case: Case) -> bool:
    """Who handles cases in the department."""
    return actor.user_id is not None and actor.may("extension.ask", department=case.department_id)


def can_decide_extension(actor: Actor, extension: Extension) -> bool:
    """Who approves in the department (行政许可法第42条: 本机关负责人); never the one who asked."""
    return (
        actor.user_id is not None
        and actor.user_id != extension.asked_by_id
        and actor.may("extension.decide", department=extension.case.department_id)
    )


def can_ask_correction(actor: Actor, case: Case) -> bool:
    """Who handles cases in the department."""
    return actor.may("correction.ask", department=case.department_id)


def can_supply_correction(actor: Actor, case: Case) -> bool:
    """The applicant, and who has his mandate."""
    return actor.may_own("correction.supply") and _owns(actor, case.project)


def can_confirm_correction(actor: Actor, case: Case) -> bool:
    """Who handles cases in the department, and the window."""
    return actor.may("correction.confirm", department=case.department_id)


def can_supply_tolerance(actor: Actor, case: Case) -> bool:
    """The applicant, and who has his mandate."""
    return actor.may_own("tolerance.supply") and _owns(actor, case.project)


def can_confirm_tolerance(actor: Actor, case: Case) -> bool:
    """Who handles cases in the department, and the window."""
    return actor.may("tolerance.confirm", department=case.department_id)


def can_sign_commitment(actor: Actor, case: Case) -> bool:
    """The enterprise itself; an agent fills in, he never signs."""
    return actor.may_own("commitment.sign") and case.project.owner_id in actor.enterprise_ids


def may_be_promised(case: Case, *, unchecked: bool) -> bool:
    """Tell whether a commitment can be handed in now: not while the case stands still, nor before what was supplied
    has been looked at; a promise made then would be about a file that nobody knows yet.

    :param unchecked: a correction was supplied and not looked at
    """
    return case.state == CaseState.OPEN and not unchecked


def can_check_commitment(actor: Actor, case: Case) -> bool:
    """Who handles cases in the department."""
    return actor.may("commitment.check", department=case.department_id)


def can_revoke(actor: Actor, case: Case) -> bool:
    """Who approves in the department that decided (行政许可法第69条)."""
    return actor.may("decision.revoke", department=case.department_id)


def can_reopen(actor: Actor, case: Case) -> bool:
    """Who approves in the department that decided."""
    return actor.may("decision.reopen", department=case.department_id)


def can_correct(actor: Actor, case: Case) -> bool:
    """Who approves in the department that decided."""
    return actor.may("decision.correct", department=case.department_id)


def can_give_back(actor: Actor, case: Case) -> bool:
    """The enterprise itself; an agent never gives up what was granted."""
    return actor.may_own("decision.give_back") and case.project.owner_id in actor.enterprise_ids


def can_urge(actor: Actor, run: StageRun) -> bool:
    """The lead of the stage."""
    return actor.user_id is not None and run.lead_id is not None and actor.may("stage.urge", department=run.lead_id)
