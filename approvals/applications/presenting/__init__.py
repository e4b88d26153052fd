"""An application in the words and shapes of the interface: fields, sections, material slots, points to mend."""

from approvals.applications.presenting.conflicts import (
    ClashView,
    UnsavedView,
    clash_answer,
    clash_views,
    shown_words,
    unsaved_views,
)
from approvals.applications.presenting.fields import SectionView, field_view, posted, posted_versions, section_views
from approvals.applications.presenting.reading import HistoryLine, Line, history_lines, lines, value_words
from approvals.applications.presenting.slots import problem_views, slot_view, slot_views

__all__ = [
    "ClashView",
    "HistoryLine",
    "Line",
    "SectionView",
    "UnsavedView",
    "clash_answer",
    "clash_views",
    "field_view",
    "history_lines",
    "lines",
    "posted",
    "posted_versions",
    "problem_views",
    "section_views",
    "shown_words",
    "slot_view",
    "slot_views",
    "unsaved_views",
    "value_words",
]
