"""What the clerk types when paper comes in."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Enterprise
from portal.core import uscc
from portal.core.actor import Actor
from projects.registry.models import Project

MAX_PROJECTS = 50


class PaperForm(forms.Form):
    """The day on the receipt, the enterprise by its credit code, the project by its code or from the list."""

    received_on = forms.DateField(
        label=_("纸质收件日期"),
        help_text=_("以纸质收件凭证上的日期为准，不是今天录入的日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    uscc = forms.CharField(
        label=_("建设单位统一社会信用代码"),
        max_length=40,
        help_text=_("18 位，照营业执照填"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=_("项目代码"),
        max_length=40,
        required=False,
        help_text=_("不知道时留空，从该单位的项目里选"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.owner: Enterprise | None = None

    def clean_received_on(self) -> date:
        """Refuse a day that has not come."""
        day: date = self.cleaned_data["received_on"]
        if day > self._today:
            raise forms.ValidationError(_("收件日期不能晚于今天。"))
        return day

    def clean_uscc(self) -> str:
        """Find the enterprise by its code."""
        code = uscc.fold(self.cleaned_data["uscc"])
        if uscc.fault(code):
            raise forms.ValidationError(_("这个代码不对，多半有一位写错。请对照营业执照核对。"))
        self.owner = Enterprise.objects.filter(uscc=code, is_active=True).first()
        if self.owner is None:
            raise forms.ValidationError(_("这个单位还没有注册。请先请单位注册，或在登记项目时一并建立。"))
        return code

    def projects(self, actor: Actor) -> list[Project]:
        """List the enterprise's running projects, those of the typed code first."""
        rows = Project.objects.visible_to(actor).running().filter(owner=self.owner).order_by("-registered_at", "-pk")
        code = self.cleaned_data["code"].strip()
        if code:
            rows = rows.filter(code__istartswith=code)
        return list(rows[:MAX_PROJECTS])
