"""Cleaning of what people type: folded where that is safe, and shown as folded."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import MOBILE, User
from portal.accounts.states import Trade
from portal.core import uscc
from portal.core.errors import DomainError

USCC_FAULTS = {
    "charset": _("统一社会信用代码只有数字和大写字母，请按营业执照核对。"),
    "shape": _("统一社会信用代码应为 18 位，请按营业执照核对。"),
    "alphabet": _("统一社会信用代码里没有字母 I、O、S、V、Z；看看是不是把 1、0、5、2 认成了字母。"),
    "region": _("统一社会信用代码第 3 至 8 位应为数字，请按营业执照核对。"),
    "org_check": _("统一社会信用代码第 9 至 17 位有误，请按营业执照逐位核对。"),
    "check": _("统一社会信用代码有一位不对（最后一位校验不符），请按营业执照逐位核对。"),
}

#: what business licences say most often; anything else may be typed
OWNER_TYPES = (
    _("有限责任公司"),
    _("股份有限公司"),
    _("国有独资公司"),
    _("事业单位法人"),
    _("机关法人"),
    _("社会团体法人"),
)


class Datalist(forms.TextInput):
    """A text field that offers values without insisting on them."""

    def __init__(self, options: tuple[Any, ...]):
        super().__init__()
        self.options = options

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        list_id = f"{(attrs or {}).get('id', name)}-list"
        field = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((option,) for option in self.options))
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


class UsccField(forms.CharField):
    """A unified social credit code, folded to half width and capitals before it is judged."""

    def to_python(self, value: Any) -> str:
        return uscc.fold(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (fault := uscc.fault(value)):
            raise ValidationError(USCC_FAULTS[fault], code=fault)


class UsernameField(forms.CharField):
    """A login in its one spelling."""

    def __init__(self, **kwargs: Any):
        super().__init__(
            min_length=3,
            max_length=40,
            validators=[UnicodeUsernameValidator(message=_("用户名只能用字母、数字、汉字和 @ . + - _，请改一下。"))],
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return User.normalize_username(super().to_python(value) or "")


class MobileField(forms.CharField):
    """A mobile number; blanks and hyphens between the groups are dropped."""

    def __init__(self, **kwargs: Any):
        widget = forms.TextInput(attrs={"type": "tel", "inputmode": "numeric", "autocomplete": "tel"})
        super().__init__(validators=[MOBILE], widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        return uscc.fold(super().to_python(value) or "").removeprefix("+86")


def password_field(label: Any, *, new: bool, rules: bool = False) -> forms.CharField:
    """Return a password field that keeps its value through a mistake elsewhere only when it is new."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(
            render_value=new, attrs={"autocomplete": "new-password" if new else "current-password"}
        ),
        help_text=_("至少 10 个字；不能全是数字，不能是常见密码，也不能和用户名、姓名相近。") if rules else "",
    )


def show_refusal(form: forms.Form, error: DomainError, names: dict[str, str] | None = None) -> None:
    """Put the sentences of a refused operation at the fields they belong to."""
    for name, words in error.fields.items():
        target = (names or {}).get(name, name)
        form.add_error(target if target in form.fields else None, str(words))
    if not error.fields:
        form.add_error(None, str(error))


class TellingForm(forms.Form):
    """A form whose own refusals name the field and say what to do."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            choice = isinstance(field, forms.ChoiceField)
            required = gettext("请选择“%(label)s”。") if choice else gettext("请填写“%(label)s”。")
            field.error_messages |= {
                "required": required % {"label": field.label},
                "invalid_choice": _("请从列表里选一项。"),
                "min_length": _("至少要 %(limit_value)d 个字，现在是 %(show_value)d 个。"),
                "max_length": _("最多 %(limit_value)d 个字，现在是 %(show_value)d 个，请写短一些。"),
            }


class FoldedForm(TellingForm):
    """A form that, after cleaning, shows the folded value instead of what was typed."""

    folded: ClassVar[tuple[str, ...]] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        shown = dict(self.data.items())
        for name in self.folded:
            if name in self.data:
                shown[self.add_prefix(name)] = self.fields[name].to_python(self.data[name])
        self.data = shown
        return cleaned


class LoginForm(TellingForm):
    """Login and password."""

    username = forms.CharField(
        label=_("用户名"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = password_field(_("密码"), new=False)

    def clean_username(self) -> str:
        return User.normalize_username(self.cleaned_data["username"])


class PasswordForm(TellingForm):
    """A person's own new password."""

    old = password_field(_("原密码"), new=False)
    new = password_field(_("新密码"), new=True, rules=True)
    again = password_field(_("再输一次新密码"), new=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _same(self, cleaned, "new", "again")
        return cleaned


def _same(form: forms.Form, cleaned: dict[str, Any], first: str, second: str) -> None:
    if first in cleaned and second in cleaned and cleaned[first] != cleaned[second]:
        form.add_error(second, _("两次输入的密码不一样，请再输一次。"))


class PersonFields(FoldedForm):
    """What every new account needs."""

    folded: ClassVar[tuple[str, ...]] = ("username", "mobile")

    person_name = forms.CharField(
        label=_("姓名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    username = UsernameField(label=_("用户名"), help_text=_("3 个字以上，登录时用；不分大小写。"))
    mobile = MobileField(label=_("手机号"), help_text=_("11 位，用来联系，不会公开。"))
    password = password_field(_("密码"), new=True, rules=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if password := cleaned.get("password"):
            person = User(
                username=cleaned.get("username", ""),
                name=cleaned.get("person_name", ""),
                mobile=cleaned.get("mobile", ""),
            )
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class SignUpForm(PersonFields):
    """An enterprise and its first person."""

    folded: ClassVar[tuple[str, ...]] = ("uscc", "username", "mobile")

    uscc = UsccField(
        label=_("统一社会信用代码"),
        help_text=_("营业执照上的 18 位代码。小写、全角和空格会自动改成规范写法。"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("单位名称"),
        min_length=4,
        max_length=100,
        help_text=_("和营业执照一致的全称。"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    legal_person = forms.CharField(label=_("法定代表人"), max_length=40)
    owner_type = forms.CharField(
        label=_("单位类型"), max_length=60, widget=Datalist(OWNER_TYPES), help_text=_("营业执照上的“类型”。")
    )
    trade = forms.ChoiceField(label=_("业务身份"), choices=Trade.choices, initial=Trade.OWNER)
    again = password_field(_("再输一次密码"), new=True)

    field_order = (
        "uscc",
        "name",
        "legal_person",
        "owner_type",
        "trade",
        "person_name",
        "username",
        "mobile",
        "password",
        "again",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _same(self, cleaned, "password", "again")
        return cleaned


class MemberForm(PersonFields):
    """One more person of an enterprise."""

    role = forms.ChoiceField(label=_("角色"))
    field_order = ("person_name", "username", "mobile", "role", "password")

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        self.fields["password"].label = _("初始密码")
        self.fields["password"].widget.attrs["autocomplete"] = "off"


class PersonForm(PersonFields):
    """An account of the city's staff, without a role yet."""

    field_order = ("person_name", "username", "mobile", "password")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("初始密码")
        self.fields["password"].widget.attrs["autocomplete"] = "off"


class ResetForm(TellingForm):
    """A first password given again."""

    password = password_field(_("新的初始密码"), new=True, rules=True)

    def __init__(self, *args: Any, person: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)
        return password


class GrantForm(TellingForm):
    """A role for a person in a department."""

    role = forms.ChoiceField(label=_("角色"))
    department = forms.ChoiceField(label=_("部门"))

    def __init__(self, *args: Any, roles: list[tuple[str, str]], departments: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("请选择")), *roles]  # type: ignore[attr-defined]
        self.fields["department"].choices = [("", _("请选择")), *departments]  # type: ignore[attr-defined]


class AbsenceForm(TellingForm):
    """Who is away from when to when, and who does his work."""

    person = forms.ChoiceField(label=_("不在岗的人"))
    substitute = forms.ChoiceField(label=_("代办人"), help_text=_("须是本部门同岗位的同事。"))
    from_on = forms.DateField(label=_("从"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until_on = forms.DateField(
        label=_("到"),
        help_text=_("这一天也算在内，过后自动结束。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(label=_("事由"), max_length=100, required=False, help_text=_("只给本部门的人看。"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], colleagues: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        blank = ("", gettext("请选择"))
        self._choose("person", people if len(people) == 1 else [blank, *people])
        self._choose("substitute", [blank, *colleagues])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def who(self) -> tuple[int, str]:
        """Return person and department of the chosen line."""
        person, _colon, department = self.cleaned_data["person"].partition(":")
        return int(person), department
