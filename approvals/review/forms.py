"""Cleaning of what reviewers type and choose."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from approvals.deadlines.states import Light, SpecialKind
from approvals.review.queries import Filters
from approvals.review.queries.tasklist import SORTS, WHO
from approvals.review.states import Conclusion, HoldClock
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


class HoldForm(forms.Form):
    """Why a case stands still, and what that does to its clock."""

    reason = forms.CharField(
        label=_("停办事由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明为什么停办。")},
    )
    clock = forms.ChoiceField(label=_("对时钟的作用"), choices=HoldClock.choices, initial=HoldClock.NONE)
    kind = forms.ChoiceField(label=_("特别程序"), required=False, choices=[("", "—"), *SpecialKind.choices])
    expected_days = forms.IntegerField(label=_("预计工作日"), required=False, min_value=1, max_value=3650)
