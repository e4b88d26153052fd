"""Page-shaped reads of runs, with what the reader may do there."""

from blueprint.reports.pages.pictures import corners
from blueprint.reports.pages.run import RunPage, run_page, verdict_of

__all__ = ["RunPage", "corners", "run_page", "verdict_of"]
