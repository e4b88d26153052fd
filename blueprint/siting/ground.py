"""Load what lies around a site, for derivation: two statements, whatever the number of layers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from shapely.geometry import MultiPolygon

from blueprint.geometry import degrees
from blueprint.geometry.frame import Frame
from blueprint.geometry.stored import geos_of, shape_of
from blueprint.layers.models import Edition, Feature
from blueprint.siting.derive import Derived, EditionUsed, Ground, GroundFeature, Rules, derive, layers_read
from portal.citypack import queries as citypack
from projects.catalogue.definitions import Catalogue


@lru_cache(maxsize=8)
def rules_of(version_id: int) -> Rules:
    """Give the rules of a pack version; a version never changes."""
    return Rules.of(citypack.document(version_id, "layers"))


def rules() -> Rules:
    """Give the rules in force: layers and tolerances are the blueprint's of today, whenever a project began.

    :raises NoPack: no pack was loaded yet
    """
    return rules_of(citypack.current_id())


def current_editions(layers: Iterable[str], *, work_crs: int) -> dict[str, EditionUsed]:
    """Give the current edition of each of these layers that has one in this plane."""
    rows = Edition.objects.filter(layer__in=list(layers), work_crs=work_crs).current()
    return {row.layer_id: EditionUsed(row.pk, row.name) for row in rows.only("pk", "layer_id", "name")}


def around(shape: MultiPolygon, layers: Iterable[str], *, work_crs: int) -> Ground:
    """Load the current editions of layers with the features that touch a site."""
    editions = current_editions(layers, work_crs=work_crs)
    by_edition = {used.id: layer for layer, used in editions.items()}
    features: dict[str, list[GroundFeature]] = {}
    rows = (
        Feature.objects.of_editions(by_edition)
        .filter(geom__intersects=geos_of(shape))
        .order_by("edition_id", "index")
        .values_list("edition_id", "fid", "name", "geom")
    )
    for edition, fid, name, geom in rows:
        features.setdefault(by_edition[edition], []).append(GroundFeature(fid, name, shape_of(geom)))
    return Ground(editions, features)


def derived(shape: MultiPolygon, *, catalogue: Catalogue, frame: Frame) -> Derived:
    """Read everything off a line that lies in the city's work CRS."""
    in_force = rules()
    return derive(
        shape,
        catalogue=catalogue,
        rules=in_force,
        ground=around(shape, layers_read(catalogue, in_force), work_crs=frame.work_crs),
        to_degrees=lambda part: degrees.to_degrees(part, frame.work_crs),
    )
