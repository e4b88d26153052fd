// htmx under a strict policy: no eval (meta htmx-config), the CSRF header on every request, focus after a swap.
export function startHtmx() {
  document.body.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = document.body.dataset.csrf;
  });
  // An expected refusal (4xx) is a fragment with words: show it where the answer would have gone.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { status } = event.detail.xhr;
    if (status === 401) {
      import("./page.js").then(({ toast }) => toast(document.body.dataset.wordsSignedOut, {
        failed: true,
        link: { href: document.body.dataset.loginUrl, words: document.body.dataset.wordsLogin },
      }));
    } else if (status >= 400 && status < 500) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    event.detail.target.querySelector?.("[data-focus]")?.focus();
  });
  document.body.addEventListener("htmx:sendError", () => {
    import("./page.js").then(({ toast }) => toast(document.body.dataset.wordsOffline, { failed: true }));
  });
}
