// Two editions of a layer side by side: a second map over the first, cut off at the slider.
import { colour } from "../colours.js";
import { addTiles } from "../tiles.js";

export class Comparison {
  constructor(live, page, layers) {
    this.live = live;
    this.layers = layers;
    this.panel = page.querySelector("[data-compare]");
    this.choice = this.panel.querySelector("[data-compare-layer]");
    this.slider = this.panel.querySelector("[data-compare-at]");
    this.over = page.querySelector("[data-compare-map]");
    if (!this.choice.options.length) return;
    this.panel.querySelector("[data-compare-start]").addEventListener("click", () => this.begin());
    this.panel.querySelector("[data-compare-end]").addEventListener("click", () => this.end());
    this.slider.addEventListener("input", () => this.cut());
    this.follow = () => this.second?.jumpTo({ center: live.map.getCenter(), zoom: live.map.getZoom(), bearing: live.map.getBearing(), pitch: live.map.getPitch() });
  }

  // The left side is the older edition, the right side the newer one.
  begin() {
    this.end();
    const [code, older, newer] = this.choice.value.split("|");
    const entry = this.layers.entries.get(code);
    const box = this.layers.box(code);
    const edition = this.panel.ownerDocument.querySelector(`[data-edition="${CSS.escape(code)}"]`);
    if (edition) {
      edition.value = newer;
      edition.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (!box.checked) box.click();
    const { map, lib } = this.live;
    this.over.hidden = false;
    this.second = new lib.Map({
      container: this.over.querySelector("[data-compare-canvas]"),
      style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": colour("--map-ground") } }] },
      center: map.getCenter(), zoom: map.getZoom(), bearing: map.getBearing(), pitch: map.getPitch(),
      interactive: false, attributionControl: false, fadeDuration: 0,
      canvasContextAttributes: { preserveDrawingBuffer: true },
    });
    this.second.getCanvas().setAttribute("tabindex", "-1");
    this.second.getCanvas().setAttribute("aria-hidden", "true");
    this.second.once("load", () => {
      this.layers.shown().forEach((each) => addTiles(this.second, { ...each, url: each.code === code ? entry.editions.find((one) => String(one.id) === older).url : each.edition.url }));
      this.second.once("idle", () => { this.over.dataset.compareState = "ready"; });
    });
    map.on("move", this.follow);
    const names = (id) => entry.editions.find((one) => String(one.id) === id).name;
    this.over.querySelector("[data-compare-left]").textContent = names(older);
    this.over.querySelector("[data-compare-right]").textContent = names(newer);
    this.slider.value = "50";
    this.slider.disabled = false;
    this.panel.querySelector("[data-compare-end]").disabled = false;
    this.cut();
    this.slider.focus();
  }

  cut() {
    const right = 100 - Number(this.slider.value);
    this.over.querySelector("[data-compare-canvas]").style.clipPath = `inset(0 ${right}% 0 0)`;
    this.over.style.setProperty("--at", `${this.slider.value}%`);
    this.slider.setAttribute("aria-valuetext", `${this.slider.value}%`);
  }

  end() {
    if (!this.second) return;
    this.live.map.off("move", this.follow);
    this.second.remove();
    this.second = null;
    this.over.hidden = true;
    delete this.over.dataset.compareState;
    this.slider.disabled = true;
    this.panel.querySelector("[data-compare-end]").disabled = true;
  }
}
