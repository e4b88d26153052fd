"""Cleaning of what is typed about certificates."""

from collections.abc import Sequence

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from approvals.certificates.models import Certificate
from projects.catalogue.definitions import ResultAttribute


class CodeForm(forms.Form):
    """Ask for a verification code."""

    code = forms.CharField(
        label=_("核验码"),
        max_length=40,
        help_text=_("印在二维码下方，8 位字母和数字，大小写和短横不影响。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("请输入核验码。")},
    )


class OriginalForm(forms.Form):
    """Ask for a PDF to be compared with the filed one; it is read and not kept."""

    file = forms.FileField(
        label=_("PDF 原件"),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": _("请选择 PDF 文件。"), "empty": _("这个文件是空的（0 字节），请重新选择。")},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError(_("文件太大，不会是本系统签发的原件。"))
        return file


class HandOverForm(forms.Form):
    """Ask who takes the paper."""

    to = forms.CharField(
        label=_("领取人"), max_length=80, strip=True, error_messages={"required": _("请写领取人姓名。")}
    )


class CorrectForm(forms.Form):
    """What a paper should say, line by line, and what was wrong."""

    reason = forms.CharField(
        label=_("更正说明"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("错在哪里、改成什么；记入审计。"),
        error_messages={"required": _("请写明错在哪里、改成什么。")},
    )

    def __init__(
        self, data: QueryDict | None, *, certificate: Certificate, attributes: Sequence[ResultAttribute]
    ) -> None:
        super().__init__(data)
        self.certificate, self.attributes = certificate, attributes
        own = {attribute.label for attribute in attributes}
        self.lines = [(label, value) for label, value in certificate.content if label not in own]
        for attribute in attributes:
            self.fields[f"attribute-{attribute.id}"] = forms.CharField(
                label=_("%(name)s（%(words)s）") % {"name": attribute.label, "words": attribute.unit}
                if attribute.unit
                else attribute.label,
                required=False,
                max_length=500,
                initial=certificate.decision.attributes.get(attribute.id, ""),
            )
        for number, (label, value) in enumerate(self.lines):
            self.fields[f"line-{number}"] = forms.CharField(label=label, max_length=500, initial=value)

    def changed_attributes(self) -> dict[str, str]:
        """Return the values of the result that were changed."""
        return {
            attribute.id: self.cleaned_data[f"attribute-{attribute.id}"]
            for attribute in self.attributes
            if f"attribute-{attribute.id}" in self.changed_data
        }

    def changed_lines(self) -> dict[str, str]:
        """Return the printed lines that were changed."""
        return {
            label: self.cleaned_data[f"line-{number}"]
            for number, (label, _value) in enumerate(self.lines)
            if f"line-{number}" in self.changed_data
        }


class RevokeForm(forms.Form):
    """Ask why a certificate is revoked."""

    reason = forms.CharField(
        label=_("撤销理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("申请人和已收到结果的部门会看到。"),
        error_messages={"required": _("撤销须写明理由，申请人和已收到结果的部门会看到。")},
    )
