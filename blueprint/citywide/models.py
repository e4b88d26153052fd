"""Who settles a patch, and what was said."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from blueprint.citywide.states import SETTLING_TONES, SETTLING_TRANSITIONS, SettlingState


class Settling(models.Model):
    """One patch of a whole-city run in the hands of a department (差异图斑处置)."""

    TRANSITIONS: ClassVar = SETTLING_TRANSITIONS

    patch = models.OneToOneField("checks.Patch", on_delete=models.PROTECT, related_name="settling")
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=8, choices=SettlingState.choices, default=SettlingState.OPEN)
    assigned_at = models.DateTimeField(_("交办时间"))

    class Meta:
        verbose_name = _("图斑处置")
        indexes = [models.Index(fields=["department", "state"], name="settling_of_department")]

    def __str__(self) -> str:
        return f"{self.patch_id} → {self.department_id}"

    @property
    def audit_stream(self) -> str:
        return "blueprint"

    @property
    def tone(self) -> str:
        return SETTLING_TONES[SettlingState(self.state)]

    @property
    def is_resolved(self) -> bool:
        return self.state == SettlingState.RESOLVED


class SettlingStep(models.Model):
    """What happened to it; never changed."""

    settling = models.ForeignKey(Settling, on_delete=models.PROTECT, related_name="steps")
    #: what it became
    state = models.CharField(_("状态"), max_length=8, choices=SettlingState.choices)
    text = models.TextField(_("说明"), blank=True)
    author_name = models.CharField(_("办理人"), max_length=80)
    at = models.DateTimeField(_("时间"))

    def __str__(self) -> str:
        return f"{self.settling_id} {self.state}"
