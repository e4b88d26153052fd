// Uploads start on choosing a file and show their progress in the slot. Failures stay until the next try.
export function startUploads(root) {
  root.querySelectorAll("form[data-upload]").forEach((form) => {
    const input = form.querySelector("input[type=file]");
    // Without script the button sends; with it, choosing is enough.
    form.querySelector("button").hidden = true;
    form.querySelector("[data-choose]").className = "btn btn-s";
    input.classList.add("vh");
    input.addEventListener("change", () => { if (input.files.length) send(form, input); });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.files.length) send(form, input);
    });
  });
}

function send(form, input) {
  const file = input.files[0];
  const words = document.body.dataset;
  const row = newRow(form, file.name);
  const request = new XMLHttpRequest();
  const started = performance.now();
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const share = event.loaded / event.total;
    const left = Math.ceil(((performance.now() - started) / 1000) * (1 / share - 1));
    row.progress.value = Math.round(share * 100);
    row.say(`${words.wordsUploading} ${Math.round(share * 100)}%${left > 2 ? ` · ${words.wordsLeft} ${left} s` : ""}`);
  });
  request.addEventListener("load", () => {
    if (request.status >= 200 && request.status < 400) show(next(request));
    else row.fail(reason(request) || words.wordsRefused);
  });
  request.addEventListener("error", () => row.fail(words.wordsOffline));
  request.addEventListener("abort", () => row.element.remove());
  row.stop.addEventListener("click", () => request.abort());
  request.open("POST", form.action);
  request.setRequestHeader("X-CSRFToken", words.csrf);
  request.setRequestHeader("X-Requested-With", "upload");
  request.setRequestHeader("Accept", "application/json");
  request.send(new FormData(form));
  input.value = "";
}

// Where the slot stands now: the server says, because the page at this address may be another one by now.
function next(request) {
  if (!request.getResponseHeader("Content-Type")?.includes("json")) return location.href;
  return JSON.parse(request.responseText).next ?? location.href;
}

function show(address) {
  const url = new URL(address, location.href);
  if (url.pathname + url.search === location.pathname + location.search) {
    if (url.hash) location.hash = url.hash;
    location.reload();
  } else {
    location.assign(url);
  }
}

// The server's own words: problem+json, or the text of a refusal fragment or page.
function reason(request) {
  if (request.getResponseHeader("Content-Type")?.includes("json")) {
    const problem = JSON.parse(request.responseText);
    return Object.values(problem.fields ?? {})[0] ?? problem.title;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  return (page.querySelector(".res p, .note.late, .msg:not([hidden])") ?? page.querySelector("title"))?.textContent.trim();
}

function newRow(form, name) {
  const place = form.closest("[data-slot]")?.querySelector("[data-upload-rows]") ?? form.parentElement;
  place.replaceChildren();
  const element = document.createElement("div");
  element.className = "up";
  const title = document.createElement("span");
  title.textContent = name;
  const acts = document.createElement("span");
  acts.className = "acts";
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "link";
  stop.textContent = document.body.dataset.wordsStop;
  acts.append(stop);
  const state = document.createElement("span");
  state.className = "s";
  const progress = document.createElement("progress");
  progress.max = 100;
  progress.value = 0;
  progress.setAttribute("aria-label", name);
  element.append(title, acts, state, progress);
  place.append(element);
  return {
    element,
    stop,
    progress,
    say(text) { state.textContent = text; },
    fail(text) {
      progress.remove();
      stop.remove();
      state.className = "s alarm";
      state.textContent = text;
    },
  };
}
