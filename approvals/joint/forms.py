"""Cleaning of what departments and applicants type about joint work. What it means is decided by the operations."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.joint.models import Participant
from approvals.joint.states import PARTICIPANT_ANSWERS, ParticipantState, Position
from portal.accounts.models import Department
from portal.ui.forms import AmongOthers
from projects.archive.models import Document
from projects.catalogue.definitions import JointDef

Choices = list[tuple[str, str]]
MANY_WORDS = 4000


def _text(label: Any, *, rows: int = 3, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MANY_WORDS,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


def _file(label: Any) -> forms.FileField:
    return forms.FileField(label=label, required=False, help_text=_("PDF 或照片，50 MB 以内"))


class _Form(AmongOthers):
    def _choose(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


class NothingForm(_Form):
    """A button that asks for nothing."""


class AskForm(_Form):
    """A question to other departments and offices."""

    kind = forms.ChoiceField(label=_("种类"))
    question = _text(_("征询什么"), rows=4, help_text=_("一次问清楚：请对方看什么、定什么"))
    addressees = forms.MultipleChoiceField(label=_("问谁"), widget=forms.CheckboxSelectMultiple)
    documents = forms.MultipleChoiceField(
        label=_("附哪些材料"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("对方从此可以查看这些材料，别的看不到"),
    )
    days = forms.IntegerField(
        label=_("几个工作日内回复"), required=False, min_value=1, max_value=60, help_text=_("不填就按种类的期限")
    )
    is_blocking = forms.BooleanField(label=_("收齐并结束征询前，本办件不作决定"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        kinds: Mapping[str, JointDef],
        departments: Iterable[Department],
        asker: str,
        documents: Iterable[Document],
        may_block: bool = False,
    ) -> None:
        super().__init__(data)
        if kinds:
            self._choose("kind", [(kind.id, kind.name) for kind in kinds.values()])
        else:
            del self.fields["kind"]
        own: Choices = []
        others: Choices = []
        for department in departments:
            offices = [(f"{department.pk}/{unit['id']}", unit["name"]) for unit in department.sub_units]
            if department.pk == asker:
                own = offices
            else:
                others.append((department.pk, department.short))
                others += [(value, f"{department.short} {name}") for value, name in offices]
        self.offices = frozenset(value for value, _name in own)
        self._choose("addressees", [*own, *others])
        self._choose("documents", [(str(document.pk), document.title) for document in documents])
        if not may_block:
            del self.fields["is_blocking"]

    @property
    def addressee_groups(self) -> dict[str, list[Any]]:
        """Return the boxes of the addressees: own offices, departments, offices of others."""
        groups: dict[str, list[Any]] = {"own": [], "departments": [], "offices": []}
        for box in self["addressees"]:
            value = str(box.data["value"])
            group = "own" if value in self.offices else "offices" if "/" in value else "departments"
            groups[group].append(box)
        return groups

    def asked(self) -> dict[str, Any]:
        """Return what the operation takes."""
        cleaned = dict(self.cleaned_data)
        cleaned["addressees"] = [
            (department, unit) for department, _slash, unit in (value.partition("/") for value in cleaned["addressees"])
        ]
        cleaned["document_ids"] = [int(pk) for pk in cleaned.pop("documents")]
        return cleaned


class ReplyForm(_Form):
    """A reply to a question."""

    position = forms.ChoiceField(
        label=_("意见"),
        choices=Position.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择一种意见。")},
    )
    text = _text(_("内容"), rows=5, required=False, help_text=_("有条件、不同意或需补充资料的，必须写明"))
    file = _file(_("附件"))

    def __init__(self, data: Any = None, files: Any = None, *, may_ask_back: bool = True) -> None:
        super().__init__(data, files)
        if not may_ask_back:
            self._choose("position", [choice for choice in Position.choices if choice[0] != Position.NEED_INFO])


class SupplementForm(_Form):
    """What the asker adds."""

    text = _text(_("补充说明"))


class CloseForm(_Form):
    """What the asker makes of the replies."""

    summary = _text(
        _("采纳情况"), required=False, help_text=_("采纳了什么、没采纳什么；还有部门没回复的，写明为什么不再等")
    )


class CallForm(_Form):
    """An invitation."""

    kind = forms.ChoiceField(label=_("种类"))
    agenda = _text(_("事由"), help_text=_("为什么召集、要定什么"))
    place = forms.CharField(label=_("地点"), max_length=120)
    meets_at = forms.DateTimeField(
        label=_("时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    departments = forms.MultipleChoiceField(
        label=_("另外邀请"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("这一种类固定参加的部门会自动邀请"),
    )

    def __init__(self, data: Any = None, *, kinds: Mapping[str, JointDef], departments: Iterable[Department]) -> None:
        super().__init__(data)
        self._choose("kind", [(kind.id, kind.name) for kind in kinds.values()])
        self._choose("departments", [(row.pk, row.short) for row in departments])


class AnswerForm(_Form):
    """The reply to an invitation."""

    answer = forms.ChoiceField(
        label=_("回执"),
        choices=[choice for choice in ParticipantState.choices if choice[0] in PARTICIPANT_ANSWERS],
        widget=forms.RadioSelect,
    )
    person = forms.CharField(label=_("参加人"), max_length=80, required=False)
    note = _text(_("说明"), rows=2, required=False, help_text=_("不参加的，写明原因"))


class SignInForm(_Form):
    """Who has come."""

    person = forms.CharField(label=_("到场人"), max_length=80, required=False)


class RecordForm(_Form):
    """The minutes."""

    minutes = _text(_("纪要"), rows=6)
    present = forms.MultipleChoiceField(label=_("到场部门"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, participants: Iterable[Participant]) -> None:
        super().__init__(data)
        rows = list(participants)
        self._choose("present", [(str(row.pk), row.department.name) for row in rows])
        coming = (ParticipantState.ATTENDING, ParticipantState.DELEGATING, ParticipantState.PRESENT)
        self.fields["present"].initial = [str(row.pk) for row in rows if row.state in coming]


class OpinionForm(_Form):
    """The opinion of a participant."""

    position = forms.ChoiceField(
        label=_("意见"),
        choices=[choice for choice in Position.choices if choice[0] != Position.NEED_INFO],
        widget=forms.RadioSelect,
    )
    text = _text(_("内容"), required=False, help_text=_("有条件或不同意的，必须写明"))


class PointForm(_Form):
    """A defect for the list."""

    department_id = forms.ChoiceField(label=_("提出部门"))
    text = _text(_("问题"), rows=2, help_text=_("什么部位、什么问题"))
    remedy = _text(_("整改要求"), rows=2, required=False)
    is_mandatory = forms.BooleanField(label=_("强制整改：不消除不能通过"), required=False, initial=True)
    file = _file(_("照片或文件"))

    def __init__(self, data: Any = None, files: Any = None, *, departments: Iterable[tuple[str, str]]) -> None:
        super().__init__(data, files)
        self._choose("department_id", departments)


class ListForm(_Form):
    """Until when the points are to be mended."""

    mend_by = forms.DateField(label=_("整改期限"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ResultForm(_Form):
    """One thing that the session brings about."""

    result = forms.CharField(max_length=40, widget=forms.HiddenInput)
    text = _text(_("内容"), required=False)
    file = _file(_("文件"))


class ConcludeForm(_Form):
    """The conclusion."""

    outcome = forms.ChoiceField(
        label=_("结论"), choices=[("passed", _("通过")), ("failed", _("不通过"))], widget=forms.RadioSelect
    )
    text = _text(_("结论内容"), rows=4)

    def concluded(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return {"is_passed": self.cleaned_data["outcome"] == "passed", "text": self.cleaned_data["text"]}


class ReasonForm(_Form):
    """Why something is called off or taken back."""

    reason = _text(_("原因"), rows=2)


class MendForm(_Form):
    """How a point was mended."""

    text = _text(_("怎样整改的"), rows=2, required=False)
    file = _file(_("整改后的照片"))


class JudgeForm(_Form):
    """Whether a point is mended."""

    verdict = forms.ChoiceField(choices=[("passed", _("通过")), ("failed", _("未通过"))])
    text = _text(_("说明"), rows=2, required=False, help_text=_("未通过的，写明哪里没改好"))

    def judged(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return {"passed": self.cleaned_data["verdict"] == "passed", "text": self.cleaned_data["text"]}
