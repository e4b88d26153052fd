"""An application for a stage: its items, its answers, its materials, its official notices."""

from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.applications.querysets import ApplicationQuerySet
from approvals.applications.states import (
    APPLICATION_TONES,
    APPLICATION_TRANSITIONS,
    OPEN_STATES,
    ApplicationState,
    Channel,
    NoticeKind,
    Verdict,
)
from projects.registry.states import FactSource


class Application(models.Model):
    """One form and one set of materials for all items of a stage of one unit."""

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = APPLICATION_TRANSITIONS

    #: drawn when it is received; a draft has none
    number = models.CharField(_("收件编号"), max_length=40, unique=True, null=True)
    project = models.ForeignKey("registry.Project", on_delete=models.PROTECT, related_name="applications")
    unit = models.ForeignKey("registry.Unit", null=True, on_delete=models.PROTECT, related_name="applications")
    stage = models.CharField(_("阶段"), max_length=8)
    #: items of the parallel stream may be applied for any time and as often as there are items
    is_parallel = models.BooleanField(_("并行推进"), default=False)
    state = models.CharField(_("状态"), max_length=14, choices=ApplicationState.choices, default=ApplicationState.DRAFT)
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices, default=Channel.ONLINE)
    pack_version = models.ForeignKey("citypack.PackVersion", on_delete=models.PROTECT, related_name="+")
    timer = models.OneToOneField("deadlines.Timer", null=True, on_delete=models.PROTECT, related_name="+")
    #: null when a machine began it
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("创建时间"))
    changed_at = models.DateTimeField(_("最近修改"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    #: paper has its own receipt date; what was typed in later never moves it
    paper_received_on = models.DateField(_("纸质收件日期"), null=True)
    #: last day on which the window can answer before silence becomes acceptance (行政许可法第32条)
    notice_due_on = models.DateField(_("告知期限"), null=True)
    correction_due_on = models.DateField(_("补正期限"), null=True)
    accepted_at = models.DateTimeField(_("受理时间"), null=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    #: when the authority last took one of its cases up again; nobody is kept from applying for the rest by that
    reopened_at = models.DateTimeField(_("重新办理时间"), null=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "stage"],
                condition=Q(state__in=OPEN_STATES, is_parallel=False, reopened_at__isnull=True),
                name="application_one_open_per_unit_and_stage",
            ),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.DRAFT)
                | Q(state=ApplicationState.WITHDRAWN)
                | Q(submitted_at__isnull=False, number__isnull=False),
                name="application_submitted_has_time_and_number",
            ),
        ]
        indexes = [
            # the window's queue: nearest notice date first
            models.Index(
                fields=["notice_due_on", "id"],
                condition=Q(state=ApplicationState.SUBMITTED),
                name="application_queue",
            ),
            models.Index(
                fields=["correction_due_on", "id"],
                condition=Q(state=ApplicationState.CORRECTING),
                name="application_correcting",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def audit_stream(self) -> str:
        return self.project.audit_stream

    @property
    def clock_id(self) -> int:
        """Return the id of the clock that runs since it was handed in.

        :raises ValueError: it has not been handed in
        """
        if self.timer_id is None:
            raise ValueError("a draft has no clock")
        return self.timer_id

    @property
    def tone(self) -> str:
        return APPLICATION_TONES[ApplicationState(self.state)]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_draft(self) -> bool:
        """Tell whether it has not been handed in yet."""
        return self.state == ApplicationState.DRAFT

    @property
    def is_correcting(self) -> bool:
        """Tell whether the applicant is mending what the window told him."""
        return self.state == ApplicationState.CORRECTING

    @property
    def is_at_window(self) -> bool:
        """Tell whether the window has to answer."""
        return self.state == ApplicationState.SUBMITTED

    @property
    def is_paper(self) -> bool:
        """Tell whether it came over the counter."""
        return self.channel == Channel.COUNTER

    @property
    def is_editable(self) -> bool:
        """Tell whether the applicant may still change answers and materials."""
        return self.state in (ApplicationState.DRAFT, ApplicationState.CORRECTING)


class ApplicationItem(models.Model):
    """An item applied for; its case begins when its prerequisites are met."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="items")
    service_item = models.ForeignKey("catalogue.ServiceItem", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "service_item"], name="application_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.service_item_id}"


class Answer(models.Model):
    """One answered field of the form, with where its value came from."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    field = models.CharField(_("字段"), max_length=80)
    #: the last value that could be taken
    value = models.JSONField(_("值"), null=True)
    #: what was typed since and could not be taken; kept so that nobody types it twice, never read as an answer
    typed = models.JSONField(_("未能采用的输入"), null=True)
    source = models.CharField(_("来源"), max_length=12, choices=FactSource.choices)
    source_note = models.CharField(_("来源说明"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "field"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.field} = {self.value}"


class MaterialSlot(models.Model):
    """A material the application needs, for how many items ever; filled once."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="slots")
    material = models.CharField(_("材料"), max_length=40)
    name = models.CharField(_("名称"), max_length=200)
    is_required = models.BooleanField(_("必须提供"))
    sort = models.PositiveSmallIntegerField(_("排序"))
    #: ids of the items that use it; none when an answer took the items away but a file had been given
    items = ArrayField(models.CharField(max_length=20), verbose_name=_("用于事项"))
    verdict = models.CharField(_("核对结果"), max_length=10, choices=Verdict.choices, default=Verdict.UNCHECKED)
    remark = models.TextField(_("问题"), blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(_("核对时间"), null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "material"], name="material_slot_once")]

    def __str__(self) -> str:
        return self.name


class FieldRemark(models.Model):
    """What the clerk found wrong in one field; goes into the one correction notice."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="field_remarks")
    field = models.CharField(_("字段"), max_length=80)
    remark = models.TextField(_("问题"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("核对时间"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "field"], name="field_remark_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.field}"


class SlotFile(models.Model):
    """A document put into a slot; taken out again, it stays with its date."""

    slot = models.ForeignKey(MaterialSlot, on_delete=models.CASCADE, related_name="files")
    document = models.ForeignKey("archive.Document", on_delete=models.PROTECT, related_name="uses")
    is_reused = models.BooleanField(_("复用"), default=False)
    attached_at = models.DateTimeField(_("放入时间"))
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(_("取出时间"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "document"], condition=Q(removed_at__isnull=True), name="slot_file_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id} ← {self.document_id}"


class ApplicationNotice(models.Model):
    """An official paper of the window with its number; the PDF is made after the act."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(_("类别"), max_length=14, choices=NoticeKind.choices)
    number = models.CharField(_("文号"), max_length=60, unique=True)
    reason = models.TextField(_("理由"), blank=True)
    #: what the paper says, as it was known at that moment
    content = models.JSONField(_("内容"), default=dict)
    verify_code = models.CharField(_("核验码"), max_length=20, unique=True)
    issued_at = models.DateTimeField(_("出具时间"))
    issued_by = models.CharField(_("出具人"), max_length=80)
    blob = models.ForeignKey("core.StoredBlob", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            # everything wrong is told once (行政许可法第32条第4项)
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(kind=NoticeKind.CORRECTION),
                name="application_one_correction_notice",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CorrectionPoint(models.Model):
    """One thing to mend; ticked off by mending, not by hand."""

    notice = models.ForeignKey(ApplicationNotice, on_delete=models.CASCADE, related_name="points")
    slot = models.ForeignKey(MaterialSlot, null=True, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(_("字段"), max_length=80, blank=True)
    label = models.CharField(_("材料或内容"), max_length=200)
    problem = models.TextField(_("问题"))
    remedy = models.TextField(_("请这样补"), blank=True)
    items = ArrayField(models.CharField(max_length=20), verbose_name=_("用于事项"), default=list)
    mended_at = models.DateTimeField(_("补正时间"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(slot__isnull=False, field="") | Q(slot__isnull=True) & ~Q(field=""),
                name="correction_point_names_slot_or_field",
            ),
        ]

    def __str__(self) -> str:
        return self.label
