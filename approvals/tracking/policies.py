"""Which frame a shared page is shown in. Who may see a project is asked of the registry."""

from portal.core import nav
from portal.core.actor import Actor


def layout_of(actor: Actor) -> str:
    """Return the layout template of the actor's first work place; applicants and visitors get the light one."""
    places = nav.home_layouts(actor)
    if not places or places[0] == "applicant":
        return "layouts/applicant.html"
    return f"layouts/{places[0]}.html"
