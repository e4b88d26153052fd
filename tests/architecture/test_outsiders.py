"""Nobody sees or changes what is not his: every address is asked for somebody else's things.

An address that is new is tried by itself; only what is meant for the public is named here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

import pytest
from django.core import serializers
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from approvals.applications.models import Application, ApplicationNotice, MaterialSlot, SlotFile
from approvals.certificates.models import Certificate
from approvals.joint import operations as joint
from approvals.joint.models import Consultation, Participant, Point, Reply, Request, Session, SessionResult
from approvals.push.models import Delivery
from approvals.review import operations as review
from approvals.review.models import (
    BatchAct,
    Case,
    CaseCorrection,
    Decision,
    Extension,
    Hold,
    ReviewTask,
    SavedFilter,
    Urge,
)
from approvals.review.queries import Filters
from blueprint.layers.models import Edition, ImportJob, Layer
from portal.accounts.models import Delegation, Enterprise, Membership
from portal.core import clock
from portal.core.actor import Actor
from portal.core.models import StoredBlob
from portal.notices.models import Notice
from projects.archive.models import Document
from projects.registry.models import Project
from tests.cast import PASSWORD, Person, as_actor
from tests.factories import applications as applying
from tests.factories import joint as joining
from tests.factories import review as reviewing
from tests.factories.blueprint import a_box, an_edition, feature
from tests.factories.projects import pdf

#: pages whose content is public: progress without persons, what a certificate says to who holds its code, decisions
PUBLIC = {
    "tracking:progress",
    "tracking:progress_of",
    "x/<str:code>",
    "tracking:qr",
    "tracking:published",
    "certificates:verify",
}
#: arguments that name a thing of somebody; the others only choose between pages
OWNED = {
    "project_id",
    "code",
    "application_id",
    "slot_id",
    "slot_file_id",
    "notice_id",
    "case_id",
    "hold_id",
    "task_id",
    "run_id",
    "batch_id",
    "filter_id",
    "number",
    "certificate_id",
    "delivery_id",
    "document_id",
    "timer_id",
    "membership_id",
    "user_id",
    "delegation_id",
    "name",
    "consultation_id",
    "request_id",
    "reply_id",
    "session_id",
    "participant_id",
    "point_id",
    "step_id",
    "result_id",
    "edition_id",
    "import_id",
    "patch_id",
    "idea_id",
}
REFUSED = {403, 404, 405}
#: what is sent along: enough for the act to be done if it were his
WORDS = {
    "stage": "S1",
    "reuse": 1,
    "verdict": "complete",
    "conclusion": "pass",
    "opinion": "同意",
    "reason": "不符合规定",
    "basis": "行政许可法第六十九条",
    "days": 3,
    "granted": True,
    "other_label": "说明",
    "other_problem": "缺少说明",
    "to": "李明",
    "flow": "soc_general",
    "commitment": "yes",
    "send": "1",
}
NAME = "山前保密仓储用房"
OPINION = "此意见只给经办人看"


@dataclass(frozen=True)
class Address:
    """One pattern of the portal, with everything before it."""

    pattern: str
    name: str
    arguments: tuple[str, ...]

    def filled(self, values: dict[str, Any]) -> str:
        text = self.pattern
        for part in self.pattern.split("<")[1:]:
            converter = part.split(">")[0]
            text = text.replace(f"<{converter}>", str(values[converter.split(":")[1]]))
        return f"/{text}"

    @property
    def is_owned(self) -> bool:
        return not OWNED.isdisjoint(self.arguments)


def addresses(
    patterns: Sequence[URLPattern | URLResolver] | None = None, before: str = "", space: str = ""
) -> Iterator[Address]:
    """List every address but those of Django's own administration."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            name = f"{space}:{entry.name}" if entry.name else route
            yield Address(route, name, tuple(entry.pattern.converters))
        elif entry.namespace != "admin":
            yield from addresses(entry.url_patterns, route, entry.namespace or space)


@pytest.fixture
def world(
    pack: object,
    enterprise: Enterprise,
    applicant: Any,
    clerk: Any,
    drained: Callable[[datetime], int],
    at: datetime,
) -> Iterator[list[dict[str, Any]]]:
    """What one enterprise has: a project with a draft, one under review, with a decision and its paper."""
    with clock.frozen(at):
        owner = as_actor(applicant)
        filed = applying.handed_in(
            owner=enterprise,
            actor=owner,
            at=at,
            project=reviewing.a_running_project(owner=enterprise, actor=owner, at=at, name=NAME),
        )
        review.accept(application_id=filed.pk, actor=as_actor(clerk), at=at)
        drained(at)
        decided = reviewing.finish(reviewing.case_of(filed, "S1-04"), at=at, opinion=OPINION)
        case = reviewing.case_of(filed, "S1-07")
        handler = reviewing.member(case.department_id, "handler")
        review.place_hold(case_id=case.pk, reason="等专家意见", clock="none", kind="", actor=handler, at=at)
        drained(at)
        draft = applying.a_draft(owner=enterprise, actor=owner, at=at)
        certificate = Certificate.objects.get(decision__case=decided)
        notice = Notice.objects.filter(enterprise=enterprise).first() or Notice.objects.filter(user=applicant).first()
        assert notice
        shared = {
            "project_id": filed.project_id,
            "code": filed.project.code,
            "stage": "S1",
            "layout": "department",
            "item": "S1-07",
            "slot_id": applying.first_slot(filed).pk,
            "slot_file_id": SlotFile.objects.filter(slot__application=filed).first().pk,  # type: ignore[union-attr]
            "notice_id": ApplicationNotice.objects.filter(application=filed).first().pk,  # type: ignore[union-attr]
            "case_id": case.pk,
            "hold_id": Hold.objects.get(case=case).pk,
            "task_id": reviewing.open_task(case).pk,
            "run_id": case.stage_run_id,
            "number": certificate.number,
            "certificate_id": certificate.pk,
            "delivery_id": Delivery.objects.first().pk,  # type: ignore[union-attr]
            "document_id": Document.objects.filter(project=filed.project).first().pk,  # type: ignore[union-attr]
            "timer_id": case.timer_id,
            "user_id": applicant.pk,
            "delegation_id": _an_absence(case, at).pk,
            "membership_id": Membership.objects.get(user=applicant).pk,
            "name": filed.project.audit_stream,
            **hidden_ground(),
            # Whoever guesses a number: sites, ideas and patches of others are tried in their own tests.
            **dict.fromkeys(("patch_id", "idea_id", "opinion_id", "condition_id", "version"), 1),
            "file_format": "geojson",
            "act": "drop",
            **inbox_things(case.department_id, at),
            **joint_work(case, owner, at),
        }
        message = {**shared, "application_id": filed.pk, "notice_id": notice.pk}
        yield [{**shared, "application_id": filed.pk}, {**shared, "application_id": draft.pk}, message]


def hidden_ground() -> dict[str, int]:
    """An edition of a layer whose shapes nobody may see, and the place of a tile of it."""
    masked = Layer.objects.filter(is_masked=True).first()
    assert masked
    edition = an_edition(masked.code, [feature(a_box(0, 0, 9, 9))])
    job = ImportJob.objects.create(
        layer=masked,
        name="2027",
        file_name=NAME,
        blob=StoredBlob.objects.earliest("pk"),
        person_id=0,
        person_name=NAME,
        asked_at=clock.now(),
    )
    return {"edition_id": edition.pk, "import_id": job.pk, "feature_id": 1, "z": 14, "x": 13353, "y": 7150}


def inbox_things(department: str, at: datetime) -> dict[str, int]:
    """What a reviewer has of his own: a batch that waits, and a saved filter."""
    handler = reviewing.member(department, "handler")
    task = ReviewTask.objects.inbox_of(handler).first()
    assert task
    batch = review.queue_batch(kind="claim", tasks={task.pk: 1}, opinion="", actor=handler, at=at)
    return {
        "batch_id": batch.pk,
        "filter_id": review.save_filter(name=OPINION, filters=Filters(), actor=handler).pk,
    }


def joint_work(case: Case, owner: Actor, at: datetime) -> dict[str, int]:
    """A question with its answer, and a session whose one point is reported mended."""
    asked = joining.request_to(joining.asked(case, "sthj", at=at, question=OPINION), "sthj")
    joining.replied(asked, at=at, text=OPINION, upload=pdf())
    session = joining.held(joining.called(case.stage_run_id or 0, at=at), at=at)
    point = joining.a_point(session, joining.FIRST, at=at, upload=pdf())
    lead = reviewing.member(session.lead_id, "handler")
    joining.list_sent(session, at=at)
    joint.report_mended(point_id=point.pk, text=OPINION, upload=pdf(), actor=owner, at=at)
    result = SessionResult.objects.create(
        session=session, result="plan", name="方案", text=OPINION, given_by_name=lead.name, given_at=at
    )
    return {
        "consultation_id": asked.consultation_id,
        "request_id": asked.pk,
        "reply_id": asked.replies.get().pk,
        "session_id": session.pk,
        "participant_id": joining.participant_of(session, joining.FIRST).pk,
        "point_id": point.pk,
        "step_id": point.steps.get().pk,
        "result_id": result.pk,
    }


def _an_absence(case: Any, at: datetime) -> Delegation:
    """Let one handler of the case's department stand in for another."""
    handler, approver = (reviewing.member(case.department_id, role) for role in ("handler", "approver"))
    return Delegation.objects.create(
        person_id=handler.user_id,
        substitute_id=approver.user_id,
        department_id=case.department_id,
        from_on=at.date(),
        until_on=at.date(),
        given_by_id=approver.user_id,
        given_at=at,
    )


def secrets(values: dict[str, Any]) -> list[str]:
    return [NAME, OPINION, values["code"], values["number"]]


def state_of_everything(values: dict[str, Any]) -> str:
    """Return the rows an outsider might want to change, as text."""
    rows = [
        *Project.objects.order_by("pk"),
        *Application.objects.order_by("pk"),
        *MaterialSlot.objects.order_by("pk"),
        *SlotFile.objects.order_by("pk"),
        *ReviewTask.objects.order_by("pk"),
        *Hold.objects.order_by("pk"),
        *BatchAct.objects.order_by("pk"),
        *SavedFilter.objects.order_by("pk"),
        *Case.objects.order_by("pk"),
        *(row for model in (Decision, Extension, CaseCorrection, Urge) for row in model.objects.order_by("pk")),
        *(
            row
            for model in (Consultation, Request, Reply, Session, Participant, Point, SessionResult)
            for row in model.objects.order_by("pk")
        ),
        *Certificate.objects.order_by("pk"),
        *Edition.objects.order_by("pk"),
        *ImportJob.objects.order_by("pk"),
        *Delivery.objects.order_by("pk"),
        *Membership.objects.filter(pk=values["membership_id"]),
        *Delegation.objects.all(),
        *Notice.objects.filter(pk=values["notice_id"]),
    ]
    return serializers.serialize("json", rows)


def faults(client: Client, world: list[dict[str, Any]], *, signed_in: bool, headers: dict[str, str]) -> Iterator[str]:
    """Ask for every address as one reader, and say what should not have been answered so."""
    allowed = REFUSED if signed_in else REFUSED | {302, 401}
    asked = set()
    for address, values, method in product(addresses(), world, ("get", "post")):
        path = address.filled(values)
        if (path, method) in asked or address.name in ("accounts:logout", "accounts:password_change"):
            continue
        asked.add((path, method))
        body = {"project": values["code"], "slot": values["slot_id"], **WORDS}
        answer = client.post(path, body, headers=headers) if method == "post" else client.get(path, headers=headers)
        told = f"{method.upper()} {path} ({address.name}): {answer.status_code}"
        content = answer.getvalue()
        if answer.status_code >= 500:
            yield told
        elif address.name in PUBLIC:
            continue
        elif address.is_owned and answer.status_code not in allowed:
            yield told
        elif answer.status_code == 200:
            yield from (
                f"{told} shows {secret}" for secret in secrets(values) if secret in content.decode(errors="replace")
            )


def check(client: Client, world: list[dict[str, Any]], headers: dict[str, str], *, signed_in: bool = True) -> None:
    before = [state_of_everything(values) for values in world]
    found = list(faults(client, world, signed_in=signed_in, headers=headers))
    assert not found, "\n".join(found)
    assert [state_of_everything(values) for values in world] == before


@pytest.mark.django_db
def test_the_public_gets_only_what_is_public(world: list[dict[str, Any]]) -> None:
    check(Client(raise_request_exception=False), world, {}, signed_in=False)


@pytest.mark.django_db
def test_another_enterprise_gets_nothing(world: list[dict[str, Any]], other_applicant: Any) -> None:
    check(signed_in(other_applicant), world, token_of(other_applicant))


@pytest.mark.django_db
def test_a_department_without_a_part_gets_nothing(world: list[dict[str, Any]], person: Person) -> None:
    reviewer = person("jt-handler", "handler", department="jt")
    check(signed_in(reviewer), world, token_of(reviewer))


def signed_in(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.post("/accounts/login/", {"username": user.username, "password": PASSWORD})
    return client


def token_of(user: Any) -> dict[str, str]:
    answer = Client().post(
        "/api/v1/auth/token", {"username": user.username, "password": PASSWORD}, content_type="application/json"
    )
    return {"authorization": f"Token {answer.json()['token']}"}
