// Autosave: each field on leaving it, text areas also after two seconds of rest.
//
// A wrapper with data-autosave-url and data-field is one field; its inputs are posted together with field=<id>.
// 200 {saved_at, values?, fields?}   saved; other values may have followed; fields: problems that do not stop
// 400, 422 {fields: {id: words}}     not saved; the words stand at the field
// 401, 403, or the login page        session over: the page stays, a link opens the login beside it
// 409 {author, at, theirs}           somebody was quicker: both texts are shown, own text is never lost
const REST_MS = 2000;
const unsaved = new Map();
let words = {};

export function startAutosave(root) {
  words = document.body.dataset;
  root.querySelectorAll("[data-autosave-url]").forEach(watch);
  // The buttons that save a section are for pages without script.
  root.querySelectorAll("[data-without-script]").forEach((button) => { button.hidden = true; });
  addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });
  addEventListener("online", () => [...unsaved.values()].forEach((field) => save(field)));
  addEventListener("focus", () => { if (document.body.dataset.signedOut) [...unsaved.values()].forEach((field) => save(field)); });
  // The whole form carries the last words itself.
  root.addEventListener("submit", () => unsaved.clear());
}

function watch(field) {
  let timer;
  let last = serialized(field);
  const saveIfChanged = () => {
    clearTimeout(timer);
    const now = serialized(field);
    if (now === last) return;
    last = now;
    save(field);
  };
  // Half a pair (from and to, longitude and latitude) is not an answer yet: wait until both are left.
  const paired = field.querySelector(".pair") !== null;
  field.addEventListener("change", () => { if (!paired) saveIfChanged(); });
  field.addEventListener("focusout", (event) => { if (!paired || !field.contains(event.relatedTarget)) saveIfChanged(); });
  field.addEventListener("input", (event) => {
    if (!event.target.matches("textarea")) return;
    clearTimeout(timer);
    timer = setTimeout(saveIfChanged, REST_MS);
  });
}

function controls(field) {
  return [...field.querySelectorAll("input[name], select[name], textarea[name]")];
}

function body(field) {
  const data = new URLSearchParams();
  data.set("field", field.dataset.field);
  for (const control of controls(field)) {
    if ((control.type === "checkbox" || control.type === "radio") && !control.checked) continue;
    data.append(control.name, control.value);
  }
  return data;
}

const serialized = (field) => body(field).toString();

async function save(field) {
  unsaved.set(field.dataset.field, field);
  status(words.wordsSaving, "saving");
  let answer;
  try {
    answer = await fetch(field.dataset.autosaveUrl, {
      method: "POST",
      body: body(field),
      headers: { "X-CSRFToken": words.csrf, "X-Requested-With": "autosave", Accept: "application/json" },
    });
  } catch {
    status(words.wordsNotSaved, "failed");
    return;
  }
  const login = answer.status === 401 || answer.status === 403 || (answer.redirected && answer.url.includes(words.loginUrl));
  if (login) {
    sessionOver();
    return;
  }
  const json = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  if (answer.ok) {
    unsaved.delete(field.dataset.field);
    delete document.body.dataset.signedOut;
    clearProblem(field);
    fill(json.values ?? {}, field);
    showProblems(json.fields ?? {});
    // An answer may bring other questions or materials; the page says so and leaves the moment to the writer.
    if (json.changed) document.querySelectorAll("[data-form-changed]").forEach((note) => { note.hidden = false; });
    if (unsaved.size === 0) status(`${json.saved_at ?? ""} ${words.wordsSaved}`.trim(), "saved");
  } else if (answer.status === 409) {
    conflict(field, json);
  } else {
    showProblems(json.fields ?? { [field.dataset.field]: json.title ?? words.wordsNotSaved });
    status(words.wordsNotSaved, "failed");
  }
}

function status(text, state) {
  document.querySelectorAll("[data-save-status]").forEach((place) => {
    place.textContent = text;
    place.dataset.state = state;
  });
}

function sessionOver() {
  document.body.dataset.signedOut = "1";
  document.querySelectorAll("[data-save-status]").forEach((place) => {
    place.dataset.state = "failed";
    const link = document.createElement("a");
    link.href = words.loginUrl;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = words.wordsLogin;
    place.replaceChildren(words.wordsSignedOut, " ", link);
  });
}

function clearProblem(field) {
  field.classList.remove("err");
  const message = field.querySelector(".msg:not(.warnmsg)");
  if (message) message.hidden = true;
  controls(field).forEach((control) => control.removeAttribute("aria-invalid"));
}

function showProblems(problems) {
  for (const [id, text] of Object.entries(problems)) {
    const field = document.getElementById(`${id}-field`);
    const message = document.getElementById(`${id}-error`);
    if (!field || !message || !text) continue;
    field.classList.add("err");
    (message.querySelector("[data-words]") ?? message).textContent = text;
    message.hidden = false;
    controls(field).forEach((control) => {
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", `${id}-error`);
    });
  }
}

// Values that follow from the saved one, such as sums; never over what is being typed.
function fill(values, saved) {
  for (const [id, shown] of Object.entries(values)) {
    const control = document.getElementById(id);
    if (control && control !== document.activeElement && !saved.contains(control) && "value" in control) control.value = shown;
  }
}

function conflict(field, { author = "", at = "", theirs = "" }) {
  status(words.wordsConflict, "failed");
  field.querySelector("[data-conflict]")?.remove();
  const own = controls(field)[0];
  const note = document.createElement("div");
  note.className = "note due mt-2";
  note.dataset.conflict = "";
  note.setAttribute("role", "alert");
  const title = document.createElement("b");
  title.textContent = `${author} ${at} ${words.wordsConflict}`;
  const text = document.createElement("p");
  text.className = "pre";
  text.textContent = theirs;
  const row = document.createElement("div");
  row.className = "row mt-2";
  row.append(
    choice(words.wordsTheirs, () => { own.value = theirs; note.remove(); unsaved.delete(field.dataset.field); }),
    choice(words.wordsMine, () => { note.remove(); force(field); }),
  );
  note.append(title, text, row);
  field.append(note);
}

function choice(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-s";
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}

function force(field) {
  const keep = document.createElement("input");
  keep.type = "hidden";
  keep.name = "keep";
  keep.value = "mine";
  field.append(keep);
  save(field).finally(() => keep.remove());
}
