"""What a light needs of a timer, by columns: the lanes beside a list are many, and need no model each."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Protocol

from approvals.deadlines.states import Light, TimerState


class Clock(Protocol):
    """A timer, whole or by its columns; what each of them means stands in `models.Timer`."""

    region: str
    unit: str
    promised_days: int
    extended_days: int
    state: str
    received_on: date | None
    accepted_on: date | None
    ended_on: date | None
    ended_as: str
    clock_from: date | None
    promised_due_on: date | None
    promised_left_days: int | None
    yellow_on: date | None
    red_on: date | None
    paused_by: str
    paused_on: date | None

    @property
    def limit_days(self) -> int: ...

    @property
    def is_stopped(self) -> bool: ...

    @property
    def is_paused(self) -> bool: ...

    def is_blue(self, on: date) -> bool: ...

    def light_on(self, on: date) -> Light: ...


class Lit:
    """What follows from the columns on a day."""

    @property
    def limit_days(self: Clock) -> int:
        """Return the limit of C2 with all extensions."""
        return self.promised_days + self.extended_days

    @property
    def is_stopped(self: Clock) -> bool:
        return self.state == TimerState.STOPPED

    @property
    def is_paused(self: Clock) -> bool:
        return self.state == TimerState.PAUSED

    def is_blue(self: Clock, on: date) -> bool:
        """Tell whether there is no acceptance yet, not even by silence."""
        return self.clock_from is None or on < self.clock_from

    def light_on(self: Clock, on: date) -> Light:
        """Return the light at the end of a day not before the last event; the same as `with_light` says in SQL."""
        if self.is_blue(on):
            return Light.BLUE
        if self.red_on is not None and self.red_on <= on:
            return Light.RED
        if self.is_stopped:
            return Light.GREEN
        if self.is_paused:
            return Light.GREY
        return Light.YELLOW if self.yellow_on is not None and self.yellow_on <= on else Light.GREEN


@dataclass(slots=True)
class TimerColumns(Lit):
    """A timer as `values_list(*paths(...))` gives it."""

    region: str
    unit: str
    promised_days: int
    extended_days: int
    state: str
    received_on: date | None
    accepted_on: date | None
    ended_on: date | None
    ended_as: str
    clock_from: date | None
    promised_due_on: date | None
    promised_left_days: int | None
    yellow_on: date | None
    red_on: date | None
    paused_by: str
    paused_on: date | None


def paths(prefix: str = "") -> tuple[str, ...]:
    """Return the columns, for querysets that reach a timer by a path (`timer__`)."""
    return tuple(prefix + field.name for field in fields(TimerColumns))
