// Measure lengths and areas in the plane of the city, and hand an area on as a boundary.
import { colour } from "../colours.js";
import { pathLength, ringArea } from "../geometry.js";
import { toPlane } from "../projection.js";

const NONE = { type: "FeatureCollection", features: [] };
const SQUARE_METRES_PER_MU = 2000 / 3;

export class Measuring {
  constructor(live, page) {
    this.live = live;
    this.panel = page.querySelector("[data-measure]");
    this.handing = page.querySelector("[data-hand-over]");
    this.points = [];
    const { map } = live;
    map.addSource("measured", { type: "geojson", data: NONE });
    map.addLayer({ id: "measured-fill", type: "fill", source: "measured", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour("--src-map"), "fill-opacity": 0.2 } });
    map.addLayer({ id: "measured-line", type: "line", source: "measured", paint: { "line-color": colour("--src-map"), "line-width": 2.5 } });
    map.addLayer({ id: "measured-point", type: "circle", source: "measured", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 4, "circle-color": colour("--white"), "circle-stroke-color": colour("--src-map"), "circle-stroke-width": 2 } });
    this.clicked = (event) => this.add([event.lngLat.lng, event.lngLat.lat]);
    map.getCanvas().addEventListener("keydown", (event) => {
      if (!this.mode) return;
      if (event.key === " ") {
        event.preventDefault();
        const { lng, lat } = map.getCenter();
        this.add([lng, lat]);
      } else if (event.key === "Backspace" || (event.key === "z" && (event.ctrlKey || event.metaKey))) this.back();
    });
    this.panel.addEventListener("click", (event) => {
      const act = event.target.closest("[data-measure-act]")?.dataset.measureAct;
      if (act === "back") this.back();
      if (act === "clear") this.clear();
    });
    this.handing.addEventListener("click", (event) => {
      if (event.target.closest("[data-save-shape]")) this.save();
    });
    this.handing.querySelectorAll("form[data-hand]").forEach((form) => form.addEventListener("submit", () => {
      form.querySelector("[data-shape]").value = JSON.stringify(this.shape());
      const code = form.querySelector("[data-code]");
      if (code) form.action = form.dataset.hand.replace("CODE", encodeURIComponent(code.value.trim()));
    }));
  }

  start(mode) {
    this.mode = mode;
    this.panel.hidden = false;
    this.live.map.on("click", this.clicked);
    this.live.map.doubleClickZoom.disable();
    this.live.map.getCanvas().classList.add("asks");
    this.show();
  }

  stop() {
    this.mode = null;
    this.live.map.off("click", this.clicked);
    this.live.map.doubleClickZoom.enable();
    this.live.map.getCanvas().classList.remove("asks");
    if (!this.points.length) this.panel.hidden = true;
  }

  add(point) {
    this.points.push(point.map((value) => Number(value.toFixed(9))));
    this.show();
  }

  back() {
    this.points.pop();
    this.show();
  }

  clear() {
    this.points = [];
    this.show();
  }

  isArea() {
    return (this.mode ?? this.last) === "area" && this.points.length > 2;
  }

  shape() {
    return { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [[...this.points, this.points[0]]] } }] };
  }

  show() {
    this.last = this.mode ?? this.last;
    const { map, config } = this.live;
    const features = this.points.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates } }));
    if (this.isArea()) features.push(...this.shape().features);
    else if (this.points.length > 1) features.push({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: this.points } });
    map.getSource("measured").setData({ type: "FeatureCollection", features });
    this.panel.querySelector("[data-measured]").textContent = this.words();
    const rows = this.points.map((point, index) => {
      const [east, north] = toPlane(point, config.plane);
      const row = document.createElement("tr");
      for (const text of [`J${index + 1}`, north.toFixed(3), east.toFixed(3)]) {
        const cell = document.createElement("td");
        cell.textContent = text;
        row.append(cell);
      }
      return row;
    });
    this.panel.querySelector("[data-measured-points]").replaceChildren(...rows);
    this.panel.querySelector("[data-measured-table]").hidden = !rows.length;
    this.handing.hidden = !this.isArea();
    this.panel.dispatchEvent(new CustomEvent("measure:change", { bubbles: true }));
  }

  words() {
    const { words, plane } = this.live.config;
    const number = (value, digits) => value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    if (this.points.length < 2) return words.measure_hint;
    if (!this.isArea()) return words.measured_length.replace("{length}", number(pathLength(this.points, plane), 2));
    const area = Math.abs(ringArea(this.points, plane));
    const round = pathLength([...this.points, this.points[0]], plane);
    return words.measured_area.replace("{area}", number(area, 1)).replace("{mu}", number(area / SQUARE_METRES_PER_MU, 2)).replace("{length}", number(round, 2));
  }

  save() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(this.shape())], { type: "application/geo+json" }));
    link.download = "boundary.geojson";
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
