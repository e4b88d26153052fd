// Vector tiles of the blueprint's layers: each edition is a source, drawn by the symbol the city gave the layer.
import { colour } from "./colours.js";

const PREFIX = "tiles-";

// `entry`: {code, url, symbol: {fill, opacity, line, width, dash, hatch, text, solid, outside, uses}, opacity}
export function addTiles(map, entry, before) {
  const id = tilesId(entry.code);
  const { symbol } = entry;
  const opacity = entry.opacity ?? 1;
  map.addSource(id, { type: "vector", tiles: [new URL(entry.url, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}")], minzoom: 6, maxzoom: 18 });
  const at = (layer) => map.addLayer({ source: id, ...layer }, map.getLayer(before) ? before : undefined);
  if (symbol.outside) map.setPaintProperty("ground", "background-color", symbol.outside);
  if (symbol.fill) {
    at({ id: `${id}-fill`, type: "fill", "source-layer": "features", paint: { "fill-color": fillColour(symbol), "fill-opacity": (symbol.opacity ?? 1) * opacity } });
  }
  if (symbol.hatch && addHatch(map, symbol)) {
    at({ id: `${id}-hatch`, type: "fill", "source-layer": "features", paint: { "fill-pattern": `hatch-${symbol.line}`, "fill-opacity": opacity } });
  }
  if (symbol.line) {
    at({
      id: `${id}-line`, type: "line", "source-layer": "features", layout: { "line-join": "round" },
      paint: { "line-color": symbol.line, "line-width": lineWidth(symbol), "line-opacity": opacity, ...(symbol.dash ? { "line-dasharray": symbol.dash } : {}) },
    });
  }
  at({
    id: `${id}-label`, type: "symbol", "source-layer": "labels",
    layout: { "text-field": ["get", "name"], "text-size": 12, "text-font": ["sans-serif"], "text-optional": true, "text-max-width": 8 },
    paint: { "text-color": symbol.text ?? colour("--ink-2"), "text-halo-color": colour("--white"), "text-halo-width": 1.5, "text-opacity": opacity },
  });
  return id;
}

// From afar thousands of edges would hide what they surround.
const lineWidth = ({ width }) => ["interpolate", ["linear"], ["zoom"], 9, width * 0.35, 13, width];

function fillColour(symbol) {
  if (!symbol.uses?.length) return symbol.fill;
  // Codes of land use nest: the first two figures are the class, and the class has the colour.
  return ["match", ["slice", ["coalesce", ["get", "use"], "--"], 0, 2], ...symbol.uses.flat(), symbol.fill];
}

// A hatch is drawn once per colour; without a canvas the line alone has to do.
function addHatch(map, symbol) {
  const name = `hatch-${symbol.line}`;
  if (map.hasImage(name)) return true;
  const size = 12;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (!pen) return false;
  pen.strokeStyle = symbol.line;
  pen.lineWidth = 1.6;
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - 2, size + 2);
    pen.lineTo(shift + size + 2, -2);
  }
  pen.stroke();
  map.addImage(name, pen.getImageData(0, 0, size, size), { pixelRatio: 1.5 });
  return true;
}

export function removeTiles(map, id) {
  for (const part of ["label", "line", "hatch", "fill", "solid"]) if (map.getLayer(`${id}-${part}`)) map.removeLayer(`${id}-${part}`);
  if (map.getSource(id)) map.removeSource(id);
}

export function setTilesOpacity(map, id, entry, opacity) {
  const set = (part, property, value) => { if (map.getLayer(`${id}-${part}`)) map.setPaintProperty(`${id}-${part}`, property, value); };
  set("fill", "fill-opacity", (entry.symbol.opacity ?? 1) * opacity);
  set("hatch", "fill-opacity", opacity);
  set("line", "line-opacity", opacity);
  set("label", "text-opacity", opacity);
  set("solid", "fill-extrusion-opacity", opacity * 0.9);
}

// Buildings stand up by their height; the flat fill stays under them.
export function addSolid(map, entry, before) {
  const id = tilesId(entry.code);
  if (map.getLayer(`${id}-solid`) || !map.getSource(id)) return;
  map.addLayer({
    id: `${id}-solid`, type: "fill-extrusion", source: id, "source-layer": "features", filter: [">", ["coalesce", ["get", "height"], 0], 0],
    paint: { "fill-extrusion-color": entry.symbol.solid ?? entry.symbol.fill ?? colour("--line"), "fill-extrusion-height": ["get", "height"], "fill-extrusion-opacity": 0.9 },
  }, map.getLayer(before) ? before : undefined);
}

export const tilesId = (code) => `${PREFIX}${code}`;
