// The layer tree: on and off, opacity, edition, search, how many are on.
import { colour } from "../colours.js";
import { addTiles, removeTiles, setTilesOpacity, tilesId } from "../tiles.js";

const FIRST_OVERLAY = "asked-point";

export class Layers {
  constructor(live, tree) {
    this.live = live;
    this.tree = tree;
    this.entries = new Map(live.config.catalogue.map((entry) => [entry.code, { ...entry, edition: entry.editions[0], opacity: 1 }]));
    tree.querySelectorAll("[data-box]").forEach((box) => { box.disabled = false; });
    this.order = [...this.entries.keys()];
    this.listeners = [];
    // The page remembers what was on, for as long as its tab is open.
    this.kept = JSON.parse(sessionStorage.getItem("blueprint-layers") ?? "null");
    const asked = new URLSearchParams(location.search);
    const wanted = new Set(asked.getAll("layer"));
    asked.getAll("edition").forEach((id) => this.choose(id));
    this.entries.forEach((entry, code) => {
      const box = this.box(code);
      const on = wanted.has(code) || (this.kept ? this.kept.includes(code) : entry.on);
      if (box) box.checked = on;
      entry.shown = false;
      if (on) this.show(entry);
    });
    tree.addEventListener("change", (event) => this.changed(event.target));
    tree.addEventListener("input", (event) => {
      if (event.target.matches("[data-opacity]")) this.fade(event.target);
      if (event.target.matches("[data-find-layer]")) this.find(event.target.value);
    });
    tree.querySelector("[data-find-layer]").closest("form").addEventListener("submit", (event) => event.preventDefault());
    if (tree.querySelector("[data-find-layer]").value) this.find(tree.querySelector("[data-find-layer]").value);
    this.count();
  }

  // An edition that the address names, as a link from its own page does.
  choose(id) {
    const select = [...this.tree.querySelectorAll("[data-edition]")].find((each) => [...each.options].some((option) => option.value === id));
    if (!select) return;
    select.value = id;
    this.take(select);
  }

  take(select) {
    const entry = this.entries.get(select.dataset.edition);
    entry.edition = entry.editions.find((edition) => String(edition.id) === select.value);
    const said = this.tree.querySelector(`[data-edition-said="${CSS.escape(entry.code)}"]`);
    if (said) said.textContent = select.selectedOptions[0].dataset.said;
    select.closest("details").querySelectorAll("[data-edition-about]").forEach((about) => { about.hidden = about.dataset.editionAbout !== select.value; });
    return entry;
  }

  box(code) {
    return this.tree.querySelector(`[data-layer="${CSS.escape(code)}"]`);
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  changed(target) {
    if (target.dataset.layer) {
      const entry = this.entries.get(target.dataset.layer);
      if (target.checked) this.show(entry);
      else this.hide(entry);
    } else if (target.dataset.edition) {
      const entry = this.take(target);
      if (entry.shown) {
        this.hide(entry);
        this.show(entry);
      }
    } else return;
    this.count();
    sessionStorage.setItem("blueprint-layers", JSON.stringify(this.shown().map((entry) => entry.code)));
    this.listeners.forEach((listen) => listen());
  }

  // A layer goes under those that come later in the tree, so that roads never hide a red line.
  show(entry) {
    const { map } = this.live;
    const later = this.order.slice(this.order.indexOf(entry.code) + 1).find((code) => this.entries.get(code).shown);
    const before = later ? firstOf(map, tilesId(later)) : FIRST_OVERLAY;
    addTiles(map, { ...entry, url: entry.edition.url }, before);
    entry.shown = true;
  }

  hide(entry) {
    removeTiles(this.live.map, tilesId(entry.code));
    if (entry.symbol.outside) this.live.map.setPaintProperty("ground", "background-color", colour("--map-ground"));
    entry.shown = false;
  }

  shown() {
    return this.order.map((code) => this.entries.get(code)).filter((entry) => entry.shown);
  }

  fade(slider) {
    const entry = this.entries.get(slider.dataset.opacity);
    entry.opacity = Number(slider.value) / 100;
    if (entry.shown) setTilesOpacity(this.live.map, tilesId(entry.code), entry, entry.opacity);
  }

  count() {
    this.tree.querySelectorAll("[data-topic]").forEach((topic) => {
      const number = topic.querySelectorAll("[data-layer]:checked").length;
      const mark = topic.querySelector("[data-on]");
      mark.textContent = number ? String(number) : "";
      mark.hidden = !number;
    });
    this.tree.querySelector("[data-on-total]").textContent = String(this.shown().length);
  }

  find(text) {
    const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    this.tree.querySelectorAll("[data-topic]").forEach((topic) => {
      let inTopic = 0;
      topic.querySelectorAll("[data-line]").forEach((line) => {
        const fits = words.every((word) => line.dataset.line.toLowerCase().includes(word));
        line.hidden = !fits;
        if (fits) inTopic += 1;
      });
      topic.querySelectorAll("[data-part]").forEach((part) => { part.hidden = !part.querySelector("[data-line]:not([hidden])"); });
      topic.hidden = !inTopic;
      topic.open = Boolean(words.length && inTopic);
      found += inTopic;
    });
    const status = this.tree.querySelector("[data-found]");
    status.textContent = words.length ? this.live.config.words.layers_found.replace("{n}", found) : "";
    this.tree.querySelector("[data-no-layer]").hidden = found > 0;
  }
}

function firstOf(map, id) {
  return ["fill", "hatch", "line", "label"].map((part) => `${id}-${part}`).find((layer) => map.getLayer(layer));
}
