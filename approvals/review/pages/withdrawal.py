"""What the withdrawal of an application would end, and what it leaves."""

from dataclasses import dataclass

from approvals.applications.models import Application
from approvals.review.models import Case


@dataclass(frozen=True, slots=True)
class Ending:
    """The items of an application by what becomes of them."""

    running: tuple[str, ...]
    kept: tuple[str, ...]
    """Decided already; that stays."""


def ending(application: Application) -> Ending:
    """Read what a withdrawal would end; one statement."""
    cases = list(Case.objects.filter(application=application).select_related("service_item").order_by("pk"))
    return Ending(
        running=tuple(case.service_item.name for case in cases if case.is_running),
        kept=tuple(case.service_item.name for case in cases if case.decision_id is not None),
    )
