// The entries of the head stay in one line: those without room go into its menu, from the end.
// What counts something and the page that is open stay in sight as long as possible.
export function startFits(root) {
  root.querySelectorAll("nav[data-fits]").forEach((nav) => {
    const more = nav.querySelector("details.more");
    const entries = [...nav.querySelectorAll(":scope > a")];
    const leaving = [...entries].reverse();
    const kept = (entry) => entry.matches("[aria-current]") || entry.querySelector(".cnt");
    const order = [...leaving.filter((entry) => !kept(entry)), ...leaving.filter(kept)];
    let width = 0;
    const fit = () => {
      if (innerWidth === width) return;
      width = innerWidth;
      more.hidden = true;
      more.before(...entries);
      for (const entry of order) {
        if (!wraps(nav)) break;
        more.hidden = false;
        entry.classList.add("away");
        more.querySelector(".pop").replaceChildren(...entries.filter((each) => each.classList.contains("away")));
      }
      entries.forEach((entry) => entry.classList.remove("away"));
      nav.dataset.fitted = "";
    };
    fit();
    addEventListener("resize", fit);
  });
}

function wraps(nav) {
  const shown = [...nav.children].filter((child) => !child.hidden);
  return shown.some((child) => child.offsetTop > shown[0].offsetTop);
}
