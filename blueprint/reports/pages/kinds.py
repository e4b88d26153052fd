"""Of which kind a patch is, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from blueprint.checks.states import LineChange, PlanConflict


def kind(name: str) -> str:
    """Say of which kind a patch is; the kinds of plan conflicts are words of the trade already."""
    words = {
        LineChange.ADDED.value: _("新增"),
        LineChange.REMOVED.value: _("减少"),
        PlanConflict.ONLY_A.value: _("土有城无"),
        PlanConflict.ONLY_B.value: _("城有土无"),
        PlanConflict.USES_DIFFER.value: _("用途异"),
    }
    return words.get(name, name)
