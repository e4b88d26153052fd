// Buildings stand up, and a proposed volume stands among them: the drawn area, its density and its height.
import { colour } from "../colours.js";
import { ringArea } from "../geometry.js";
import { toDegrees, toPlane } from "../projection.js";
import { addSolid } from "../tiles.js";

const PITCH = 55;

export class Heights {
  constructor(live, page, layers, measuring) {
    Object.assign(this, { live, layers, measuring });
    this.button = page.querySelector("[data-heights]");
    this.form = page.querySelector("[data-volume]");
    this.result = this.form.querySelector("[data-volume-result]");
    const { map } = live;
    map.addSource("volume", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addLayer({ id: "volume-solid", type: "fill-extrusion", source: "volume", paint: { "fill-extrusion-color": colour("--blue"), "fill-extrusion-height": ["get", "height"], "fill-extrusion-opacity": 0.75 } });
    this.button.addEventListener("click", () => this.turn(this.button.getAttribute("aria-pressed") !== "true"));
    layers.onChange(() => { if (this.on) this.raise(); });
    page.addEventListener("measure:change", () => this.show());
    this.form.addEventListener("input", () => this.show());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.show();
      this.turn(true);
    });
  }

  turn(on) {
    this.on = on;
    const { map } = this.live;
    this.button.setAttribute("aria-pressed", String(on));
    if (on) {
      this.raise();
      map.dragRotate.enable();
      map.touchZoomRotate.enableRotation();
    } else {
      map.dragRotate.disable();
      map.touchZoomRotate.disableRotation();
      this.layers.shown().forEach((entry) => { if (map.getLayer(`tiles-${entry.code}-solid`)) map.removeLayer(`tiles-${entry.code}-solid`); });
    }
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    map.easeTo({ pitch: on ? PITCH : 0, bearing: on ? -20 : 0, duration: still ? 0 : 600 });
  }

  raise() {
    this.layers.shown().filter((entry) => entry.symbol.solid).forEach((entry) => addSolid(this.live.map, entry, "volume-solid"));
  }

  // The footprint is the area shrunk to its density about its middle; a picture of the figures, not a design.
  show() {
    const figures = Object.fromEntries([...new FormData(this.form)].map(([name, text]) => [name, Number.parseFloat(text)]));
    const points = this.measuring.isArea() ? this.measuring.points : [];
    const { map, config } = this.live;
    const { words, plane } = config;
    const usable = points.length > 2 && figures.height > 0 && figures.density > 0 && figures.density <= 100;
    this.result.textContent = usable ? "" : words.volume_hint;
    if (!usable) {
      map.getSource("volume").setData({ type: "FeatureCollection", features: [] });
      return;
    }
    const metres = points.map((point) => toPlane(point, plane));
    const middle = [0, 1].map((axis) => metres.reduce((sum, point) => sum + point[axis], 0) / metres.length);
    const factor = Math.sqrt(figures.density / 100);
    const ring = metres.map((point) => toDegrees(point.map((value, axis) => middle[axis] + (value - middle[axis]) * factor), plane));
    map.getSource("volume").setData({ type: "Feature", properties: { height: figures.height }, geometry: { type: "Polygon", coordinates: [[...ring, ring[0]]] } });
    const area = Math.abs(ringArea(points, plane));
    const number = (value) => Math.round(value).toLocaleString("en");
    const floors = figures.far > 0 ? figures.far / (figures.density / 100) : 0;
    this.result.textContent = words.volume.replace("{footprint}", number((area * figures.density) / 100)).replace("{floor}", figures.far > 0 ? number(area * figures.far) : "—").replace("{floors}", floors ? floors.toFixed(1) : "—");
  }
}
