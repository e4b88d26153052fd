// Plane geometry for showing and drawing. What counts is computed by the server; these figures are previews.
import { toPlane } from "./projection.js";

// Signed area of a ring of degrees, in square metres of the plane.
export function ringArea(ring, plane) {
  const points = ring.map((point) => toPlane(point, plane));
  let twice = 0;
  points.forEach(([x, y], index) => {
    const [nextX, nextY] = points[(index + 1) % points.length];
    // From the first point, so that eastings of eight digits cost no precision.
    twice += (x - points[0][0]) * (nextY - points[0][1]) - (nextX - points[0][0]) * (y - points[0][1]);
  });
  return twice / 2;
}

export function pathLength(points, plane) {
  const metres = points.map((point) => toPlane(point, plane));
  return metres.slice(1).reduce((sum, [x, y], index) => sum + Math.hypot(x - metres[index][0], y - metres[index][1]), 0);
}

function isInside([x, y], ring) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

// A ring is inside another when most of its corners are: rings that share a corner still nest.
function isWithin(ring, other) {
  const corners = ring.slice(0, -1);
  return corners.filter((corner) => isInside(corner, other)).length * 2 > corners.length;
}

// Nest closed rings by even-odd, as the contract does for DXF: a ring inside an odd number of rings is a hole of the smallest around it.
export function nestRings(rings) {
  const sizes = rings.map((ring) => Math.abs(flatArea(ring)));
  const around = rings.map((ring, index) =>
    rings.map((_, other) => other).filter((other) => other !== index && sizes[other] > sizes[index] && isWithin(ring, rings[other])));
  const polygons = new Map();
  rings.forEach((ring, index) => { if (around[index].length % 2 === 0) polygons.set(index, [ring]); });
  rings.forEach((ring, index) => {
    if (around[index].length % 2 === 0) return;
    const owner = around[index].filter((other) => polygons.has(other)).sort((a, b) => sizes[a] - sizes[b])[0];
    if (owner === undefined) polygons.set(index, [ring]);
    else polygons.get(owner).push(ring);
  });
  return [...polygons.values()];
}

function flatArea(ring) {
  return ring.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length];
    return sum + x * nextY - nextX * y;
  }, 0) / 2;
}

// The corners of anything GeoJSON holds, flat.
export function* positions(shape) {
  if (!shape) return;
  if (shape.type === "FeatureCollection") for (const feature of shape.features) yield* positions(feature);
  else if (shape.type === "Feature") yield* positions(shape.geometry);
  else if (shape.type === "GeometryCollection") for (const part of shape.geometries) yield* positions(part);
  else yield* flat(shape.coordinates);
}

function* flat(coordinates) {
  if (typeof coordinates[0] === "number") yield coordinates;
  else for (const part of coordinates) yield* flat(part);
}

// [[west, south], [east, north]], or null of nothing.
export function boundsOf(shapes) {
  let box = null;
  for (const shape of shapes) {
    for (const [lon, lat] of positions(shape)) {
      if (!box) box = [[lon, lat], [lon, lat]];
      box = [[Math.min(box[0][0], lon), Math.min(box[0][1], lat)], [Math.max(box[1][0], lon), Math.max(box[1][1], lat)]];
    }
  }
  return box;
}
