"""What was decided, and what a decision may leave to be done later."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.review.models.cases import Case
from approvals.review.querysets import CommitmentQuerySet, DecisionQuerySet, ToleranceQuerySet
from approvals.review.states import (
    COMMITMENT_TRANSITIONS,
    DECISION_TRANSITIONS,
    TOLERANCE_TRANSITIONS,
    CommitmentState,
    DecisionKind,
    DecisionState,
    Outcome,
    ToleranceState,
)


class Decision(models.Model):
    """The end of a round of a case: granted or rejected, with the reason and the number.

    It is never rewritten: a new round and a corrected version are rows of their own; `state` says whether it holds.
    """

    TRANSITIONS: ClassVar = DECISION_TRANSITIONS

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome.choices)
    kind = models.CharField(_("方式"), max_length=12, choices=DecisionKind.choices, default=DecisionKind.ORDINARY)
    state = models.CharField(_("效力"), max_length=12, choices=DecisionState.choices, default=DecisionState.IN_FORCE)
    reason = models.TextField(_("理由"), blank=True)
    #: of a refusal: the law it rests on (行政许可法第38条)
    basis = models.TextField(_("法律依据"), blank=True)
    number = models.CharField(_("文号"), max_length=80)
    #: a corrected paper keeps its number under a new version
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    title = models.CharField(_("文书名称"), max_length=120)
    #: what later items read from this result: field id -> value
    attributes = models.JSONField(_("要素"), default=dict)
    #: printed lines put right by a correction: label -> text
    corrections = models.JSONField(_("更正"), default=dict)
    #: the clock it was made under; a new round has a new one
    timer = models.ForeignKey("deadlines.Timer", null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by_name = models.CharField(_("决定人"), max_length=80)
    decided_at = models.DateTimeField(_("决定时间"))
    ended_at = models.DateTimeField(_("失效时间"), null=True)
    ended_by = models.CharField(_("失效经办"), max_length=80, blank=True)
    end_reason = models.TextField(_("失效理由"), blank=True)
    end_basis = models.TextField(_("失效依据"), blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.REJECTED) | ~Q(reason=""), name="decision_rejected_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state=DecisionState.IN_FORCE, ended_at__isnull=True)
                | (~Q(state=DecisionState.IN_FORCE) & Q(ended_at__isnull=False)),
                name="decision_ended_has_time",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=DecisionState.IN_FORCE), name="decision_one_in_force"
            ),
            models.UniqueConstraint(fields=["number", "version"], name="decision_number_and_version"),
        ]
        indexes = [models.Index(fields=["-decided_at", "-id"], name="decision_newest")]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_stream(self) -> str:
        return self.case.project.audit_stream

    @property
    def is_in_force(self) -> bool:
        return self.state == DecisionState.IN_FORCE

    @property
    def is_granted(self) -> bool:
        return self.outcome == Outcome.GRANTED


class Tolerance(models.Model):
    """Material that a grant let come later, by a day (容缺); what is not supplied by then ends the grant."""

    TRANSITIONS: ClassVar = TOLERANCE_TRANSITIONS

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="tolerance")
    state = models.CharField(_("状态"), max_length=8, choices=ToleranceState.choices, default=ToleranceState.OPEN)
    due_on = models.DateField(_("补齐日期"))
    notice = models.ForeignKey("applications.ApplicationNotice", null=True, on_delete=models.PROTECT, related_name="+")
    supplied_at = models.DateTimeField(_("补交时间"), null=True)
    settled_at = models.DateTimeField(_("核对时间"), null=True)
    settled_by = models.CharField(_("核对人"), max_length=80, blank=True)
    #: what still is wrong, when it went back to the applicant
    remark = models.TextField(_("说明"), blank=True)

    objects = ToleranceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state=ToleranceState.OPEN), name="tolerance_due"),
            # what waits for the department's eye
            models.Index(fields=["supplied_at"], condition=Q(state=ToleranceState.SUPPLIED), name="tolerance_supplied"),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.due_on}"

    @property
    def audit_stream(self) -> str:
        return self.decision.audit_stream


class ToleratedMaterial(models.Model):
    """One material to come later."""

    tolerance = models.ForeignKey(Tolerance, on_delete=models.CASCADE, related_name="materials")
    material = models.CharField(_("材料"), max_length=40)
    name = models.CharField(_("名称"), max_length=200)
    document = models.ForeignKey("archive.Document", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tolerance", "material"], name="tolerated_material_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Commitment(models.Model):
    """The applicant's signed promise to meet the conditions of an item, and its later check (告知承诺)."""

    TRANSITIONS: ClassVar = COMMITMENT_TRANSITIONS

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="commitments")
    state = models.CharField(_("状态"), max_length=12, choices=CommitmentState.choices, default=CommitmentState.SIGNED)
    document = models.ForeignKey("archive.Document", on_delete=models.PROTECT, related_name="+")
    #: what the applicant was told: conditions, standards, consequences
    notice = models.ForeignKey("applications.ApplicationNotice", null=True, on_delete=models.PROTECT, related_name="+")
    signed_by = models.CharField(_("承诺人"), max_length=80)
    signed_at = models.DateTimeField(_("承诺时间"))
    decision = models.OneToOneField(Decision, null=True, on_delete=models.PROTECT, related_name="commitment")
    check_due_on = models.DateField(_("核查期限"), null=True)
    rectify_by = models.DateField(_("整改期限"), null=True)
    rectify_notice = models.ForeignKey(
        "applications.ApplicationNotice", null=True, on_delete=models.PROTECT, related_name="+"
    )
    remark = models.TextField(_("核查情况"), blank=True)
    checked_at = models.DateTimeField(_("核查时间"), null=True)
    checked_by = models.CharField(_("核查人"), max_length=80, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=[CommitmentState.SIGNED, CommitmentState.TO_CHECK, CommitmentState.RECTIFYING]),
                name="commitment_one_open_per_case",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CommitmentState.TO_CHECK, CommitmentState.RECTIFYING])
                | Q(check_due_on__isnull=False, decision__isnull=False),
                name="commitment_to_check_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=CommitmentState.RECTIFYING) | Q(rectify_by__isnull=False),
                name="commitment_rectifying_has_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["check_due_on"],
                condition=Q(state__in=[CommitmentState.TO_CHECK, CommitmentState.RECTIFYING]),
                name="commitment_to_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"

    @property
    def audit_stream(self) -> str:
        return self.case.project.audit_stream
