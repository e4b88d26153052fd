// The map on A4 or A3, to a true scale, with scale bar, north, legend, date and editions.
import { metresPerPixel, roundLength } from "../controls.js";
import { tilesId } from "../tiles.js";

const MM_PER_PIXEL = 25.4 / 96;
const BAR_MM = 60;

const SIZES = { "a4-landscape": "A4 landscape", "a4-portrait": "A4 portrait", "a3-landscape": "A3 landscape", "a3-portrait": "A3 portrait" };

export function startPaper(live, page, layers) {
  // The size of the paper is a rule of its own, since every other page prints on A4.
  const rules = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, rules];
  const form = page.querySelector("[data-paper]");
  const sheet = page.querySelector("[data-sheet]");
  const { map } = live;
  const leave = () => {
    document.body.classList.remove("on-paper", ...Object.keys(SIZES));
    rules.replaceSync("");
    sheet.hidden = true;
    map.resize();
    form.querySelector("button").focus();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = new FormData(form);
    const scale = Number(chosen.get("scale"));
    const center = map.getCenter();
    document.body.classList.add("on-paper", chosen.get("paper"));
    rules.replaceSync(`@page { size: ${SIZES[chosen.get("paper")]}; margin: 10mm; }`);
    sheet.hidden = false;
    map.resize();
    map.jumpTo({ center, pitch: 0, bearing: 0 });
    // Metres of the plane per pixel depend on the latitude; the second step takes what the first left over.
    const wanted = (scale * MM_PER_PIXEL) / 1000;
    for (let step = 0; step < 2; step += 1) map.jumpTo({ center, zoom: map.getZoom() + Math.log2(metresPerPixel(map, live.config.plane) / wanted) });
    await new Promise((resolve) => { map.once("idle", resolve); });
    fill(sheet, layers, scale, live);
    sheet.dataset.sheetState = "ready";
    sheet.querySelector("[data-sheet-print]").focus();
  });
  sheet.querySelector("[data-sheet-print]").addEventListener("click", () => window.print());
  sheet.querySelector("[data-sheet-leave]").addEventListener("click", leave);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !sheet.hidden) leave(); });
}

function fill(sheet, layers, scale, live) {
  sheet.querySelector("[data-sheet-scale]").textContent = `1:${scale.toLocaleString("en")}`;
  const length = roundLength((BAR_MM * scale) / 1000);
  const bar = sheet.querySelector("[data-sheet-bar]");
  bar.style.setProperty("--bar", `${(length * 1000) / scale}mm`);
  bar.textContent = length >= 1000 ? `${length / 1000} km` : `${length} m`;
  const rows = layers.shown().flatMap((entry) => {
    const swatch = document.querySelector(`[data-swatch="${CSS.escape(entry.code)}"]`)?.cloneNode(true);
    return [line(swatch, `${entry.name} ${entry.edition.name}`), ...uses(entry, live)];
  });
  sheet.querySelector("[data-sheet-legend]").replaceChildren(...rows);
}

function line(swatch, said) {
  const row = document.createElement("li");
  if (swatch) row.append(swatch);
  const words = document.createElement("span");
  words.textContent = said;
  row.append(words);
  return row;
}

// Grounds in the colours of land use say nothing without them: the classes that lie on the sheet, in their order.
function uses(entry, { map, config }) {
  const layer = `${tilesId(entry.code)}-fill`;
  if (!entry.symbol.uses?.length || !map.getLayer(layer)) return [];
  const seen = new Set(map.queryRenderedFeatures({ layers: [layer] }).map((feature) => String(feature.properties.use ?? "").slice(0, 2)));
  return config.uses.filter((use) => seen.has(use.code)).map((use) => {
    const swatch = document.querySelector(`[data-swatch="${CSS.escape(entry.code)}"]`).cloneNode(true);
    swatch.querySelector("rect").setAttribute("fill", use.fill);
    return line(swatch, `${use.code} ${use.name}`);
  });
}
