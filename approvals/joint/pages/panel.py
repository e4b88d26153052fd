"""What the pages of a case and of a stage show of joint work; they fetch it by its address."""

from dataclasses import dataclass
from datetime import date

from approvals.deadlines import queries as deadlines
from approvals.deadlines.queries import LightWords
from approvals.joint import policies, queries
from approvals.joint.models import Consultation, Request, Session
from approvals.review.models import Case, StageRun
from portal.core.actor import Actor


@dataclass(frozen=True, slots=True)
class PanelQuestion:
    """A question with its addressees and their lights."""

    consultation: Consultation
    requests: tuple[tuple[Request, LightWords], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """The questions and sessions of a case or a stage that the reader may see."""

    questions: tuple[PanelQuestion, ...]
    sessions: tuple[Session, ...]
    may_ask: bool
    may_call: bool


def case_panel(case: Case, actor: Actor, *, today: date) -> Panel:
    """Return what is shown beside a case."""
    run = case.stage_run
    return Panel(
        questions=_questions(queries.consultations_of_case(case.pk, actor), today=today),
        sessions=_sessions(run, actor),
        may_ask=policies.can_ask_about_case(actor, case),
        may_call=case.is_running and run is not None and _may_call(run, actor),
    )


def stage_panel(run: StageRun, actor: Actor, *, today: date) -> Panel:
    """Return what is shown on the page of a stage."""
    return Panel(
        questions=_questions(queries.consultations_of_stage(run.pk, actor), today=today),
        sessions=_sessions(run, actor),
        may_ask=policies.can_ask_about_stage(actor, run),
        may_call=_may_call(run, actor),
    )


def _questions(consultations: list[Consultation], *, today: date) -> tuple[PanelQuestion, ...]:
    return tuple(
        PanelQuestion(
            consultation,
            tuple((row, deadlines.light_words(row.timer, today)) for row in consultation.requests.all()),
        )
        for consultation in consultations
    )


def _sessions(run: StageRun | None, actor: Actor) -> tuple[Session, ...]:
    if run is None:
        return ()
    rows = Session.objects.visible_to(actor).filter(stage_run=run).select_related("lead")
    return tuple(rows.order_by("-pk"))


def _may_call(run: StageRun, actor: Actor) -> bool:
    kinds = queries.session_kinds(run.project.pack_version_id, stage=run.stage)
    return any(policies.can_call(actor, kind.lead) for kind in kinds.values())
