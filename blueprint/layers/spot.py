"""What lies at a place, and where something lies: for the map and for who has none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import Point

from blueprint.geometry import degrees
from blueprint.geometry.frame import Frame
from blueprint.layers import land_use
from blueprint.layers.models import Edition, Feature, Layer
from portal.core.actor import Actor

Degrees = tuple[float, float]
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_ZONE_PREFIX = 1_000_000
_MOST_PLACES = 12
_MOST_HITS = 200
#: features in which places are looked for, of each kind
_MOST_FOUND = 300


@dataclass(frozen=True, slots=True)
class Hit:
    """A feature at the place asked for."""

    layer: Layer
    edition: Edition
    feature: Feature
    use_name: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in degrees and in the plane, and what lies there."""

    lon: float
    lat: float
    east: float
    north: float
    hits: tuple[Hit, ...]
    asked: int
    """How many layers were asked."""

    @property
    def address(self) -> str:
        """Return the place as scripts and addresses have it."""
        return f"{self.lon:.8f},{self.lat:.8f}"

    @property
    def words(self) -> tuple[str, str]:
        """Return degrees and metres as people read them: X is north, Y is east."""
        return f"{self.lon:.6f}°, {self.lat:.6f}°", f"X {self.north:.3f}　Y {self.east:.3f}"


@dataclass(frozen=True, slots=True)
class Place:
    """Something that was looked for: where it lies, in degrees."""

    name: str
    kind: str
    west: float
    south: float
    east: float
    north: float

    @property
    def box(self) -> str:
        """Return where it lies, as scripts have it."""
        return ",".join(f"{number:.8f}" for number in (self.west, self.south, self.east, self.north))

    @property
    def middle(self) -> str:
        """Return its middle, as addresses have it."""
        return f"{(self.west + self.east) / 2:.8f},{(self.south + self.north) / 2:.8f}"


def at(actor: Actor, place: Degrees, frame: Frame) -> Spot:
    """Return the features of all current editions the actor may see at a place in degrees."""
    east, north = degrees.to_plane(place, frame.work_crs)
    editions = {each.pk: each for each in Edition.objects.visible_to(actor).current().select_related("layer__subtopic")}
    found = Feature.objects.of_editions(editions).filter(geom__intersects=Point(east, north)).defer("geom")[:_MOST_HITS]
    uses = land_use.current()
    hits = [
        Hit(editions[each.edition_id].layer, editions[each.edition_id], each, uses.name(each.use) if each.use else "")
        for each in found
    ]
    hits.sort(key=lambda hit: (hit.layer.code, hit.feature.index))
    return Spot(place[0], place[1], east, north, hits=tuple(hits), asked=len(editions))


def read_place(text: str, frame: Frame) -> Degrees | None:
    """Read two numbers as a place: degrees in either order, or X (north) and Y (east) in metres; None if they are none.

    The city lies far enough from both axes for the numbers to tell which is which.
    """
    numbers = [float(each) for each in _NUMBER.findall(text)]
    if len(numbers) != 2:
        return None
    for lon, lat in (numbers, numbers[::-1]):
        if _is_near(lon, lat, frame):
            return lon, lat
    for east, north in (numbers, numbers[::-1]):
        whole = east if east > _ZONE_PREFIX else east + frame.zone * _ZONE_PREFIX
        if 0 < north < 1e7 and int(whole // _ZONE_PREFIX) == frame.zone:
            lon, lat = degrees.from_plane((whole, north), frame.work_crs)
            if _is_near(lon, lat, frame):
                return lon, lat
    return None


def places(actor: Actor, text: str, frame: Frame) -> list[Place]:
    """Find what carries a name, a number or a project code among the features the actor may see."""
    point = read_place(text, frame)
    if point is not None:
        return [Place(name=text, kind="", west=point[0], south=point[1], east=point[0], north=point[1])]
    editions = {each.pk: each for each in Edition.objects.visible_to(actor).current().select_related("layer")}
    visible = Feature.objects.of_editions(editions)
    # one by one, each from the index that was made for it; all conditions together would read every feature there is
    named, coded, numbered = (
        found.order_by(first, "edition_id").values("pk")[:_MOST_FOUND]
        for first, found in (
            ("name", visible.exclude(name="").filter(name__icontains=text)),
            ("project_code", visible.exclude(project_code="").filter(project_code__istartswith=text)),
            ("fid", visible.filter(fid=text)),
        )
    )
    rows = (
        Feature.objects.filter(pk__in=[row["pk"] for row in named.union(coded, numbered)])
        .values("edition_id", "name", "fid", "project_code")
        .annotate(box=Extent("geom"))
        .order_by("name", "edition_id")[:_MOST_PLACES]
    )
    return [
        _place(
            row["name"] or row["project_code"] or row["fid"], editions[row["edition_id"]].layer.name, row["box"], frame
        )
        for row in rows
    ]


def _place(name: str, kind: str, box: tuple[float, float, float, float], frame: Frame) -> Place:
    west, south = degrees.from_plane((box[0], box[1]), frame.work_crs)
    east, north = degrees.from_plane((box[2], box[3]), frame.work_crs)
    return Place(name, kind, west, south, east, north)


def _is_near(lon: float, lat: float, frame: Frame) -> bool:
    return frame.lon[0] <= lon <= frame.lon[1] and frame.lat[0] <= lat <= frame.lat[1]
