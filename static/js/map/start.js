// Start every map of the page, and those htmx brings later.
import { startMap } from "./map.js";

function startAll(root) {
  root.querySelectorAll?.("[data-map]").forEach((element) => { startMap(element); });
}

startAll(document);
document.addEventListener("htmx:load", (event) => startAll(event.target));
