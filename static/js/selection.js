// Selecting rows of a list for an act on several. Without script the bar stands open and the boxes are sent as they are.
export function startSelection(root) {
  root.querySelectorAll("form[data-batch]").forEach((bar) => {
    const boxes = [...root.querySelectorAll(`[data-select][form="${bar.id}"]`)];
    const page = root.querySelector("[data-select-page]");
    const all = page?.querySelector("input");
    const count = bar.querySelector("[data-batch-count]");
    const clear = bar.querySelector("[data-batch-clear]");
    const show = () => {
      const chosen = boxes.filter((box) => box.checked);
      bar.hidden = chosen.length === 0;
      count.textContent = count.dataset.batchCount.replace("{n}", String(chosen.length));
      boxes.forEach((box) => box.closest("[data-row]").classList.toggle("sel", box.checked));
      if (all) {
        all.checked = chosen.length === boxes.length;
        all.indeterminate = chosen.length > 0 && !all.checked;
      }
    };
    const choose = (on) => {
      boxes.forEach((box) => { box.checked = on; });
      show();
    };
    if (page) page.hidden = false;
    clear.hidden = false;
    all?.addEventListener("change", () => choose(all.checked));
    clear.addEventListener("click", (event) => {
      event.preventDefault();
      choose(false);
      boxes[0]?.focus();
    });
    boxes.forEach((box) => box.addEventListener("change", show));
    // Back from the preview: browsers keep what was ticked.
    addEventListener("pageshow", show);
    show();
  });
}
