// The page of the one blueprint: layer tree, comparison, questions to the map, measuring, paper, height.
import { startMap } from "../map.js";
import { Asking } from "./asking.js";
import { Checking } from "./checking.js";
import { Comparison } from "./comparison.js";
import { Layers } from "./layers.js";
import { Measuring } from "./measuring.js";
import { Heights } from "./heights.js";
import { startPaper } from "./paper.js";
import { startProjects } from "./projects.js";

const page = document.querySelector("[data-blueprint]");

async function start() {
  const element = page.querySelector("[data-map]");
  const tree = page.querySelector("[data-layers]");
  const live = await startMap(element);
  if (!live) return; // the list, the search and the question by coordinates are there without a map
  page.classList.add("alive");
  page.querySelectorAll("[data-needs-map]").forEach((part) => { part.hidden = false; });
  const layers = new Layers(live, tree);
  const asking = new Asking(live, page, layers);
  const measuring = new Measuring(live, page);
  const comparison = new Comparison(live, page, layers);
  new Checking(live, page, measuring);
  new Heights(live, page, layers, measuring);
  startPaper(live, page, layers);
  startProjects(live, page, asking);
  const modes = { ask: asking, length: measuring, area: measuring };
  const buttons = page.querySelectorAll("[data-mode]");
  const choose = (mode) => {
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.mode === mode)));
    new Set(Object.values(modes)).forEach((tool) => tool.stop());
    modes[mode].start(mode);
  };
  buttons.forEach((button) => button.addEventListener("click", () => choose(button.dataset.mode)));
  choose("ask");
  page.addEventListener("keydown", (event) => { if (event.key === "Escape") { comparison.end(); choose("ask"); } });
}

if (page) start();
