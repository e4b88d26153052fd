// Confirmations: details without script, a native dialog with it. Focus starts on the safe button and returns.
export function startDialogs(root) {
  root.querySelectorAll("details[data-confirm]").forEach((details) => {
    const body = details.querySelector(".dlg");
    const opener = details.querySelector("summary");
    const safe = body.querySelector("[data-close]");
    const dialog = document.createElement("dialog");
    dialog.className = "pop dlg";
    dialog.setAttribute("aria-labelledby", body.getAttribute("aria-labelledby"));
    dialog.append(...body.childNodes);
    body.remove();
    details.after(dialog);
    opener.setAttribute("role", "button");
    safe.hidden = false;
    safe.addEventListener("click", () => dialog.close());
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
      (dialog.querySelector("textarea, input:not([type=hidden])") ?? safe).focus();
    });
    dialog.addEventListener("close", () => opener.focus());
  });
  // A form is sent once, however often its button is pressed.
  root.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (event.target.dataset.sent) {
      event.preventDefault();
      return;
    }
    event.target.dataset.sent = "1";
    event.submitter?.classList.add("busy");
  });
  // Back from another page: the form may be sent again.
  addEventListener("pageshow", () => root.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll(".busy").forEach((button) => button.classList.remove("busy"));
  }));
}
