"""The demo city is real history: every light, refusals, corrections, pauses, and nothing left undone."""

from datetime import time

import pytest
from django.db.models import Max

from approvals.applications.models import Application, ApplicationNotice
from approvals.applications.states import ApplicationState, NoticeKind
from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState
from approvals.deadlines.models import Timer
from approvals.deadlines.states import Light
from approvals.demo import operations as demo
from approvals.joint.models import Consultation, Session
from approvals.push.models import Delivery
from approvals.push.states import DeliveryState
from approvals.review.models import (
    Case,
    CaseCorrection,
    Commitment,
    Decision,
    Extension,
    Hold,
    PointCheck,
    ReviewTask,
    Tolerance,
)
from approvals.review.queries import definition_of
from approvals.review.states import (
    CASE_RUNNING,
    CommitmentState,
    CorrectionState,
    DecisionState,
    ExtensionState,
    Outcome,
    Step,
    TaskState,
    ToleranceState,
)
from portal.citypack.models import PackVersion
from portal.core import audit, calendars
from portal.core.clock import SHANGHAI
from portal.core.models import AuditEvent, OutboxMessage
from projects.registry.models import Project, Unit
from tests.approvals.demo.conftest import NOW, PROJECTS, picture

TODAY = NOW.date()


@pytest.mark.django_db
def test_tells_its_progress_after_each_project(city):
    assert city == [(number, PROJECTS) for number in range(1, PROJECTS + 1)]
    assert Project.objects.count() == PROJECTS


@pytest.mark.django_db
def test_every_light_shines(city):
    running = Timer.objects.filter(pk__in=Case.objects.filter(state__in=CASE_RUNNING).values("timer"))
    lights = set(running.with_light(TODAY).values_list("light", flat=True))
    assert lights == {Light.GREEN, Light.YELLOW, Light.RED, Light.GREY}
    assert running.filter(promised_due_on=TODAY, state="running").exists()
    late = [calendars.current().workdays_between(timer.promised_due_on, TODAY) for timer in running.late_on(TODAY)]
    assert min(late) < 5 <= max(late), "a red and a double red one"
    assert Application.objects.filter(state=ApplicationState.SUBMITTED, notice_due_on__gte=TODAY).exists()


@pytest.mark.django_db
def test_knows_refusals_corrections_and_pauses(city):
    refused = Case.objects.get(decision__outcome=Outcome.REJECTED)
    again = Case.objects.filter(project=refused.project, service_item=refused.service_item).exclude(pk=refused.pk)
    assert again.get().opened_at > refused.closed_at
    assert Hold.objects.filter(released_at=None).exists()
    assert Hold.objects.exclude(released_at=None).exists()
    assert Application.objects.filter(state=ApplicationState.CORRECTING).exists()
    mended = ApplicationNotice.objects.filter(kind=NoticeKind.CORRECTION).exclude(
        application__state=ApplicationState.CORRECTING
    )
    assert mended.exists()


@pytest.mark.django_db
def test_takes_names_codes_and_flows_of_the_packs_own_projects(city):
    for known in PackVersion.objects.current().get().documents["city"]["projects"]:
        project = Project.objects.get(code=known["project_code"])
        assert (project.name, project.flow) == (known["name"], known["flow"])
    assert Project.objects.values("flow").distinct().count() == 5


@pytest.mark.django_db
def test_history_lies_in_office_hours_of_working_days_and_not_ahead_of_now(city):
    streams = Project.objects.values("code")
    moments = AuditEvent.objects.filter(stream__in=streams).values_list("at", flat=True)
    assert max(moments) <= NOW
    for moment in moments:
        local = moment.astimezone(SHANGHAI)
        assert calendars.current().is_workday(local.date()), local
        assert time(9) <= local.time() <= time(18), local


@pytest.mark.django_db
def test_chains_hold_and_papers_are_printed(city):
    streams = list(AuditEvent.objects.values_list("stream", flat=True).distinct())
    assert len(streams) >= PROJECTS
    assert [audit.verify(stream) for stream in streams] == [None] * len(streams)
    assert not OutboxMessage.objects.filter(created_at__lt=NOW, done_at=None).exists()
    assert not OutboxMessage.objects.exclude(last_error="").exists()
    assert Certificate.objects.count() == Decision.objects.count() > 10
    assert not Certificate.objects.filter(state=CertificateState.PREPARING).exists()
    assert not ApplicationNotice.objects.filter(blob=None).exists()
    states = set(Delivery.objects.values_list("state", flat=True))
    assert states == {DeliveryState.SENT, DeliveryState.ACKNOWLEDGED}


@pytest.mark.django_db
def test_no_person_did_two_steps_of_a_case(city):
    for case in Case.objects.all():
        steps = set(case.opinions.values_list("step", "author_id"))
        assert len({author for _step, author in steps}) == len({step for step, _author in steps})
    assert ReviewTask.objects.filter(state="claimed").exists()


@pytest.mark.django_db
def test_shows_what_comes_between_and_after_the_steps(city):
    assert Extension.objects.get().state == ExtensionState.GRANTED
    assert set(CaseCorrection.objects.values_list("state", flat=True)) == {
        CorrectionState.REQUESTED,
        CorrectionState.CONFIRMED,
    }
    assert set(Commitment.objects.values_list("state", flat=True)) == {
        CommitmentState.TO_CHECK,
        CommitmentState.RECTIFYING,
    }
    tolerance = Tolerance.objects.get()
    assert tolerance.state == ToleranceState.OPEN
    assert 0 < calendars.current().workdays_between(TODAY, tolerance.due_on) <= 3
    revoked = Decision.objects.get(state=DecisionState.REVOKED)
    assert revoked.end_basis
    assert Certificate.objects.get(decision=revoked).state == CertificateState.REVOKED
    assert Decision.objects.get(outcome=Outcome.REJECTED).basis == "《中华人民共和国城乡规划法》第四十条"


@pytest.mark.django_db
def test_divides_a_project_into_units_with_codes(city):
    parts = Unit.objects.filter(name__contains="标段").order_by("code")
    assert [part.name for part in parts] == ["一标段（交易大厅）", "二标段（冷库）"]
    first = parts[0]
    application = Application.objects.get(project=first.project, stage="S2")
    assert application.unit.code.startswith(first.code)
    assert application.cases.filter(state__in=CASE_RUNNING).exists()
    runs = first.project.stage_runs.present().filter(stage="S2")
    assert sorted(runs.values_list("state", flat=True)) == ["in_review", "open"]


@pytest.mark.django_db
def test_departments_ask_each_other_and_meet(city):
    assert set(Consultation.objects.values_list("state", flat=True)) == {"open", "closed"}
    waiting = Consultation.objects.get(state="open")
    assert waiting.hold.released_at is None
    assert set(waiting.requests.values_list("state", flat=True)) == {"asked", "answered"}
    meeting = Session.objects.get()
    assert (meeting.state, meeting.participants.filter(opined_at=None).count()) == ("held", 2)


@pytest.mark.django_db
def test_writing_it_again_adds_nothing(city):
    before = picture()
    assert demo.write_city(projects=PROJECTS, seed=1, at=NOW, tell=lambda *_done: None) == 0
    assert picture() == before


@pytest.mark.django_db
def test_goes_on_where_it_was_cut_off(city):
    newest = AuditEvent.objects.aggregate(newest=Max("pk"))["newest"]
    assert demo.write_city(projects=PROJECTS + 1, seed=1, at=NOW, tell=lambda *_done: None) == 1
    added = AuditEvent.objects.filter(pk__gt=newest).values_list("stream", flat=True)
    assert len(set(added)) == 1


@pytest.mark.django_db
def test_handlers_tick_what_they_check(city):
    done = ReviewTask.objects.filter(step=Step.HANDLER, state=TaskState.DONE, case__commitments=None)
    assert done.exists()
    unticked = [
        task for task in done.select_related("case__service_item", "case__application") if not task.checks.exists()
    ]
    assert [task.case.number for task in unticked if definition_of(task.case)[1].check_points] == []
    assert {check.marked_at for check in PointCheck.objects.filter(task__in=done)} <= {
        task.opinion.given_at for task in done
    }
