"""Cleaning of what a reader narrows numbers and lists to: plain GET forms."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from approvals.deadlines.standing import CORRECTION
from approvals.deadlines.states import Light, SpecialKind
from approvals.review.states import StageState
from approvals.supervision.queries import REOPENED, CaseFilters, ProjectFilters, Scope, Words
from approvals.supervision.states import Due, Period, Shown, Stuck, monday_of
from portal.core.errors import InvalidInput
from projects.registry.states import ProjectState

ALL = ("", _("全部"))
PAUSES = ((CORRECTION, _("补正")), *SpecialKind.choices)


class OneOrMany(forms.Select):
    """A drop-down of one value; an address may carry several (the departments of the row of the others)."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return list(data.getlist(name))


class _Narrowing(forms.Form):
    """A form that takes what is not known for all, unless a machine sent it."""

    region = forms.ChoiceField(label=_("区域"), required=False)

    def __init__(self, data: QueryDict, *, words: Words, scope: Scope) -> None:
        super().__init__(data)
        self.words, self.scope = words, scope
        self._choose("region", [("", _("全市")), *words.districts.items()])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def value(self, name: str) -> Any:
        """Return a cleaned value, the empty one when it was wrong."""
        self.is_valid()
        found = self.cleaned_data.get(name)
        return found or ("" if isinstance(self.fields[name], forms.ChoiceField) else None)

    def require(self) -> None:
        """Refuse what is not known.

        :raises InvalidInput: with the words of each wrong field
        """
        if not self.is_valid():
            raise InvalidInput(fields={name: " ".join(map(str, errors)) for name, errors in self.errors.items()})

    @property
    def narrowed(self) -> Scope:
        """Return the reader's scope in the chosen region."""
        return Scope(departments=self.scope.departments, region=self.value("region"))


class DashboardForm(_Narrowing):
    """Period and region of the dashboard. The present month has enough decisions to tell how long they take."""

    period = forms.ChoiceField(label=_("时段"), required=False, choices=Period.choices)

    @property
    def chosen_period(self) -> Period:
        """Return the period, the present month unless another was chosen."""
        return Period(self.value("period") or Period.MONTH)


class CasesForm(_Narrowing):
    """What a list of cases is narrowed to."""

    state = forms.ChoiceField(label=_("状态"), required=False)
    stage = forms.ChoiceField(label=_("阶段"), required=False)
    department = forms.MultipleChoiceField(label=_("部门"), required=False, widget=OneOrMany)
    light = forms.ChoiceField(label=_("灯"), required=False, choices=[ALL, *Light.choices])
    step = forms.ChoiceField(label=_("停在"), required=False, choices=[ALL, *Stuck.choices])
    due = forms.ChoiceField(label=_("到期"), required=False, choices=[ALL, *Due.choices])
    due_on = forms.DateField(required=False)
    pause = forms.ChoiceField(required=False, choices=[ALL, *PAUSES])
    opened = forms.ChoiceField(required=False, choices=[ALL, *Period.choices])
    ended = forms.ChoiceField(required=False, choices=[ALL, *Period.choices])
    week = forms.DateField(required=False)
    backdated = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict, *, words: Words, scope: Scope) -> None:
        super().__init__(data, words=words, scope=scope)
        self._choose("state", list(Shown.choices))
        self._choose("stage", [ALL, *words.stages.items()])
        departments = [
            (code, name)
            for code, name in words.departments.items()
            if scope.departments is None or code in scope.departments
        ]
        self._choose("department", [ALL, *departments])

    def filters(self, **preset: str) -> CaseFilters:
        """Return the filters, wrong ones left out; `preset` holds where nothing was chosen."""
        week: date | None = self.value("week")
        return CaseFilters(
            departments=tuple(code for code in self.value("department") if code),
            stage=self.value("stage"),
            shown=self.value("state"),
            light=self.value("light") or preset.get("light", ""),
            step=self.value("step"),
            pause=self.value("pause"),
            due=self.value("due"),
            due_on=self.value("due_on"),
            opened=self.value("opened"),
            ended=self.value("ended"),
            week=monday_of(week) if week else None,
            backdated=bool(self.value("backdated")),
        )


class ProjectsForm(_Narrowing):
    """What a list of projects is narrowed to."""

    state = forms.ChoiceField(label=_("项目"), required=False, choices=ProjectState.choices)
    stage = forms.ChoiceField(label=_("阶段"), required=False)
    stage_state = forms.ChoiceField(
        label=_("阶段状态"), required=False, choices=[ALL, *StageState.choices, (REOPENED, _("重新打开"))]
    )

    def __init__(self, data: QueryDict, *, words: Words, scope: Scope) -> None:
        super().__init__(data, words=words, scope=scope)
        self._choose("stage", [ALL, *words.stages.items()])

    def filters(self, *, stalled: bool = False) -> ProjectFilters:
        """Return the filters, wrong ones left out."""
        return ProjectFilters(
            state=self.value("state"),
            stage=self.value("stage"),
            stage_state=self.value("stage_state"),
            stalled=stalled,
        )
