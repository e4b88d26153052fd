"""Cleaning of what the keeper of a layer brings in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from blueprint.layers.models import Layer

#: CRS a file may be in without saying so; what else there is, the file says itself
SYSTEMS = [
    ("", _("按文件所写")),
    ("4490", _("CGCS2000 经纬度（EPSG:4490）")),
]


class ImportForm(forms.Form):
    """A file for an edition of one of the layers the actor keeps."""

    layer = forms.ChoiceField(label=_("图层"))
    name = forms.CharField(
        label=_("版本"),
        max_length=40,
        help_text=_("按名称排序，最大的一版是现行版，例如 2026 或 2026-03"),
    )
    source = forms.CharField(label=_("来源"), max_length=200, required=False, help_text=_("文号、成果名称或提供单位"))
    crs = forms.ChoiceField(label=_("坐标系"), required=False, help_text=_("文件没有写明或写错时才选"))
    file = forms.FileField(
        label=_("文件"), help_text=_("GeoJSON、SHP（打包成 zip）、GPKG 或 DXF；太大的文件请系统管理员用命令行导入")
    )

    def __init__(self, data: Any = None, files: Any = None, *, layers: Iterable[Layer], zones: Iterable[int]) -> None:
        super().__init__(data, files, auto_id="import-%s")
        choices = [(layer.code, f"{layer.code} {layer.name}") for layer in layers]
        self._choose("layer", [("", _("请选择")), *choices])
        self._choose("crs", [*SYSTEMS, *((str(zone), f"EPSG:{zone}") for zone in zones)])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_name(self) -> str:
        """Take blanks at the ends off."""
        return str(self.cleaned_data["name"]).strip()

    def clean_crs(self) -> int | None:
        """Return the number, none where the file says it."""
        chosen = self.cleaned_data["crs"]
        return int(chosen) if chosen else None
