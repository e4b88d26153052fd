"""Replying in revisions, supplying what was missing, urging, and closing."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from approvals.deadlines import operations as deadlines
from approvals.deadlines.states import EventType
from approvals.joint import policies
from approvals.joint.models import Consultation, Reply, Request
from approvals.joint.operations import asking, attachments, clocks
from approvals.joint.operations.errors import Ended
from approvals.joint.states import (
    CONSULTATION_RUNNING,
    HOLD_OWNER,
    NEEDS_WORDS,
    REQUEST_PENDING,
    ConsultationState,
    Position,
    RequestState,
)
from approvals.review import operations as review
from portal.core import files
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import attempt, operation
from projects.archive.models import Document


def reply(
    *, request_id: int, position: str, text: str, actor: Actor, at: datetime, upload: files.Upload | None = None
) -> Request:
    """Answer a question, or answer it anew: every revision stays, until the asker closes.

    Asking for information stops the clock until it is supplied; it is no answer. The last answer completes the
    consultation, once.
    :raises NotAllowed: actor is not of the asked department or office
    :raises Ended: the asker has closed
    :raises InvalidInput: no position, or one that needs words without them
    :raises FileRefused: the attachment cannot be taken
    """
    with operation():
        request = asking.lock_request(request_id)
        policies.require(policies.can_reply(actor, request))
        if not request.consultation.is_running:
            raise Ended
        _check(request, position=position, text=text)
        blob, name = attachments.take_in(upload, at=at)
        newest = request.replies.order_by("-revision").values_list("revision", flat=True).first() or 0
        Reply.objects.create(
            request=request,
            revision=newest + 1,
            position=position,
            text=text.strip(),
            blob=blob,
            file_name=name,
            author_id=policies.person_id(actor),
            author_name=actor.name,
            given_at=at,
        )
        asks_back = position == Position.NEED_INFO
        _run_clock(request, asks_back=asks_back, actor=actor, at=at)
        request.position = Position(position)
        if not asks_back:
            request.answered_at = at
        move(
            request,
            to=RequestState.INFO_NEEDED if asks_back else RequestState.ANSWERED,
            actor=actor,
            at=at,
            topic="joint.request.info_needed" if asks_back else "joint.request.answered",
            data={"position": position, "revision": newest + 1},
            fields=["position", "answered_at"],
        )
        complete_if_last(request.consultation, actor=actor, at=at)
        return request


def supplement(
    *, request_id: int, text: str, actor: Actor, at: datetime, document_ids: tuple[int, ...] = ()
) -> Request:
    """Supply what the asked department needs; its clock goes on.

    :raises NotAllowed: actor is not of the asking department
    :raises InvalidInput: nothing supplied
    :raises TransitionRefused: nothing is needed
    """
    with operation():
        request = asking.lock_request(request_id)
        policies.require(policies.can_steer(actor, request.consultation))
        if not text.strip():
            raise InvalidInput(fields={"text": _("请写明补充了什么。")})
        request.supplement = f"{request.supplement}\n{text.strip()}".strip()
        move(
            request,
            to=RequestState.ASKED,
            actor=actor,
            at=at,
            topic="joint.request.supplied",
            data={"text": text.strip()},
            fields=["supplement"],
        )
        deadlines.record(timer_id=request.timer_id, type=EventType.CORRECTION_SUPPLIED, actor=actor, at=at)
        documents = list(Document.objects.standing().filter(pk__in=document_ids).select_related("project"))
        asking.show(documents, to=[request.department_id], consultation=request.consultation, actor=actor, at=at)
        return request


def urge(*, request_id: int, actor: Actor, at: datetime) -> Request:
    """Remind the asked department now; its people get one notice a day, however often this is done.

    :raises NotAllowed: actor is not of the asking department
    :raises TransitionRefused: it has answered
    """
    with operation():
        request = asking.lock_request(request_id)
        policies.require(policies.can_steer(actor, request.consultation))
        if request.state != RequestState.ASKED:
            raise TransitionRefused(fields={"state": request.state, "to": request.state})
        asking.tell("joint.request.urged", request, actor=actor, at=at)
        return request


def close(*, consultation_id: int, summary: str, actor: Actor, at: datetime) -> Consultation:
    """End a consultation: nothing is revised any more, the hold on the case is gone.

    :param summary: what the asker makes of the replies; needed when somebody has not answered
    :raises NotAllowed: actor is not of the asking department
    :raises InvalidInput: somebody owes an answer and nothing says why it is not awaited
    :raises TransitionRefused: it was closed before
    """
    with operation():
        consultation = asking.lock_consultation(consultation_id)
        policies.require(policies.can_steer(actor, consultation))
        pending = consultation.requests.filter(state__in=REQUEST_PENDING).exists()
        if consultation.is_running and pending and not summary.strip():
            raise InvalidInput(fields={"summary": _("还有部门没有回复。请写明为什么不再等。")})
        consultation.summary = summary.strip()
        return _end(
            consultation,
            to=ConsultationState.CLOSED,
            topic="joint.consultation.closed",
            actor=actor,
            at=at,
        )


def cancel_of_case(*, case_id: int, at: datetime) -> None:
    """End the consultations of a case that has ended itself; doing it again changes nothing."""
    actor = Actor.system(str(_("系统")))
    with operation():
        running = Consultation.objects.filter(case_id=case_id).running().order_by("pk").values_list("pk", flat=True)
        for consultation_id in running:
            _cancel(consultation_id, actor=actor, at=at)


def complete_if_last(consultation: Consultation, *, actor: Actor, at: datetime) -> None:
    """Mark a locked consultation as complete when nobody owes an answer any more."""
    if consultation.state != ConsultationState.OPEN:
        return
    if consultation.requests.filter(state__in=REQUEST_PENDING).exists():
        return
    move(
        consultation,
        to=ConsultationState.COMPLETE,
        actor=actor,
        at=at,
        topic="joint.consultation.completed",
    )


def _check(request: Request, *, position: str, text: str) -> None:
    if position not in Position.values:
        raise InvalidInput(fields={"position": _("请选择一种意见。")})
    if position in NEEDS_WORDS and not text.strip():
        raise InvalidInput(fields={"text": _("请写明条件、理由或需要补充的资料，对方才知道怎么办。")})
    if position == Position.NEED_INFO and not request.is_pending:
        raise InvalidInput(fields={"position": _("已经回复过，不能再要求补充资料。可以修改意见。")})


def _run_clock(request: Request, *, asks_back: bool, actor: Actor, at: datetime) -> None:
    if not asks_back:
        clocks.stop(request.timer, actor=actor, at=at)
    elif request.state == RequestState.ASKED:
        deadlines.record(timer_id=request.timer_id, type=EventType.CORRECTION_REQUESTED, actor=actor, at=at)


def _cancel(consultation_id: int, *, actor: Actor, at: datetime) -> None:
    consultation = asking.lock_consultation(consultation_id)
    if consultation.is_running:
        _end(consultation, to=ConsultationState.CANCELLED, topic="joint.consultation.cancelled", actor=actor, at=at)


def _end(consultation: Consultation, *, to: ConsultationState, topic: str, actor: Actor, at: datetime) -> Consultation:
    consultation.closed_at = at
    move(consultation, to=to, actor=actor, at=at, topic=topic, fields=["closed_at", "summary"])
    requests = consultation.requests.select_for_update(of=("self",), no_key=True).select_related("timer").order_by("pk")
    for request in requests:
        request.consultation = consultation
        clocks.drop(request.timer, actor=actor, at=at)
        move(request, to=RequestState.CLOSED, actor=actor, at=at, topic="joint.request.closed")
    # what was asked to answer this question is asked for nothing now; a child is younger than its parent
    below = Consultation.objects.filter(parent__consultation=consultation, state__in=CONSULTATION_RUNNING)
    for nested in below.order_by("pk").values_list("pk", flat=True):
        _cancel(nested, actor=actor, at=at)
    if consultation.hold is not None:
        release(consultation.hold.pk, actor=actor, at=at)
    return consultation


def release(hold_id: int, *, actor: Actor, at: datetime) -> None:
    """Release a hold of joint work, unless it is gone already: its case was withdrawn, or somebody ended it."""
    try:
        with attempt():
            review.release_hold(hold_id=hold_id, actor=Actor.system(actor.name), owner=HOLD_OWNER, at=at)
    except TransitionRefused:
        return
