// Phrases of the opinion box go in at the caret; 【】 blanks must be filled before the form is sent.
// Ctrl+Enter shows once more what goes out, and to what end; Enter there sends it.
const BLANK = /【[^】]*】/;

export function startOpinion(root) {
  root.querySelectorAll("form[data-opinion]").forEach((form) => {
    const text = form.querySelector("textarea[name=opinion]");
    const phrases = form.querySelector("[data-phrases]");
    if (phrases) {
      phrases.hidden = false;
      phrases.addEventListener("click", (event) => {
        const phrase = event.target.dataset.phrase;
        if (phrase) insert(text, phrase);
      });
    }
    form.addEventListener("submit", (event) => {
      if (!BLANK.test(text.value)) return;
      event.preventDefault();
      delete form.dataset.sent;
      toBlank(text);
    }, { capture: true });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.target.closest("dialog")) return;
      event.preventDefault();
      if (BLANK.test(text.value)) toBlank(text);
      else if (form.reportValidity()) preview(form, text);
    });
  });
}

function insert(text, phrase) {
  const before = text.value.slice(0, text.selectionStart);
  const glue = before && !/[\n。；]$/.test(before) ? "；" : "";
  text.setRangeText(glue + phrase, text.selectionStart, text.selectionEnd, "end");
  toBlank(text);
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

// Lead to the first blank that is still open.
function toBlank(text) {
  const blank = BLANK.exec(text.value);
  text.focus();
  if (blank) text.setSelectionRange(blank.index, blank.index + blank[0].length);
}

function preview(form, text) {
  const words = form.querySelector("template[data-preview]");
  const button = form.querySelector("button.btn-primary");
  // A page that is a preview itself has none of its own.
  if (!words) {
    form.requestSubmit(button);
    return;
  }
  const dialog = document.createElement("dialog");
  dialog.className = "pop dlg";
  dialog.setAttribute("aria-labelledby", "preview-title");
  dialog.append(words.content.cloneNode(true));
  const chosen = form.querySelector("input[name=conclusion]:checked");
  dialog.querySelector("[data-preview-conclusion]").textContent = (chosen ? chosen.parentElement : button).textContent.trim();
  if (text.value.trim()) dialog.querySelector("[data-preview-opinion]").textContent = text.value.trim();
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-send]").addEventListener("click", () => {
    dialog.close();
    form.requestSubmit(button);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    text.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("[data-send]").focus();
}
