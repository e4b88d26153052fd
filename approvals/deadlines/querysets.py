"""Timers by their light and due day: by stored dates, so any day's answer is one look at an index."""

from collections.abc import Callable
from datetime import date

from django.db import models
from django.db.models import Case, CharField, Q, Value, When

from approvals.deadlines.states import Light, TimerState


class TimerQuerySet(models.QuerySet):
    """Chainable filters."""

    def running(self) -> "TimerQuerySet":
        """Keep timers whose promised limit runs or will run; paused and stopped ones are left out."""
        return self.filter(state__in=(TimerState.WAITING, TimerState.RUNNING))

    def due_before(self, day: date) -> "TimerQuerySet":
        """Keep running timers that the promised limit makes due before a day."""
        return self.running().filter(promised_due_on__lt=day, clock_from__lt=day)

    def late_on(self, day: date) -> "TimerQuerySet":
        """Keep timers not yet stopped whose light is red on a day."""
        return self.exclude(state=TimerState.STOPPED).filter(red_on__lte=day)

    def with_light(self, on: date) -> "TimerQuerySet":
        """Annotate `light`, the light at the end of a day not before the timer's last event."""
        return self.annotate(light=light_on(on))


def light_on(on: date, prefix: str = "") -> Case:
    """Return the expression of the light on a day, for querysets that reach a timer by a path (`case__timer__`)."""
    is_ = _with(prefix)
    # The order is the contract's: a pause does not hide a red light.
    return _light(
        When(is_(clock_from__isnull=True) | is_(clock_from__gt=on), then=Value(Light.BLUE.value)),
        When(is_(red_on__lte=on), then=Value(Light.RED.value)),
        When(is_(state=TimerState.STOPPED.value), then=Value(Light.GREEN.value)),
        When(is_(state=TimerState.PAUSED.value), then=Value(Light.GREY.value)),
        When(is_(yellow_on__lte=on), then=Value(Light.YELLOW.value)),
    )


def running_light_on(on: date, prefix: str = "") -> Case:
    """Return the same for rows that keep a copy of the days of a timer that has not stopped."""
    is_ = _with(prefix)
    return _light(
        When(is_(clock_from__isnull=True) | is_(clock_from__gt=on), then=Value(Light.BLUE.value)),
        When(is_(red_on__lte=on), then=Value(Light.RED.value)),
        # a timer is paused if and only if it says since when (timer_paused_since)
        When(is_(paused_on__isnull=False), then=Value(Light.GREY.value)),
        When(is_(yellow_on__lte=on), then=Value(Light.YELLOW.value)),
    )


def _with(prefix: str) -> Callable[..., Q]:
    def is_(**conditions: object) -> Q:
        return Q(**{prefix + key: value for key, value in conditions.items()})

    return is_


def _light(*cases: When) -> Case:
    return Case(*cases, default=Value(Light.GREEN.value), output_field=CharField())
