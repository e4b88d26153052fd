// Phrases of the opinion box go in at the caret; 【】 blanks must be filled before the form is sent.
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
      const blank = /【[^】]*】/.exec(text.value);
      if (!blank) return;
      event.preventDefault();
      delete form.dataset.sent;
      text.focus();
      text.setSelectionRange(blank.index, blank.index + blank[0].length);
    }, { capture: true });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
  });
}

function insert(text, phrase) {
  const before = text.value.slice(0, text.selectionStart);
  const glue = before && !/[\n。；]$/.test(before) ? "；" : "";
  text.setRangeText(glue + phrase, text.selectionStart, text.selectionEnd, "end");
  const blank = /【[^】]*】/.exec(text.value);
  text.focus();
  if (blank) text.setSelectionRange(blank.index, blank.index + blank[0].length);
  text.dispatchEvent(new Event("input", { bubbles: true }));
}
