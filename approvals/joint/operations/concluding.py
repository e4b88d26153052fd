"""The end of a session: the conclusion with its number, printed and filed afterwards."""

import secrets
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.joint import content, policies
from approvals.joint.models import Conclusion, Session
from approvals.joint.operations import calling, clocks
from approvals.joint.operations.errors import NotJudgedYet, OpenPoints, OpinionsMissing, RoundsLeft
from approvals.joint.queries import sessions as reading
from approvals.joint.states import PARTICIPANT_PENDING, ConclusionState, PointState, SessionState
from portal.core import audit, clock, files, marks, pdf, sequences
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound, Text
from portal.core.transitions import move, require_move
from portal.core.unit import operation
from projects.archive import operations as archive
from projects.archive.models import Document, DocumentSource
from projects.catalogue import queries as catalogues

#: no letters or digits that are taken for each other on paper
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8


def conclude(*, session_id: int, is_passed: bool, text: str, actor: Actor, at: datetime) -> Conclusion:
    """Conclude a session: draw the number, lay down what the paper says, let the cases go on.

    :raises NotAllowed: actor is not of the leading department
    :raises InvalidInput: no words, or a result of this kind is missing
    :raises OpinionsMissing: a participant owes its opinion
    :raises NotJudgedYet: a reported point waits for its department
    :raises OpenPoints: it cannot be good while a mandatory point is open
    :raises RoundsLeft: it cannot be bad while the applicant has a re-check to come
    :raises TransitionRefused: not held yet, being mended, or ended
    """
    with operation():
        session = calling.lock_session(session_id)
        policies.require(policies.can_lead(actor, session))
        require_move(session, to=SessionState.CONCLUDED)
        _check(session, is_passed=is_passed, text=text)
        conclusion = Conclusion.objects.create(
            session=session,
            number=_draw_number(session, at=at),
            title=reading.kind_of(session).document,
            is_passed=is_passed,
            text=text.strip(),
            content=content.rows(session),
            verify_code=_draw_code(),
            concluded_by_name=actor.name,
            concluded_at=at,
        )
        session.ended_at = at
        move(
            session,
            to=SessionState.CONCLUDED,
            actor=actor,
            at=at,
            topic="joint.session.concluded",
            data={"number": conclusion.number, "passed": is_passed, "text": conclusion.text},
            fields=["ended_at"],
        )
        clocks.stop(session.timer, actor=actor, at=at)
        calling.release_holds(session, actor=actor, at=at)
        audit.record(
            stream=session.audit_stream,
            action="joint.conclusion.prepared",
            actor=actor,
            at=at,
            subject=conclusion,
            data={"number": conclusion.number},
        )
        return conclusion


def issue(*, session_id: int, at: datetime) -> Conclusion:
    """Print the conclusion, file it into the project's archive and announce it; a second call changes nothing.

    Printing is slow and happens before the row is locked.
    """
    conclusion = _load(session_id)
    if conclusion.state != ConclusionState.PREPARING:
        return conclusion
    printed = render(conclusion)
    with operation():
        Conclusion.objects.select_for_update(of=("self",), no_key=True).get(session_id=session_id)
        conclusion = _load(session_id)
        if conclusion.state != ConclusionState.PREPARING:
            return conclusion
        conclusion.document = _file(conclusion, printed, at=at)
        return move(
            conclusion,
            to=ConclusionState.ISSUED,
            actor=Actor.system(_("系统")),
            at=at,
            topic="joint.conclusion.issued",
            data={"number": conclusion.number, "sha256": conclusion.document.blob_id},
            fields=["document"],
        )


def render(conclusion: Conclusion) -> bytes:
    """Print a conclusion as a PDF with its QR code and seal."""
    session = conclusion.session
    organ = session.lead.name
    demo = bool(settings.DEMO)
    address = settings.PUBLIC_URL + reverse("certificates:verify", args=[conclusion.verify_code])
    return pdf.render(
        "pdf/joint_conclusion.html",
        {
            "conclusion": conclusion,
            "session": session,
            "organ": organ,
            "rows": conclusion.content,
            "participants": list(session.participants.select_related("department").order_by("pk")),
            "points": list(session.points.select_related("department").order_by("number")),
            "results": list(session.results.order_by("pk")),
            "addressee": session.project.owner.name,
            "qr": marks.qr_svg(address, label=_("核验码 %(code)s") % {"code": conclusion.verify_code}),
            "seal": marks.seal_svg(
                organ, label=_("%(organ)s印章") % {"organ": organ}, centre=_("演示") if demo else ""
            ),
            "demo": demo,
        },
    )


def _check(session: Session, *, is_passed: bool, text: str) -> None:
    faults: dict[str, Text] = {}
    if not text.strip():
        faults["text"] = gettext_lazy("请写明结论。")
    missing = reading.missing_results(session)
    if missing and is_passed:
        faults["results"] = gettext_lazy("还缺：%(names)s。") % {"names": _("、").join(row.name for row in missing)}
    if faults:
        raise InvalidInput(fields=faults)
    if session.participants.filter(state__in=PARTICIPANT_PENDING).exists():
        raise OpinionsMissing
    if session.points.filter(state=PointState.REPORTED).exists():
        raise NotJudgedYet
    blocking = session.points.blocking().exists()
    if is_passed and blocking:
        raise OpenPoints
    if not is_passed and blocking and session.has_rounds_left:
        raise RoundsLeft


def _load(session_id: int) -> Conclusion:
    conclusion = (
        Conclusion.objects.select_related(
            "session__project__owner", "session__lead", "session__stage_run__unit", "document"
        )
        .filter(session_id=session_id)
        .first()
    )
    if conclusion is None:
        raise NotFound
    return conclusion


def _file(conclusion: Conclusion, printed: bytes, *, at: datetime) -> Document:
    session = conclusion.session
    document: Document = archive.add_document(
        project_id=session.project_id,
        material=f"joint-{session.kind}",
        title=conclusion.title,
        blob=files.store_bytes(printed, file_format="pdf", at=at),
        source=DocumentSource.SYSTEM,
        actor=Actor.system(_("系统")),
        at=at,
        unit_id=session.stage_run.unit_id,
        number=conclusion.number,
    )
    readers = [session.lead_id, *session.participants.order_by("pk").values_list("department_id", flat=True)]
    for department in readers:
        archive.grant(document_id=document.pk, department_id=department, reason=session.name, at=at)
    return document


def _draw_number(session: Session, *, at: datetime) -> str:
    """Draw the next number: word of the lead and of the kind, year, serial (GB/T 9704, 发文字号)."""
    catalogue = catalogues.catalogue(session.project.pack_version_id)
    word = catalogue.departments[session.lead_id].number_word + reading.kind_of(session).number_word
    head = f"{word}〔{clock.day_of(at).year}〕"
    serial = str(sequences.next_value(f"joint/{head}")).zfill(catalogue.serial_digits)
    return f"{head}{serial}号"


def _draw_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"
