"""The themes: what a layer of the blueprint may show, each a list of features taken from the city."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from blueprint.ground.city import City
from blueprint.ground.drawn import Drawn
from blueprint.ground.themes import base, care, lines, plans, works

Theme = Callable[[City], list[Drawn]]

THEMES: Mapping[str, Theme] = {**base.THEMES, **plans.THEMES, **lines.THEMES, **care.THEMES, **works.THEMES}
