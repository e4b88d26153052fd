"""The verbs of siting."""

from blueprint.siting.operations.adopting import HasSite, give_to_project
from blueprint.siting.operations.drafts import DraftReplaced, NoDraft, discard_draft, propose, use_draft
from blueprint.siting.operations.facts import NoSite, recompute
from blueprint.siting.operations.versions import SameBoundary, add_version, enter_version

__all__ = [
    "DraftReplaced",
    "HasSite",
    "NoDraft",
    "NoSite",
    "SameBoundary",
    "add_version",
    "discard_draft",
    "enter_version",
    "give_to_project",
    "propose",
    "recompute",
    "use_draft",
]
