"""A question as its asker and as its addressees see it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from approvals.deadlines import links
from approvals.deadlines import queries as deadlines
from approvals.deadlines.queries import LightWords
from approvals.joint import policies, queries
from approvals.joint.models import Consultation, Reply, Request
from approvals.joint.states import RequestState
from portal.core.actor import Actor
from portal.core.errors import NotFound
from projects.archive.models import Document

MOST_EARLIER = 10


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One addressee of a question, with the light of his clock and all revisions, the newest first."""

    request: Request
    light: LightWords
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class ConsultationPage:
    """The asker's side: who has said what, who is awaited."""

    consultation: Consultation
    kind: str
    lines: tuple[RequestLine, ...]
    documents: tuple[Document, ...]
    may_steer: bool

    @property
    def awaited(self) -> int:
        return sum(line.request.is_pending for line in self.lines)


@dataclass(frozen=True, slots=True)
class RequestPage:
    """The addressee's side: the question, what is shown, what was said before."""

    request: Request
    consultation: Consultation
    kind: str
    light: LightWords
    ledger_url: str
    due_on: date | None
    replies: tuple[Reply, ...]
    documents: tuple[Document, ...]
    earlier: tuple[Request, ...]
    nested: tuple[Consultation, ...]
    may_reply: bool
    may_ask_further: bool
    may_ask_back: bool


def find_consultation(consultation_id: int, actor: Actor) -> Consultation:
    """Return a consultation the actor may see.

    :raises NotFound: there is none, or not for this actor
    """
    found: Consultation | None = (
        Consultation.objects.select_related(
            "department",
            "project",
            "stage_run",
            "hold",
            "case__service_item",
            "case__stage_run",
            "parent__consultation",
        )
        .filter(pk=consultation_id)
        .first()
    )
    if found is None or not policies.can_view_consultation(actor, found):
        raise NotFound
    return found


def find_request(request_id: int, actor: Actor) -> Request:
    """Return a request the actor may see.

    :raises NotFound: there is none, or not for this actor
    """
    found: Request | None = (
        Request.objects.select_related(
            "department",
            "timer",
            "consultation__department",
            "consultation__project",
            "consultation__case__service_item",
        )
        .filter(pk=request_id)
        .first()
    )
    if found is None or not policies.can_view_request(actor, found):
        raise NotFound
    return found


def find_reply(reply_id: int, actor: Actor) -> Reply:
    """Return a reply of a request the actor may see.

    :raises NotFound: there is none, or not for this actor
    """
    found = Reply.objects.select_related("blob", "request__consultation").filter(pk=reply_id).first()
    if found is None or not policies.can_view_request(actor, found.request):
        raise NotFound
    return found


def consultation_page(consultation: Consultation, actor: Actor, *, today: date) -> ConsultationPage:
    """Read the asker's page."""
    requests = consultation.requests.select_related("department", "timer").prefetch_related(
        Prefetch("replies", Reply.objects.order_by("-revision"))
    )
    return ConsultationPage(
        consultation=consultation,
        kind=_kind_name(consultation),
        lines=tuple(
            RequestLine(row, deadlines.light_words(row.timer, today), tuple(row.replies.all()))
            for row in requests.order_by("pk")
        ),
        documents=tuple(consultation.documents.order_by("title")),
        may_steer=consultation.is_running and policies.can_steer(actor, consultation),
    )


def request_page(request: Request, actor: Actor, *, today: date) -> RequestPage:
    """Read the addressee's page: beside the question, what his department said about this project before."""
    consultation = request.consultation
    earlier = (
        Request.objects.filter(
            department_id=request.department_id,
            consultation__project_id=consultation.project_id,
            answered_at__isnull=False,
        )
        .exclude(pk=request.pk)
        .select_related("consultation__department")
        .prefetch_related(Prefetch("replies", Reply.objects.order_by("-revision")))
        .order_by("-answered_at")
    )
    nested = request.consultations.select_related("department").prefetch_related("requests__department")
    own = policies.can_reply(actor, request)
    return RequestPage(
        request=request,
        consultation=consultation,
        kind=_kind_name(consultation),
        light=deadlines.light_words(request.timer, today),
        ledger_url=links.ledger_url(request.timer_id, f"{consultation.project.name} {_kind_name(consultation)}"),
        due_on=deadlines.promised_due_on(request.timer, today),
        replies=tuple(request.replies.order_by("-revision")),
        documents=tuple(consultation.documents.order_by("title")),
        earlier=tuple(earlier[:MOST_EARLIER]) if own else (),
        nested=tuple(nested.order_by("-pk")) if own else (),
        may_reply=own and consultation.is_running and request.state != RequestState.CLOSED,
        may_ask_further=consultation.is_running and policies.can_ask_further(actor, request),
        may_ask_back=request.is_pending,
    )


def _kind_name(consultation: Consultation) -> str:
    return queries.opinion_kinds(consultation.project.pack_version_id)[consultation.kind].name
