// Draw and mend a boundary: any number of rings, nested by even-odd, written as GeoJSON into a field of the form.
import { colour } from "./colours.js";
import { boundsOf, nestRings, positions, ringArea } from "./geometry.js";

const MODE = "polygon";
const SNAP_PIXELS = 12;
const STEPS = 100;

export async function startDrawing(live, vendor) {
  const [td, adapter] = await Promise.all([
    import(new URL("terra-draw/terra-draw.mjs", vendor).href),
    import(new URL("terra-draw/terra-draw-maplibre-gl-adapter.mjs", vendor).href),
  ]);
  return new Drawing(live, td, adapter);
}

class Drawing {
  constructor(live, td, { TerraDrawMapLibreGLAdapter }) {
    this.live = live;
    this.field = document.getElementById(live.config.draw.field);
    this.tools = live.element.querySelector("[data-map-draw]");
    this.status = live.element.querySelector("[data-map-drawn]");
    this.snaps = true;
    this.past = [];
    this.showResult();
    const snapping = { toCustom: (event) => (this.snaps ? this.nearest(event) : undefined) };
    const line = colour("--late-t");
    const point = { color: colour("--white"), outline: colour("--late-t") };
    const mode = new td.TerraDrawPolygonMode({
      snapping,
      showCoordinatePoints: false,
      keyEvents: { cancel: "Escape", finish: "Enter" },
      validation: (feature, { updateType }) => (updateType === "finish" || updateType === "commit" ? td.ValidateNotSelfIntersecting(feature) : { valid: true }),
      styles: { fillColor: hex(line), fillOpacity: 0.01, outlineColor: hex(line), outlineWidth: 2.5, closingPointColor: hex(point.color), closingPointOutlineColor: hex(point.outline), closingPointOutlineWidth: 2 },
    });
    const select = new td.TerraDrawSelectMode({
      flags: { [MODE]: { feature: { draggable: true, selfIntersectable: false, coordinates: { midpoints: true, draggable: true, deletable: true, snappable: snapping } } } },
      styles: { selectedPolygonColor: hex(line), selectedPolygonFillOpacity: 0.12, selectedPolygonOutlineColor: hex(line), selectedPolygonOutlineWidth: 3, selectionPointColor: hex(point.color), selectionPointOutlineColor: hex(point.outline), selectionPointOutlineWidth: 2, selectionPointWidth: 6, midPointColor: hex(point.outline), midPointWidth: 4 },
    });
    this.draw = new td.TerraDraw({ adapter: new TerraDrawMapLibreGLAdapter({ map: live.map, coordinatePrecision: 9 }), modes: [mode, select] });
    this.draw.start();
    this.load(this.field.value);
    this.fit({ duration: 0 });
    this.draw.on("finish", () => this.changed());
    this.draw.on("change", (ids, type) => { if (type === "delete" && !this.loading) this.changed(); });
    this.draw.on("select", (id) => { this.selected = id; this.enable(); });
    this.draw.on("deselect", () => { this.selected = undefined; this.enable(); });
    this.tools.addEventListener("click", (event) => this.act(event.target.closest("[data-draw]")?.dataset.draw));
    this.tools.querySelector("[data-draw-snap]")?.addEventListener("change", (event) => { this.snaps = event.target.checked; });
    this.field.addEventListener("map:reload", () => { this.load(this.field.value); this.fit(); });
    this.listenToKeys();
    this.setMode(this.rings().length ? "select" : MODE);
    this.tools.hidden = false;
  }

  act(name) {
    if (name === MODE || name === "select") this.setMode(name);
    else if (name === "undo") this.undo();
    else if (name === "delete" && this.selected !== undefined) this.draw.removeFeatures([this.selected]);
    else if (name === "clear") {
      this.draw.clear();
      this.changed();
    }
  }

  setMode(mode) {
    this.draw.setMode(mode);
    this.selected = undefined;
    this.tools.querySelectorAll("[aria-pressed]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.draw === mode)));
    this.enable();
  }

  enable() {
    const set = (name, usable) => { const button = this.tools.querySelector(`[data-draw="${name}"]`); if (button) button.disabled = !usable; };
    set("undo", this.past.length > 1);
    set("delete", this.selected !== undefined);
    set("clear", this.rings().length > 0);
  }

  rings() {
    return this.draw.getSnapshot().filter((feature) => feature.properties.mode === MODE && feature.geometry.type === "Polygon" && !feature.properties.currentlyDrawing)
      .map((feature) => feature.geometry.coordinates[0]).filter((ring) => ring.length > 3);
  }

  load(text) {
    let given = null;
    try {
      given = text.trim() ? JSON.parse(text) : null;
    } catch {
      this.live.say(this.live.config.words.bad_boundary, true);
    }
    this.put(given ? [...ringsOf(given)] : []);
    this.past = [JSON.stringify(this.rings())];
    this.show();
  }

  put(rings) {
    const mode = this.draw.getMode();
    this.loading = true;
    this.draw.clear();
    this.draw.addFeatures(rings.map((ring) => ({ type: "Feature", geometry: { type: "Polygon", coordinates: [ring.map((point) => point.slice(0, 2).map((value) => Number(value.toFixed(9))))] }, properties: { mode: MODE } })));
    this.loading = false;
    if (mode !== "static") this.draw.setMode(mode);
  }

  changed() {
    const now = JSON.stringify(this.rings());
    if (now !== this.past.at(-1)) this.past = [...this.past.slice(-STEPS), now];
    this.write();
  }

  undo() {
    if (this.past.length < 2) return;
    this.past.pop();
    this.put(JSON.parse(this.past.at(-1)));
    this.selected = undefined;
    this.write();
  }

  write() {
    const polygons = this.show();
    this.field.value = polygons.length ? JSON.stringify(collection(polygons)) : "";
    for (const type of ["input", "change"]) this.field.dispatchEvent(new Event(type, { bubbles: true }));
  }

  // The field is filled with what counts: parcels less their holes; the rings under the pointer lie over it.
  showResult() {
    const { map } = this.live;
    map.addSource("drawn", { type: "geojson", data: collection([]) });
    map.addLayer({ id: "drawn-fill", type: "fill", source: "drawn", paint: { "fill-color": colour("--late-s"), "fill-opacity": 0.18 } });
  }

  show() {
    const polygons = nestRings(this.rings());
    const { map, config } = this.live;
    map.getSource("drawn").setData(collection(polygons));
    const { words, plane } = config;
    const holes = polygons.reduce((sum, polygon) => sum + polygon.length - 1, 0);
    const area = polygons.reduce((sum, [outer, ...inner]) => sum + Math.abs(ringArea(outer, plane)) - inner.reduce((cut, ring) => cut + Math.abs(ringArea(ring, plane)), 0), 0);
    const figures = { parcels: polygons.length, holes, area: area.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 }) };
    const template = polygons.length ? (holes ? words.drawn_with_holes : words.drawn) : words.nothing_drawn;
    this.status.textContent = template.replace(/\{(\w+)\}/g, (_, name) => figures[name]);
    this.enable();
    return polygons;
  }

  fit(options = {}) {
    const box = boundsOf(nestRings(this.rings()).map((coordinates) => ({ type: "Polygon", coordinates })));
    if (box) this.live.map.fitBounds(box, { padding: 60, maxZoom: 18, ...options });
  }

  // Corners of what is drawn and of the shapes of the map attract the pointer.
  nearest(event) {
    const { map } = this.live;
    const at = map.project([event.lng, event.lat]);
    const box = [[at.x - SNAP_PIXELS, at.y - SNAP_PIXELS], [at.x + SNAP_PIXELS, at.y + SNAP_PIXELS]];
    // Tiles hold rounded corners; what the page brought itself is exact, and found first.
    const tiled = map.queryRenderedFeatures(box).filter((feature) => feature.source.startsWith("tiles-"));
    const exact = this.live.config.overlays.flatMap((overlay) => [...positions(overlay.features)]);
    const corners = [...exact, ...this.rings().flat(), ...tiled.flatMap((feature) => [...positions(feature.geometry)])];
    let best;
    let least = SNAP_PIXELS;
    for (const corner of corners) {
      const there = map.project(corner);
      const distance = Math.hypot(there.x - at.x, there.y - at.y);
      if (distance < least) [best, least] = [corner, distance];
    }
    return best?.slice(0, 2).map((value) => Number(value.toFixed(9)));
  }

  // The arrows move the map under the cross, the space bar puts a corner there, Enter closes, Ctrl+Z takes back.
  listenToKeys() {
    const canvas = this.live.map.getCanvas();
    canvas.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        this.press(canvas);
      } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.undo();
      }
    });
  }

  press(canvas) {
    const box = canvas.getBoundingClientRect();
    const where = { bubbles: true, cancelable: true, isPrimary: true, pointerId: 1, pointerType: "mouse", clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
    canvas.dispatchEvent(new PointerEvent("pointermove", where));
    canvas.dispatchEvent(new PointerEvent("pointerdown", { ...where, button: 0, buttons: 1 }));
    canvas.dispatchEvent(new PointerEvent("pointerup", { ...where, button: 0 }));
  }
}

function* ringsOf(shape) {
  if (shape.type === "FeatureCollection") for (const feature of shape.features) yield* ringsOf(feature);
  else if (shape.type === "Feature") yield* ringsOf(shape.geometry ?? {});
  else if (shape.type === "Polygon") yield* shape.coordinates;
  else if (shape.type === "MultiPolygon") yield* shape.coordinates.flat();
}

const collection = (polygons) => ({
  type: "FeatureCollection",
  features: polygons.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates } })),
});

// terra-draw takes #rrggbb only.
function hex(value) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = value;
  return pen.fillStyle;
}
