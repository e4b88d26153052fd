// Buttons and figures around a map: zoom, whole extent, coordinates, scale. Buttons carry `data-map-act`.
import { boundsOf } from "./geometry.js";
import { toPlane } from "./projection.js";

const ROUND = [1, 2, 5];

export function startControls(live) {
  const { map, element, config } = live;
  const acts = {
    in: () => map.zoomIn(),
    out: () => map.zoomOut(),
    fit: () => map.fitBounds(boundsOf(config.overlays.map((overlay) => overlay.features)) ?? config.bounds, { padding: 48, maxZoom: 17 }),
  };
  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-map-act]");
    acts[button?.dataset.mapAct]?.();
  });
  const place = element.querySelector("[data-map-place]");
  const tell = ({ lng, lat }) => { place.textContent = placeWords([lng, lat], config); };
  map.on("mousemove", (event) => tell(event.lngLat));
  // By keyboard there is no pointer; the middle of the map is the place meant, marked by a cross.
  map.on("move", (event) => { if (!event.originalEvent?.type?.startsWith("mouse")) tell(map.getCenter()); });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow") || event.key === " ") element.classList.add("by-key");
  });
  for (const type of ["pointerdown", "pointermove"]) {
    map.getCanvas().addEventListener(type, (event) => { if (event.isTrusted) element.classList.remove("by-key"); });
  }
  tell(map.getCenter());
  const scale = element.querySelector("[data-map-scale]");
  const measure = () => drawScale(map, scale, config);
  map.on("move", measure);
  measure();
}

// Degrees first, then metres as Chinese surveyors write them: X is north, Y is east.
export function placeWords([lon, lat], config) {
  const [east, north] = toPlane([lon, lat], config.plane);
  return `CGCS2000  ${lon.toFixed(6)}°,\u00a0${lat.toFixed(6)}°  X\u00a0${north.toFixed(3)}  Y\u00a0${east.toFixed(3)}`;
}

// Metres of the plane per pixel in the middle of the map.
export function metresPerPixel(map, plane) {
  const { width, height } = map.getCanvas().getBoundingClientRect();
  const ends = [[width / 2 - 50, height / 2], [width / 2 + 50, height / 2]].map((point) => map.unproject(point));
  const [[x, y], [nextX, nextY]] = ends.map(({ lng, lat }) => toPlane([lng, lat], plane));
  return Math.hypot(nextX - x, nextY - y) / 100;
}

export function roundLength(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return Math.max(...ROUND.map((step) => step * power).filter((length) => length <= most));
}

function drawScale(map, scale, config) {
  if (!scale) return;
  const each = metresPerPixel(map, config.plane);
  const length = roundLength(each * 110);
  scale.style.setProperty("--length", `${length / each}px`);
  scale.textContent = length >= 1000 ? `${length / 1000} ${config.words.kilometres}` : `${length} ${config.words.metres}`;
}
