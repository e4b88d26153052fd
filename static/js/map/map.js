// One map of a page: what templates/components/_map.html describes in its JSON, brought to life.
import { startControls } from "./controls.js";
import { boundsOf } from "./geometry.js";
import { colour } from "./colours.js";
import { addOverlay, Linking } from "./overlays.js";
import { addTiles } from "./tiles.js";

const VENDOR = new URL("../../vendor/", import.meta.url);
const started = new WeakMap();

let library = null;
function maplibre() {
  library ??= import(new URL("maplibre-gl/maplibre-gl.mjs", VENDOR).href).then((module) => {
    module.setWorkerUrl(new URL("maplibre-gl/maplibre-gl-worker.mjs", VENDOR).href);
    return module;
  });
  return library;
}

export function hasGraphics() {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

export const configOf = (element) => JSON.parse(document.getElementById(`${element.id}-config`).textContent);

// Give the running map of an element: {map, config, element, lib}; the same one however often it is asked for.
export function startMap(element) {
  if (!started.has(element)) started.set(element, begin(element));
  return started.get(element);
}

async function begin(element) {
  const config = configOf(element);
  const canvas = element.querySelector("[data-map-canvas]");
  const fallback = element.querySelector("[data-map-fallback]");
  const say = (words, failed = false) => {
    const status = element.querySelector("[data-map-status]");
    status.textContent = words;
    status.hidden = !words;
    status.classList.toggle("failed", failed);
  };
  if (!hasGraphics()) {
    element.dataset.mapState = "none";
    say(config.words.no_graphics, true);
    return null;
  }
  say(config.words.loading);
  let lib;
  try {
    lib = await maplibre();
  } catch {
    element.dataset.mapState = "none";
    say(config.words.no_map, true);
    return null;
  }
  const map = new lib.Map({
    container: canvas,
    style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": colour("--map-ground") } }] },
    bounds: boundsOf(config.overlays.map((overlay) => overlay.features)) ?? config.bounds,
    fitBoundsOptions: { padding: 48, maxZoom: 17 },
    maxBounds: widened(config.limits ?? config.bounds),
    minZoom: 8,
    maxZoom: 21,
    attributionControl: false,
    cooperativeGestures: false,
    dragRotate: false,
    pitchWithRotate: false,
    // What is on the screen can be printed.
    canvasContextAttributes: { preserveDrawingBuffer: true },
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200,
    locale: { "Map.Title": config.words.map },
  });
  const live = { map, config, element, lib, say };
  // The part around it is called by what the map shows; two landmarks of one name could not be told apart.
  map.getCanvas().setAttribute("aria-label", config.words.map);
  map.getCanvas().setAttribute("aria-describedby", `${element.id}-keys`);
  map.touchZoomRotate.disableRotation();
  map.on("error", (event) => {
    // One tile that fails is told once; the map stays of use.
    if (event.sourceId && !element.dataset.mapFault) {
      element.dataset.mapFault = event.sourceId;
      say(config.words.tile_fault, true);
    }
  });
  await new Promise((resolve) => { map.once("load", resolve); });
  config.tiles.forEach((entry) => addTiles(map, entry));
  config.overlays.forEach((overlay) => addOverlay(map, overlay));
  live.linking = new Linking(map, element, config.overlays);
  startControls(live);
  element.querySelector("[data-map-zoom]").hidden = false;
  if (config.draw) live.drawing = await (await import("./drawing.js")).startDrawing(live, VENDOR);
  fallback.hidden = true;
  if (!element.dataset.mapFault) say("");
  element.dataset.mapState = "ready";
  // Tests, and whoever prints, wait for this one: nothing is under way any more.
  const settle = () => { element.dataset.mapIdle = String(Number(element.dataset.mapIdle ?? 0) + 1); };
  map.on("idle", settle);
  element.dispatchEvent(new CustomEvent("map:ready", { detail: live, bubbles: true }));
  return live;
}

function widened([[west, south], [east, north]]) {
  const [x, y] = [(east - west) / 2, (north - south) / 2];
  return [[west - x, south - y], [east + x, north + y]];
}
