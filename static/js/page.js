// Small things of every page: focus on the error summary, toasts, folding heads, lists that open on phones.
const TOAST_MS = 10_000;

export function startPage(root) {
  // An address that names a place of the page leads there; else what needs attention comes first.
  if (!location.hash || !root.getElementById(location.hash.slice(1))) root.querySelector("[data-focus]")?.focus();
  if (!("popover" in HTMLElement.prototype)) document.documentElement.classList.add("no-popover");
  root.querySelectorAll("#toasts > .toast, .toasts > .toast").forEach(keepToast);
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
    if (node instanceof HTMLElement && node.matches(".toast")) keepToast(node);
  }))).observe(document.getElementById("toasts") ?? document.body, { childList: true });
  openListsBelowWidth(root);
  foldHeads(root);
  closeMenusOutside();
}

// Results go after ten seconds; failures, and what is still under way, stay until they are dismissed.
function keepToast(toast) {
  const button = toast.querySelector("[data-dismiss]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => toast.remove());
  }
  if (toast.getAttribute("role") === "status" && !("lasting" in toast.dataset)) setTimeout(() => toast.remove(), TOAST_MS);
}

// Show a toast made in the browser; words always come from the server or from a data attribute of the page.
export function toast(words, { failed = false, link = null } = {}) {
  const region = document.getElementById("toasts");
  if (!region) return;
  const element = document.createElement("div");
  element.className = failed ? "toast failed" : "toast";
  element.setAttribute("role", failed ? "alert" : "status");
  const text = document.createElement("span");
  text.textContent = words;
  const close = document.createElement("button");
  close.className = "close";
  close.type = "button";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", document.body.dataset.wordsClose);
  close.textContent = "×";
  element.append(text);
  if (link) {
    const way = document.createElement("a");
    way.href = link.href;
    way.target = "_blank";
    way.rel = "noopener";
    way.textContent = link.words;
    element.append(way);
  }
  element.append(close);
  region.append(element);
}

// On phones the picture is gone, so its written twin stands open.
function openListsBelowWidth(root) {
  root.querySelectorAll("[data-open-below]").forEach((details) => {
    const narrow = matchMedia(`(max-width: ${Number(details.dataset.openBelow) - 1}px)`);
    const apply = () => { if (narrow.matches) details.open = true; };
    apply();
    narrow.addEventListener("change", apply);
  });
}

// A case head collapses to one line after 200 px of reading; both limits apart, so that it cannot flutter.
function foldHeads(root) {
  const heads = root.querySelectorAll("[data-folds]");
  if (!heads.length) return;
  const starts = new Map([...heads].map((head) => [head, head.getBoundingClientRect().top + scrollY]));
  addEventListener("scroll", () => heads.forEach((head) => {
    const read = scrollY - starts.get(head);
    if (read > 200) head.classList.add("folded");
    else if (read < 40) head.classList.remove("folded");
  }), { passive: true });
}

function closeMenusOutside() {
  const close = (keep) => document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== keep) menu.open = false;
  });
  addEventListener("click", (event) => close(event.target.closest?.("details.menu")));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
