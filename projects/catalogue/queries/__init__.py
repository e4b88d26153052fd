"""Read the catalogue: the frozen definitions of a version, and what the public pages show."""

from projects.catalogue.queries.guides import Guide, GuideList, guide, guide_list
from projects.catalogue.queries.home import Home, home
from projects.catalogue.queries.versions import catalogue, current_catalogue, recent_catalogue

__all__ = [
    "Guide",
    "GuideList",
    "Home",
    "catalogue",
    "current_catalogue",
    "guide",
    "guide_list",
    "home",
    "recent_catalogue",
]
