// Autosave: each field on leaving it, text areas also after two seconds of rest.
//
// A wrapper with data-autosave-url and data-field is one field; its inputs are posted together with field=<id>.
// 200 {saved_at, values?, fields?, versions?}   saved; other values may have followed; fields: problems that do not
//                                    stop; versions: id -> mark of what the field now shows, sent back as <id>-version
// 400, 422 {fields: {id: words}}     not saved; the words stand at the field
// 401, 403, or the login page        session over: the page stays, a link opens the login beside it
// 409 {author, at, theirs, mine?, version?, inputs?}   somebody was quicker: both texts are shown, own text is never
//                                    lost; inputs: name -> what the inputs would show with theirs
// 409 {title, fields?}               it cannot be changed now: the words stand at the field
const REST_MS = 2000;
const unsaved = new Map();
const settled = new WeakMap();
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
  settled.set(field, serialized(field));
  const saveIfChanged = () => {
    clearTimeout(timer);
    const now = serialized(field);
    if (now === settled.get(field)) return;
    settled.set(field, now);
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

// What the writer has put in: the mark of what he began from is no part of it.
function serialized(field) {
  const data = body(field);
  versionsIn(field).forEach((control) => data.delete(control.name));
  return data.toString();
}

const versionsIn = (field) => field.querySelectorAll("[data-version]");

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
    field.querySelector("[data-conflict]")?.remove();
    seen(field, json.versions?.[field.dataset.field]);
    fill(json.values ?? {}, field);
    showProblems(json.fields ?? {});
    // An answer may bring other questions or materials; the page says so and leaves the moment to the writer.
    if (json.changed) document.querySelectorAll("[data-form-changed]").forEach((note) => { note.hidden = false; });
    if (unsaved.size === 0) status(`${json.saved_at ?? ""} ${words.wordsSaved}`.trim(), "saved");
  } else if (answer.status === 409 && "theirs" in json) {
    conflict(field, json);
  } else {
    // What is said about the application as a whole stands at the field that was sent.
    const said = json.fields ?? {};
    const placed = Object.keys(said).some((id) => document.getElementById(`${id}-field`));
    showProblems(placed ? said : { [field.dataset.field]: json.title ?? words.wordsNotSaved });
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

// The mark of what stands in the field has changed: by our own saving, or because theirs was looked at.
function seen(field, version) {
  if (version) versionsIn(field).forEach((control) => { control.value = version; });
}

function conflict(field, answer) {
  status(words.wordsConflict, "failed");
  field.querySelector("[data-conflict]")?.remove();
  const note = element("div", "note due mt-2");
  note.dataset.conflict = "";
  note.setAttribute("role", "alert");
  const difference = element("details", "mt-2");
  difference.append(
    element("summary", "", words.wordsDifference),
    element("h3", "", answer.author || words.wordsOthers), element("p", "pre", answer.theirs),
    ...("mine" in answer ? [element("h3", "", words.wordsYours), element("p", "pre", answer.mine)] : []),
  );
  const row = element("div", "row mt-2");
  row.append(
    choice(words.wordsTheirs, () => { note.remove(); takeTheirs(field, answer); }),
    choice(words.wordsMine, () => { note.remove(); keepMine(field, answer); }),
  );
  note.append(element("b", "", [answer.author, answer.at, words.wordsConflict].filter(Boolean).join(" ")), difference, row);
  field.append(note);
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function takeTheirs(field, answer) {
  unsaved.delete(field.dataset.field);
  const given = answer.inputs ?? { [controls(field)[0].name]: answer.theirs };
  const names = Object.keys(given);
  if (!names.length || !names.every((name) => controls(field).some((control) => control.name === name))) {
    // A table has as many inputs as rows: only the server can draw it.
    location.hash = field.id;
    location.reload();
    return;
  }
  controls(field).filter((control) => control.name in given).forEach((control) => {
    if (control.type === "checkbox" || control.type === "radio") control.checked = control.value === given[control.name];
    else control.value = given[control.name];
  });
  clearProblem(field);
  seen(field, answer.version);
  settled.set(field, serialized(field));
  if (unsaved.size === 0) status("", "saved");
}

// With a mark: it is written over what was looked at, and over nothing newer.
function keepMine(field, answer) {
  if (answer.version) {
    seen(field, answer.version);
    save(field);
  } else {
    force(field);
  }
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
