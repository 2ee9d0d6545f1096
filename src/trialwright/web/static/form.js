// Makes a form quick: Enter goes on, digits choose, the server checks while you type, and nothing typed is lost before it has it.
// The page works without this; no rule stands here, every check is the server's.
const form = document.getElementById("crf");
const state = document.getElementById("save-state");
const KEY = `draft:${form.dataset.draft}`;
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "command_id"]);
const savedState = state.innerHTML;

const fields = () => [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((one) => one.offsetParent);
const stops = () => {
  const seen = new Set();
  return fields().filter((one) => {
    if (one.name.startsWith("missing-")) return false;
    if (one.type !== "radio") return true;
    const first = !seen.has(one.name);
    seen.add(one.name);
    return first;
  });
};
const read = () => Object.fromEntries([...new FormData(form)].filter(([name]) => !NOT_KEPT.has(name)));
const asRead = JSON.stringify(read());

// --- a draft on this device until the server has it -----------------------------------------------------------------------------
function keep() {
  const now = read();
  if (form.dataset.state !== "refused" && JSON.stringify(now) === asRead) return drop();
  try {
    localStorage.setItem(KEY, JSON.stringify({ version: form.dataset.version, values: now }));
    state.textContent = `● ${form.dataset.onDevice}`;
  } catch {
    state.textContent = "";
  }
}
function hold() {
  localStorage.setItem(KEY, JSON.stringify({ version: form.dataset.version, values: read() }));
  state.textContent = `● ${form.dataset.onDevice}`;
}
function drop() {
  localStorage.removeItem(KEY);
  state.innerHTML = savedState;
}
function fill(values) {
  for (const [name, value] of Object.entries(values)) {
    const named = form.elements.namedItem(name);
    if (!named) continue;
    if (named instanceof RadioNodeList) for (const one of named) one.checked = one.value === value;
    else if (named.type === "radio") named.checked = named.value === value;
    else named.value = value;
  }
}
function restore() {
  if (form.dataset.state === "saved") return drop();
  if (form.dataset.state === "taken") return hold(); // what was typed came back with the page, with the proposed answers
  const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
  if (!kept || form.dataset.state === "refused" || JSON.stringify(kept.values) === asRead) return;
  fill(kept.values); // the version that was read comes back too: if somebody saved meanwhile, the server shows both values
  const note = document.createElement("p");
  note.className = "note";
  note.setAttribute("role", "status");
  note.append(form.dataset.restored, " ");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "as-link";
  button.textContent = form.dataset.drop;
  button.addEventListener("click", () => {
    drop();
    location.reload();
  });
  note.append(button);
  form.before(note);
  state.textContent = `● ${form.dataset.onDevice}`;
}

// --- the server checks what stands in the fields ---------------------------------------------------------------------------------
let waiting;
let latest = 0;
async function check() {
  const mine = ++latest;
  try {
    const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "form" } });
    if (!answer.ok || mine !== latest) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const place of form.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(place.id);
      if (fresh && fresh.innerHTML !== place.innerHTML) place.replaceChildren(...fresh.childNodes);
    }
    for (const row of form.querySelectorAll("[data-item]")) mark(row, page);
    offerReason(page);
  } catch {
    // without a connection the draft is kept and the save will say what is wrong
  }
}
function mark(row, page) {
  const control = row.querySelector(`#f-${row.dataset.item}`);
  const fresh = page.getElementById(`f-${row.dataset.item}`);
  if (!control || !fresh) return;
  for (const name of ["aria-invalid", "aria-describedby"]) {
    if (fresh.hasAttribute(name)) control.setAttribute(name, fresh.getAttribute(name));
    else control.removeAttribute(name);
  }
}
function offerReason(page) {
  const fresh = page.getElementById("reason");
  if (!fresh || document.getElementById("reason")) return;
  document.getElementById("reason-place").append(page.querySelector('label[for="reason"]'), fresh);
}

// --- keys ------------------------------------------------------------------------------------------------------------------------
form.addEventListener("keydown", (event) => {
  const here = event.target;
  if (event.key === "Enter" && here.matches("input, select")) {
    event.preventDefault();
    const all = stops();
    const at = all.findIndex((one) => one === here || (here.type === "radio" && one.name === here.name) || here.name === one.name.replace("item-", "missing-"));
    const next = all[at + (event.shiftKey ? -1 : 1)];
    if (next) (next.type === "radio" ? (form.querySelector(`input[name="${next.name}"]:checked`) ?? next) : next).focus();
    else if (!event.shiftKey) form.querySelector("button[name=next]").focus();
  } else if (here.type === "radio" && /^[0-9۰-۹]$/.test(event.key)) {
    const place = "0123456789".indexOf(event.key) >= 0 ? Number(event.key) : event.key.charCodeAt(0) - 0x6f0;
    const chosen = form.querySelectorAll(`input[name="${here.name}"]`)[place - 1];
    if (chosen) {
      event.preventDefault();
      chosen.checked = true;
      chosen.focus();
      chosen.dispatchEvent(new Event("input", { bubbles: true }));
      chosen.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
});
form.addEventListener("input", (event) => {
  const { name, value } = event.target;
  if (name.startsWith("missing-") && value) clearValue(name.slice(8));
  if (name.startsWith("item-") && value) form.elements.namedItem(name.replace("item-", "missing-")).value = "";
  keep();
});
function clearValue(item) {
  for (const one of form.querySelectorAll(`[name="item-${item}"]`)) {
    if (one.type === "radio") one.checked = false;
    else one.value = "";
  }
}
form.addEventListener("change", () => {
  clearTimeout(waiting);
  waiting = setTimeout(check, 150);
});
form.addEventListener("submit", () => {
  state.textContent = form.dataset.sending;
});

restore();
if (form.dataset.state === "refused") {
  keep();
  document.getElementById("refusal-box")?.focus();
}
