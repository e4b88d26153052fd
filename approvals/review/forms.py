"""Cleaning of what reviewers type and choose."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from approvals.deadlines.states import Light, SpecialKind
from approvals.review.queries import Filters
from approvals.review.queries.tasklist import SORTS, WHO
from approvals.review.states import CheckResult, Conclusion, HoldClock
from portal.core.http import whole_number
from portal.ui.forms import AmongOthers
from projects.catalogue.definitions import Catalogue

ALL = ("", _("全部"))


class FilterForm(forms.Form):
    """The filters above the inbox; works as a plain GET form. What is not known is taken for all."""

    stage = forms.ChoiceField(label=_("阶段"), required=False)
    item = forms.ChoiceField(label=_("事项"), required=False)
    region = forms.ChoiceField(label=_("区域"), required=False)
    sort = forms.ChoiceField(
        label=_("排序"),
        required=False,
        choices=[("due", _("先到期")), ("oldest", _("先到达")), ("newest", _("新到达"))],
    )

    def __init__(self, data: QueryDict, *, catalogue: Catalogue, departments: frozenset[str]) -> None:
        super().__init__(data)
        self._choose("stage", [(stage.id, stage.name) for stage in catalogue.stages.values()])
        items = [item for item in catalogue.items.values() if item.department in departments]
        self._choose("item", [(item.id, item.name) for item in items])
        self._choose("region", list(catalogue.regions.items()))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ALL, *choices]

    def filters(self) -> Filters:
        """Return the filters, wrong ones left out."""
        self.is_valid()
        chosen: dict[str, Any] = {name: self.cleaned_data.get(name, "") for name in ("stage", "item", "region")}
        light, who = self.data.get("light", ""), self.data.get("who", "all")
        return Filters(
            **chosen,
            light=light if light in Light.values else "",
            who=who if who in WHO else "all",
            sort=self.cleaned_data.get("sort") or next(iter(SORTS)),
        )


class OpinionForm(forms.Form):
    """A conclusion with its opinion, and on a grant the values of the result."""

    conclusion = forms.ChoiceField(
        label=_("结论"), choices=Conclusion.choices, error_messages={"required": _("请选择结论。")}
    )
    opinion = forms.CharField(label=_("意见"), required=False, max_length=10_000, strip=False)

    def attributes(self) -> dict[str, str]:
        """Return what was typed for the result: fields named attribute-ID."""
        prefix = "attribute-"
        return {
            name.removeprefix(prefix): str(self.data[name]).strip()
            for name in self.data
            if name.startswith(prefix) and str(self.data[name]).strip()
        }


def version_of(data: QueryDict) -> int | None:
    """Return the version of the case that a form was begun from, None when it says nothing readable."""
    return whole_number(data.get("version", ""))


def uploads_of(files: MultiValueDict, prefix: str) -> dict[int, Any]:
    """Return the uploads of fields named PREFIX-ID by their id."""
    named = {name: whole_number(name.removeprefix(prefix)) for name in files if name.startswith(prefix)}
    return {pk: files[name] for name, pk in named.items() if pk is not None}


class DeferralForm(forms.Form):
    """On a grant: what may come later, and until when. On a refusal: the law it rests on."""

    supply_by = forms.DateField(
        label=_("补齐日期"), required=False, error_messages={"invalid": _("请写正确的补齐日期。")}
    )
    basis = forms.CharField(label=_("法律依据"), required=False, max_length=1000)


class HoldForm(AmongOthers):
    """Why a case stands still, and what that does to its clock. A correction has a form of its own."""

    reason = forms.CharField(
        label=_("停办事由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明为什么停办。")},
    )
    clock = forms.ChoiceField(
        label=_("对时钟的作用"),
        choices=[(HoldClock.NONE, HoldClock.NONE.label), (HoldClock.SPECIAL, HoldClock.SPECIAL.label)],
        initial=HoldClock.NONE,
    )
    kind = forms.ChoiceField(label=_("特别程序"), required=False, choices=[("", "—"), *SpecialKind.choices])
    expected_days = forms.IntegerField(label=_("预计工作日"), required=False, min_value=1, max_value=3650)
    basis = forms.CharField(
        label=_("依据"), required=False, max_length=200, help_text=_("适用的法律条款，写进书面告知。")
    )


class HoldDocumentForm(forms.Form):
    """What orders a special procedure; asked beside the preview, where nothing gets lost any more."""

    document = forms.FileField(
        label=_("所附文件"),
        required=False,
        help_text=_("如评审委托书、公示稿，PDF 或图片。"),
        error_messages={"empty": _("这个文件是空的（0 字节），请重新选择。")},
    )


class ExtensionForm(AmongOthers):
    """How many days, and why."""

    days = forms.IntegerField(
        label=_("延长天数"),
        min_value=1,
        max_value=3650,
        error_messages={"required": _("请写延长几天。"), "invalid": _("请写延长几天。")},
    )
    reason = forms.CharField(
        label=_("延期理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("批准后写进延期告知书，申请人会看到。"),
        error_messages={"required": _("请写明延期的理由，申请人会看到。")},
    )


class RemarkForm(forms.Form):
    """Yes, or no and why."""

    verdict = forms.ChoiceField(choices=[("yes", _("同意")), ("no", _("不同意"))])
    remark = forms.CharField(label=_("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class CorrectionForm(AmongOthers):
    """Everything that is to be mended: the item's materials, each with its problem, and one thing besides."""

    other_label = forms.CharField(label=_("其他内容"), required=False, max_length=200)
    other_problem = forms.CharField(
        label=_("问题"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, materials: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.materials = materials
        for material, name in materials.items():
            self.fields[f"material-{material}"] = forms.CharField(label=name, required=False, max_length=500)
        self.order_fields([f"material-{material}" for material in materials])

    def problems(self) -> list[tuple[str, str, str]]:
        """Return material, label and problem of everything that was named."""
        found = [
            (material, "", self.cleaned_data[f"material-{material}"])
            for material in self.materials
            if self.cleaned_data[f"material-{material}"]
        ]
        if self.cleaned_data["other_label"] or self.cleaned_data["other_problem"]:
            found.append(("", self.cleaned_data["other_label"], self.cleaned_data["other_problem"]))
        return found


class CheckForm(AmongOthers):
    """What the check of a commitment found."""

    result = forms.ChoiceField(
        label=_("核查结果"),
        choices=CheckResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择核查结果。")},
    )
    remark = forms.CharField(
        label=_("核查情况"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明核查情况。")},
    )
    rectify_by = forms.DateField(
        label=_("整改期限"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=_("限期整改时填")
    )
    basis = forms.CharField(label=_("法律依据"), required=False, max_length=500, help_text=_("撤销时填"))


class RevokeForm(AmongOthers):
    """Why a decision is revoked, and under which law."""

    reason = forms.CharField(
        label=_("撤销理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明理由，申请人会看到。")},
    )
    basis = forms.CharField(
        label=_("法律依据"),
        max_length=500,
        initial=_("《中华人民共和国行政许可法》第六十九条"),
        error_messages={"required": _("请写明法律依据。")},
    )


class ReasonForm(AmongOthers):
    """Why."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明理由，申请人会看到。")},
    )


class FileForm(forms.Form):
    """One signed paper."""

    file = forms.FileField(
        label=_("签章后的承诺书"),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.png"}),
        error_messages={
            "required": _("请选择签章后的承诺书。"),
            "empty": _("这个文件是空的（0 字节），请重新选择。"),
        },
    )
