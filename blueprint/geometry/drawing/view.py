"""What part of the plane a picture shows, and at which scale."""

from __future__ import annotations

import math
from dataclasses import dataclass

#: denominators of the scales a drawing of the office is printed at
SCALES = tuple(first * power for power in (100, 1000, 10_000, 100_000) for first in (1, 1.5, 2, 3, 4, 5, 7.5))
#: how much of the picture the shape may fill
FILLED = 0.72
#: millimetres between two ticks of the grid, at least
TICKS_MM = 24


@dataclass(frozen=True, slots=True)
class View:
    """A rectangle of the plane at a scale. Metres, east and north; lengths on paper in millimetres."""

    west: float
    south: float
    east: float
    north: float
    scale: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        return self.west, self.south, self.east, self.north

    @property
    def metres_per_mm(self) -> float:
        return self.scale / 1000

    @property
    def step(self) -> int:
        """Return the distance of the grid's ticks: 1, 2 or 5 times a power of ten, in metres."""
        return round_up(TICKS_MM * self.metres_per_mm)

    def ticks(self, low: float, high: float) -> list[int]:
        """Return the round coordinates between two values."""
        first = math.ceil(low / self.step) * self.step
        return list(range(first, math.floor(high) + 1, self.step))


def view_of(bounds: tuple[float, float, float, float], *, width_mm: float, height_mm: float) -> View:
    """Choose the largest round scale at which a shape fits, and put it into the middle."""
    west, south, east, north = bounds
    needed = 1000 * max((east - west) / width_mm, (north - south) / height_mm) / FILLED
    scale = next((int(each) for each in SCALES if each >= needed), math.ceil(needed / 1_000_000) * 1_000_000)
    half_width, half_height = width_mm * scale / 2000, height_mm * scale / 2000
    middle_east, middle_north = (west + east) / 2, (south + north) / 2
    return View(
        west=middle_east - half_width,
        south=middle_north - half_height,
        east=middle_east + half_width,
        north=middle_north + half_height,
        scale=scale,
    )


def round_up(value: float) -> int:
    """Return the next 1, 2 or 5 times a power of ten, at least 1."""
    power = 10 ** math.floor(math.log10(max(value, 1)))
    return int(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value))


def round_down(value: float) -> int:
    """Return the 1, 2 or 5 times a power of ten that is not greater, at least 1."""
    power = 10 ** math.floor(math.log10(max(value, 1)))
    return int(next(factor * power for factor in (5, 2, 1) if factor * power <= max(value, 1)))
