// Projects as points with their lights, for those whose work is the whole city. Another slice gives them; without it the part is absent.
import { addOverlay } from "../overlays.js";

export async function startProjects(live, page, asking) {
  const part = page.querySelector("[data-projects]");
  if (!part) return;
  let points = null;
  const list = part.querySelector("[data-project-list]");
  part.querySelector("[data-projects-on]").addEventListener("change", async (event) => {
    if (!points) {
      const response = await fetch(part.dataset.projects).catch(() => null);
      if (!response?.ok) {
        part.querySelector("[data-project-fault]").hidden = false;
        return;
      }
      points = await response.json();
      addOverlay(live.map, { id: "projects", features: points, tone: "info", fill: 0, width: 2, signs: part.querySelector("template").content.querySelectorAll("[data-tone]") });
      list.replaceChildren(...points.features.map((feature) => row(feature, part)));
    }
    const seen = event.target.checked ? "visible" : "none";
    for (const kind of ["halo", "line", "point", "sign", "label"]) if (live.map.getLayer(`overlay-projects-${kind}`)) live.map.setLayoutProperty(`overlay-projects-${kind}`, "visibility", seen);
    list.hidden = !event.target.checked;
  });
  list.addEventListener("click", (event) => {
    const way = event.target.closest("[data-goto]");
    if (way) asking.goto(way.dataset.goto.split(",").map(Number));
  });
}

function row({ geometry, properties }, part) {
  const item = document.createElement("li");
  const [lon, lat] = geometry.coordinates;
  const name = document.createElement("a");
  name.href = properties.url;
  name.textContent = properties.name;
  const told = document.createElement("p");
  told.className = "row";
  const light = part.querySelector("template").content.querySelector(`[data-tone="${properties.tone}"]`).cloneNode(true);
  light.querySelector("[data-words]").textContent = properties.words;
  const show = document.createElement("button");
  show.type = "button";
  show.className = "btn btn-s";
  show.dataset.goto = [lon, lat, lon, lat].join(",");
  show.textContent = part.dataset.wordShow;
  show.setAttribute("aria-label", `${part.dataset.wordShow} ${properties.name}`);
  told.append(light, show);
  item.append(name, told);
  return item;
}
