"""Deferred material after a grant (容缺): supplied, looked at; what does not come in time ends the grant."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from approvals.applications.states import NoticeKind
from approvals.review import policies
from approvals.review.models import Case, Tolerance
from approvals.review.operations import afterwards, filing, joins, letters, revisions
from approvals.review.operations.holds import RELATED
from approvals.review.states import CaseState, DecisionState, ToleranceState
from portal.core import clock, files
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation


def supply_tolerance(
    *, tolerance_id: int, uploads: Mapping[int, files.Upload], actor: Actor, at: datetime
) -> Tolerance:
    """Supply deferred material, some or all of it; when all is there the department looks at it.

    :param uploads: by id of the material row
    :raises InvalidInput: no file
    :raises TransitionRefused: all was supplied, or the grant has ended
    """
    tolerance = _find(tolerance_id)
    case = tolerance.decision.case
    policies.require(policies.can_supply_tolerance(actor, case))
    rows = {row.pk: row for row in tolerance.materials.order_by("pk")}
    blobs = {
        pk: filing.keep(case, upload, at=at, material=rows[pk].material) for pk, upload in uploads.items() if pk in rows
    }
    with operation():
        case, tolerance = _lock(tolerance_id)
        policies.require(policies.can_supply_tolerance(actor, case))
        _require(tolerance, ToleranceState.OPEN, to=ToleranceState.SUPPLIED)
        if not blobs:
            raise InvalidInput(fields={"file": _("请选择要补交的文件。")})
        for pk, blob in blobs.items():
            row = rows[pk]
            row.document = filing.file(
                case,
                blob,
                title=row.name,
                file_name=uploads[pk].name or "",
                material=row.material,
                actor=actor,
                at=at,
            )
            row.save(update_fields=["document"])
        revisions.touch(case, actor=actor, at=at)
        if tolerance.materials.filter(document=None).exists():
            return tolerance
        tolerance.supplied_at = at
        return move(
            tolerance,
            to=ToleranceState.SUPPLIED,
            actor=actor,
            at=at,
            topic="review.tolerance.supplied",
            data={"case": case.pk, "version": case.version},
            fields=["supplied_at"],
        )


def confirm_tolerance(
    *, tolerance_id: int, complete: bool, remark: str, actor: Actor, at: datetime, version: int | None = None
) -> Tolerance:
    """Say whether the deferred material is right; if not, it goes back while its day has not passed.

    :raises InvalidInput: sent back without a word what is wrong
    :raises StaleCase: the case has changed since the form was opened
    :raises TransitionRefused: it is not all there, or was looked at already
    """
    with operation():
        case, tolerance = _lock(tolerance_id)
        policies.require(policies.can_confirm_tolerance(actor, case))
        revisions.require_version(case, version)
        _require(tolerance, ToleranceState.SUPPLIED, to=ToleranceState.SETTLED)
        if not complete and not remark.strip():
            raise InvalidInput(fields={"remark": _("退回申请人须写明哪里不符。")})
        tolerance.remark = remark.strip()
        fields = ["remark"]
        if complete:
            tolerance.settled_at, tolerance.settled_by = at, actor.name
            fields += ["settled_at", "settled_by"]
        else:
            tolerance.materials.update(document=None)
        revisions.touch(case, actor=actor, at=at)
        return move(
            tolerance,
            to=ToleranceState.SETTLED if complete else ToleranceState.OPEN,
            actor=actor,
            at=at,
            topic="review.tolerance.settled" if complete else "review.tolerance.sent_back",
            data={"case": case.pk, "version": case.version, "remark": tolerance.remark},
            fields=fields,
        )


def lapse_tolerances(*, at: datetime) -> int:
    """End every grant whose deferred material did not come in time, and say how many.

    Each is a transaction of its own, looked at again under its locks: running it twice ends nothing twice.
    """
    late = list(Tolerance.objects.overdue(clock.day_of(at)).order_by("due_on", "pk").values_list("pk", flat=True))
    return sum(_lapse(tolerance_id, at=at) for tolerance_id in late)


def _lapse(tolerance_id: int, *, at: datetime) -> bool:
    actor = Actor.system(str(_("容缺逾期，系统")))
    found = _find(tolerance_id)
    with operation():
        runs = joins.lock_runs(found.decision.case.project_id)
        case, tolerance = _lock(tolerance_id)
        decision = tolerance.decision
        is_late = tolerance.state == ToleranceState.OPEN and tolerance.due_on < clock.day_of(at)
        if not is_late or case.state != CaseState.DECIDED or case.decision_id != decision.pk:
            return False
        missing = list(tolerance.materials.filter(document=None).order_by("pk").values_list("name", flat=True))
        move(
            tolerance,
            to=ToleranceState.LAPSED,
            actor=actor,
            at=at,
            topic="review.tolerance.lapsed",
            data={"case": case.pk, "missing": missing},
        )
        letter = letters.lapse(decision, missing, due_on=tolerance.due_on)
        letters.issue(NoticeKind.LAPSE, case, letter, actor=actor, at=at)
        reason = str(_("容缺材料到 %(day)s 没有补齐：%(names)s")) % {
            "day": letters.day(tolerance.due_on),
            "names": _("、").join(missing),
        }
        afterwards.end_decision(case, decision, to=DecisionState.LAPSED, reason=reason, actor=actor, at=at)
        afterwards.settle(case, runs, actor=actor, at=at)
        return True


def _find(tolerance_id: int) -> Tolerance:
    found = (
        Tolerance.objects.select_related("decision__case__project__owner", "decision__case__application")
        .filter(pk=tolerance_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _lock(tolerance_id: int) -> tuple[Case, Tolerance]:
    case = revisions.lock_case(_find(tolerance_id).decision.case_id, related=RELATED)
    tolerance = Tolerance.objects.select_related("decision").get(pk=tolerance_id)
    tolerance.decision.case = case
    return case, tolerance


def _require(tolerance: Tolerance, state: ToleranceState, *, to: ToleranceState) -> None:
    if tolerance.state != state:
        raise TransitionRefused(fields={"state": tolerance.state, "to": to.value})
