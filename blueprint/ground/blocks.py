"""What the detailed plan says of each block, what stands there, and what the older plan said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from blueprint.ground import shaping
from blueprint.ground.drawn import Drawn, Plan
from blueprint.ground.streets import Area, Network
from blueprint.ground.water import Nature

HECTARE = 10_000.0
#: what a quarter is parted into: size of a block, of a plot, and the street between blocks, by character
SIZES = {
    "centre": (4.2, 2.3, 18.0),
    "housing": (6.0, 3.6, 16.0),
    "tech": (9.0, 5.0, 20.0),
    "industry": (14.0, 7.0, 22.0),
    "port": (8.0, 4.5, 18.0),
    "town": (4.2, 2.4, 12.0),
}
STEPS = (12, 15, 18, 24, 30, 36, 45, 54, 60, 80, 100, 120, 150, 180, 200, 250)
"""Heights that plans ask for, in metres."""
SLACK = (1.0, 2.6)
"""A plan lets build higher than floors over all of the ground would need: towers stand on a part of it."""
FOLLOWS = 0.68
"""How often a plot has the use of its block."""


@dataclass(frozen=True, slots=True)
class Plot:
    """One 控规地块."""

    shape: Polygon
    area: Area
    quarter: int
    fid: str
    use: str
    facts: Mapping[str, Any]
    centrality: float
    is_built: bool

    @property
    def drawn(self) -> Drawn:
        """Return it as a feature of the detailed plan."""
        return Drawn(self.shape, self.fid, self.area.row["name"], {"use": self.use, **self.facts})


@dataclass(frozen=True, slots=True)
class Block:
    """Plots with streets around them; the older plan knew no more than this."""

    shape: Polygon
    area: Area
    plots: tuple[Plot, ...]

    @property
    def use(self) -> str:
        """Return the use that most of it has."""
        sizes: Counter[str] = Counter()
        for plot in self.plots:
            sizes[plot.use] += int(plot.shape.area)
        return sizes.most_common(1)[0][0]


def draw(plan: Plan, network: Network, nature: Nature) -> list[Block]:
    """Part every quarter into blocks and plots and give each a use with its limits."""
    limits = {row["code"]: row for row in plan.rows("uses")}
    characters = {row["id"]: row for row in plan.rows("characters")}
    shore = nature.water.union(nature.sea).buffer(90)
    blocks = []
    for area in network.areas:
        chance = plan.chance(f"blocks of {area.row['name']}")
        character = characters[area.row["character"]]
        size, plot_size, street = SIZES[area.row["character"]]
        for quarter, outline in enumerate(area.quarters, start=1):
            number = 0
            for shape in shaping.divide(outline, chance, target=size * HECTARE, gap=street, least=1500):
                lead = _use(character, area, shape, chance)
                is_green = shape.intersects(shore) and chance.random() < 0.45
                plots = []
                for part in shaping.divide(shape, chance, target=plot_size * HECTARE, least=900):
                    number += 1
                    use = lead if chance.random() < FOLLOWS else _use(character, area, part, chance)
                    use = "1401" if is_green or part.area < 2600 else use
                    centrality = area.centrality(part.centroid.x, part.centroid.y)
                    plots.append(
                        Plot(
                            shape=part,
                            area=area,
                            quarter=quarter,
                            fid=f"{area.number:02d}-{quarter:03d}-{number:02d}",
                            use=use,
                            facts=_limits(limits[use], centrality, chance),
                            centrality=centrality,
                            is_built=chance.random() < 0.35 + 0.62 * min(1.0, centrality * 2),
                        )
                    )
                if plots:
                    blocks.append(Block(shape, area, tuple(plots)))
    return blocks


def _use(character: Mapping[str, Any], area: Area, shape: BaseGeometry, chance: shaping.Chance) -> str:
    where = area.centrality(shape.centroid.x, shape.centroid.y) + chance.normal(0, 0.07)
    weights = character["middle"] if where > 0.52 else character["edge"]
    codes = list(weights)
    shares = np.array([weights[code] for code in codes], dtype=float)
    return str(chance.choice(codes, p=shares / shares.sum()))


def _limits(row: Mapping[str, Any], centrality: float, chance: shaping.Chance) -> dict[str, float]:
    """Draw the limits of a plot: the nearer the middle, the more may be built; height follows from the floors."""
    facts: dict[str, float] = {}
    if "green" in row:
        facts["green"] = float(round(chance.uniform(*row["green"])))
    if "far" not in row:
        return facts
    low, high = row["far"]
    facts["far"] = round(low + (high - low) * (0.35 * chance.random() + 0.65 * min(1.0, centrality * 1.3)), 1)
    facts["density"] = float(round(chance.uniform(*row["density"])))
    floors = max(1.0, np.ceil(facts["far"] / facts["density"] * 100)) * chance.uniform(*SLACK) + 1
    wanted = floors * row["floor_m"]
    facts["height"] = float(next((step for step in STEPS if step >= wanted), STEPS[-1]))
    return facts


def houses(plan: Plan, blocks: list[Block], limit: int) -> list[Drawn]:
    """Set houses on the plots that are built: rows along the longer side, those that stand on it whole."""
    sizes = {row["code"]: row for row in plan.rows("uses")}
    chance = plan.chance("houses")
    plots = sorted(
        (plot for block in blocks for plot in block.plots if plot.is_built and "house" in sizes[plot.use]),
        key=lambda plot: -plot.centrality,
    )
    drawn: list[Drawn] = []
    for plot in plots:
        for shape in _row_houses(plot, sizes[plot.use]["house"], chance):
            height = float(round(plot.facts["height"] * chance.uniform(0.4, 0.97), 1))
            drawn.append(Drawn(shape, f"JZ{len(drawn) + 1:06d}", "", {"use": plot.use, "height": height}))
        if len(drawn) >= limit:
            break
    return drawn


def _row_houses(plot: Plot, size: list[float], chance: shaping.Chance) -> list[Polygon]:
    width, depth, gap = size
    ground = plot.shape.buffer(-7)
    if ground.is_empty:
        return []
    corner, long, short = shaping.axes(ground)
    length, breadth = float(np.hypot(*long)), float(np.hypot(*short))
    across, along = long / max(length, 1), short / max(breadth, 1)
    columns, rows = int((length + gap / 2) // (width + gap / 2)), int((breadth + gap) // (depth + gap))
    if columns < 1 or rows < 1:
        return []
    pitch_x, pitch_y = length / columns, breadth / rows
    places = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).reshape(-1, 2) + 0.5
    places = places[chance.random(len(places)) < 0.8]
    middles = corner + places[:, :1] * pitch_x * across + places[:, 1:] * pitch_y * along
    half_x = across * (width / 2) * chance.uniform(0.8, 1.05, (len(places), 1))
    half_y = along * (depth / 2) * chance.uniform(0.85, 1.1, (len(places), 1))
    rings = np.stack(
        [middles - half_x - half_y, middles + half_x - half_y, middles + half_x + half_y, middles - half_x + half_y], 1
    )
    boxes = shapely.polygons(rings)
    shapely.prepare(ground)
    return list(boxes[shapely.contains(ground, boxes)])
