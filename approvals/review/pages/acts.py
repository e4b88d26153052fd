"""What a reader may do with a case beside its next step, and how what was asked and promised stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from approvals.applications.models import ApplicationNotice
from approvals.applications.states import LETTERS
from approvals.review import policies
from approvals.review.models import Case, CaseCorrection, Commitment, Decision, Extension, Tolerance
from approvals.review.operations import extensions, promises
from approvals.review.queries import cases
from approvals.review.queries.rules import Rules, rules
from approvals.review.states import (
    COMMITMENT_UNCHECKED,
    CommitmentState,
    CorrectionState,
    DecisionKind,
    ExtensionState,
    ToleranceState,
)
from portal.core.actor import Actor


@dataclass(frozen=True, slots=True)
class CaseActs:
    """What stands beside the next step of a case, for one reader."""

    rules: Rules
    extensions: tuple[Extension, ...]
    extension_days: int
    """How many days may still be asked for; 0 when none."""
    may_ask_extension: bool
    may_decide_extension: bool
    correction: CaseCorrection | None
    """Of this round."""
    may_ask_correction: bool
    may_confirm_correction: bool
    may_supply_correction: bool
    commitments: tuple[Commitment, ...]
    may_sign: bool
    signs_later: bool
    """It could be decided by commitment, once the case goes on."""
    may_check: bool
    tolerance: Tolerance | None
    may_confirm_tolerance: bool
    may_supply_tolerance: bool
    tolerable: tuple[tuple[str, str], ...]
    """Materials that a grant may let come later: id and name."""
    latest_supply_on: date
    materials: Mapping[str, str]
    """Materials of the item that a correction may name."""
    legal_basis: str
    decisions: tuple[Decision, ...]
    """All of them, the newest first."""
    may_revoke: bool
    may_reopen: bool
    may_give_back: bool
    letters: tuple[ApplicationNotice, ...]

    @property
    def asked(self) -> Extension | None:
        return next((row for row in self.extensions if row.state == ExtensionState.ASKED), None)

    @property
    def signed(self) -> Commitment | None:
        return next((row for row in self.commitments if row.state == CommitmentState.SIGNED), None)

    @property
    def unchecked(self) -> Commitment | None:
        """Return the commitment whose check is to be done."""
        return next((row for row in self.commitments if row.state in COMMITMENT_UNCHECKED), None)

    @property
    def past_decisions(self) -> tuple[Decision, ...]:
        return tuple(row for row in self.decisions if not row.is_in_force)


def case_acts(case: Case, actor: Actor, *, today: date) -> CaseActs:
    """Read what may be done with a case the actor may see."""
    catalogue, item = cases.definition_of(case)
    running = case.is_running
    granted = case.decision is not None and case.decision.is_granted
    decided = case.decision is not None
    asked = tuple(case.extensions.order_by("-pk"))
    for row in asked:
        row.case = case
    waiting = next((row for row in asked if row.state == ExtensionState.ASKED), None)
    days = (extensions.days_left(case, asked) or 0) if running and waiting is None else 0
    correction = (
        case.corrections.select_related("hold", "notice").prefetch_related("points").filter(round=case.round).first()
    )
    commitments = tuple(case.commitments.select_related("document", "decision").order_by("-pk"))
    decisions = tuple(case.decisions.order_by("-pk"))
    deferring = [row.pk for row in decisions if row.kind != DecisionKind.ORDINARY]
    tolerance = (
        Tolerance.objects.select_related("decision")
        .prefetch_related("materials")
        .filter(decision__in=deferring)
        .order_by("-pk")
        .first()
        if deferring
        else None
    )
    unchecked = any(row.state in COMMITMENT_UNCHECKED for row in commitments)
    signed = any(row.state == CommitmentState.SIGNED for row in commitments)
    supplied = correction is not None and correction.state == CorrectionState.SUPPLIED
    requested = correction is not None and correction.state == CorrectionState.REQUESTED
    signer = (
        running
        and not signed
        and item.is_by_commitment
        and policies.can_sign_commitment(actor, case)
        and cases.is_with_handler(case)
    )
    promisable = policies.may_be_promised(case, unchecked=supplied)
    names = {
        material: catalogue.materials[material].name for material in item.materials if material in catalogue.materials
    }
    return CaseActs(
        rules=rules(case.application.pack_version_id),
        extensions=asked,
        extension_days=days,
        may_ask_extension=days > 0 and policies.can_ask_extension(actor, case),
        may_decide_extension=running and waiting is not None and policies.can_decide_extension(actor, waiting),
        correction=correction,
        may_ask_correction=running and correction is None and policies.can_ask_correction(actor, case),
        may_confirm_correction=running and supplied and policies.can_confirm_correction(actor, case),
        may_supply_correction=running and requested and policies.can_supply_correction(actor, case),
        commitments=commitments,
        may_sign=signer and promisable,
        signs_later=signer and not promisable,
        may_check=decided and unchecked and policies.can_check_commitment(actor, case),
        tolerance=tolerance,
        may_confirm_tolerance=tolerance is not None
        and tolerance.state == ToleranceState.SUPPLIED
        and policies.can_confirm_tolerance(actor, case),
        may_supply_tolerance=tolerance is not None
        and tolerance.state == ToleranceState.OPEN
        and policies.can_supply_tolerance(actor, case),
        tolerable=tuple((material, names[material]) for material in item.tolerable if material in names)
        if item.tolerance
        else (),
        latest_supply_on=promises.latest_supply_day(case, today=today),
        materials=names,
        legal_basis=item.legal_basis,
        decisions=decisions,
        may_revoke=granted and policies.can_revoke(actor, case),
        may_reopen=decided and policies.can_reopen(actor, case),
        may_give_back=granted and policies.can_give_back(actor, case),
        letters=_letters(case),
    )


def _letters(case: Case) -> tuple[ApplicationNotice, ...]:
    """Return the department's letters about this case, and the comments of its stage, newest first."""
    found = case.application.notices.filter(kind__in=LETTERS).order_by("-pk")
    return tuple(row for row in found if row.content.get("case_id") in (case.pk, None))
