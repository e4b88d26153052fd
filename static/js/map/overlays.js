// GeoJSON over the map: sites, findings, patches, points. Features with an `id` are linked with the rows of a list.
import { colour, toneExpression } from "./colours.js";
import { boundsOf } from "./geometry.js";
import { addSigns, signOf } from "./signs.js";

const LIT = ["boolean", ["feature-state", "lit"], false];
const KINDS = { fill: ["Polygon", "MultiPolygon"], line: ["LineString", "MultiLineString"], point: ["Point", "MultiPoint"] };
// Where signs lie over each other, the worst one is seen.
const WORST_LAST = ["match", ["get", "tone"], "late2", 5, "late", 4, "due", 3, "hold", 2, "ok", 1, 0];
const only = (kind) => ["match", ["geometry-type"], KINDS[kind], true, false];

export function addOverlay(map, overlay) {
  const source = `overlay-${overlay.id}`;
  const tone = toneExpression(overlay.tone);
  map.addSource(source, { type: "geojson", data: overlay.features, promoteId: "id" });
  if (overlay.fill) {
    map.addLayer({ id: `${source}-fill`, type: "fill", source, filter: only("fill"), paint: { "fill-color": tone, "fill-opacity": ["case", LIT, 0.6, overlay.fill] } });
  }
  map.addLayer({ id: `${source}-halo`, type: "line", source, filter: ["!", only("point")], paint: { "line-color": colour("--white"), "line-width": overlay.width + 2, "line-opacity": 0.85 } });
  map.addLayer({
    id: `${source}-line`, type: "line", source, filter: ["!", only("point")], layout: { "line-join": "round" },
    paint: { "line-color": tone, "line-width": ["case", LIT, overlay.width + 2, overlay.width], ...(overlay.dashed ? { "line-dasharray": [3, 2] } : {}) },
  });
  map.addLayer({
    id: `${source}-point`, type: "circle", source, filter: only("point"),
    paint: { "circle-color": tone, "circle-radius": ["case", LIT, 16, 6], "circle-stroke-color": colour("--white"), "circle-stroke-width": 2 },
  });
  // Lights have the shape they have beside the map, so that nobody has to tell them apart by colour.
  if (overlay.signs && addSigns(map, overlay.signs)) {
    map.addLayer({ id: `${source}-sign`, type: "symbol", source, filter: only("point"), layout: { "icon-image": signOf(["get", "tone"]), "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": WORST_LAST } });
  }
  map.addLayer({
    id: `${source}-label`, type: "symbol", source, filter: ["has", "label"],
    layout: { "text-field": ["get", "label"], "text-size": 13, "text-offset": [0, 1.1], "text-font": ["sans-serif"], "text-optional": true },
    paint: { "text-color": colour("--ink"), "text-halo-color": colour("--white"), "text-halo-width": 1.5 },
  });
  return source;
}

// Rows say `data-map-feature="id"` inside the element `data-map-list="<id of the map>"`; hover and focus light the shape, and the other way round.
export class Linking {
  constructor(map, element, overlays) {
    this.map = map;
    this.lists = document.querySelectorAll(`[data-map-list="${CSS.escape(element.id)}"]`);
    this.places = new Map();
    overlays.forEach((overlay) => overlay.features.features.forEach((feature) => {
      const id = feature.properties?.id;
      if (id === undefined) return;
      const entry = this.places.get(String(id)) ?? { id, shapes: [], sources: new Set() };
      entry.shapes.push(feature);
      entry.sources.add(`overlay-${overlay.id}`);
      this.places.set(String(id), entry);
    }));
    this.lit = null;
    this.lists.forEach((list) => {
      for (const type of ["mouseover", "focusin"]) list.addEventListener(type, (event) => this.light(rowOf(event.target)?.dataset.mapFeature ?? null));
      for (const type of ["mouseleave", "focusout"]) list.addEventListener(type, () => this.light(null));
      list.addEventListener("click", (event) => {
        const way = event.target.closest("[data-map-goto]");
        const id = way && (way.dataset.mapGoto || rowOf(way)?.dataset.mapFeature);
        if (!id || !this.places.has(id)) return;
        event.preventDefault();
        this.goto(id);
        element.scrollIntoView({ block: "nearest" });
      });
    });
    const layers = overlays.flatMap((overlay) => ["fill", "line", "point"].map((kind) => `overlay-${overlay.id}-${kind}`)).filter((layer) => map.getLayer(layer));
    map.on("mousemove", (event) => this.light(this.idAt(event.point, layers), true));
    map.on("click", (event) => {
      const id = this.idAt(event.point, layers);
      if (id === null) return;
      const row = this.row(id);
      row?.scrollIntoView({ block: "nearest" });
      (row?.matches("a, button, [tabindex]") ? row : row?.querySelector("a, button, [tabindex]"))?.focus({ preventScroll: true });
      element.dispatchEvent(new CustomEvent("map:pick", { detail: { id }, bubbles: true }));
    });
  }

  idAt(point, layers) {
    const hit = this.map.queryRenderedFeatures(point, { layers }).find((feature) => feature.properties.id !== undefined);
    return hit ? String(hit.properties.id) : null;
  }

  row(id) {
    for (const list of this.lists) {
      const row = list.querySelector(`[data-map-feature="${CSS.escape(id)}"]`);
      if (row) return row;
    }
    return null;
  }

  light(id, pointed = false) {
    if (id === this.lit) return;
    this.mark(this.lit, false);
    this.lit = id;
    this.mark(id, true);
    if (pointed) this.map.getCanvas().classList.toggle("over", id !== null);
  }

  mark(id, lit) {
    const entry = id === null ? null : this.places.get(id);
    if (!entry) return;
    entry.sources.forEach((source) => this.map.setFeatureState({ source, id: entry.id }, { lit }));
    this.row(id)?.classList.toggle("lit", lit);
  }

  goto(id) {
    const box = boundsOf(this.places.get(id).shapes);
    if (box) this.map.fitBounds(box, { padding: 80, maxZoom: 18 });
    this.light(id);
  }
}

const rowOf = (target) => target.closest?.("[data-map-feature]");
