"""A correction after acceptance: the applicant is told everything once, supplies it, and it is looked at.

While it waits for the applicant it holds the case, and stops the calibres that the city's rule names. Once supplied,
the clock runs again at once; the case still cannot be decided until somebody has looked at what came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from approvals.applications.states import NoticeKind
from approvals.review import policies
from approvals.review.models import Case, CaseCorrection, CaseCorrectionPoint, Hold
from approvals.review.operations import filing, holds, letters, revisions
from approvals.review.operations.holds import RELATED
from approvals.review.queries.rules import rules
from approvals.review.states import CORRECTION_OPEN, CaseState, CorrectionState, HoldClock
from portal.core import calendars, clock, files
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation
from projects.catalogue import queries as catalogues


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to mend: a material of the item, or what `label` names."""

    problem: str
    material: str = ""
    label: str = ""


class ToldBefore(Conflict):
    """After acceptance too everything is told at one time."""

    code = "corrected_before"
    message = _("这个办件已经一次性告知过补正，不能再次要求补正。材料仍不符合条件的，可以依法作出不予决定。")


def ask_correction(
    *, case_id: int, points: Sequence[Point], actor: Actor, at: datetime, version: int | None = None
) -> CaseCorrection:
    """Tell the applicant in writing, once and completely, what is to be mended.

    :raises InvalidInput: nothing to mend was named, or a point without its problem or for a foreign material
    :raises ToldBefore: a correction was told in this round already
    :raises TransitionRefused: the case has ended
    """
    with operation():
        case = revisions.lock_case(case_id, related=RELATED)
        policies.require(policies.can_ask_correction(actor, case))
        revisions.require_version(case, version)
        if not case.is_running:
            raise TransitionRefused(fields={"state": case.state, "to": CaseState.HELD.value})
        if case.corrections.filter(round=case.round).exists():
            raise ToldBefore
        rows = _points(case, points)
        due_on = calendars.current(case.project.region).add_workdays(
            clock.day_of(at), rules(case.application.pack_version_id).correction_days
        )
        correction = CaseCorrection.objects.create(
            case=case, round=case.round, due_on=due_on, asked_by_name=actor.name, asked_at=at
        )
        for row in rows:
            row.correction = correction
        CaseCorrectionPoint.objects.bulk_create(rows)
        correction.hold = _hold(case, _summary(rows), actor=actor, at=at)
        letter = letters.correction(
            [(row.label, row.problem) for row in rows], due_on=due_on, stops=bool(case.timer.correction_stops)
        )
        correction.notice = letters.issue(NoticeKind.CASE_CORRECTION, case, letter, actor=actor, at=at)
        correction.save(update_fields=["hold", "notice"])
        return correction


def supply_correction(
    *,
    correction_id: int,
    uploads: Mapping[int, files.Upload],
    answer: str,
    actor: Actor,
    at: datetime,
) -> CaseCorrection:
    """Supply what was asked for: a file per point, or words that answer it; the department's clock runs again.

    :param uploads: by id of the point
    :raises InvalidInput: a point of a material has no file, or there is neither file nor answer
    :raises TransitionRefused: it was supplied already, or the case has ended
    """
    correction = _find(correction_id)
    case = correction.case
    policies.require(policies.can_supply_correction(actor, case))
    points = {point.pk: point for point in correction.points.order_by("pk")}
    blobs = {
        pk: filing.keep(case, upload, at=at, material=points[pk].material)
        for pk, upload in uploads.items()
        if pk in points
    }
    with operation():
        case, correction = _lock(correction_id)
        policies.require(policies.can_supply_correction(actor, case))
        if correction.state != CorrectionState.REQUESTED:
            raise TransitionRefused(fields={"state": correction.state, "to": CorrectionState.SUPPLIED.value})
        missing = {
            f"point-{pk}": _("请上传“%(label)s”。") % {"label": point.label}
            for pk, point in points.items()
            if point.material and pk not in blobs and point.document_id is None
        }
        if missing:
            raise InvalidInput(fields=missing)
        if not blobs and not answer.strip():
            raise InvalidInput(fields={"answer": _("请上传文件，或写明补正情况。")})
        for pk, blob in blobs.items():
            point = points[pk]
            point.document = filing.file(
                case,
                blob,
                title=point.label,
                file_name=uploads[pk].name or "",
                material=point.material,
                actor=actor,
                at=at,
            )
            point.save(update_fields=["document"])
        if correction.hold is not None:
            holds.end(case, correction.hold, actor=actor, at=at)
        correction.supplied_at, correction.answer = at, answer.strip()
        return move(
            correction,
            to=CorrectionState.SUPPLIED,
            actor=actor,
            at=at,
            topic="review.correction.supplied",
            data={"case": case.pk, "version": case.version, "points": sorted(blobs)},
            fields=["supplied_at", "answer"],
        )


def confirm_correction(
    *, correction_id: int, complete: bool, remark: str, actor: Actor, at: datetime, version: int | None = None
) -> CaseCorrection:
    """Say whether what came mends what was told; if not, it goes back to the applicant and holds the case again.

    Nothing new may be asked: the list stays what it was.
    :raises InvalidInput: sent back without a word what is missing
    :raises StaleCase: the case has changed since the form was opened
    :raises TransitionRefused: nothing was supplied, or it was looked at already
    """
    with operation():
        case, correction = _lock(correction_id)
        policies.require(policies.can_confirm_correction(actor, case))
        revisions.require_version(case, version)
        if correction.state != CorrectionState.SUPPLIED:
            raise TransitionRefused(fields={"state": correction.state, "to": CorrectionState.CONFIRMED.value})
        if not complete and not remark.strip():
            raise InvalidInput(fields={"remark": _("退回申请人须写明哪里还没补齐。")})
        correction.remark = remark.strip()
        fields = ["remark"]
        if complete:
            correction.confirmed_at, correction.confirmed_by = at, actor.name
            fields += ["confirmed_at", "confirmed_by"]
            revisions.touch(case, actor=actor, at=at)
        else:
            correction.hold = _hold(case, correction.remark, actor=actor, at=at)
            fields.append("hold")
        return move(
            correction,
            to=CorrectionState.CONFIRMED if complete else CorrectionState.REQUESTED,
            actor=actor,
            at=at,
            topic="review.correction.confirmed" if complete else "review.correction.sent_back",
            data={"case": case.pk, "version": case.version, "remark": correction.remark},
            fields=fields,
        )


def end_open(case: Case, *, actor: Actor, at: datetime) -> None:
    """Let an open correction end with its locked case."""
    for correction in case.corrections.filter(state__in=CORRECTION_OPEN):
        correction.case = case
        move(
            correction,
            to=CorrectionState.ENDED,
            actor=actor,
            at=at,
            topic="review.correction.ended",
            data={"case": case.pk},
        )


def _hold(case: Case, reason: str, *, actor: Actor, at: datetime) -> Hold:
    hold = Hold.objects.create(case=case, reason=reason, clock=HoldClock.CORRECTION, opened_at=at, opened_by=actor.name)
    holds.begin(case, hold, actor=actor, at=at)
    return hold


def _points(case: Case, points: Sequence[Point]) -> list[CaseCorrectionPoint]:
    catalogue = catalogues.catalogue(case.application.pack_version_id)
    own = catalogue.items[case.service_item.code].materials
    rows = []
    for point in points:
        if point.material and (point.material not in own or point.material not in catalogue.materials):
            raise InvalidInput(fields={"points": _("只能要求补正本事项的材料。")})
        label = catalogue.materials[point.material].name if point.material else point.label.strip()
        if not point.problem.strip() or not label:
            raise InvalidInput(fields={"points": _("每一处补正都要写明是什么材料或内容、有什么问题。")})
        rows.append(CaseCorrectionPoint(material=point.material, label=label[:200], problem=point.problem.strip()))
    if not rows:
        raise InvalidInput(fields={"points": _("请至少写一处需要补正的材料或内容。")})
    return rows


def _summary(rows: Sequence[CaseCorrectionPoint]) -> str:
    return str(_("补正：%(labels)s")) % {"labels": _("、").join(row.label for row in rows)}


def _find(correction_id: int) -> CaseCorrection:
    found = (
        CaseCorrection.objects.select_related("case__project__owner", "case__application")
        .filter(pk=correction_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _lock(correction_id: int) -> tuple[Case, CaseCorrection]:
    case = revisions.lock_case(_find(correction_id).case_id, related=RELATED)
    # read under the lock of its case, which every change of a correction takes
    correction = CaseCorrection.objects.select_related("hold").get(pk=correction_id)
    correction.case = case
    return case, correction
