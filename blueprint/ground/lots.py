"""Where a project of the demonstration lies: a lot of its size, on ground that suits it or on purpose does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import LineString, MultiPolygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from blueprint.ground import drawing, shaping
from blueprint.ground.blocks import Plot
from blueprint.ground.drawn import Drawn

DEGREES = 4490
INTO_FIELD = 14.0
"""So many metres of farmland a lot on the edge takes."""
INTO_NEIGHBOUR = 12.0
LEAST_REACHED = 0.04
"""Part of a plot that a zone covers before the plot counts as reached."""
NEAR = 500.0
Polygons = tuple[tuple[tuple[tuple[float, float], ...], ...], ...]


class Lie(StrEnum):
    """What a check shall find."""

    CLEAN = "clean"
    FARMLAND = "farmland"
    """A strip of permanent farmland lies in it."""
    MISMATCH = "mismatch"
    """The plan wants another use."""
    HERITAGE = "heritage"
    """A zone around a monument reaches into it."""
    SUPPLIED = "supplied"
    """A strip was given to another project before."""
    ROAD = "road"
    """It is a street."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a project needs."""

    key: str
    """Its name."""
    region: str
    use: str
    area_m2: float
    lie: Lie = Lie.CLEAN
    far: float = 0.0
    """What it means to build, so that a clean lot's plan allows it."""
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Lot:
    """A boundary: rings of points east and north in the work CRS, outer ring first in each polygon."""

    polygons: Polygons
    degrees: Polygons
    """The same in degrees, longitude first."""
    area_m2: float
    place: str
    """The area or street it lies in."""


@dataclass(slots=True)
class Surveyor:
    """Gives out lots, each piece of ground once."""

    drawing: drawing.Drawing
    avoid: Sequence[str]
    """Codes of layers, subtopics or topics that a clean lot does not touch."""
    _taken: set[str] = field(default_factory=set)
    _loads: dict[str, int] | None = None
    _bounds: dict[str, BaseGeometry] = field(default_factory=dict)

    def lots(self, wishes: Iterable[Wish]) -> Iterator[tuple[str, Lot]]:
        """Give each wish a lot, in their order; one that nothing in its region suits gets none."""
        for wish in wishes:
            found = self._shape(wish)
            if found is not None:
                yield wish.key, self._lot(*found)

    def _shape(self, wish: Wish) -> tuple[BaseGeometry, str] | None:
        match wish.lie:
            case Lie.ROAD:
                return self._on_road(wish)
            case Lie.FARMLAND:
                return self._beside(wish, self._themes("farmland"), INTO_FIELD)
            case Lie.SUPPLIED:
                return self._beside(wish, self._themes("contracts"), INTO_NEIGHBOUR)
            case Lie.HERITAGE:
                return self._near(wish, self._themes("heritage_care"))
            case Lie.MISMATCH:
                return self._on_plot(wish, wanted=False)
            case _:
                return self._on_plot(wish, wanted=True)

    # --- ways to lie -----------------------------------------------------------------------------------------------

    def _on_plot(self, wish: Wish, *, wanted: bool) -> tuple[BaseGeometry, str] | None:
        """Cut the lot from the smallest free plot that is large enough and has the use, or another one."""
        free = [plot for plot in self._free(wish.region) if (plot.use[:2] == wish.use[:2]) == wanted]
        exact = [plot for plot in free if plot.use.startswith(wish.use)]
        allowing = [plot for plot in exact if _allows(plot, wish)]
        for plots in (allowing, exact, free):
            enough = [plot for plot in plots if plot.shape.area >= wish.area_m2]
            if enough:
                plot = min(enough, key=lambda each: float(each.shape.area))
                return self._cut([plot], wish)
        return self._together(allowing, wish) or self._together(exact, wish) or self._together(free, wish)

    def _together(self, plots: list[Plot], wish: Wish) -> tuple[BaseGeometry, str] | None:
        """Join neighbours of one block until they are large enough."""
        blocks: dict[tuple[int, int], list[Plot]] = {}
        for plot in plots:
            blocks.setdefault((plot.area.number, plot.quarter), []).append(plot)
        for group in sorted(blocks.values(), key=lambda group: -sum(plot.shape.area for plot in group)):
            joined, rest = group[:1], group[1:]
            while sum(plot.shape.area for plot in joined) < wish.area_m2:
                outline = shaping.whole(plot.shape for plot in joined).buffer(0.05)
                beside = next((plot for plot in rest if plot.shape.intersection(outline).length > 20), None)
                if beside is None:
                    break
                joined.append(beside)
                rest.remove(beside)
            if sum(plot.shape.area for plot in joined) >= wish.area_m2:
                return self._cut(joined, wish)
        return None

    def _cut(self, plots: list[Plot], wish: Wish) -> tuple[BaseGeometry, str]:
        self._taken.update(plot.fid for plot in plots)
        whole = shaping.whole(plot.shape for plot in plots)
        if len(plots) > 1:
            whole = whole.buffer(0.02, join_style="mitre").buffer(-0.02, join_style="mitre")
        shape = whole if whole.area <= wish.area_m2 else shaping.share(whole, wish.area_m2)
        return shape, str(plots[0].area.row["name"])

    def _beside(self, wish: Wish, features: list[Drawn], depth: float) -> tuple[BaseGeometry, str] | None:
        """Lay a rectangle on free ground so that its end reaches a feature by so many metres."""
        tree = shapely.STRtree([each.shape for each in features])
        for plot in self._on_edge(wish):
            feature = features[int(tree.nearest(plot.shape))].shape
            if feature.distance(plot.shape) > NEAR:
                continue
            here, there = nearest_points(plot.shape.centroid, feature)
            way = np.array([here.x - there.x, here.y - there.y])
            way /= np.hypot(*way)
            width = float(np.sqrt(wish.area_m2 * 0.8))
            start = np.array([there.x, there.y]) - way * depth
            line = LineString([start, start + way * wish.area_m2 / width])
            self._taken.add(plot.fid)
            return line.buffer(width / 2, cap_style="flat"), str(plot.area.row["name"])
        return None

    def _near(self, wish: Wish, features: list[Drawn]) -> tuple[BaseGeometry, str] | None:
        """Take the plot a feature reaches into, of the use, and with as little else as can be, and cut it."""
        zone = shaping.whole(each.shape for each in features)
        reached = [
            plot
            for plot in self._all(wish.region)
            if plot.fid not in self._taken
            and plot.use[:2] == wish.use[:2]
            and plot.shape.intersection(zone).area > LEAST_REACHED * plot.shape.area
        ]
        if not reached:
            return None
        touched = self._touched()
        plot = min(reached, key=lambda each: (not each.use.startswith(wish.use), touched.get(each.fid, 0), each.fid))
        shape, place = self._cut([plot], wish)
        rest = plot.shape.difference(shaping.share(plot.shape, max(0.0, plot.shape.area - wish.area_m2)))
        # of both ends the one that the zone reaches farther into
        return max(shape, rest, key=lambda each: float(each.intersection(zone).area)), place

    def _on_road(self, wish: Wish) -> tuple[BaseGeometry, str] | None:
        """Take the part of a street that has the area."""
        bounds = self._region(wish.region)
        streets = [
            street
            for street in self.drawing.city.surfaces
            if street.fid not in self._taken and street.facts["use"] == "1207" and bounds.intersects(street.shape)
        ]
        # a project that is called after a street lies in it, if the street is long enough
        streets.sort(key=lambda street: (street.name not in wish.key, -street.shape.area))
        for street in streets:
            parts = shaping.polygons(street.shape.intersection(bounds))
            part = max(parts, key=lambda each: float(each.area), default=None)
            if part is not None and part.area >= wish.area_m2 * 1.02:
                self._taken.add(street.fid)
                return shaping.share(part, wish.area_m2), street.name
        return None

    # --- what is free ----------------------------------------------------------------------------------------------

    def _themes(self, theme: str) -> list[Drawn]:
        return self.drawing.features(theme)

    def _all(self, region: str) -> list[Plot]:
        known = {str(area.row["region"]) for area in self.drawing.city.network.areas}
        return [plot for plot in self.drawing.city.plots if region not in known or plot.area.row["region"] == region]

    def _free(self, region: str) -> list[Plot]:
        """Return the plots that nothing lies on and no project has got."""
        touched = self._touched()
        return [plot for plot in self._all(region) if plot.fid not in touched and plot.fid not in self._taken]

    def _touched(self) -> dict[str, int]:
        """Count for each plot the features that lie on it and should not; plots without any are left out."""
        if self._loads is None:
            shapes = [each.shape for each in drawing.part_of(self.drawing, self.avoid)]
            plots = self.drawing.city.plots
            inner = shapely.buffer([plot.shape for plot in plots], -1.0)
            found = shapely.STRtree(shapes).query(inner, predicate="intersects")[0].tolist()
            self._loads = dict(Counter(plots[place].fid for place in found))
        return self._loads

    def _on_edge(self, wish: Wish) -> list[Plot]:
        """Return free plots, those at the edge of the built-up areas first."""
        return sorted(self._free(wish.region), key=lambda plot: (plot.centrality, plot.fid))

    def _region(self, region: str) -> BaseGeometry:
        if region not in self._bounds:
            named = [*self._themes("zones"), *self._themes("districts")]
            found = [each.shape for each in named if each.fid == region]
            self._bounds[region] = found[0] if found else self.drawing.city.nature.frame
        return self._bounds[region]

    # --- as points -------------------------------------------------------------------------------------------------

    def _lot(self, shape: BaseGeometry, place: str) -> Lot:
        there = self.drawing.placed(shaping.polygonal(shape))
        turn = Transformer.from_crs(self.drawing.frame.work_crs, DEGREES, always_xy=True)
        degrees = shapely.transform(there, lambda points: np.column_stack(turn.transform(points[:, 0], points[:, 1])))
        return Lot(rings(there, 2), rings(degrees, 9), round(float(there.area), 2), place)


def _allows(plot: Plot, wish: Wish) -> bool:
    """Tell whether the plan of a plot lets the project be as dense and as high as it means to be."""
    limits = {"far": wish.far, "height": wish.height}
    return all(plot.facts.get(name, value) >= value for name, value in limits.items())


def rings(shape: MultiPolygon, digits: int) -> Polygons:
    """Write a shape as points, to so many digits."""
    return tuple(
        tuple(
            tuple((round(float(x), digits), round(float(y), digits)) for x, y in shapely.get_coordinates(ring))
            for ring in (part.exterior, *part.interiors)
        )
        for part in shape.geoms
    )
