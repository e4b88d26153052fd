// Single keys for people who work through lists all day. They can be turned off, and never fire while typing.
const STORE = "portal.shortcuts";

export function startShortcuts(root) {
  // The way to the switch for those who do not press keys.
  root.querySelectorAll("[data-shortcut-help]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => help(enabled()));
  });
  const rows = () => [...root.querySelectorAll("[data-row]")];
  const enabled = () => localStorage.getItem(STORE) !== "off";
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "?") {
      event.preventDefault();
      help(enabled());
      return;
    }
    if (!enabled()) return;
    if (key === "/") {
      const find = root.querySelector("[data-find]");
      if (find) {
        event.preventDefault();
        find.focus();
      }
      return;
    }
    const target = root.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (target) {
      event.preventDefault();
      target.click();
      return;
    }
    walk(event, key, rows());
  });
  // F6 moves between the panes of a console.
  addEventListener("keydown", (event) => {
    const panes = [...root.querySelectorAll("[data-pane]")];
    if (event.key !== "F6" || panes.length < 2) return;
    event.preventDefault();
    const here = panes.findIndex((pane) => pane.contains(document.activeElement));
    const next = panes[(here + (event.shiftKey ? -1 : 1) + panes.length) % panes.length];
    next.tabIndex = -1;
    next.focus();
  });
}

function typing(target) {
  return target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") || document.querySelector("dialog[open]");
}

function walk(event, key, rows) {
  if (!rows.length) return;
  // Where the keys stand, else the row a click or Tab has led into.
  const marked = rows.findIndex((row) => row.classList.contains("here"));
  const here = marked >= 0 ? marked : rows.findIndex((row) => row.contains(document.activeElement));
  if (key === "j" || key === "k") {
    event.preventDefault();
    const next = rows[Math.min(Math.max(here + (key === "j" ? 1 : -1), 0), rows.length - 1)];
    rows.forEach((row) => row.classList.toggle("here", row === next));
    next.querySelector("[data-open], a")?.focus();
    next.scrollIntoView({ block: "nearest" });
  } else if (key === "x" && here >= 0) {
    rows[here].querySelector("[data-select]")?.click();
  } else if (key === "enter" && here >= 0 && document.activeElement === document.body) {
    rows[here].querySelector("[data-open], a")?.click();
  }
}

function help(enabled) {
  document.getElementById("shortcut-help")?.remove();
  const source = document.getElementById("shortcut-words");
  if (!source) return;
  const dialog = document.createElement("dialog");
  dialog.id = "shortcut-help";
  dialog.className = "pop dlg";
  dialog.append(source.content.cloneNode(true));
  document.body.append(dialog);
  const toggle = dialog.querySelector("[data-shortcut-toggle]");
  toggle.checked = enabled;
  toggle.addEventListener("change", () => localStorage.setItem(STORE, toggle.checked ? "on" : "off"));
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.showModal();
}
