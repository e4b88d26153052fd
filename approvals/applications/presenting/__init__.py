"""An application in the words and shapes of the interface: fields, sections, material slots, points to mend."""

from approvals.applications.presenting.fields import SectionView, field_view, posted, section_views
from approvals.applications.presenting.reading import HistoryLine, Line, history_lines, lines, value_words
from approvals.applications.presenting.slots import problem_views, slot_view, slot_views

__all__ = [
    "HistoryLine",
    "Line",
    "SectionView",
    "field_view",
    "history_lines",
    "lines",
    "posted",
    "problem_views",
    "section_views",
    "slot_view",
    "slot_views",
    "value_words",
]
