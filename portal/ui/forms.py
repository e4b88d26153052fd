"""Forms that share a page with others."""

from typing import Any

from django import forms


class AmongOthers(forms.Form):
    """A form among others on one page: the ids of its fields begin with its own name, so each label finds its field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.removesuffix('Form').lower()}-%s")
        super().__init__(*args, **kwargs)
