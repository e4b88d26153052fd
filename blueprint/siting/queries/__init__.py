"""What the pages of a site show, already loaded."""

from blueprint.siting.queries.comparing import Comparison, compare
from blueprint.siting.queries.current import (
    Panel,
    SitePage,
    has_boundary,
    last_derivation,
    moved_on,
    own_draft,
    panel,
    site_page,
    versions_of,
)
from blueprint.siting.queries.outlines import Figures, PointRow, figures_of, points_of
from blueprint.siting.queries.places import places_of
from blueprint.siting.queries.previewing import Change, ItemChange, Preview, preview

__all__ = [
    "Change",
    "Comparison",
    "Figures",
    "ItemChange",
    "Panel",
    "PointRow",
    "Preview",
    "SitePage",
    "compare",
    "figures_of",
    "has_boundary",
    "last_derivation",
    "moved_on",
    "own_draft",
    "panel",
    "places_of",
    "points_of",
    "preview",
    "site_page",
    "versions_of",
]
