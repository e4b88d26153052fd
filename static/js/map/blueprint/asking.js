// Ask what lies at a place, and where something lies. The server answers both with a piece of page.
import { colour } from "../colours.js";
import { tilesId } from "../tiles.js";

const NONE = { type: "FeatureCollection", features: [] };

export class Asking {
  constructor(live, page, layers) {
    this.live = live;
    this.layers = layers;
    this.panel = page.querySelector("[data-answer]");
    this.asked = (event) => { if (!event.defaultPrevented) this.ask(event.lngLat); };
    const { map } = live;
    map.addSource("asked", { type: "geojson", data: NONE });
    map.addLayer({ id: "asked-point", type: "circle", source: "asked", paint: { "circle-radius": 7, "circle-color": colour("--focus-out"), "circle-stroke-color": colour("--ink"), "circle-stroke-width": 2 } });
    page.querySelectorAll("form[data-ask]").forEach((form) => form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.load(form.dataset.ask, new FormData(form));
    }));
    this.panel.addEventListener("click", (event) => {
      const row = event.target.closest("[data-box]");
      if (!row) return;
      event.preventDefault();
      this.goto(row.dataset.box.split(",").map(Number));
    });
    for (const type of ["mouseover", "focusin"]) {
      this.panel.addEventListener(type, (event) => this.light(event.target.closest("[data-feature]")));
    }
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.running) this.ask(map.getCenter());
    });
  }

  start() {
    this.running = true;
    this.live.map.on("click", this.asked);
    this.live.map.getCanvas().classList.add("asks");
  }

  stop() {
    this.running = false;
    this.live.map.off("click", this.asked);
    this.live.map.getCanvas().classList.remove("asks");
  }

  ask({ lng, lat }) {
    const data = new FormData();
    data.set("place", `${lng.toFixed(8)}, ${lat.toFixed(8)}`);
    return this.load(this.panel.dataset.pointUrl, data);
  }

  async load(url, data) {
    this.panel.setAttribute("aria-busy", "true");
    let answer = null;
    try {
      const response = await fetch(`${url}?${new URLSearchParams([...data])}`, { headers: { "HX-Request": "true" } });
      if (response.ok) answer = await response.text();
    } catch {
      answer = null;
    }
    this.panel.removeAttribute("aria-busy");
    if (answer === null) {
      this.panel.textContent = this.live.config.words.no_answer;
      return;
    }
    this.panel.innerHTML = answer;
    this.mark(this.panel.querySelector("[data-spot]"));
    const single = this.panel.querySelectorAll("[data-box]");
    if (single.length === 1) this.goto(single[0].dataset.box.split(",").map(Number));
    this.panel.scrollIntoView({ block: "nearest" });
    this.panel.focus({ preventScroll: true });
  }

  mark(spot) {
    const at = spot?.dataset.spot.split(",").map(Number);
    this.live.map.getSource("asked").setData(at ? { type: "Point", coordinates: at } : NONE);
  }

  goto([west, south, east, north]) {
    this.live.map.fitBounds([[west, south], [east, north]], { padding: 60, maxZoom: 17 });
    if (west === east) this.live.map.getSource("asked").setData({ type: "Point", coordinates: [west, south] });
  }

  // The shape of the row under the pointer stands out, where its layer is on.
  light(row) {
    const { map } = this.live;
    if (map.getLayer("lit-line")) map.removeLayer("lit-line");
    if (!row || !map.getSource(tilesId(row.dataset.layerCode))) return;
    map.addLayer({
      id: "lit-line", type: "line", source: tilesId(row.dataset.layerCode), "source-layer": "features",
      filter: ["==", ["id"], Number(row.dataset.feature)], paint: { "line-color": colour("--ink"), "line-width": 4 },
    });
  }
}
