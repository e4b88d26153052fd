"""A drawing of a site: one closed polyline per ring on the layer that is read as its boundary."""

from __future__ import annotations

import io

from blueprint.geometry.formats.dxf import BOUNDARY_LAYERS
from blueprint.geometry.shapes import SiteShape

RED = 1


def drawing(shape: SiteShape) -> bytes:
    """Write the rings in metres of the work CRS; holes are seen from how the rings lie."""
    # takes a quarter of a second, and most who import this write no drawing
    import ezdxf
    from ezdxf import units

    document = ezdxf.new("R2010", units=units.M)
    layer = BOUNDARY_LAYERS[0]
    document.layers.add(layer, color=RED)
    space = document.modelspace()
    for polygon in shape.geometry.geoms:
        for ring in (polygon.exterior, *polygon.interiors):
            space.add_lwpolyline(list(ring.coords)[:-1], close=True, dxfattribs={"layer": layer})
    content = io.StringIO()
    document.write(content)
    return content.getvalue().encode(document.output_encoding, "surrogateescape")
