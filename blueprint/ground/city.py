"""The whole ground at once: what all themes are taken from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from blueprint.ground import blocks as parting
from blueprint.ground import country as outside
from blueprint.ground import shaping, streets, water
from blueprint.ground.drawn import Drawn, Plan

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class City:
    """Nature, streets, blocks, country."""

    plan: Plan
    nature: water.Nature
    network: streets.Network
    surfaces: list[Drawn]
    blocks: list[parting.Block]
    country: outside.Country

    @property
    def plots(self) -> list[parting.Plot]:
        """Return the plots of the detailed plan."""
        return [plot for block in self.blocks for plot in block.plots]

    @property
    def built_up(self) -> BaseGeometry:
        """Return all areas as one."""
        return shaping.whole(area.outline for area in self.network.areas)

    @property
    def hills(self) -> BaseGeometry:
        """Return all hills as one."""
        return shaping.whole(hill.shape for hill in self.nature.hills)


def draw(plan: Plan) -> City:
    """Draw everything that themes are taken from; the same plan gives the same city."""
    nature = water.draw(plan)
    network = streets.draw(plan, nature)
    return City(
        plan=plan,
        nature=nature,
        network=network,
        surfaces=streets.surfaces(network, nature),
        blocks=parting.draw(plan, network, nature),
        country=outside.draw(plan, nature, network),
    )
