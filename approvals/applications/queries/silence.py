"""What nobody has answered in time: by law accepted from the day of receipt (行政许可法第32条)."""

from datetime import date

from approvals.applications.models import Application
from approvals.applications.states import ApplicationState
from approvals.deadlines.states import TimerState


def is_silent(application: Application, *, today: date) -> bool:
    """Tell whether the notice period of an application at the window has passed without an answer.

    A timely correction notice rules it out for good, also when the applicant has mended since: the clock knows.
    """
    timer = application.timer
    return (
        timer is not None
        and timer.state == TimerState.WAITING
        and timer.clock_from is not None
        and timer.clock_from <= today
    )


def silent(*, today: date) -> list[int]:
    """Return the ids of the applications at the window that nobody has answered in time; along the clock's index."""
    rows = Application.objects.filter(
        state=ApplicationState.SUBMITTED, timer__state=TimerState.WAITING, timer__clock_from__lte=today
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))
